"""`manage.py train`: what a click on *Train on current labels* does, from the command line."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.errors import RushesError
from core.management.tables import WorksOnTables
from labelling.selectors.projects import project_with_labels
from labelling.selectors.queue import queue_position
from training.management.waiting import somebody_working, wait_for_run, wait_for_suggestions
from training.ml.recipes import RECIPES
from training.models import RunState, TrainingRun
from training.selectors.recipes import DEFAULT
from training.selectors.runs import run_of
from training.services.runs import run_start


class Command(WorksOnTables):
    """Freeze the labels and train on them; with --wait see it and its suggestions through."""

    help = "Train on the labels as they stand now."

    def add_arguments(self, parser: CommandParser) -> None:
        """The command line."""
        parser.add_argument("--project", metavar="SLUG", help="the only project there is, by default")
        parser.add_argument("--wait", action="store_true", help="until the suggestions are there")
        parser.add_argument("--json", action="store_true", help="the run as one JSON object")
        parser.add_argument(
            "--recipe",
            default=DEFAULT,
            choices=sorted(RECIPES),
            metavar="NAME",
            help="smart_motion by default",
        )
        parser.add_argument("--budget", type=int, metavar="N", help="frames a clip; chosen by default")
        parser.add_argument("--epochs", type=int, metavar="N", help="at most; by default the recipe's")
        parser.add_argument("--seed", type=int, metavar="N", help="0 by default")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ctrl-C stops the waiting and not the run."""
        wanted = {name: options[name] for name in ("budget", "epochs", "seed") if options[name] is not None}
        try:
            project = project_with_labels(slug=options["project"])
            run = run_start(project=project, actor=None, recipe=options["recipe"], options=wanted)
        except RushesError as error:
            raise CommandError(error.sentence) from error
        if options["wait"]:
            try:
                run = self._see_through(run)
            except KeyboardInterrupt:
                self.stderr.write(f"Run {run.number} goes on wherever a worker is.")
                raise
        self._tell(run, as_json=options["json"])
        if run.state in (RunState.FAILED, RunState.CANCELLED):
            raise CommandError(run.sentence, returncode=1)

    def _see_through(self, run: TrainingRun) -> TrainingRun:
        with somebody_working(self.stderr.write) as tick:
            run = wait_for_run(run=run, tick=tick)
            if run.state == RunState.DONE:
                wait_for_suggestions(project=run.project, tick=tick)
        return run_of(project=run.project, number=run.number)

    def _tell(self, run: TrainingRun, *, as_json: bool) -> None:
        model = getattr(run, "model", None)
        if as_json:
            line = {
                "run": run.number,
                "state": run.state,
                "dataset": run.dataset.number,
                "clips": run.dataset.clips,
                "model": None if model is None else model.number,
                "model_state": None if model is None else model.state,
                "sentence": run.sentence,
                "result": run.result,
            }
            self.stdout.write(json.dumps(line))
            return
        self.stdout.write(
            f"Run {run.number} on dataset {run.dataset.number} ({run.dataset.clips} clips): "
            f"{RunState(run.state).label.lower()}."
        )
        if model is not None and run.result is not None:
            self.stdout.write(f"Model {model.number} is {model.state}. {_measured(run.result)}")
            done, total = queue_position(project=run.project)
            self.stdout.write(f"{total - done} clips wait for somebody to look at its suggestions.")
            for note in run.result["notes"]:
                self.stdout.write(note)


def _measured(report: dict[str, Any]) -> str:
    if report["top1"] is None:
        return (
            "There is no test number."
            if report["val_top1"] is None
            else (f"Top-1 {report['val_top1']:.1%} on the validation side; there is no test number.")
        )
    return (
        f"Top-1 {report['top1']:.1%} ({report['top1_low']:.1%} to {report['top1_high']:.1%}), "
        f"macro-F1 {report['macro_f1']:.2f}, on {report['n_test']} test clips."
    )
