import pytest
from pytest_django import DjangoAssertNumQueries

from core.errors import Conflict, Invalid
from core.models import AuditEvent
from curation.models import Camera, Site, Upload
from curation.quality.verdict import Thresholds
from curation.selectors.sites import camera_meant, cameras_of, sites_of
from curation.services.sites import camera_add, camera_create, camera_remove, camera_rename, site_create
from tests.curation.factories import make_camera, make_video
from tests.factories import project_make

pytestmark = pytest.mark.django_db


def test_a_camera_is_made_with_the_default_thresholds() -> None:
    site = site_create(project=project_make(), name="Yard", actor=None)
    profile = camera_create(site=site, name="North", actor=None).quality_profile
    assert Thresholds.from_json(profile.thresholds) == Thresholds()
    assert profile.revision == 1


def test_a_name_is_taken_once_in_a_project_and_free_in_another() -> None:
    project = project_make()
    site_create(project=project, name="Yard", actor=None)
    with pytest.raises(Conflict, match="Yard"):
        site_create(project=project, name=" Yard ", actor=None)
    site_create(project=project_make(), name="Yard", actor=None)


def test_a_camera_name_is_taken_once_at_a_site() -> None:
    site = site_create(project=project_make(), name="Yard", actor=None)
    camera_create(site=site, name="North", actor=None)
    with pytest.raises(Conflict, match="North"):
        camera_create(site=site, name="North", actor=None)


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_site_needs_a_name_of_a_sensible_length(name: str) -> None:
    with pytest.raises(Invalid):
        site_create(project=project_make(), name=name, actor=None)


def test_a_camera_at_a_site_of_a_new_name_makes_the_site() -> None:
    project = project_make()
    first = camera_add(project=project, site=None, site_name="Yard", name="North", actor=None)
    second = camera_add(project=project, site=None, site_name="Yard", name="South", actor=None)
    assert first.site == second.site
    assert camera_meant(project=project, site="Yard", name="South") == second


def test_a_camera_without_a_site_leaves_nothing_behind() -> None:
    project = project_make()
    with pytest.raises(Invalid):
        camera_add(project=project, site=None, site_name=" ", name="North", actor=None)
    assert not sites_of(project=project)


def test_making_a_site_is_written_down() -> None:
    site = site_create(project=project_make(), name="Yard", actor=None)
    event = AuditEvent.objects.get(verb="site.create")
    assert (event.object_id, event.project) == (str(site.pk), site.project)


def test_sites_come_with_cameras_and_counts_in_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    project = project_make()
    for name in ("North", "South", "East"):
        make_video(make_camera(project, name))
    make_camera()
    with django_assert_num_queries(2):
        found = [
            (c.name, vars(c)["video_count"]) for site in sites_of(project=project) for c in site.cameras.all()
        ]
    assert found == [("East", 1), ("North", 1), ("South", 1)]


def test_removed_videos_are_not_counted() -> None:
    camera = make_camera()
    make_video(camera, deleted_at="2026-01-01T00:00Z")
    make_video(camera)
    assert vars(cameras_of(project=camera.site.project).get())["video_count"] == 1


def test_a_camera_takes_another_name_and_the_event_holds_both() -> None:
    camera = camera_rename(camera=make_camera(name="North"), name="  North  gate ", actor=None)
    assert Camera.objects.get(pk=camera.pk).name == "North gate"
    assert AuditEvent.objects.get(verb="camera.rename").data == {"from": "North", "to": "North gate"}


def test_a_camera_does_not_take_the_name_of_its_neighbour() -> None:
    project = project_make()
    make_camera(project, "North")
    south = make_camera(project, "South")
    with pytest.raises(Conflict, match="Yard has a camera called North already"):
        camera_rename(camera=south, name="North", actor=None)
    assert Camera.objects.get(pk=south.pk).name == "South"


def test_a_camera_without_videos_goes_and_its_site_with_the_last_one() -> None:
    project = project_make()
    north, south = make_camera(project, "North"), make_camera(project, "South")
    camera_remove(camera=north, actor=None)
    assert list(Camera.objects.in_project(project)) == [south]
    camera_remove(camera=south, actor=None)
    assert not Site.objects.in_project(project).exists()
    assert AuditEvent.objects.filter(verb="camera.remove").count() == 2


def test_a_camera_says_what_it_is_kept_for() -> None:
    camera = make_camera(name="North")
    make_video(camera)
    make_video(camera)
    make_video(camera, deleted_at="2026-01-01T00:00Z")
    Upload.objects.create(project=camera.site.project, camera=camera, name="a.mp4", bytes=100)
    held = "2 videos and 1 removed video and 1 unfinished upload"
    with pytest.raises(Conflict, match=f"North cannot be removed: it has {held}"):
        camera_remove(camera=camera, actor=None)
    assert Camera.objects.filter(pk=camera.pk).exists()
