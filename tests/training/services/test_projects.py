"""A project goes as a whole, from the first recording to the last model, and another one feels nothing."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.apps import apps

from core.models import AuditEvent, Project, User
from curation.models import QualitySpan, ReviewBatch, SpanState, Upload, Video
from curation.services.arrivals import recording_bring
from curation.services.review import Part, spans_review
from curation.services.uploads import upload_append, upload_create
from curation.services.videos import video_remove
from labelling.models import AnnotationRevision, Assignment, Clip, ClipTally, Suggestion
from labelling.services.assignments import assignment_next
from tests.curation.conftest import Disk
from tests.curation.factories import scene, write_video
from tests.erasing import erase
from tests.factories import project_make, user_make
from tests.labelling.factories import annotate, make_class, segment
from tests.training.conftest import work_off
from training.models import (
    DatasetVersion,
    FeatureTrack,
    HeldOut,
    ModelVersion,
    PredictionSet,
    SeenLabels,
    TrainingRun,
)
from training.services.models import checkpoints_of
from training.services.predictions import prediction_start
from training.services.runs import run_cancel, run_start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick")]

Rows = dict[str, list[tuple[Any, ...]]]


def lived_in(name: str, folder: Path) -> Project:
    """A project with all that there can be in one, made by what makes it in daily use."""
    ada = user_make()
    project = project_make(name, admin=ada)
    for number in range(6):
        pictures = [scene(frame, 96, 72) for frame in range(20)]
        if number == 0:
            pictures += [np.zeros((72, 96, 3), np.uint8)] * 30
        path = write_video(folder / f"{name}-{number}.mp4", pictures, salt=f"{name} {number}")
        recording_bring(project=project, path=path, camera="Gate", site="Yard", actor=ada)
    work_off()
    labels = [make_class(project) for _ in range(2)]
    clips = Clip.objects.in_project(project).order_by("video__name", "start")
    for number, clip in enumerate(clips[:4]):
        Clip.objects.filter(pk=clip.pk).update(subject=f"Person {number // 2}")
        annotate(clip, labels[number % 2], author=ada, segments=[segment(labels[0], 0, 5)])
    run_start(project=project, actor=ada)
    work_off()
    model = ModelVersion.objects.in_project(project).get()
    videos = Video.objects.in_project(project).order_by("name")
    prediction_start(project=project, model=model, name="all", videos=[videos[5].pk])
    work_off()
    span = QualitySpan.objects.in_project(project).first()
    assert span is not None
    spans_review(project=project, actor=ada, batch_id=uuid4(), to=SpanState.RESTORED, spans=[Part(span.pk)])
    assignment_next(project=project, user=ada)
    video_remove(video=videos[5], actor=ada)
    work_off()
    annotate(clips[0], labels[1], author=ada)
    cancelled = run_start(project=project, actor=ada)
    run_cancel(run=cancelled, actor=ada)
    checkpoints_of(cancelled).mkdir(parents=True)
    camera = videos[0].camera
    upload = upload_create(project=project, camera=camera, name="late.mp4", size=9, actor=ada)
    upload_append(upload=upload, offset=0, data=b"0123")
    return project


def rows() -> Rows:
    """Every row of the house, by table. People stay, and so does what is written down of no project."""
    found: Rows = {}
    for app in ("core", "curation", "labelling", "training"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            table: Any = model._default_manager.order_by("pk")
            if model is AuditEvent:
                table = table.exclude(project=None)
            if model not in (User, ClipTally):  # tallies are folded together now and then
                found[model._meta.label] = [tuple(map(_plain, row)) for row in table.values_list()]
    kinds = ("project", "camera", "label", "state", "flagged")
    tally: Counter[Any] = Counter()
    for *kind, clips in ClipTally.objects.values_list(*kinds, "clips"):
        tally[(*kind,)] += clips
    found["tallies"] = sorted((str(kind), str(clips)) for kind, clips in tally.items())
    return found


def _plain(value: object) -> str:
    return str(bytes(value) if isinstance(value, memoryview) else value)


def files(disk: Disk, folder: Path) -> dict[str, bytes]:
    """Everything that lies in storage, in the upload folder and among the checkpoints."""
    tops = disk.media, disk.uploads, folder / "checkpoints"
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in _below(*tops)}


def _below(*tops: Path) -> Iterator[Path]:
    for top in tops:
        yield from (path for path in top.rglob("*") if ".passage" not in path.parts)


EVERYTHING = (
    *(AnnotationRevision, Assignment, Clip, ClipTally, DatasetVersion, FeatureTrack, HeldOut, ModelVersion),
    *(PredictionSet, QualitySpan, ReviewBatch, SeenLabels, Suggestion, TrainingRun, Upload, Video),
)


@pytest.mark.timeout(600)
def test_everything_of_it_goes_and_another_project_is_untouched(disk: Disk, tmp_path: Path) -> None:
    lived_in("stays", tmp_path)
    rows_before, files_before = rows(), files(disk, tmp_path)
    project = lived_in("goes", tmp_path)
    for model in EVERYTHING:
        assert len(rows()[model._meta.label] if model is not ClipTally else rows()["tallies"]) > 1, model
    erase(project)
    left = rows()
    assert {table for table, kept in rows_before.items() if left[table] != kept} == set()
    assert files(disk, tmp_path) == files_before
