"""A project goes as a whole, and what was learned in it goes with it."""

import pytest

from core.models import Project
from labelling.services.projects import project_erase
from tests.training.factories import make_examples, make_model, make_open_clips
from training.models import (
    DatasetVersion,
    FeatureTrack,
    HeldOut,
    ModelState,
    ModelVersion,
    PredictionSet,
    TrainingRun,
)
from training.services.predictions import prediction_start
from training.services.runs import run_start

pytestmark = pytest.mark.django_db


def test_erasing_a_project_leaves_nothing_of_training() -> None:
    clips = make_examples(subjects=5)
    project = clips[0].project
    run_start(project=project, actor=None)
    model = make_model(project, state=ModelState.CHAMPION)
    waiting = make_open_clips(project, 1)
    prediction_start(project=project, model=model, name="all", videos=[waiting[0].video_id])
    stays = make_model()
    project_erase(project=project, actor=None)
    assert list(Project.objects.all()) == [stays.project]
    for rows in (FeatureTrack, HeldOut, PredictionSet):
        assert not rows.objects.exists()
    assert list(ModelVersion.objects.all()) == [stays]
    assert list(TrainingRun.objects.all()) == [stays.run]
    assert list(DatasetVersion.objects.all()) == [stays.run.dataset]
