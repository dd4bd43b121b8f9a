"""A video that came in under the wrong camera: what a move to another changes, and what it leaves."""

from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from core.errors import Conflict, Invalid, NotFound
from core.models import AuditEvent, Job, JobState, Project
from curation.models import (
    Camera,
    QualityProfile,
    QualitySpan,
    SpanState,
    Upload,
    UploadState,
    Video,
    VideoState,
    VideoTally,
)
from curation.quality.verdict import Thresholds
from curation.selectors.gate import REJUDGE
from curation.services.gate import gate_apply
from curation.services.moving import video_move
from curation.services.rejudging import videos_rejudged, videos_to_rejudge
from curation.services.review import Part, spans_review
from curation.services.review_undo import review_undo
from curation.services.sites import camera_remove
from tests.curation.factories import make_camera, make_metrics, make_ready_video, make_video
from tests.factories import project_make, user_make

pytestmark = pytest.mark.django_db
Row = tuple[int, int, str]
TALLIED = ("camera", "state", "videos", "frames", "rejected_frames")


@pytest.fixture
def project() -> Project:
    return project_make()


@pytest.fixture
def here(project: Project) -> Camera:
    return make_camera(project, "North")


@pytest.fixture
def there(project: Project) -> Camera:
    return make_camera(project, "South", site="Gate")


def dim(camera: Camera, **fields: Any) -> Video:
    """200 frames; 10 to 20 are somewhat dark and 50 to 60 very, which a camera rejects as it is."""
    video = make_ready_video(camera, frames=200, **fields)
    dark = np.zeros(200, np.float32)
    dark[10:20], dark[50:60] = 0.6, 0.9
    make_metrics(video, dark=dark)
    rejudge(camera, video)
    return video


def tolerate(camera: Camera, too_dark: float) -> None:
    """Set a gate without having anything judged."""
    asked = Thresholds(too_dark=too_dark).to_json()
    QualityProfile.objects.filter(pk=camera.pk).update(thresholds=asked)


def rejudge(camera: Camera, *videos: Video) -> None:
    """What a job of that camera's commits now whose child had nothing to read."""
    revision = QualityProfile.objects.get(pk=camera.pk).revision
    params = {"camera": str(camera.pk), "revision": revision, "videos": [str(video.pk) for video in videos]}
    commit(Job.objects.create(kind=REJUDGE, dedupe_key=uuid4().hex, state=JobState.DONE, params=params))


def commit(job: Job) -> None:
    """Let a job's own camera judge by the gate that it has."""
    profile, videos = videos_to_rejudge(job=job)
    assert all(str(video.pk) in job.params["videos"] for video in videos)
    videos_rejudged(job=job, result={"revision": profile.revision, "videos": {}, "files": {}}, files={})


def judged_by_all() -> None:
    """Do all work that waits to be judged again."""
    for job in Job.objects.filter(kind=REJUDGE, state=JobState.QUEUED).order_by("created_at"):
        commit(job)
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE)


def move(video: Video, camera: Camera) -> Video:
    return video_move(video=video, camera=camera, seen=Video.objects.get(pk=video.pk).camera_id, actor=None)


def rows(video: Video) -> list[Row]:
    return [(span.start, span.end, span.state) for span in QualitySpan.objects.of_video(video)]


def tallied() -> list[tuple[Any, ...]]:
    standing = VideoTally.objects.filter(videos__gt=0)
    return sorted(standing.values_list(*TALLIED), key=str)


def counted() -> list[tuple[Any, ...]]:
    found: dict[tuple[Any, Any], list[int]] = {}
    for video in Video.objects.kept():
        sums = found.setdefault((video.camera_id, video.state), [0, 0, 0])
        for n, value in enumerate((1, video.frames, video.rejected_frames)):
            sums[n] += value
    return sorted(((*kind, *sums) for kind, sums in found.items()), key=str)


def test_a_video_comes_to_the_other_camera_and_the_event_holds_both_names(
    here: Camera, there: Camera
) -> None:
    actor = user_make()
    video = make_ready_video(here, name="a.mp4")
    video = video_move(video=video, camera=there, seen=here.pk, actor=actor)
    assert video.camera == there
    assert Video.objects.get(pk=video.pk).camera == there
    event = AuditEvent.objects.get(verb="video.move")
    assert (event.object_id, event.actor, event.project) == (str(video.pk), actor, video.project)
    assert event.data == {"name": "a.mp4", "from": "North", "to": "South"}


