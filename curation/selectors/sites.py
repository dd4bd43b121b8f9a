"""Questions about sites and cameras."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from core.errors import Conflict, NotFound
from core.models import Project
from curation.models import Camera, Site

MAIN_SITE = "Main site"


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


def camera_meant(*, project: Project, site: str | None, name: str) -> Camera | None:
    """The project's camera of this name, at the site of that name if one is said; None where there is none.

    Raises Conflict where several sites have one of this name and nobody says which is meant.
    """
    cameras = (
        Camera.objects.in_project(project).filter(name=name).select_related("site").order_by("site__name")
    )
    found = list(cameras if site is None else cameras.filter(site__name=site))
    if len(found) > 1:
        sites = ", ".join(camera.site.name for camera in found)
        raise Conflict(f"Several sites have a camera called {name}: {sites}. Say which one: --site NAME.")
    return found[0] if found else None


def site_usual(*, project: Project) -> str:
    """The name of the site that a new camera belongs to where nobody says it: the only one, or Main site."""
    names = list(Site.objects.in_project(project).values_list("name", flat=True)[:2])
    return names[0] if len(names) == 1 else MAIN_SITE
