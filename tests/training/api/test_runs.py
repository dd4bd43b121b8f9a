import re
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import RedisError

from core.models import Job, JobState, Role
from tests.core.http import sentence
from tests.factories import project_make
from tests.labelling.api.house import LabelDesk, label_desk
from tests.labelling.factories import annotate, make_class
from tests.training.conftest import work_off
from tests.training.factories import make_examples, make_filmed_examples, make_model, make_report, make_run
from training.api import runs
from training.models import RunState, TrainingRun
from training.selectors.preflight import preflight_of

pytestmark = pytest.mark.django_db(transaction=True)


def trainer(project: Any = None) -> LabelDesk:
    return label_desk(Role.TRAINER, project)


def test_before_a_run_it_says_what_a_click_would_do() -> None:
    desk = trainer(make_examples(subjects=5)[0].project)
    said = desk.browser.get(desk.address("training/preflight")).json()
    assert (said["labelled"], said["new_since"], said["dataset"], said["running"]) == (10, 10, None, None)
    assert [row["clips"] for row in said["classes"]] == [5, 5]
    assert (said["by"], said["blocked"]) == ("subject", "")
    assert sum(said["sides"].values()) == 10
    assert sum(said["groups"].values()) == 5
    assert said["recipes"][0]["name"] == "smart_motion"
    assert said["recipes"][0]["minutes"] is None
    assert {check["level"] for check in said["checks"]} <= {"ok", "info", "warn", "bad"}


def test_a_click_asks_nothing() -> None:
    desk = trainer(make_examples()[0].project)
    answer = desk.browser.post(desk.address("training/runs"), {})
    assert answer.status_code == 201
    run = answer.json()
    assert (run["number"], run["state"], run["dataset"], run["progress"]) == (1, "queued", 1, 0.0)
    assert run["features"] == {"done": 0, "total": 8, "failed": 0}
    assert run["stage"] == "reading frames, 0 of 8 clips"
    again = desk.browser.post(desk.address("training/runs"), {})
    assert (again.status_code, sentence(again)) == (
        409,
        "Run 1 is on already. Wait until it is through, or cancel it.",
    )


def test_too_little_to_learn_from_is_said() -> None:
    desk = trainer(project_make())
    answer = desk.browser.post(desk.address("training/runs"), {})
    assert answer.status_code == 422
    assert sentence(answer).startswith("Label at least two clips")


def test_numbers_that_cannot_be_are_refused() -> None:
    desk = trainer(make_examples()[0].project)
    assert desk.browser.post(desk.address("training/runs"), {"options": {"budget": 26}}).status_code == 422
    assert not TrainingRun.objects.exists()


@pytest.mark.usefixtures("quick")
def test_a_run_that_is_through_tells_what_was_measured() -> None:
    desk = trainer(make_filmed_examples()[0].project)
    desk.browser.post(desk.address("training/runs"), {"options": {"budget": 3}})
    work_off()
    run = desk.browser.get(desk.address("training/runs/1")).json()
    assert (run["state"], run["progress"], run["model"], run["model_state"]) == ("done", 1.0, 1, "champion")
    assert (run["top1"], run["result"]["top1"], run["result"]["budget"]) == (0.5, 0.5, 3)
    assert run["history"] == [{"epoch": 1, "train_loss": 1.0} | dict.fromkeys(_REST)]
    assert run["champion"] == {"number": 1, "top1": 0.5}
    assert {phase["done"] for phase in run["phases"]} == {1.0}
    assert sum(phase["share"] for phase in run["phases"]) == pytest.approx(1.0)


