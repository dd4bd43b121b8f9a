"""What was learned in a project, and how it goes with it."""

import shutil

from core.models import Project
from core.services.erasing import Estate, counted
from core.services.storage import discard
from training.models import DatasetVersion, FeatureTrack, HeldOut, ModelVersion, PredictionSet, TrainingRun
from training.services.models import checkpoints_of


def _told(project: Project) -> list[str]:
    datasets = DatasetVersion.objects.in_project(project).count()
    runs = TrainingRun.objects.in_project(project).count()
    models = ModelVersion.objects.in_project(project).count()
    return [
        f"{counted(datasets, 'dataset')}, {counted(runs, 'training run')}, {counted(models, 'model')}",
    ]


def _drop_files(project: Project) -> None:
    """Manifests, and what runs would go on from; all other files are those of jobs."""
    for key in DatasetVersion.objects.in_project(project).values_list("manifest_key", flat=True):
        discard(key)
    for run in TrainingRun.objects.in_project(project).only("pk"):
        shutil.rmtree(checkpoints_of(run), ignore_errors=True)


def _drop_rows(project: Project) -> None:
    PredictionSet.objects.filter(project=project).delete()
    ModelVersion.objects.in_project(project).delete()
    TrainingRun.objects.in_project(project).delete()
    DatasetVersion.objects.in_project(project).delete()
    HeldOut.objects.filter(project=project).delete()
    FeatureTrack.objects.in_project(project).only("pk").delete()


ESTATE = Estate(told=_told, drop_files=_drop_files, drop_rows=_drop_rows)
