"""Sites and cameras of a project."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from core.api.auth import Slug, member, membership_of
from core.models import Role
from curation.api.schemas import CameraIn, CameraList, CameraOut, NameIn, SiteList, SiteOut
from curation.selectors.sites import camera_of, cameras_of, site_of, sites_of
from curation.services.sites import camera_add, camera_remove, camera_rename, site_create

router = Router(tags=["sites"])


@router.get("/sites", auth=member(Role.VIEWER), response=SiteList, operation_id="site_list")
def site_list(request: HttpRequest, slug: Slug) -> SiteList:
    """All sites with their cameras."""
    items = [SiteOut.of(site) for site in sites_of(project=membership_of(request).project)]
    return SiteList(items=items, total=len(items))


@router.post("/sites", auth=member(Role.REVIEWER), response={201: SiteOut}, operation_id="site_create")
def site_make(request: HttpRequest, slug: Slug, body: NameIn) -> Status[SiteOut]:
    """Add a site."""
    membership = membership_of(request)
    site = site_create(project=membership.project, name=body.name, actor=membership.user)
    return Status(201, SiteOut(id=site.pk, name=site.name, cameras=[]))


@router.get("/cameras", auth=member(Role.VIEWER), response=CameraList, operation_id="camera_list")
def camera_list(request: HttpRequest, slug: Slug) -> CameraList:
    """All cameras with their sites and how many videos they have."""
    items = [CameraOut.of(camera) for camera in cameras_of(project=membership_of(request).project)]
    return CameraList(items=items, total=len(items))


@router.post("/cameras", auth=member(Role.REVIEWER), response={201: CameraOut}, operation_id="camera_create")
def camera_make(request: HttpRequest, slug: Slug, body: CameraIn) -> Status[CameraOut]:
    """Add a camera at a site that is there, or at a new one."""
    membership = membership_of(request)
    camera = camera_add(
        project=membership.project,
        site=None if body.site is None else site_of(project=membership.project, site_id=body.site),
        site_name=body.site_name,
        name=body.name,
        actor=membership.user,
    )
    return Status(201, CameraOut.of(camera_of(project=membership.project, camera_id=camera.pk)))


@router.patch(
    "/cameras/{uuid:camera_id}",
    auth=member(Role.REVIEWER),
    response=CameraOut,
    operation_id="camera_rename",
)
def camera_change(request: HttpRequest, slug: Slug, camera_id: UUID, body: NameIn) -> CameraOut:
    """Rename a camera. 409 for a name that its site has."""
    mine = membership_of(request)
    camera = camera_of(project=mine.project, camera_id=camera_id)
    return CameraOut.of(camera_rename(camera=camera, name=body.name, actor=mine.user))


@router.delete(
    "/cameras/{uuid:camera_id}",
    auth=member(Role.REVIEWER),
    response={204: None},
    operation_id="camera_remove",
)
def camera_take_away(request: HttpRequest, slug: Slug, camera_id: UUID) -> Status[None]:
    """Remove a camera. 409, with what holds it, for one that videos are from."""
    mine = membership_of(request)
    camera_remove(camera=camera_of(project=mine.project, camera_id=camera_id), actor=mine.user)
    return Status(204, None)
