"""Who may call the routes of curation: see tests/core/route_matrix.py.

The files themselves are tested in tests/curation/api/test_files.py; here a row is enough to know who gets in.
"""

from itertools import count
from typing import Any
from uuid import uuid4

from core.models import Job, JobState, Project, Role
from curation.models import FrameMetrics, SpanState, Upload, Video, VideoState
from curation.quality.verdict import Thresholds
from curation.services.review import Part, spans_review
from curation.services.videos import INGEST
from tests.core.route_matrix import Route
from tests.curation.factories import make_camera, make_ready_video, make_span, make_video
from tests.factories import user_make

_numbers = count(1)
MADE = {"key": "no/such/file", "bytes": 1, "sha256": "0" * 64, "type": "video/mp4"}


def a_ready_video(project: Project) -> dict[str, Any]:
    video = make_ready_video(make_camera(project), artifacts={"proxy360": MADE})
    FrameMetrics.objects.create(video=video, luma=bytes(4 * 50))
    return {"video_id": video.pk}


def a_failed_video(project: Project) -> dict[str, Any]:
    job = Job.objects.create(
        project=project, kind=INGEST, dedupe_key=f"matrix-video-{next(_numbers)}", state=JobState.FAILED
    )
    return {"video_id": make_video(make_camera(project), state=VideoState.FAILED, job=job).pk}


def a_removed_video(project: Project) -> dict[str, Any]:
    return {"video_id": make_video(make_camera(project), deleted_at="2026-01-01T00:00Z").pk}


def a_metric(project: Project) -> dict[str, Any]:
    return a_ready_video(project) | {"metric": "luma"}


def a_span(project: Project) -> dict[str, Any]:
    return {"span_id": make_span(make_ready_video(make_camera(project))).pk}


def a_decision(project: Project) -> dict[str, Any]:
    span = make_span(make_ready_video(make_camera(project)))
    return {"id": str(uuid4()), "to": "confirmed", "spans": [{"id": str(span.pk)}]}


def a_decided_span(project: Project) -> dict[str, Any]:
    span = make_span(make_ready_video(make_camera(project)))
    batch = spans_review(
        project=project,
        actor=user_make(),
        batch_id=uuid4(),
        to=SpanState.CONFIRMED,
        spans=[Part(span.pk)],
    )
    return {"batch_id": batch.pk}


def a_file(project: Project) -> dict[str, Any]:
    return a_ready_video(project) | {"name": "proxy360"}


def a_frame_behind_the_last(project: Project) -> dict[str, Any]:
    return a_ready_video(project) | {"ordinal": 50}


def an_upload(project: Project) -> dict[str, Any]:
    upload = Upload.objects.create(project=project, camera=make_camera(project), name="a.mp4", bytes=100)
    return {"upload_id": upload.pk}


def a_new_camera(project: Project) -> dict[str, Any]:
    return {"name": "North", "site": str(make_camera(project).site.pk)}


def a_camera(project: Project) -> dict[str, Any]:
    return {"camera_id": make_camera(project).pk}


def another_camera(project: Project) -> dict[str, Any]:
    camera = make_camera(project)
    video = Video.objects.in_project(project).order_by("-created_at").first()
    return {"camera": str(camera.pk), "seen": str(video.camera_id if video else camera.pk)}


def thresholds(project: Project) -> dict[str, Any]:
    return {"thresholds": Thresholds(defocus=0.4).to_json()}


def a_new_upload(project: Project) -> dict[str, Any]:
    return {"name": "a.mp4", "bytes": 100, "camera": str(make_camera(project).pk)}


ROUTES = (
    Route("site_list", Role.VIEWER),
    Route("site_create", Role.REVIEWER, body=lambda project: {"name": "Gate"}),
    Route("camera_list", Role.VIEWER),
    Route("camera_create", Role.REVIEWER, body=a_new_camera, ids_in_body=True),
    Route("camera_rename", Role.REVIEWER, params=a_camera, body=lambda project: {"name": "Elsewhere"}),
    Route("camera_remove", Role.REVIEWER, params=a_camera),
    Route("video_list", Role.VIEWER),
    Route("video_detail", Role.VIEWER, params=a_ready_video),
    Route("video_index", Role.VIEWER, params=a_ready_video),
    Route("video_quality", Role.VIEWER, params=a_ready_video),
    Route("video_metric", Role.VIEWER, params=a_metric),
    Route("quality_overview", Role.VIEWER),
    Route("quality_spans", Role.VIEWER),
    Route("quality_neighbours", Role.VIEWER, params=a_span),
    Route("quality_review", Role.REVIEWER, body=a_decision, ids_in_body=True),
    Route("quality_review_undo", Role.REVIEWER, params=a_decided_span),
    # 304 needs no file: who may not come in is told so before.
    Route("video_file", Role.VIEWER, params=a_file, headers={"If-None-Match": "*"}, ok=(304,)),
    Route("video_file_head", Role.VIEWER, params=a_file, headers={"If-None-Match": "*"}, ok=(304,)),
    Route("video_frame", Role.VIEWER, params=a_frame_behind_the_last, ok=(404,)),
    Route("video_move", Role.REVIEWER, params=a_ready_video, body=another_camera, ids_in_body=True),
    Route("video_retry", Role.REVIEWER, params=a_failed_video),
    Route("video_remove", Role.REVIEWER, params=a_failed_video),
    Route("video_restore", Role.REVIEWER, params=a_removed_video),
    Route("gate", Role.VIEWER, params=a_camera),
    Route("gate_effect", Role.VIEWER, params=a_camera, body=thresholds),
    Route("gate_put", Role.REVIEWER, params=a_camera, body=thresholds, headers={"If-Match": '"1"'}),
    Route("upload_create", Role.REVIEWER, body=a_new_upload, ids_in_body=True),
    Route("upload_detail", Role.REVIEWER, params=an_upload),
    Route("upload_offset", Role.REVIEWER, params=an_upload),
    Route(
        "upload_append",
        Role.REVIEWER,
        params=an_upload,
        body=lambda project: b"0123456789",
        headers={"Upload-Offset": "0"},
    ),
)
