"""A gate that changes never moves what people labelled: it flags it."""

import numpy as np
import pytest

from core.jobs.runner import run
from core.models import Job
from curation.models import Camera, QualityProfile, Video
from curation.quality.verdict import Thresholds
from curation.selectors.gate import REJUDGE
from curation.services.gate import gate_apply
from labelling.models import Clip
from labelling.services.cutting import CUT, clips_cut
from tests.curation.conftest import Disk, disk  # noqa: F401 - a fixture
from tests.curation.factories import make_camera, make_metrics, make_ready_video
from tests.labelling.factories import annotate

pytestmark = pytest.mark.django_db(transaction=True)
STANDING = ("id", "start", "end", "revision", "state", "label_id", "withdrawn_at", "origin", "index_sha256")


def darkened(camera: Camera) -> Video:
    """1000 frames, of which 100 are somewhat dark: not too dark for the camera as it is."""
    video = make_ready_video(camera, frames=1000)
    dark = np.zeros(1000, np.float32)
    dark[100:200] = 0.4
    make_metrics(video, dark=dark)
    return video


def apply(camera: Camera, *, too_dark: float) -> None:
    """Change the gate and do all the work that follows."""
    seen = QualityProfile.objects.get(pk=camera.pk).revision
    gate_apply(camera=camera, thresholds=Thresholds(too_dark=too_dark), revision=seen, actor=None)
    for kind in (REJUDGE, CUT):
        for job in Job.objects.filter(kind=kind, state="queued"):
            run(str(job.pk))


def test_an_annotated_clip_is_flagged_and_never_moved(disk: Disk) -> None:  # noqa: F811
    camera = make_camera()
    video = darkened(camera)
    labelled = clips_cut(video=video)[0]
    assert (labelled.start, labelled.end) == (0, 250)
    annotate(labelled)
    before = Clip.objects.values(*STANDING).get(pk=labelled.pk)

    apply(camera, too_dark=0.3)
    assert Clip.objects.values(*STANDING).get(pk=labelled.pk) == before
    labelled.refresh_from_db()
    assert labelled.flagged
    assert labelled.flag_reason == "Frames 100 to 199 are rejected now: too dark."
    video.refresh_from_db()
    assert video.rejected_frames == 100

    apply(camera, too_dark=0.6)
    assert Clip.objects.values(*STANDING).get(pk=labelled.pk) == before
    labelled.refresh_from_db()
    assert (labelled.flagged, labelled.flag_reason) == (False, "")


def test_a_clip_that_nobody_labelled_is_cut_around_what_is_rejected_now(disk: Disk) -> None:  # noqa: F811
    camera = make_camera()
    video = darkened(camera)
    clips_cut(video=video)
    apply(camera, too_dark=0.3)
    standing = [(clip.start, clip.end) for clip in Clip.objects.of_video(video).standing()]
    assert all(end <= 100 or start >= 200 for start, end in standing)
    assert {start for start, _ in standing} >= {0, 200}
