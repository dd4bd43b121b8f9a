"""Questions about sites and cameras."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from core.errors import NotFound
from core.models import Project
from curation.models import Camera, Site


def sites_of(*, project: Project) -> QuerySet[Site]:
    """The project's sites by name, each with its cameras and their video counts; two queries."""
    cameras = Camera.objects.with_video_counts().order_by("name")
    return Site.objects.in_project(project).order_by("name").prefetch_related(Prefetch("cameras", cameras))


def cameras_of(*, project: Project) -> QuerySet[Camera]:
    """The project's cameras by site and name, with their sites and video counts; one query."""
    cameras = Camera.objects.in_project(project).with_video_counts().select_related("site")
    return cameras.order_by("site__name", "name")


def site_of(*, project: Project, site_id: UUID) -> Site:
    """One site of the project. Raises NotFound."""
    site = Site.objects.in_project(project).filter(pk=site_id).first()
    if site is None:
        raise NotFound("This project has no such site.")
    return site


def camera_of(*, project: Project, camera_id: UUID) -> Camera:
    """One camera of the project, with its site and video count. Raises NotFound."""
    camera = cameras_of(project=project).filter(pk=camera_id).first()
    if camera is None:
        raise NotFound("This project has no such camera.")
    return camera


def camera_named(*, project: Project, site: str, name: str) -> Camera | None:
    """The project's camera of this name at the site of that name, or None."""
    cameras = Camera.objects.in_project(project).select_related("site")
    return cameras.filter(site__name=site, name=name).first()
