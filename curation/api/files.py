"""The files made from a video: proxies, poster, filmstrip, and any frame as a picture."""

import io
from enum import IntEnum
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router
from PIL import Image

from core.api.auth import Slug, member, membership_of
from core.api.ranges import FOREVER, range_response
from core.errors import Conflict, NotFound
from core.models import Role
from core.services.storage import stage
from curation.media.stills import frames_at
from curation.models import Video, VideoState
from curation.selectors.videos import artifact_of, video_of

router = Router(tags=["files"])

JPEG_QUALITY = 85


class Height(IntEnum):
    """The heights of the proxies, in pixels."""

    FULL = 720
    SMALL = 360


BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/videos/{uuid:video_id}/files/{name}",
    auth=member(Role.VIEWER),
    operation_id="video_file",
    openapi_extra={
        "responses": {
            200: {"content": {"*/*": BINARY}},
            206: {"description": "A part of the file", "content": {"*/*": BINARY}},
        }
    },
)
def video_file(request: HttpRequest, slug: Slug, video_id: UUID, name: str) -> HttpResponseBase:
    """A made file, with byte ranges: `proxy720`, `proxy360`, `poster`, `filmstrip` (JSON) and its sheets."""
    video = video_of(project=membership_of(request).project, video_id=video_id)
    made = artifact_of(video=video, name=name)
    return range_response(request, made["key"], content_type=made["type"], etag=made["sha256"])


@router.api_operation(
    ["HEAD"],
    "/videos/{uuid:video_id}/files/{name}",
    auth=member(Role.VIEWER),
    operation_id="video_file_head",
)
def video_file_head(request: HttpRequest, slug: Slug, video_id: UUID, name: str) -> HttpResponseBase:
    """The headers of a made file."""
    return video_file(request, slug, video_id, name)


@router.get(
    "/videos/{uuid:video_id}/frames/{int:ordinal}.jpg",
    auth=member(Role.VIEWER),
    operation_id="video_frame",
    openapi_extra={"responses": {200: {"content": {"image/jpeg": BINARY}}}},
)
def video_frame(
    request: HttpRequest, slug: Slug, video_id: UUID, ordinal: int, height: Height = Height.FULL
) -> HttpResponseBase:
    """Frame `ordinal` as a JPEG, out of the proxy of that height. 404 outside the video."""
    video = video_of(project=membership_of(request).project, video_id=video_id)
    if video.state != VideoState.READY:
        raise Conflict(f"{video.name} is not ready, so it has no frames yet.")
    if ordinal >= video.frames:
        raise NotFound(f"{video.name} has {video.frames:,} frames: the last is number {video.frames - 1:,}.")
    tag = f'"{video.index_sha256}-{height:d}-{ordinal}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag, "Cache-Control": FOREVER})
    return HttpResponse(
        _jpeg(video, ordinal, height),
        content_type="image/jpeg",
        headers={"ETag": tag, "Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"},
    )


def _jpeg(video: Video, ordinal: int, height: Height) -> bytes:
    made = artifact_of(video=video, name=f"proxy{height:d}")
    with stage(made["key"], made["sha256"]) as path:
        picture = frames_at(path, [ordinal])[ordinal]
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "JPEG", quality=JPEG_QUALITY)
    return data.getvalue()
