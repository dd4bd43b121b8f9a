"""Who may call the routes of curation: see tests/core/route_matrix.py."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.models import Project, Role
from curation.models import FrameMetrics, Upload
from tests.core.route_matrix import Route
from tests.curation.factories import make_camera, make_ready_video, make_video


def a_video(project: Project) -> dict[str, Any]:
    return {"video_id": make_video(make_camera(project)).pk}


def a_ready_video(project: Project) -> dict[str, Any]:
    return {"video_id": make_ready_video(make_camera(project)).pk}


def a_file(project: Project) -> dict[str, Any]:
    key = default_storage.save("matrix/proxy720.mp4", ContentFile(b"video"))
    made = {"key": key, "bytes": 5, "sha256": "0" * 64, "type": "video/mp4"}
    video = make_ready_video(make_camera(project), artifacts={"proxy720": made})
    return {"video_id": video.pk, "name": "proxy720"}


def a_metric(project: Project) -> dict[str, Any]:
    video = make_ready_video(make_camera(project), frames=2)
    FrameMetrics.objects.create(video=video, luma=b"\0" * 8)
    return {"video_id": video.pk, "metric": "luma"}


def an_upload(project: Project) -> dict[str, Any]:
    camera = make_camera(project)
    upload = Upload.objects.create(project=project, camera=camera, name="a.mp4", bytes=10)
    return {"upload_id": upload.pk}


def a_new_camera(project: Project) -> dict[str, Any]:
    return {"name": "Gate", "site": str(make_camera(project).site_id)}


def a_new_upload(project: Project) -> dict[str, Any]:
    return {"name": "a.mp4", "bytes": 10, "camera": str(make_camera(project).pk)}


NOT_YET = (409,)

ROUTES = (
    Route("site_list", Role.VIEWER),
    Route("site_create", Role.REVIEWER, body=lambda project: {"name": "Yard"}),
    Route("camera_list", Role.VIEWER),
    Route("camera_create", Role.REVIEWER, body=a_new_camera, ids_in_body=True),
    Route("video_list", Role.VIEWER),
    Route("video_detail", Role.VIEWER, params=a_video),
    Route("video_index", Role.VIEWER, params=a_ready_video),
    Route("video_quality", Role.VIEWER, params=a_ready_video),
    Route("video_metric", Role.VIEWER, params=a_metric),
    Route("video_file", Role.VIEWER, params=a_file),
    Route("video_file_head", Role.VIEWER, params=a_file),
    Route("video_frame", Role.VIEWER, params=lambda p: {**a_video(p), "ordinal": 0}, ok=NOT_YET),
    Route("video_retry", Role.REVIEWER, params=a_video, ok=NOT_YET),
    Route("video_remove", Role.REVIEWER, params=a_video),
    Route("video_restore", Role.REVIEWER, params=a_video),
    Route("upload_create", Role.REVIEWER, body=a_new_upload, ids_in_body=True),
    Route("upload_detail", Role.REVIEWER, params=an_upload),
    Route("upload_offset", Role.REVIEWER, params=an_upload),
    Route(
        "upload_append",
        Role.REVIEWER,
        params=an_upload,
        body=lambda project: b"",
        headers={"Upload-Offset": "0"},
    ),
)
