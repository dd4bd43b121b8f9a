"""`manage.py demo --train DIR --test DIR`: the whole loop, without a browser, and how well it did."""

import hashlib
import json
import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from core.errors import RushesError
from core.jobs.kinds import Queue
from core.management.tables import WorksOnTables
from core.models import Project
from core.selectors.accounts import project_at
from curation.management.cameras import cameras_of
from curation.management.crew import workers_for
from curation.services.projects import project_for_footage
from labelling.formats.labels_csv import LabelTable, NotATable, read
from labelling.selectors.clips import clips_counts, suggestions_waiting
from labelling.selectors.label_sets import classes_of
from labelling.services.importing import labels_import
from training.management import trials
from training.management.waiting import Tick, wait_for_suggestions
from training.ml.recipes import RECIPES
from training.models import ModelVersion
from training.selectors.models import model_of
from training.selectors.recipes import DEFAULT
from training.services.predictions import MAX_BUDGET, prediction_start
from training.services.runs import run_start
from training.trial import ClipSaid, TrialScore, score, written

TABLE = "labels.csv"
QUEUES = [Queue.INGEST, Queue.LIGHT, Queue.SCORE, Queue.TRAIN]
TEST_CAMERA = "Test footage"


@dataclass(frozen=True)
class Told:
    """What was written down of the test folder's files, where, and by which model."""

    said: dict[str, list[ClipSaid]]
    path: Path
    model: ModelVersion


