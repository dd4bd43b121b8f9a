"""`manage.py demo_content [DIR]`: what `make demo` shows: footage, labels for a part of it, a first model."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from labelling.selectors.projects import project_with_labels
from training.selectors.runs import runs_of

SHARE = 0.6
"""Of the clips of each class; the others are left to be labelled."""
PROJECT = "footage"


class Command(BaseCommand):
    """Bring a folder's recordings in, then a part of the labels that lie beside them, and train on those."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The command line."""
        parser.add_argument(
            "folder", nargs="?", type=Path, metavar="DIR", help="made by the simulator by default"
        )
        parser.add_argument("--url", metavar="URL", help="where people find it, to be told at the end")

    def handle(self, *_args: Any, **options: Any) -> None:
        """A second time changes nothing. A recording that failed keeps no label of another out."""
        folder: Path | None = options["folder"]
        failed: CommandError | None = None
        try:
            call_command("footage", *([str(folder)] if folder else []), project=PROJECT, stdout=self.stdout)
        except CommandError as error:
            failed = error
        labels = (folder or Path(settings.VAR_DIR) / "footage") / "labels.csv"
        if labels.exists():
            self._import(labels)
            self._train()
        if options["url"]:
            self.stdout.write(
                f"All of it is there: {options['url']}   (the first start printed the login; "
                "manage.py changepassword admin makes another password)"
            )
        if failed is not None:
            raise failed

    def _import(self, labels: Path) -> None:
        self.stdout.write(f"Labels of {labels.parent}, for {SHARE:.0%} of each class:")
        try:
            arguments = (
                "import",
                str(labels),
                "--wait",
                "--new-classes",
                "--share",
                str(SHARE),
                "--project",
                PROJECT,
            )
            call_command("labels", *arguments, stdout=self.stdout)
        except CommandError as error:  # it has said which lines, and why
            self.stderr.write(str(error))

    def _train(self) -> None:
        """Make the first model; where there is one, or it is being made, people press the button."""
        project = project_with_labels(slug=PROJECT)
        if runs_of(project=project).exists():
            self.stdout.write("The first model was asked for before: the Train page shows it.")
            return
        self.stdout.write(
            "Training on these labels, then looking at the other clips; they can be labelled meanwhile."
        )
        self.stdout.flush()
        try:
            call_command("train", project=PROJECT, wait=True, stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:  # too few labels, or a run that failed: the app is there all the same
            self.stderr.write(str(error))
