"""Uploads from a browser, a chunk at a time, resumable."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Status

from core.api.auth import Slug, member, membership_of
from core.models import Role
from curation.api.schemas import UploadIn, UploadOut
from curation.selectors.sites import camera_of
from curation.selectors.videos import upload_of
from curation.services.uploads import CHUNK_BYTES, upload_append, upload_create, upload_finish

router = Router(tags=["uploads"])

Offset = Annotated[int, Header(alias="Upload-Offset", ge=0)]


@router.post("/uploads", auth=member(Role.REVIEWER), response={201: UploadOut}, operation_id="upload_create")
def upload_announce(request: HttpRequest, slug: Slug, body: UploadIn) -> Status[UploadOut]:
    """Announce a file; then send its bytes with PATCH."""
    membership = membership_of(request)
    upload = upload_create(
        project=membership.project,
        camera=camera_of(project=membership.project, camera_id=body.camera),
        name=body.name,
        size=body.bytes,
        actor=membership.user,
    )
    return Status(201, UploadOut.of(upload, CHUNK_BYTES))


@router.get(
    "/uploads/{uuid:upload_id}",
    auth=member(Role.REVIEWER),
    response=UploadOut,
    operation_id="upload_detail",
)
def upload_standing(request: HttpRequest, slug: Slug, upload_id: UUID) -> UploadOut:
    """How far an upload has come: where to go on after a break."""
    upload = upload_of(project=membership_of(request).project, upload_id=upload_id)
    return UploadOut.of(upload, CHUNK_BYTES)


@router.api_operation(
    ["HEAD"], "/uploads/{uuid:upload_id}", auth=member(Role.REVIEWER), operation_id="upload_offset"
)
def upload_offset(request: HttpRequest, slug: Slug, upload_id: UUID) -> HttpResponse:
    """The same as headers: `Upload-Offset` and `Upload-Length`."""
    upload = upload_of(project=membership_of(request).project, upload_id=upload_id)
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.bytes)}
    return HttpResponse(headers={**headers, "Cache-Control": "no-store"})


@router.patch(
    "/uploads/{uuid:upload_id}",
    auth=member(Role.REVIEWER),
    response=UploadOut,
    operation_id="upload_append",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def upload_continue(request: HttpRequest, slug: Slug, upload_id: UUID, offset: Offset) -> UploadOut:
    """Add the body's bytes at `Upload-Offset`. The last ones register the video; 409 if it is here already.

    A wrong offset answers 409 with `details.received`, where to go on.
    """
    upload = upload_of(project=membership_of(request).project, upload_id=upload_id)
    upload = upload_append(upload=upload, offset=offset, data=request.body)
    if upload.received == upload.bytes:
        upload = upload_finish(upload=upload)
    return UploadOut.of(upload, CHUNK_BYTES)
