"""The whole line for real: labels, features, a model, and what it suggests."""

from pathlib import Path

import pytest

from labelling.models import Suggestion
from tests.curation.factories import make_camera
from tests.factories import user_make
from tests.labelling.factories import annotate, make_class, make_clip
from tests.training.conftest import work_off
from tests.training.footage import filmed
from training.models import FeatureTrack, ModelState, ModelVersion, RunState, TrackState, TrainingRun
from training.services.models import checkpoints_of
from training.services.runs import run_start

pytestmark = pytest.mark.django_db(transaction=True)


QUICK = {"epochs": 3, "single_epochs": 1, "global_epochs": 1, "fold_epochs": 2, "folds": 2, "words": 2}


def test_labels_become_a_model_and_the_model_speaks(tmp_path: Path) -> None:
    camera = make_camera()
    project = camera.site.project
    labels = [make_class(project, name) for name in ("Across", "Down")]
    for person in range(4):
        for action, label in enumerate(labels):
            video = filmed(camera, tmp_path, action=action, person=person)
            annotate(make_clip(video, subject=f"Person {person}"), label, author=user_make())
    unlabelled = make_clip(filmed(camera, tmp_path, action=0, person=9))

    run_start(project=project, actor=None, options=QUICK)
    assert work_off() == [
        *["training.features"] * 2,
        *("training.train", "training.suggest_all", "training.suggest"),
    ]

    started = TrainingRun.objects.get()
    assert (started.state, started.sentence) == (RunState.DONE, "")
    model = ModelVersion.objects.get()
    assert (model.number, model.state, model.run) == (1, ModelState.CHAMPION, started)
    assert set(model.files) == {"model.safetensors", "card.json", "report.json", "predictions.json"}
    assert model.report["n_test"] == len(model.report["test_clips"]) > 0
    assert not checkpoints_of(started).exists()
    assert FeatureTrack.objects.filter(state=TrackState.READY).count() == 9, "of the open clip too"

    row = Suggestion.objects.open().get()
    assert (row.clip, row.model_version) == (unlabelled, "v1")
    assert set(row.scores) == {str(label.pk) for label in labels}
    assert sum(row.scores.values()) == pytest.approx(1.0, abs=1e-3)
    assert row.chosen == sorted(set(row.chosen))
    unlabelled.refresh_from_db()
    assert 0 <= unlabelled.priority <= 1
