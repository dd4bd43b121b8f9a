"""Sites and cameras: what can be done to them."""

from django.db import IntegrityError, transaction

from core.errors import Conflict, Invalid
from core.models import Project, User
from core.services.audit import audit_record
from curation.models import Camera, QualityProfile, Site

MAX_NAME = 120


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
    """Add a camera, with the default quality profile. Raises Conflict for a taken name, Invalid for none."""
    name = _clean(name, "camera")
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
        site = Site.objects.in_project(project).filter(name=wanted).first()
        site = site or site_create(project=project, name=wanted, actor=actor)
    return camera_create(site=site, name=name, actor=actor)


def _clean(name: str, what: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(f"A {what} needs a name.")
    if len(name) > MAX_NAME:
        raise Invalid(f"The name of a {what} has at most {MAX_NAME} characters.")
    return name
