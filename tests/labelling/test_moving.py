"""A video that is moved to another camera takes its clips along, and its labels stay where they are."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from core.jobs.runner import run
from core.models import Job, JobState, Project
from curation.models import Camera, QualitySpan, Video
from curation.quality.verdict import Thresholds
from curation.services.gate import gate_apply
from curation.services.moving import video_move
from curation.services.sites import camera_remove
from labelling.formats.labels_csv import LabelRow, LabelTable
from labelling.models import Clip, ClipOrigin, ClipTally
from labelling.selectors.clips import ClipFilter, clips_counts
from labelling.selectors.exports import label_rows
from labelling.services.cutting import CUT, clips_cut
from labelling.services.importing import labels_import
from labelling.services.recordings import Recordings
from tests.connections import elsewhere, until_they_wait
from tests.curation.conftest import Disk, disk  # noqa: F401 - a fixture
from tests.curation.factories import make_camera, make_metrics, make_ready_video
from tests.factories import project_make
from tests.labelling.factories import annotate, make_class, make_clip, make_span

STANDING = ("id", "start", "end", "revision", "state", "label_id", "withdrawn_at", "origin", "index_sha256")
KIND = ("project", "camera", "label", "state", "flagged")


@pytest.fixture
def project() -> Project:
    return project_make()


@pytest.fixture
def here(project: Project) -> Camera:
    return make_camera(project, "North")


@pytest.fixture
def there(project: Project) -> Camera:
    return make_camera(project, "South")


def move(video: Video, camera: Camera) -> None:
    """Move it, and do all the work that follows in labelling."""
    video_move(video=video, camera=camera, seen=video.camera_id, actor=None)
    clips_cut(video=video)


def tallied() -> list[tuple[Any, ...]]:
    rows = ClipTally.objects.order_by().values_list(*KIND).annotate(n=Sum("clips"))
    return sorted((row for row in rows if row[-1]), key=str)


def counted() -> list[tuple[Any, ...]]:
    standing = Clip.objects.filter(withdrawn_at=None).order_by()
    return sorted(standing.values_list(*KIND).annotate(n=Count("pk")), key=str)


@pytest.mark.django_db
def test_all_clips_of_a_video_come_to_its_camera_and_no_other_changes(here: Camera, there: Camera) -> None:
    video, stays = make_ready_video(here, frames=1000), make_ready_video(here, frames=100)
    make_clip(stays)
    annotate(clips_cut(video=video)[0])
    make_span(video, 300, 400)
    clips_cut(video=video)
    assert Clip.objects.filter(video=video).exclude(withdrawn_at=None).exists()
    before = list(Clip.objects.order_by("pk").values(*STANDING))
    move(video, there)
    assert set(Clip.objects.filter(video=video).values_list("camera", flat=True)) == {there.pk}
    assert Clip.objects.get(video=stays).camera == here
    assert list(Clip.objects.order_by("pk").values(*STANDING)) == before
    assert tallied() == counted()


@pytest.mark.django_db
def test_lists_and_counts_by_camera_follow(here: Camera, there: Camera) -> None:
    video = make_ready_video(here, frames=1000)
    annotate(clips_cut(video=video)[0])
    move(video, there)
    counts = {
        camera.name: clips_counts(project=video.project, where=ClipFilter(camera=camera.pk))
        for camera in (here, there)
    }
    assert (counts["North"]["open"], counts["North"]["labelled"]) == (0, 0)
    assert (counts["South"]["open"], counts["South"]["labelled"]) == (3, 1)


MOVES = st.tuples(st.just("move"), st.integers(0, 2))
SPANS = st.tuples(st.just("reject"), st.integers(0, 8))
WORDS = st.tuples(st.just("label"), st.integers(0, 5))


@pytest.mark.django_db
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.one_of(MOVES, SPANS, WORDS), min_size=1, max_size=8))
def test_however_often_it_is_moved_labels_keep_their_frames(steps: list[tuple[str, int]]) -> None:
    project = project_make()
    cameras = [make_camera(project) for _ in range(3)]
    video = make_ready_video(cameras[0], frames=900)
    clips_cut(video=video)
    said: dict[object, tuple[int, int]] = {}
    for what, n in steps:
        if what == "move":
            video = video_move(video=video, camera=cameras[n], seen=video.camera_id, actor=None)
        elif what == "reject" and not QualitySpan.objects.filter(video=video, start=100 * n).exists():
            make_span(video, 100 * n, 100 * n + 60)
        elif what == "label":
            standing = list(Clip.objects.of_video(video).standing())
            if n < len(standing):
                annotate(standing[n])
                said[standing[n].pk] = (standing[n].start, standing[n].end)
        clips = {clip.pk: (clip.start, clip.end) for clip in clips_cut(video=video)}
        assert said.items() <= clips.items()
        video.refresh_from_db()
        assert set(Clip.objects.filter(video=video).values_list("camera", flat=True)) == {video.camera_id}
        assert tallied() == counted()


@pytest.mark.django_db
def test_what_is_exported_after_a_move_names_the_new_camera_and_comes_in_again(
    project: Project, here: Camera, there: Camera
) -> None:
    video = make_ready_video(here, frames=100, name="a.mp4")
    annotate(clips_cut(video=video)[0], make_class(project, "Digging"))
    video_move(video=video, camera=there, seen=video.camera_id, actor=None)
    rows = tuple(label_rows(project=project))  # at once, before anything is cut again
    assert [(row.file, row.camera) for row in rows] == [("a.mp4", "South")]
    report = labels_import(project=project, table=table(*rows), author=None)
    assert (report.imported, report.unchanged, report.problems) == (0, 1, [])


@pytest.mark.django_db
def test_a_table_of_before_a_move_is_told_where_the_recording_is_from(
    project: Project, here: Camera, there: Camera
) -> None:
    video = make_ready_video(here, frames=100, name="a.mp4")
    move(video, there)
    report = labels_import(
        project=project, table=table(LabelRow(2, "a.mp4", "Digging", "", "North")), author=None
    )
    (problem,) = report.problems
    assert "is from camera South, not from North" in problem.sentence


@pytest.mark.django_db(transaction=True)
def test_a_move_flags_what_the_new_gate_rejects_in_a_labelled_clip(
    disk: Disk,  # noqa: F811
    here: Camera,
    there: Camera,
) -> None:
    gate_apply(camera=there, thresholds=Thresholds(too_dark=0.3), revision=1, actor=None)
    video = make_ready_video(here, frames=100)
    make_metrics(video, dark=0.4)
    clip = clips_cut(video=video)[0]
    annotate(clip)
    video_move(video=video, camera=there, seen=video.camera_id, actor=None)
    while waiting := list(Job.objects.filter(state=JobState.QUEUED).exclude(kind="curation.tidy")):
        for job in waiting:
            run(str(job.pk))
    clip.refresh_from_db()
    assert (clip.camera, clip.start, clip.end, clip.flagged) == (there, 0, 100, True)
    assert clip.flag_reason == "Frames 0 to 99 are rejected now: too dark."


@pytest.mark.django_db
def test_an_emptied_camera_stays_until_the_clips_have_left_it(here: Camera, there: Camera) -> None:
    video = make_ready_video(here)
    clips_cut(video=video)
    video_move(video=video, camera=there, seen=video.camera_id, actor=None)
    with pytest.raises(Conflict, match=r"^North cannot be removed yet: .* Try it again in a minute\.$"):
        camera_remove(camera=here, actor=None)
    assert Job.objects.filter(kind=CUT).count() == 1
    clips_cut(video=video)
    camera_remove(camera=here, actor=None)
    assert list(Camera.objects.all()) == [there]


@pytest.mark.django_db(transaction=True)
def test_a_cut_that_waited_for_a_move_brings_clips_of_the_new_camera(here: Camera, there: Camera) -> None:
    video = make_ready_video(here, frames=1000)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            video_move(video=video, camera=there, seen=video.camera_id, actor=None)
            cut = elsewhere(pool, lambda: clips_cut(video=video))
            until_they_wait(cut)
        assert {clip.camera_id for clip in cut.result(30)} == {there.pk}


@pytest.mark.django_db(transaction=True)
def test_a_label_is_given_while_the_clip_comes_to_another_camera(here: Camera, there: Camera) -> None:
    video = make_ready_video(here)
    (clip,) = clips_cut(video=video)
    video_move(video=video, camera=there, seen=video.camera_id, actor=None)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            clips_cut(video=video)
            said = elsewhere(pool, lambda: annotate(Clip.objects.select_related("video").get(pk=clip.pk)))
            until_they_wait(said)
        assert said.result(30).number == 1
    clip.refresh_from_db()
    assert (clip.camera, clip.revision) == (there, 1)
    assert tallied() == counted()


@pytest.mark.django_db(transaction=True)
def test_an_import_that_read_of_the_old_camera_makes_its_clip_at_the_new_one(
    project: Project, here: Camera, there: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The camera is emptied and removed while the table is being read."""
    video = make_ready_video(here, frames=100, name="a.mp4")
    find = Recordings.find

    def and_then_it_leaves(self: Recordings, row: LabelRow) -> Video:
        found = find(self, row)
        video_move(video=video, camera=there, seen=video.camera_id, actor=None)
        camera_remove(camera=here, actor=None)
        return found

    monkeypatch.setattr(Recordings, "find", and_then_it_leaves)
    report = labels_import(
        project=project, table=table(LabelRow(2, "a.mp4", "Digging", "", "", 10, 60)), author=None
    )
    assert (report.imported, report.problems) == (1, [])
    assert Clip.objects.get(origin=ClipOrigin.IMPORT).camera == there


def table(*rows: LabelRow) -> LabelTable:
    """A table that was read without a fault."""
    return LabelTable(rows=rows)