def test_under_its_own_camera_nothing_happens(here: Camera) -> None:
    for state in VideoState:
        assert move(make_video(here, state=state), here).moved_at is None
    assert not AuditEvent.objects.filter(verb="video.move").exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize("state", [VideoState.REGISTERED, VideoState.WORKING])
def test_one_that_is_being_read_stays_where_it_is(here: Camera, there: Camera, state: VideoState) -> None:
    video = make_video(here, name="a.mp4", state=state)
    with pytest.raises(Conflict, match=r"^a\.mp4 is still being read\. Move it when it is ready\.$"):
        move(video, there)
    assert Video.objects.get(pk=video.pk).camera == here


def test_a_removed_video_is_not_there_to_be_moved(here: Camera, there: Camera) -> None:
    with pytest.raises(NotFound, match="no such video"):
        move(make_ready_video(here, deleted_at="2026-01-01T00:00Z"), there)


def test_no_video_leaves_its_project(here: Camera) -> None:
    with pytest.raises(Invalid, match="does not belong to this project"):
        move(make_ready_video(here), make_camera())


def test_a_failed_video_is_moved_and_nobody_is_asked_to_judge_it(here: Camera, there: Camera) -> None:
    video = move(make_video(here, state=VideoState.FAILED, sentence="No picture."), there)
    assert (video.camera, video.state, video.sentence) == (there, VideoState.FAILED, "No picture.")
    assert not Job.objects.exists()


def test_the_new_camera_judges_it_and_the_apps_above_look_again(here: Camera, there: Camera) -> None:
    tolerate(there, 0.7)
    video = dim(here)
    assert rows(video) == [(10, 20, "pending"), (50, 60, "pending")]
    Job.objects.all().delete()
    move(video, there)
    job = Job.objects.get(kind=REJUDGE)
    assert job.params == {"camera": str(there.pk), "revision": 1, "videos": [str(video.pk)]}
    assert [job.params for job in Job.objects.filter(kind="labelling.cut")] == [{"video": str(video.pk)}]
    judged_by_all()
    assert rows(video) == [(50, 60, "pending")]
    assert QualitySpan.objects.get(video=video).reasons[0]["threshold"] == 0.7
    video.refresh_from_db()
    assert video.rejected_frames == 10


def test_there_and_back_ends_as_it_was(here: Camera, there: Camera) -> None:
    tolerate(there, 0.7)
    video = dim(here)
    before = rows(video)
    for camera in (there, here, there, here):
        move(video, camera)
        judged_by_all()
    assert rows(video) == before
    assert Job.objects.filter(kind=REJUDGE, params__videos=[str(video.pk)]).count() == 1 + 4


@pytest.mark.parametrize("state", [SpanState.CONFIRMED, SpanState.RESTORED])
def test_what_people_decided_stands_at_the_new_camera(here: Camera, there: Camera, state: SpanState) -> None:
    tolerate(there, 0.95)
    video = dim(here)
    QualitySpan.objects.filter(start=10).update(state=state)
    move(video, there)
    judged_by_all()
    assert rows(video) == [(10, 20, state)]


def test_tallies_follow_a_video(here: Camera, there: Camera) -> None:
    tolerate(there, 0.7)
    videos = [dim(here), dim(here), make_video(here, state=VideoState.FAILED)]
    for video in (videos[0], videos[2]):
        move(video, there)
        assert tallied() == counted()
    judged_by_all()
    assert tallied() == counted()
    move(videos[0], here)
    judged_by_all()
    assert tallied() == counted()


def test_both_cameras_learn_what_is_usual_there(here: Camera, there: Camera) -> None:
    make_ready_video(here, usual={"dark": 0.1})
    video = make_ready_video(here, usual={"dark": 0.4}, frames=5000)
    move(video, there)
    usual = dict(QualityProfile.objects.values_list("camera", "usual"))
    assert usual == {here.pk: {"dark": 0.1}, there.pk: {"dark": 0.4}}
    move(video, here)
    assert QualityProfile.objects.get(pk=there.pk).usual == {}


