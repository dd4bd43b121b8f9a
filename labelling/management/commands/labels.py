"""`manage.py labels import FILE` and `manage.py labels export FILE`: labels.csv in and out."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.errors import RushesError
from core.management.tables import WorksOnTables
from core.models import Project
from labelling.formats.labels_csv import LabelTable, NotATable, read, write
from labelling.management.shares import share_of
from labelling.management.waiting import wait_for_recordings
from labelling.selectors.exports import label_rows
from labelling.selectors.projects import project_with_labels
from labelling.services.importing import ImportReport, labels_import

STREAM = Path("-")


class Command(WorksOnTables):
    """Take labels in from a table, or write them down as one."""

    help = "Import or export labels.csv: file,label,subject,camera,start,end."

    def add_arguments(self, parser: CommandParser) -> None:
        """The two commands and what they take."""
        commands = parser.add_subparsers(dest="what", required=True)
        taken = commands.add_parser("import", help="take the labels of a file in")
        given = commands.add_parser("export", help="write all labels to a file")
        for command in (taken, given):
            command.add_argument("file", type=Path, metavar="FILE", help="- is the terminal, or a pipe")
            command.add_argument("--project", metavar="SLUG", help="the only project there is, by default")
        taken.add_argument("--dry-run", action="store_true", help="say what would happen, keep nothing")
        taken.add_argument(
            "--new-classes",
            action="store_true",
            help="make the classes that are missing, instead of refusing them",
        )
        taken.add_argument("--wait", action="store_true", help="for recordings that are still being read")
        taken.add_argument("--json", action="store_true", help="the report as one JSON object")
        taken.add_argument(
            "--share", type=_share, default=1.0, metavar="0..1", help="take only a part of each class's rows"
        )
        taken.add_argument("--seed", type=int, default=1, help="which part that is (default: %(default)s)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do one of them."""
        try:
            project = project_with_labels(slug=options["project"])
            if options["what"] == "export":
                self._export(project, options["file"])
            else:
                self._import(project, options)
        except RushesError as error:
            raise CommandError(error.sentence) from error

    def _export(self, project: Project, file: Path) -> None:
        text = write(label_rows(project=project))
        if file == STREAM:
            self.stdout.write(text, ending="")
            return
        try:
            file.write_bytes(text.encode())
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.", returncode=2) from error

    def _import(self, project: Project, options: dict[str, Any]) -> None:
        table = share_of(_table(options["file"]), share=options["share"], seed=options["seed"])
        if options["wait"]:
            wait_for_recordings(project=project, rows=[*table.rows, *table.left], say=self.stderr.write)
        report = labels_import(
            project=project,
            table=table,
            author=None,
            dry_run=options["dry_run"],
            new_classes=options["new_classes"],
        )
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(report), "dry_run": options["dry_run"]}))
        else:
            self._tell(report, dry_run=options["dry_run"])
        if report.problems:
            raise CommandError(
                f"{len(report.problems)} of {report.rows} lines could not be imported.", returncode=1
            )

    def _tell(self, report: ImportReport, *, dry_run: bool) -> None:
        for bad in report.problems:
            self.stderr.write(bad.sentence)
        for note in report.notes:
            self.stdout.write(note)
        if report.unknown_classes:
            names = ", ".join(report.unknown_classes)
            self.stderr.write(f"Unknown classes: {names}. To make them, say --new-classes.")
        if report.made_classes:
            self.stdout.write(f"New classes: {', '.join(report.made_classes)}.")
        done = f"{report.imported} of {report.rows} labels imported, {report.unchanged} unchanged"
        done += f", {report.left} left to be labelled" if report.left else ""
        self.stdout.write(f"{done}; nothing was kept." if dry_run else f"{done}.")


def _table(file: Path) -> LabelTable:
    try:
        data = sys.stdin.buffer.read() if file == STREAM else file.read_bytes()
        return read(data)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=2) from error
    except NotATable as error:
        raise CommandError(f"{file}: {error}", returncode=2) from error


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise ValueError
    return share
