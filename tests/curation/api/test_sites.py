import pytest

from core.models import Role
from tests.core.http import sentence
from tests.curation.api.house import desk
from tests.curation.factories import make_camera, make_video

pytestmark = pytest.mark.django_db


def test_a_data_lead_makes_a_site_and_cameras_at_it() -> None:
    at = desk()
    site = at.post("sites", {"name": "Yard"}).json()
    camera = at.post("cameras", {"name": "North", "site": site["id"]})
    assert camera.status_code == 201
    assert camera.json() == {
        "id": camera.json()["id"],
        "name": "North",
        "site": {"id": site["id"], "name": "Yard"},
        "videos": 0,
    }


def test_a_camera_can_bring_its_site_along() -> None:
    at = desk()
    at.post("cameras", {"name": "North", "site_name": "Yard"})
    at.post("cameras", {"name": "South", "site_name": "Yard"})
    sites = at.get("sites").json()
    assert sites["total"] == 1
    assert [camera["name"] for camera in sites["items"][0]["cameras"]] == ["North", "South"]


def test_cameras_are_listed_with_their_sites_and_counts() -> None:
    at = desk(Role.VIEWER)
    make_video(make_camera(at.project, "North"))
    make_camera(name="Elsewhere")
    listed = at.get("cameras").json()
    assert [(c["name"], c["site"]["name"], c["videos"]) for c in listed["items"]] == [("North", "Yard", 1)]


def test_a_taken_name_is_a_conflict_in_words() -> None:
    at = desk()
    at.post("cameras", {"name": "North", "site_name": "Yard"})
    again = at.post("cameras", {"name": "North", "site_name": "Yard"})
    assert again.status_code == 409
    assert sentence(again) == "Yard has a camera called North already."


def test_a_site_of_another_project_is_not_there() -> None:
    foreign = make_camera().site
    answer = desk().post("cameras", {"name": "North", "site": str(foreign.pk)})
    assert answer.status_code == 404


def test_an_annotator_makes_no_cameras() -> None:
    assert desk(Role.ANNOTATOR).post("cameras", {"name": "N", "site_name": "Y"}).status_code == 403


def test_a_data_lead_renames_and_removes_a_camera() -> None:
    at = desk()
    camera = make_camera(at.project, "North")
    renamed = at.browser.patch(at.address(f"cameras/{camera.pk}"), {"name": "Gate"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Gate")
    assert at.delete(f"cameras/{camera.pk}").status_code == 204
    assert at.get("cameras").json()["total"] == 0


def test_a_camera_with_videos_stays_and_says_so() -> None:
    at = desk()
    camera = make_camera(at.project, "North")
    make_video(camera)
    refused = at.delete(f"cameras/{camera.pk}")
    assert (refused.status_code, sentence(refused)) == (409, "North cannot be removed: it has 1 video.")
