"""`manage.py demo_content [DIR]`: what `make demo` shows: footage, and labels for a part of it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

SHARE = 0.6
"""Of the clips of each class; the others are left to be labelled."""


class Command(BaseCommand):
    """Bring a folder's recordings in, and then a part of the labels that lie beside them."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The command line."""
        parser.add_argument(
            "folder", nargs="?", type=Path, metavar="DIR", help="made by the simulator by default"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """A second time changes nothing. A recording that failed keeps no label of another out."""
        folder: Path | None = options["folder"]
        failed: CommandError | None = None
        try:
            call_command("footage", *([str(folder)] if folder else []), stdout=self.stdout)
        except CommandError as error:
            failed = error
        labels = (folder or Path(settings.VAR_DIR) / "footage") / "labels.csv"
        if labels.exists():
            self._import(labels)
        if failed is not None:
            raise failed

    def _import(self, labels: Path) -> None:
        self.stdout.write(f"Labels of {labels.parent}, for {SHARE:.0%} of each class:")
        try:
            call_command("labels", "import", str(labels), "--wait", "--share", str(SHARE), stdout=self.stdout)
        except CommandError as error:  # it has said which lines, and why
            self.stderr.write(str(error))
