"""Sites and cameras: what can be done to them."""

from django.db import IntegrityError, transaction
from django.db.models import RestrictedError

from core.errors import Conflict, Invalid, NotFound
from core.models import Project, User
from core.services.audit import audit_record
from curation.models import Camera, QualityProfile, Site

MAX_NAME = 120
_NO_CAMERA = "This project has no such camera."


@transaction.atomic
def site_create(*, project: Project, name: str, actor: User | None) -> Site:
    """Add a site to a project. Raises Conflict where the name is taken, Invalid where it is none."""
    name = _clean(name, "site")
    try:
        with transaction.atomic():
            site = Site.objects.create(project=project, name=name)
    except IntegrityError as error:
        raise Conflict(f"This project has a site called {name} already.") from error
    audit_record(verb="site.create", obj=site, project=project, actor=actor, name=name)
    return site


@transaction.atomic
def camera_create(*, site: Site, name: str, actor: User | None) -> Camera:
    """Add a camera, with the default quality profile.

    Raises Conflict for a taken name, Invalid for none, NotFound where the site went with its last camera.
    """
    name = _clean(name, "camera")
    _lock(site)
    try:
        with transaction.atomic():
            camera = Camera.objects.create(site=site, name=name)
    except IntegrityError as error:
        raise Conflict(f"{site.name} has a camera called {name} already.") from error
    QualityProfile.objects.create(camera=camera)
    audit_record(verb="camera.create", obj=camera, project=site.project, actor=actor, name=name)
    return camera


@transaction.atomic
def camera_add(
    *, project: Project, site: Site | None, site_name: str, name: str, actor: User | None
) -> Camera:
    """Add a camera at `site`, or at the site called `site_name`, which is made where it is missing.

    Raises Invalid where neither is given, and what `site_create` and `camera_create` raise.
    """
    if site is None:
        wanted = _clean(site_name, "site")
        there = Site.objects.in_project(project).filter(name=wanted)
        site = there.select_for_update(no_key=True).first()  # one that is just going is made anew
        site = site or site_create(project=project, name=wanted, actor=actor)
    return camera_create(site=site, name=name, actor=actor)


@transaction.atomic
def camera_rename(*, camera: Camera, name: str, actor: User | None) -> Camera:
    """Give a camera another name.

    Raises Conflict where its site has one of it, Invalid where it is none, NotFound where it went.
    """
    before, camera.name = camera.name, _clean(name, "camera")
    if camera.name == before:
        return camera
    try:
        with transaction.atomic():
            if not Camera.objects.filter(pk=camera.pk).update(name=camera.name):
                raise NotFound(_NO_CAMERA)
    except IntegrityError as error:
        raise Conflict(f"{camera.site.name} has a camera called {camera.name} already.") from error
    changed = {"from": before, "to": camera.name}
    audit_record(verb="camera.rename", obj=camera, project=camera.site.project, actor=actor, **changed)
    return camera


@transaction.atomic
def camera_remove(*, camera: Camera, actor: User | None) -> None:
    """Remove a camera that no video is from, and its site with the last one.

    Raises Conflict for any other, NotFound where somebody else removed it first.
    """
    site = camera.site
    _lock(site)
    if Camera.objects.select_for_update().filter(pk=camera.pk).first() is None:  # no video comes in meanwhile
        raise NotFound(_NO_CAMERA)
    if held := _held(camera):
        raise Conflict(f"{camera.name} cannot be removed: it has {held}.")
    audit_record(
        verb="camera.remove", obj=camera, project=site.project, actor=actor, name=camera.name, site=site.name
    )
    try:
        camera.delete()
    except RestrictedError as error:  # the apps above follow a video that was moved, each in its time
        raise Conflict(
            f"{camera.name} cannot be removed yet: what was made of its videos is still on its way to their "
            "new camera. Try it again in a minute."
        ) from error
    if not site.cameras.exists():
        site.delete()


def camera_keep(*, camera: Camera) -> None:
    """Keep a camera from being removed until the caller's transaction ends; others may keep it as well.

    Otherwise what is added to a camera that goes at the same moment would fail as it is committed.
    Raises Conflict where it went.
    """
    here = "SELECT id FROM curation_camera WHERE id = %s FOR KEY SHARE"
    if not list(Camera.objects.raw(here, [camera.pk])):
        raise Conflict(f"The camera {camera.name} was removed just now. Choose another one.")


def _lock(site: Site) -> None:
    """Cameras come to a site and go from it one after the other: the last one takes it along."""
    if Site.objects.select_for_update(no_key=True).filter(pk=site.pk).first() is None:
        raise NotFound(f"The site {site.name} is not there any more. Look again.")


def _held(camera: Camera) -> str:
    """What a camera is kept for, in words. A removed video keeps its row, and so its camera."""
    removed = camera.videos.removed().count()
    counts = (
        (camera.videos.count() - removed, "video"),
        (removed, "removed video"),
        (camera.uploads.receiving().count(), "unfinished upload"),
    )
    return " and ".join(f"{n} {what}{'' if n == 1 else 's'}" for n, what in counts if n)


def _clean(name: str, what: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(f"A {what} needs a name.")
    if len(name) > MAX_NAME:
        raise Invalid(f"The name of a {what} has at most {MAX_NAME} characters.")
    return name
