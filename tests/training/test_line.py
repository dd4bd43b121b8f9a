"""The whole line for real: labels, features, a model, and what it suggests."""

from pathlib import Path

import pytest

from core.jobs.runner import run
from core.models import Job, JobState
from labelling.models import Suggestion
from tests.curation.factories import make_camera
from tests.factories import user_make
from tests.labelling.factories import annotate, make_class, make_clip
from tests.training.footage import filmed
from training.models import FeatureTrack, ModelState, ModelVersion, RunState, TrackState
from training.services.models import checkpoints_of
from training.services.runs import run_start

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = {"epochs": 3, "single_epochs": 1, "global_epochs": 1, "fold_epochs": 2, "folds": 2, "words": 2}


def work() -> list[str]:
    """Do everything that waits, as workers would; the kinds that were done, in order."""
    done = []
    while (job := Job.objects.filter(state=JobState.QUEUED).order_by("created_at").first()) is not None:
        run(str(job.pk))
        job.refresh_from_db()
        assert job.state == JobState.DONE, (job.kind, job.error)
        done.append(job.kind)
    return done


def test_labels_become_a_model_and_the_model_speaks(tmp_path: Path) -> None:
    camera = make_camera()
    project = camera.site.project
    labels = [make_class(project, name) for name in ("Across", "Down")]
    for person in range(4):
        for action, label in enumerate(labels):
            video = filmed(camera, tmp_path, action=action, person=person)
            annotate(make_clip(video, subject=f"Person {person}"), label, author=user_make())
    waiting = make_clip(filmed(camera, tmp_path, action=0, person=9))

    started = run_start(project=project, actor=None, options=QUICK)
    assert started.state == RunState.QUEUED
    kinds = work()
    assert kinds == ["training.features"] * 2 + ["training.train", "training.suggest_all", "training.suggest"]

    started.refresh_from_db()
    assert (started.state, started.sentence) == (RunState.DONE, "")
    model = ModelVersion.objects.get()
    assert (model.number, model.state, model.run) == (1, ModelState.CHAMPION, started)
    assert set(model.files) == {"model.safetensors", "card.json", "report.json", "predictions.json"}
    assert model.report["n_test"] == len(model.report["test_clips"]) > 0
    assert not checkpoints_of(started).exists()
    assert FeatureTrack.objects.filter(state=TrackState.READY).count() == 9, "of the open clip too"

    said = Suggestion.objects.open().get()
    assert (said.clip, said.model_version) == (waiting, "v1")
    assert set(said.scores) == {str(label.pk) for label in labels}
    assert sum(said.scores.values()) == pytest.approx(1.0, abs=1e-3)
    assert said.chosen == sorted(set(said.chosen))
    waiting.refresh_from_db()
    assert 0 <= waiting.priority <= 1