def test_verdicts_of_the_old_camera_that_come_late_are_not_laid(here: Camera, there: Camera) -> None:
    video = dim(here)
    gate_apply(camera=here, thresholds=Thresholds(too_dark=0.95), revision=1, actor=None)
    late = Job.objects.get(kind=REJUDGE, params__revision=2)
    move(video, there)
    commit(late)
    assert rows(video) == [(10, 20, "pending"), (50, 60, "pending")]


def test_a_gate_that_changed_again_asks_nothing_of_a_video_that_left(here: Camera, there: Camera) -> None:
    video = dim(here)
    gate_apply(camera=here, thresholds=Thresholds(too_dark=0.95), revision=1, actor=None)
    late = Job.objects.get(kind=REJUDGE, params__revision=2)
    move(video, there)
    QualityProfile.objects.filter(pk=here.pk).update(revision=3)
    before = Job.objects.count()
    videos_rejudged(job=late, result={"revision": 2, "videos": {}, "files": {}}, files={})
    assert Job.objects.count() == before


def test_two_gates_of_the_same_revision_both_judge_a_video(here: Camera, there: Camera) -> None:
    video = dim(here)
    gate_apply(camera=here, thresholds=Thresholds(too_dark=0.7), revision=1, actor=None)
    judged_by_all()
    move(video, there)
    judged_by_all()
    assert rows(video) == [(10, 20, "pending"), (50, 60, "pending")]
    gate_apply(camera=there, thresholds=Thresholds(too_dark=0.95), revision=1, actor=None)
    judged_by_all()
    assert rows(video) == []


def test_what_is_put_back_to_review_is_judged_by_the_new_camera(
    project: Project, here: Camera, there: Camera
) -> None:
    tolerate(there, 0.95)
    video = dim(here)
    review(project, video, SpanState.CONFIRMED)
    move(video, there)
    judged_by_all()
    review(project, video, SpanState.PENDING)
    judged_by_all()
    assert rows(video) == []


def test_a_decision_of_before_is_undone_and_the_new_camera_judges(
    project: Project, here: Camera, there: Camera
) -> None:
    tolerate(there, 0.95)
    video = dim(here)
    batch = review(project, video, SpanState.CONFIRMED)
    move(video, there)
    judged_by_all()
    assert rows(video) == [(10, 20, "confirmed"), (50, 60, "confirmed")]
    review_undo(batch=batch, actor=user_make())
    judged_by_all()
    assert rows(video) == []


def test_what_an_undo_brings_back_decided_is_known_to_be_of_another_gate(
    project: Project, here: Camera, there: Camera
) -> None:
    tolerate(there, 0.95)
    video = dim(here)
    review(project, video, SpanState.CONFIRMED)
    back = review(project, video, SpanState.PENDING)
    move(video, there)
    judged_by_all()
    review_undo(batch=back, actor=user_make())
    assert rows(video) == [(10, 20, "confirmed"), (50, 60, "confirmed")]
    review(project, video, SpanState.PENDING)
    judged_by_all()
    assert rows(video) == []


def test_an_emptied_camera_goes_and_its_late_job_does_nothing(here: Camera, there: Camera) -> None:
    video = dim(here)
    gate_apply(camera=here, thresholds=Thresholds(too_dark=0.95), revision=1, actor=None)
    late = Job.objects.get(kind=REJUDGE, params__revision=2)
    move(video, there)
    camera_remove(camera=here, actor=None)
    assert list(Camera.objects.all()) == [there]
    commit(late)
    assert rows(video) == [(10, 20, "pending"), (50, 60, "pending")]


def test_the_upload_of_a_video_comes_along_and_outlives_the_camera(
    project: Project, here: Camera, there: Camera
) -> None:
    video = make_ready_video(here)
    upload = Upload.objects.create(
        project=project, camera=here, name="a.mp4", bytes=9, state=UploadState.FINISHED, video=video
    )
    move(video, there)
    camera_remove(camera=here, actor=None)
    upload.refresh_from_db()
    assert upload.camera == there


def review(project: Project, video: Video, to: SpanState) -> Any:
    """Decide about all spans of a video."""
    spans = [Part(span.pk) for span in QualitySpan.objects.of_video(video)]
    return spans_review(project=project, actor=user_make(), batch_id=uuid4(), to=to, spans=spans)