class Command(WorksOnTables):
    """Learn from one folder of recordings and its labels.csv, then name those of another."""

    help = "Run the loop on two folders with labels.csv: learn from one, predict the other, say how well."

    def add_arguments(self, parser: CommandParser) -> None:
        """The command line."""
        for name, what in (("train", "learned from"), ("test", "predicted, and only then compared")):
            parser.add_argument(f"--{name}", type=Path, required=True, metavar="DIR", help=f"is {what}")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--project", metavar="SLUG", help="a new project's; demo-1, demo-2, ... by default"
        )
        parser.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default: 0)")
        parser.add_argument(
            "--recipe",
            default=DEFAULT,
            choices=sorted(RECIPES),
            metavar="NAME",
            help="smart_motion by default",
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            type=_setting,
            metavar="NAME=NUMBER",
            help="another number of the recipe than its own, such as epochs=20",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it all through the services and workers that everybody uses."""
        train, test = (trials.folder_at(options[name]) for name in ("train", "test"))
        recordings = {folder: trials.recordings_in(folder) for folder in (train, test)}
        table = trials.of_its_cameras(_table(train), cameras_of(recordings[train], train), train)
        if not (test / TABLE).is_file():
            raise CommandError(f"{test} has no {TABLE} to compare the predictions with.", returncode=2)
        project = self._project(options["project"])
        try:
            with workers_for(QUEUES, say=self._tell, pool=os.cpu_count()) as tick:
                watch = trials.Watch()
                videos = self._footage(project, recordings, train, watch, tick)
                wanted = {**dict(options["set"]), "seed": options["seed"], "recipe": options["recipe"]}
                told = self._told(project, table, videos[test], wanted, watch, tick)
        except RushesError as error:
            raise CommandError(error.sentence) from error
        # Only now, when everything is written down, are the test folder's labels opened.
        found = score(_table(test).rows, told.said)
        self._say(_report(project, videos, told, found, watch), as_json=options["json"])

    def _project(self, slug: str | None) -> Project:
        """A project of its own, so that nothing else plays a part."""
        if slug is not None and project_at(slug=slug) is not None:
            raise CommandError(f"There is a project at {slug} already; name another.")
        free = (f"demo-{number}" for number in count(1))
        return project_for_footage(slug=slug or next(name for name in free if project_at(slug=name) is None))

    def _footage(
        self,
        project: Project,
        recordings: dict[Path, list[Path]],
        train: Path,
        watch: trials.Watch,
        tick: Tick,
    ) -> dict[Path, dict[str, UUID]]:
        """Bring both folders in; by folder and file, the video."""
        videos = {}
        with watch.step("ingest"):
            for folder, paths in recordings.items():
                known = folder == train
                videos[folder] = trials.footage_bring(
                    project=project,
                    folder=folder,
                    site="Train" if known else "Test",
                    cameras=cameras_of(paths, folder) if known else {TEST_CAMERA: paths},
                    say=self._tell,
                )
            trials.footage_await(project=project, tick=tick)
        return videos

    def _told(
        self,
        project: Project,
        table: LabelTable,
        test: dict[str, UUID],
        wanted: dict[str, Any],
        watch: trials.Watch,
        tick: Tick,
    ) -> Told:
        """Train on the labels, let the model look at everything, and write its words down."""
        with watch.step("labels"):
            report = labels_import(project=project, table=table, author=None)
            for bad in report.problems:
                self._tell(bad.sentence)
        with watch.step("train"):
            recipe = wanted.pop("recipe")
            run = run_start(project=project, actor=None, recipe=recipe, options=wanted, test_share=0.0)
            run = trials.run_await(run=run, tick=tick)
        with watch.step("suggest"):
            wait_for_suggestions(project=project, tick=tick)
        with watch.step("predict"):
            model = model_of(project=project, number=run.model.number)
            found = prediction_start(project=project, model=model, name="demo", videos=list(test.values()))
            trials.predictions_await(found=found, tick=tick)
            names = {str(row.pk): row.name for row in classes_of(project=project)}
            said = trials.said_of(found=found, videos=test, names=names)
            path = Path(settings.VAR_DIR) / "demo" / f"{project.slug}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(said))
        return Told(said, path, model)

    def _say(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report))
            return
        self.stdout.write(
            f"{report['videos']} videos, {report['frames_scored']:,} frames scored, "
            f"{report['rejected_frames']:,} rejected; {report['clips']} clips, {report['classes']} classes."
        )
        own, uniform = (f"{100 * report[name]:.1f} %" for name in ("top1", "top1_uniform"))
        chose = f"that SMART chose; {uniform} with as many" if "smart" in report["curve"] else "that are"
        self.stdout.write(
            f"Top-1 {own} of {report['test_rows']} test labels, with {report['budget']} frames a clip "
            f"{chose} evenly spread. Macro-F1 {report['macro_f1']:.3f}."
        )
        self.stdout.write(f"{report['suggestions']} suggestions wait in the project {report['project']}.")
        self.stdout.write(f"What was predicted: {report['predictions']['file']}")

    def _tell(self, line: str) -> None:
        """A line for the person at the terminal, beside the result."""
        with tqdm.external_write_mode(file=None):
            self.stderr.write(line)


def _setting(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    return name, int(number) if number.isdigit() else float(number)


def _table(folder: Path) -> LabelTable:
    try:
        return read((folder / TABLE).read_bytes())
    except OSError as error:
        raise CommandError(f"{folder / TABLE} cannot be read: {error.strerror}.", returncode=2) from error
    except NotATable as error:
        raise CommandError(f"{folder / TABLE}: {error}", returncode=2) from error


def _report(
    project: Project,
    videos: dict[Path, dict[str, UUID]],
    told: Told,
    found: TrialScore,
    watch: trials.Watch,
) -> dict[str, Any]:
    everything = {pk for named in videos.values() for pk in named.values()}
    frames, rejected = trials.frames_of(everything)
    budget = told.model.report["budget"]
    return {
        "videos": len(everything),
        "frames_scored": frames,
        "rejected_frames": rejected,
        "clips": sum(clips_counts(project=project).values()),
        "classes": told.model.run.dataset.classes,
        "top1": found.top1,
        "top1_uniform": found.curve.get("uniform", {}).get(str(min(budget, MAX_BUDGET)), 0.0),
        "macro_f1": found.macro_f1,
        "curve": found.curve,
        "suggestions": suggestions_waiting(project=project).count(),
        "seconds": {**watch.seconds, "total": round(sum(watch.seconds.values()), 1)},
        "project": project.slug,
        "model": told.model.number,
        "budget": budget,
        "test_rows": found.rows,
        "predictions": {
            "file": str(told.path),
            "sha256": hashlib.sha256(told.path.read_bytes()).hexdigest(),
        },
    }
