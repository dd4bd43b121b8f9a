"""What recordings that were put under another camera mean to datasets."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from core.models import Project
from curation.models import Camera, Video
from curation.services.moving import video_move
from curation.services.sites import camera_rename
from labelling.services.cutting import clips_cut
from tests.curation.factories import make_camera
from tests.factories import project_make
from tests.labelling.factories import annotate, make_class, make_clip
from tests.training.factories import make_footage
from training.models import DatasetVersion, HeldOut
from training.services.datasets import dataset_freeze, manifest_of

pytestmark = pytest.mark.django_db
DAYS = 6


@pytest.fixture
def project() -> Project:
    return project_make()


@pytest.fixture
def north(project: Project) -> Camera:
    return make_camera(project, "North")


def film(camera: Camera, *, days: int = DAYS, dated: bool = True) -> list[Video]:
    """A recording of each of two classes a day, labelled by nobody's name."""
    project = camera.site.project
    labels = [make_class(project), make_class(project)]
    videos = []
    for day in range(days):
        for label in labels:
            at = datetime(2026, 3, 1 + day, 7, tzinfo=UTC) if dated else None
            video = make_footage(camera, recorded_at=at)
            annotate(make_clip(video), label)
            videos.append(video)
    return videos


def move(video: Video, camera: Camera) -> None:
    video_move(video=video, camera=camera, seen=Video.objects.get(pk=video.pk).camera_id, actor=None)
    clips_cut(video=video)


def sides(dataset: DatasetVersion) -> dict[str, str]:
    """The side of each recording, by content."""
    return {clip.content_sha256: clip.split for clip in manifest_of(dataset).clips}


def on_test(dataset: DatasetVersion) -> set[str]:
    return {content for content, side in sides(dataset).items() if side == "test"}


def test_a_recording_is_grouped_with_its_new_camera(project: Project, north: Camera) -> None:
    video = film(north)[0]
    move(video, make_camera(project, "South", site="Gate"))
    dataset = dataset_freeze(project=project, actor=None)
    groups = {clip.video: (clip.camera, clip.group) for clip in manifest_of(dataset).clips}
    assert groups[str(video.pk)] == ("South", "camera_day:Gate/South 2026-03-01")
    assert len({group for _, group in groups.values()}) == DAYS + 1


def test_what_was_tested_on_is_tested_on_under_another_camera(project: Project, north: Camera) -> None:
    videos = film(north)
    first = dataset_freeze(project=project, actor=None)
    assert first.split["by"] == "camera_day"
    before = on_test(first)
    assert before
    south = make_camera(project, "East")
    for video in videos:
        if video.sha256 in before:
            move(video, south)
    second = dataset_freeze(project=project, actor=None)
    assert second.pk != first.pk
    assert second.split["note"] == ""
    assert on_test(second) >= before


def test_what_was_tested_on_is_tested_on_when_its_camera_is_renamed(project: Project, north: Camera) -> None:
    film(north)
    before = on_test(dataset_freeze(project=project, actor=None))
    camera_rename(camera=north, name="North gate", actor=None)
    assert on_test(dataset_freeze(project=project, actor=None)) >= before


def test_days_of_a_camera_that_were_held_before_hold_their_recordings(
    project: Project, north: Camera
) -> None:
    """As the migration finds it: only the day is remembered, of this project and of another."""
    film(north)
    before = on_test(dataset_freeze(project=project, actor=None))
    HeldOut.objects.filter(by="recording").delete()
    film(make_camera(name="North"))
    make_footage(north, recorded_at=datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute(import_module("training.migrations.0005_held_recordings").HOLD)
    rows = HeldOut.objects.filter(by="recording")
    assert set(rows.values_list("project", "group")) == {(project.pk, content) for content in before}


def test_a_frozen_version_stays_as_it_was(project: Project, north: Camera) -> None:
    video = film(north)[0]
    dataset = dataset_freeze(project=project, actor=None)
    with default_storage.open(dataset.manifest_key) as file:
        before = file.read()
    move(video, make_camera(project, "South"))
    dataset_freeze(project=project, actor=None)
    dataset.refresh_from_db()
    with default_storage.open(dataset.manifest_key) as file:
        assert file.read() == before


def test_a_recording_of_an_unknown_day_is_frozen_anew_under_its_new_camera(
    project: Project, north: Camera
) -> None:
    video, south = film(north, dated=False)[0], make_camera(project, "South")
    first = dataset_freeze(project=project, actor=None)
    move(video, south)
    second = dataset_freeze(project=project, actor=None)
    cameras = {clip.video: clip.camera for clip in manifest_of(second).clips}
    assert (cameras[str(video.pk)], second.number) == ("South", 2)
    assert sides(second) == sides(first)
    move(video, north)
    assert dataset_freeze(project=project, actor=None) == first
    move(video, south)
    assert dataset_freeze(project=project, actor=None) == second
