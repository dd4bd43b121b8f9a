import numpy as np
import pytest

from core.models import Role
from curation.models import FrameMetrics, QualitySpan
from curation.quality.score import METRICS
from tests.curation.api.house import desk
from tests.curation.factories import make_camera, make_ready_video

pytestmark = pytest.mark.django_db

REASON = {"reason": "too_dark", "metric": "dark", "value": 0.9, "threshold": 0.5, "frames": 20}


def test_verdicts_come_with_reasons_numbers_and_thresholds() -> None:
    at = desk(Role.VIEWER)
    video = make_ready_video(make_camera(at.project), frames=40, rejected_frames=20)
    QualitySpan.objects.create(
        video=video, start=20, end=40, reason="too_dark", reasons=[REASON], profile_revision=1
    )
    quality = at.get(f"videos/{video.pk}/quality?bins=4").json()
    assert quality["over_time"] == [0, 0, 100, 100]
    assert (quality["frames"], quality["rejected_frames"], quality["profile_revision"]) == (40, 20, 1)
    assert quality["thresholds"]["too_dark"] == pytest.approx(0.5, abs=0.5)
    assert quality["metrics"] == list(METRICS)
    (span,) = quality["spans"]
    assert (span["start"], span["end"], span["state"], span["reasons"]) == (20, 40, "pending", [REASON])


def test_a_metric_comes_as_floats_a_frame() -> None:
    at = desk(Role.VIEWER)
    video = make_ready_video(make_camera(at.project))
    values = np.linspace(0, 255, 50, dtype="<f4")
    FrameMetrics.objects.create(video=video, luma=values.tobytes())
    answer = at.get(f"videos/{video.pk}/metrics/luma")
    assert answer["Content-Type"] == "application/octet-stream"
    np.testing.assert_array_equal(np.frombuffer(answer.content, "<f4"), values)


def test_a_metric_comes_smaller_with_its_extremes() -> None:
    at = desk(Role.VIEWER)
    video = make_ready_video(make_camera(at.project))
    FrameMetrics.objects.create(video=video, luma=np.arange(50, dtype="<f4").tobytes())
    answer = at.get(f"videos/{video.pk}/metrics/luma?points=2")
    assert np.frombuffer(answer.content, "<f4").tolist() == [0, 24, 25, 49]


@pytest.mark.parametrize("path", ["metrics/nonsense", "metrics/luma"])
def test_an_unknown_metric_or_an_unscored_video_is_not_found(path: str) -> None:
    at = desk(Role.VIEWER)
    assert at.get(f"videos/{make_ready_video(make_camera(at.project)).pk}/{path}").status_code == 404
