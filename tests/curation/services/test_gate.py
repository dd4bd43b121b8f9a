"""Changing what a camera tolerates."""

import pytest

from core.models import AuditEvent, Job, JobState
from curation.errors import StaleGate
from curation.models import Camera, QualityProfile
from curation.quality.verdict import Thresholds
from curation.selectors.gate import REJUDGE
from curation.services import gate
from curation.services.gate import gate_apply, rejudge_later
from tests.curation.factories import make_camera, make_ready_video, make_video
from tests.factories import user_make

pytestmark = pytest.mark.django_db
OTHER = Thresholds(defocus=0.6, noise=None)


def batches() -> list[list[str]]:
    """The videos of each job that judges again."""
    return [job.params["videos"] for job in Job.objects.filter(kind=REJUDGE).order_by("params__videos__0")]


def test_a_change_is_kept_with_who_made_it_and_what_it_was() -> None:
    camera, user = make_camera(), user_make()
    profile = gate_apply(camera=camera, thresholds=OTHER, revision=1, actor=user)
    assert (profile.revision, Thresholds.from_json(profile.thresholds)) == (2, OTHER)
    event = AuditEvent.objects.get(verb="gate.apply")
    assert (event.actor, event.project, event.object_id) == (user, camera.site.project, str(camera.pk))
    assert event.data == {
        "revision": 2,
        "from": {"defocus": 0.5, "noise": 24.0},
        "to": {"defocus": 0.6, "noise": None},
    }


def test_what_is_there_already_changes_nothing() -> None:
    camera = make_camera()
    make_ready_video(camera)
    profile = gate_apply(camera=camera, thresholds=Thresholds(), revision=1, actor=None)
    assert profile.revision == 1
    assert not Job.objects.filter(kind=REJUDGE).exists()
    assert not AuditEvent.objects.filter(verb="gate.apply").exists()


def test_applying_once_more_tries_again_what_could_not_be_judged() -> None:
    camera = make_camera()
    make_ready_video(camera)
    gate_apply(camera=camera, thresholds=OTHER, revision=1, actor=None)
    Job.objects.filter(kind=REJUDGE).update(state=JobState.QUARANTINED, attempt=3)
    profile = gate_apply(camera=camera, thresholds=OTHER, revision=2, actor=user_make())
    assert profile.revision == 2
    job = Job.objects.get(kind=REJUDGE)
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)


def test_a_change_of_what_nobody_saw_any_more_is_refused_with_both_versions() -> None:
    camera = make_camera()
    gate_apply(camera=camera, thresholds=OTHER, revision=1, actor=user_make("ines"))
    with pytest.raises(StaleGate, match=r"^ines changed the gate of") as caught:
        gate_apply(camera=camera, thresholds=Thresholds(glare=0.9), revision=1, actor=None)
    assert caught.value.details == {
        "current": {"revision": 2, "thresholds": OTHER.to_json()},
        "yours": {"revision": 1, "thresholds": Thresholds(glare=0.9).to_json()},
    }
    assert QualityProfile.objects.get(pk=camera.pk).revision == 2


def test_all_ready_videos_of_the_camera_are_judged_again_a_few_a_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "BATCH", 2)
    camera = make_camera()
    ready = [make_ready_video(camera) for _ in range(3)]
    removed = make_ready_video(camera, deleted_at="2026-01-01T00:00Z")
    make_ready_video(camera, deleted_at="2025-01-01T00:00Z", source_key="")
    make_video(camera)
    make_ready_video(make_camera(camera.site.project))
    gate_apply(camera=camera, thresholds=OTHER, revision=1, actor=None)
    ids = sorted(str(video.pk) for video in [*ready, removed])
    assert batches() == [ids[:2], ids[2:]]
    job = Job.objects.filter(kind=REJUDGE).first()
    assert job is not None
    assert (job.state, job.project) == (JobState.QUEUED, camera.site.project)
    assert (job.params["camera"], job.params["revision"]) == (str(camera.pk), 2)


def test_a_job_copies_no_more_proxies_than_a_worker_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "BATCH_BYTES", 100)
    camera = make_camera()
    made = [{"proxy720": {"bytes": size}} for size in (60, 50, 50, 300, 10)]
    videos = [make_ready_video(camera, artifacts=artifacts) for artifacts in [*made, {}]]
    rejudge_later(videos=[video.pk for video in videos], cause="undo 1")
    size_of = {str(video.pk): video.artifacts.get("proxy720", {}).get("bytes", 0) for video in videos}
    held = [[size_of[pk] for pk in batch] for batch in batches()]
    assert all(sum(batch) <= 100 or len(batch) == 1 for batch in held)
    assert sum(map(len, held)) == len(videos)
    assert len(held) < len(videos)


def test_the_same_cause_is_asked_for_once() -> None:
    videos = [make_ready_video().pk, make_ready_video().pk]
    for cause in ("undo 1", "undo 1", "undo 2"):
        rejudge_later(videos=videos, cause=cause)
    assert len(batches()) == 4, "a job a camera"


def test_of_two_changes_at_once_the_second_is_refused_whatever_it_says(camera: Camera) -> None:
    gate_apply(camera=camera, thresholds=OTHER, revision=1, actor=None)
    with pytest.raises(StaleGate, match=r"^Somebody"):
        gate_apply(camera=camera, thresholds=OTHER, revision=1, actor=None)


@pytest.fixture
def camera() -> Camera:
    return make_camera()
