"""Who may call the routes of labelling: see tests/core/route_matrix.py."""

from typing import Any
from uuid import uuid4

from core.models import Project, Role
from tests.core.route_matrix import Route
from tests.curation.factories import make_camera, make_ready_video
from tests.labelling.factories import make_class, make_clip


def a_clip(project: Project) -> dict[str, Any]:
    return {"clip_id": make_clip(make_ready_video(make_camera(project))).pk}


def a_class(project: Project) -> dict[str, Any]:
    return {"class_id": make_class(project).pk}


def an_annotation(project: Project) -> dict[str, Any]:
    label = str(make_class(project).pk)
    return {"client_id": str(uuid4()), "outcome": "labelled", "label": label, "segments": [], "comment": ""}


def a_clip_by_name(project: Project) -> dict[str, Any]:
    return {"skip": [], "clip": str(a_clip(project)["clip_id"])}


ROUTES = (
    Route("label_set", Role.VIEWER),
    Route("class_add", Role.REVIEWER, body=lambda project: {"name": "Digging"}),
    Route("class_change", Role.REVIEWER, params=a_class, body=lambda project: {"name": "Digging"}),
    Route("clips", Role.VIEWER),
    Route("clip", Role.VIEWER, params=a_clip),
    Route("clip_history", Role.VIEWER, params=a_clip),
    Route(
        "annotation_put",
        Role.ANNOTATOR,
        params=a_clip,
        body=an_annotation,
        ids_in_body=True,
        headers={"If-Match": '"0"'},
    ),
    Route("queue_next", Role.ANNOTATOR, body=a_clip_by_name, ids_in_body=True),
    Route("queue_release", Role.ANNOTATOR, params=a_clip),
    Route("labels_import", Role.REVIEWER, body=lambda project: b"file,label\na.mp4,digging\n"),
    Route("labels_export", Role.VIEWER),
    Route("labelling_summary", Role.VIEWER),
)
