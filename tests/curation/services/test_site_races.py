"""Two people change the cameras of a site at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from core.errors import NotFound
from curation.models import Camera, Site
from curation.services.sites import camera_create, camera_remove
from tests.connections import elsewhere, until_they_wait
from tests.curation.factories import make_camera

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_camera_does_not_come_to_a_site_that_goes() -> None:
    camera = make_camera(name="North")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_remove(camera=camera, actor=None)
            added = elsewhere(pool, lambda: camera_create(site=camera.site, name="South", actor=None))
            until_they_wait(added)
        with pytest.raises(NotFound, match="The site Yard is not there any more"):
            added.result(30)
    assert not Site.objects.exists()


def test_a_site_stays_for_the_camera_that_comes() -> None:
    camera = make_camera(name="North")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_create(site=camera.site, name="South", actor=None)
            removed = elsewhere(pool, lambda: camera_remove(camera=camera, actor=None))
            until_they_wait(removed)
        removed.result(30)
    assert list(Camera.objects.values_list("name", "site__name")) == [("South", "Yard")]


def test_a_camera_is_removed_once() -> None:
    camera, other = make_camera(name="North"), make_camera(name="South")
    Camera.objects.filter(pk=other.pk).update(site=camera.site)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_remove(camera=camera, actor=None)
            again = elsewhere(
                pool, lambda: camera_remove(camera=Camera.objects.get(name="North"), actor=None)
            )
            until_they_wait(again)
        with pytest.raises(NotFound, match="no such camera"):
            again.result(30)
