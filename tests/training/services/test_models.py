import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from core.errors import Conflict
from core.models import AuditEvent, Job, Project
from tests.factories import project_make, user_make
from tests.training.factories import make_model, make_report, make_run, stored
from training.models import ModelState, ModelVersion, RunState
from training.services.models import LostRunError, checkpoints_of, model_make, model_promote
from training.services.suggesting import SUGGEST_ALL

pytestmark = pytest.mark.django_db


def made(project: Project, **report: Any) -> ModelVersion:
    """What the train job's commit makes of a report."""
    run = make_run(project, state=RunState.TRAINING)
    files = {
        "model.safetensors": stored(b"weights")["key"],
        "card.json": stored(json.dumps({"title": "Card"}).encode())["key"],
    }
    return model_make(run_id=run.pk, result=make_report(**report), files=files)


def against(champion: ModelVersion, won: int, lost: int) -> dict[str, Any]:
    return {"version": champion.number, "top1": 0.7, "won": won, "lost": lost, "p": 0.5, "n": 10}


def test_the_first_model_becomes_champion_and_speaks() -> None:
    project = project_make()
    model = made(project)
    assert (model.number, model.state, model.card) == (1, ModelState.CHAMPION, {"title": "Card"})
    assert model.files["model.safetensors"]["bytes"] == 7
    assert len(model.files["model.safetensors"]["sha256"]) == 64
    assert model.champion_since is not None
    assert Job.objects.get(kind=SUGGEST_ALL).params["model"] == str(model.pk)
    model.run.refresh_from_db()
    assert (model.run.state, model.run.result) == (RunState.DONE, make_report())
    assert AuditEvent.objects.filter(verb="modelversion.champion").exists()


@pytest.mark.parametrize(("won", "lost", "takes_over"), [(3, 1, True), (2, 2, True), (1, 2, False)])
def test_a_later_one_takes_over_where_it_is_not_worse(won: int, lost: int, takes_over: bool) -> None:
    champion = made(project_make())
    later = made(champion.project, champion=against(champion, won, lost))
    champion.refresh_from_db()
    assert (later.state == ModelState.CHAMPION) is takes_over
    assert (champion.state == ModelState.RETIRED) is takes_over
    assert Job.objects.filter(kind=SUGGEST_ALL).count() == 1 + takes_over


@pytest.mark.parametrize("version", [None, 99])
def test_one_that_was_not_compared_with_the_champion_stays_a_candidate(version: int | None) -> None:
    champion = made(project_make())
    told = None if version is None else {**against(champion, 9, 0), "version": version}
    assert made(champion.project, champion=told).state == ModelState.CANDIDATE


def test_a_run_that_ended_otherwise_makes_no_model() -> None:
    run = make_run(state=RunState.CANCELLED)
    with pytest.raises(LostRunError):
        model_make(run_id=run.pk, result=make_report(), files={})
    assert not ModelVersion.objects.exists()


def test_promoting_swaps_the_champion_and_an_earlier_one_is_the_way_back() -> None:
    first, actor = made(project_make()), user_make()
    second = made(first.project)
    second = model_promote(model=second, actor=actor)
    first.refresh_from_db()
    assert (second.state, first.state) == (ModelState.CHAMPION, ModelState.RETIRED)
    assert first.champion_until is not None
    first = model_promote(model=first, actor=actor)
    assert (first.state, first.champion_until) == (ModelState.CHAMPION, None)
    assert Job.objects.filter(kind=SUGGEST_ALL).count() == 3, "it speaks again of everything"
    assert AuditEvent.objects.filter(verb="modelversion.champion", actor=actor).count() == 2
    with pytest.raises(Conflict, match="speaks already"):
        model_promote(model=first, actor=actor)


def test_checkpoints_go_once_the_model_is_kept(
    settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    run = make_run(state=RunState.TRAINING)
    folder = checkpoints_of(run)
    assert folder.parent == Path(settings.CHECKPOINT_DIR)
    folder.mkdir(parents=True)
    card = stored(b"{}")["key"]
    with django_capture_on_commit_callbacks(execute=True):
        model_make(run_id=run.pk, result=make_report(), files={"card.json": card})
        assert folder.exists(), "not before it is committed"
    assert not folder.exists()


def test_a_model_also_clears_what_earlier_runs_that_made_none_had_learned(
    django_capture_on_commit_callbacks: Any,
) -> None:
    project = project_make()
    ends = (RunState.FAILED, RunState.CANCELLED)
    earlier = [checkpoints_of(make_run(project, state=state)) for state in ends]
    foreign = checkpoints_of(make_run(state=RunState.FAILED))
    run = make_run(project, state=RunState.TRAINING)
    later = checkpoints_of(make_run(project, state=RunState.CANCELLED))
    for folder in (*earlier, foreign, later):
        folder.mkdir(parents=True)
    with django_capture_on_commit_callbacks(execute=True):
        model_make(run_id=run.pk, result=make_report(), files={"card.json": stored(b"{}")["key"]})
    assert [folder.exists() for folder in (*earlier, foreign, later)] == [False, False, True, True]


def test_models_of_two_projects_know_nothing_of_each_other() -> None:
    one, other = make_model(state=ModelState.CHAMPION), made(project_make())
    assert other.state == ModelState.CHAMPION
    one.refresh_from_db()
    assert one.state == ModelState.CHAMPION
