"""Rows for the tests of training; examples are labelled by the services that people use."""

import hashlib
import itertools
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.models import Project
from curation.models import Camera, Video
from labelling.models import AnnotationRevision, Clip, LabelClass
from tests.curation.factories import make_camera, make_ready_video
from tests.factories import project_make, user_make
from tests.labelling.factories import annotate, make_class, make_clip
from training.models import (
    DatasetVersion,
    FeatureTrack,
    ModelState,
    ModelVersion,
    RunState,
    SeenLabels,
    TrainingRun,
)

_numbers = itertools.count(1000)
PROXY = {"proxy720": {"key": "proxies/a.mp4", "sha256": "a" * 64, "bytes": 1, "type": "video/mp4"}}


def make_footage(camera: Camera, **fields: Any) -> Video:
    """A ready video that names a proxy; no file lies there."""
    return make_ready_video(camera, **{"artifacts": PROXY, **fields})


def make_examples(
    project: Project | None = None, *, classes: int = 2, subjects: int = 4, each: int = 1
) -> list[Clip]:
    """Labelled clips: of each subject, `each` of every class, every clip a video of its own."""
    camera = make_camera(project)
    author = user_make()
    labels = [make_class(camera.site.project) for _ in range(classes)]
    clips = []
    for subject, label, _ in itertools.product(range(subjects), labels, range(each)):
        clip = make_clip(make_footage(camera), subject=f"Person {subject}")
        annotate(clip, label, author=author)
        clips.append(clip)
    return clips


def make_filmed_examples(**shape: Any) -> list[Clip]:
    """The same, with a file where each proxy should be: something for `tests.training.work` to read."""
    clips = make_examples(**shape)
    for clip in clips:
        film(clip)
    return clips


def film(clip: Clip, *, broken: bool = False) -> Clip:
    """Put a file where the clip's proxy should be; a broken one cannot be read as a video."""
    name = "broken" if broken else "proxy"
    proxy = stored(str(clip.pk).encode(), f"proxies/{name}-{clip.pk}.mp4")
    clip.video.artifacts = {"proxy720": {**proxy, "type": "video/mp4"}}
    clip.video.save(update_fields=["artifacts"])
    return clip


def make_open_clips(project: Project, count: int = 2) -> list[Clip]:
    """Clips that wait for somebody, every one a video of its own."""
    camera = make_camera(project)
    return [film(make_clip(make_footage(camera))) for _ in range(count)]


def label_of(clip: Clip) -> LabelClass:
    """What it was labelled."""
    clip.refresh_from_db()
    assert clip.label is not None
    return clip.label


def make_dataset(project: Project, **fields: Any) -> DatasetVersion:
    """A row without a manifest, frozen after all that was said so far."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "number": number,
        "manifest_key": f"datasets/{number}",
        "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
        "labels_sha256": hashlib.sha256(str(-number).encode()).hexdigest(),
        "bytes": 1,
        "clips": 8,
        "classes": 2,
        "even": True,
        **fields,
    }
    dataset = DatasetVersion.objects.create(project=project, **values)
    said = AnnotationRevision.objects.filter(project=project).values_list("pk", flat=True)
    SeenLabels.objects.create(dataset=dataset, revisions=list(said))
    return dataset


def make_run(project: Project | None = None, **fields: Any) -> TrainingRun:
    """A row alone, queued, with a dataset of its own."""
    project = project or project_make()
    values: dict[str, Any] = {
        "number": next(_numbers),
        "recipe": "smart_motion",
        "options": {"threads": 1},
        **fields,
    }
    dataset = values.pop("dataset", None) or make_dataset(project)
    return TrainingRun.objects.create(project=project, dataset=dataset, **values)


def make_report(**changes: Any) -> dict[str, Any]:
    """What `training.ml.run` returns of a model that was measured on ten clips."""
    return {
        "top1": 0.8,
        "top1_low": 0.49,
        "top1_high": 0.94,
        "macro_f1": 0.79,
        "top5": None,
        "map": 0.83,
        "ece": 0.06,
        "n_test": 10,
        "val_top1": 0.75,
        "val_macro_f1": 0.74,
        "best_epoch": 3,
        "budget": 4,
        "curve": {"smart": {"1": 0.6, "4": 0.8}, "uniform": {"1": 0.5, "4": 0.7}},
        "curve_on": "test",
        "confusion": {"labels": [], "counts": []},
        "per_class": [],
        "per_camera": [],
        "history": [{"epoch": 1, "train_loss": 1.0}],
        "test_clips": [],
        "champion": None,
        "seconds": {"classifier": 1.5},
        "notes": [],
        "weights": None,
        "parameters": 1000,
        "model_bytes": 4000,
        **changes,
    }


def make_model(
    project: Project | None = None, *, state: ModelState = ModelState.CANDIDATE, **fields: Any
) -> ModelVersion:
    """A row alone, with a run of its own and a report; its file is a few bytes in storage."""
    project = project or project_make()
    report = fields.pop("report", None) or make_report()
    run = fields.pop("run", None) or make_run(project, state=RunState.DONE, result=report)
    values: dict[str, Any] = {"number": next(_numbers), "card": {"title": "A model"}, **fields}
    files = {"model.safetensors": stored(b"a model")} if "files" not in values else values.pop("files")
    return ModelVersion.objects.create(
        project=project, run=run, state=state, report=report, files=files, **values
    )


def stored(data: bytes, key: str = "") -> dict[str, Any]:
    """A file in storage: its key, hash and size."""
    kept = default_storage.save(key or f"made/{next(_numbers)}", ContentFile(data))
    return {"key": kept, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def make_ready(tracks: "list[FeatureTrack]") -> None:
    """As if somebody had made these features."""
    for track in tracks:
        made = stored(b"features")
        FeatureTrack.objects.filter(pk=track.pk).update(
            state="ready", file_key=made["key"], sha256=made["sha256"], bytes=made["bytes"]
        )


def ids(rows: Any) -> list[UUID]:
    """Their ids, sorted."""
    return sorted(row.pk for row in rows)