def test_while_it_trains_it_tells_how_far_it_is() -> None:
    desk = trainer()
    facts = {
        "phases": [{"name": "classifier", "share": 1.0, "done": 0.25}],
        "epoch": 2,
        "epochs": 8,
        "history": [{"epoch": 1, "val_top1": 0.5}],
        "log": [{"at": "2026-01-01T00:00:00+00:00", "level": "info", "text": "Begun."}],
        "memory_bytes": 5,
    }
    job = Job.objects.create(
        project=desk.project,
        kind="training.train",
        dedupe_key="t",
        state=JobState.RUNNING,
        progress=0.25,
        stage="classifier",
        facts=facts,
        cancel_requested=True,
    )
    make_run(desk.project, number=1, state=RunState.TRAINING, job=job)
    run = desk.browser.get(desk.address("training/runs/1")).json()
    assert (run["progress"], run["stage"], run["epoch"], run["epochs"]) == (0.25, "classifier", 2, 8)
    assert (run["cancel_requested"], run["memory_bytes"], run["result"]) == (True, 5, None)
    assert run["log"][0]["text"] == "Begun."


def test_runs_are_listed_newest_first() -> None:
    desk = trainer()
    make_run(desk.project, number=1, state=RunState.DONE, result=make_report(top1=None))
    make_run(desk.project, number=2, state=RunState.FAILED, sentence="It was too dark.")
    make_run()
    listed = desk.browser.get(desk.address("training/runs?limit=1")).json()
    assert listed["total"] == 2
    assert (listed["items"][0]["number"], listed["items"][0]["sentence"]) == (2, "It was too dark.")
    rest = desk.browser.get(desk.address("training/runs?offset=1")).json()["items"]
    assert [(row["number"], row["top1"]) for row in rest] == [(1, 0.75)], "val, where there is no test"


def test_a_run_of_before_chances_were_measured_is_shown_without_them() -> None:
    desk, report = trainer(), make_report()
    old = {name: value for name, value in report.items() if name not in ("map", "ece")}
    make_run(desk.project, number=1, state=RunState.DONE, result=old)
    make_run(desk.project, number=2, state=RunState.DONE, result=report)
    found = [desk.browser.get(desk.address(f"training/runs/{n}")).json()["result"] for n in (1, 2)]
    assert [(each["map"], each["ece"]) for each in found] == [(None, None), (0.83, 0.06)]


def test_labels_are_dealt_once_until_something_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = make_examples(subjects=5)[0]
    desk, dealing = trainer(clip.project), Mock(wraps=preflight_of)
    monkeypatch.setattr(runs, "preflight_of", dealing)
    first, again = (desk.browser.get(desk.address("training/preflight")).json() for _ in range(2))
    assert (again, dealing.call_count) == (first, 1)
    annotate(clip, make_class(clip.project))
    assert desk.browser.get(desk.address("training/preflight")).json()["labelled"] == 9
    assert dealing.call_count == 2


def test_without_redis_a_preflight_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise RedisError

    desk = trainer(make_examples()[0].project)
    for name in ("get", "set"):
        monkeypatch.setattr(cache, name, down)
    assert desk.browser.get(desk.address("training/preflight")).json()["labelled"] > 0


def test_a_list_of_runs_carries_no_reports() -> None:
    desk = trainer()
    run = make_run(desk.project, number=1, state=RunState.DONE, result=make_report())
    model = make_model(desk.project, run=run)
    with CaptureQueriesContext(connection) as asked:
        (row,) = desk.browser.get(desk.address("training/runs")).json()["items"]
    assert (row["top1"], row["model"]) == (0.8, model.number)
    columns = [word for query in asked for word in re.findall(r'"(\w+)"(?=,| FROM)', query["sql"])]
    assert "sentence" in columns
    assert not {"result", "report", "card", "counts"} & set(columns)


def test_a_run_is_cancelled_and_gone_on_with() -> None:
    desk = trainer(make_examples()[0].project)
    desk.browser.post(desk.address("training/runs"), {})
    stopped = desk.browser.post(desk.address("training/runs/1/cancel"))
    assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
    assert desk.browser.post(desk.address("training/runs/1/cancel")).status_code == 409
    on = desk.browser.post(desk.address("training/runs/1/resume"))
    assert (on.status_code, on.json()["state"], on.json()["features"]["failed"]) == (200, "queued", 0)
    assert desk.browser.post(desk.address("training/runs/1/resume")).status_code == 409


_REST = ("val_loss", "train_top1", "val_top1", "val_macro_f1")
