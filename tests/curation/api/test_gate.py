"""A camera's gate over HTTP."""

from typing import Any

import numpy as np
import pytest

from core.models import Role
from curation.models import Camera, QualityProfile
from curation.quality.verdict import METRIC_OF, REASONS, Thresholds
from tests.core.http import sentence
from tests.curation.api.house import Desk, desk
from tests.curation.factories import make_camera, make_metrics, make_ready_video

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    """A reviewer."""
    return desk(Role.REVIEWER)


@pytest.fixture
def camera(at: Desk) -> Camera:
    """A camera with 100 frames, of which 30 are too dark."""
    camera = make_camera(at.project, name="North")
    dark = np.zeros(100, np.float32)
    dark[10:40] = 0.8
    make_metrics(make_ready_video(camera, frames=100, rejected_frames=30), dark=dark)
    return camera


def put(at: Desk, camera: Camera, seen: str | None, **changed: Any) -> Any:
    body = {"thresholds": Thresholds().to_json() | changed}
    headers = {} if seen is None else {"If-Match": seen}
    return at.browser.call("PUT", at.address(f"cameras/{camera.pk}/gate"), body, **headers)


def test_a_gate_says_what_it_tolerates_and_how_its_footage_measures(at: Desk, camera: Camera) -> None:
    answer = at.get(f"cameras/{camera.pk}/gate")
    gate = answer.json()
    assert answer["ETag"] == '"1"'
    assert (gate["camera"], gate["name"], gate["revision"]) == (str(camera.pk), "North", 1)
    assert gate["thresholds"] == gate["defaults"] == Thresholds().to_json()
    assert gate["rejected"] == 30
    assert (gate["videos"], gate["frames"], gate["sampled"]) == (1, 100, False)
    assert gate["judging"] == {"waiting": 0, "failed": 0}
    assert gate["proposal"] is None
    assert [metric["reason"] for metric in gate["metrics"]] == list(REASONS)
    dark = gate["metrics"][REASONS.index("too_dark")]
    assert (dark["metric"], dark["unit"], dark["lo"], dark["hi"]) == (METRIC_OF["too_dark"], "score", 0, 1)
    assert (dark["threshold"], dark["rejected"]) == (0.5, 30)
    assert (sum(dark["counts"]), sum(dark["kept"]), len(dark["counts"])) == (100, 70, 64)


def test_an_effect_is_told_and_nothing_is_changed(at: Desk, camera: Camera) -> None:
    body = {"thresholds": Thresholds(too_dark=0.9).to_json()}
    effect = at.post(f"cameras/{camera.pk}/gate/effect", body).json()
    assert (effect["rejected_before"], effect["rejected_after"], effect["newly_accepted"]) == (30, 0, 30)
    assert (effect["frames"], effect["sampled"], effect["videos_changed"]) == (100, False, 1)
    assert effect["reasons"]["too_dark"] == {"before": 30, "after": 0}
    assert QualityProfile.objects.get(pk=camera.pk).revision == 1


def test_a_gate_is_changed_from_the_revision_that_was_seen(at: Desk, camera: Camera) -> None:
    answer = put(at, camera, '"1"', too_dark=0.9)
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert (answer.json()["revision"], answer.json()["thresholds"]["too_dark"]) == (2, 0.9)
    assert answer.json()["judging"]["waiting"] == 1


def test_without_a_revision_nothing_is_changed(at: Desk, camera: Camera) -> None:
    answer = put(at, camera, None, too_dark=0.9)
    assert answer.status_code == 428
    assert "If-Match" in sentence(answer)


def test_who_comes_second_is_shown_both_versions(at: Desk, camera: Camera) -> None:
    put(at, camera, '"1"', too_dark=0.9)
    answer = put(at, camera, '"1"', too_dark=0.7)
    assert answer.status_code == 412
    assert sentence(answer).startswith("person")
    assert "changed the gate of North since you opened it" in sentence(answer)
    details = answer.json()["error"]["details"]
    assert (details["current"]["revision"], details["current"]["thresholds"]["too_dark"]) == (2, 0.9)
    assert (details["yours"]["revision"], details["yours"]["thresholds"]["too_dark"]) == (1, 0.7)


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"glare": -1}, "at least 0"), ({"bridge": 1.5}, "bridge"), ({"noise": "much"}, "noise")],
)
def test_thresholds_that_make_no_sense_are_refused(
    at: Desk, camera: Camera, changed: dict[str, Any], said: str
) -> None:
    answer = put(at, camera, '"1"', **changed)
    assert answer.status_code == 422
    assert said in sentence(answer)


def test_a_missing_threshold_is_not_taken_for_the_default(at: Desk, camera: Camera) -> None:
    body = {"thresholds": {"defocus": 0.4}}
    assert at.post(f"cameras/{camera.pk}/gate/effect", body).status_code == 422
