"""`manage.py weights list` and `manage.py weights fetch [NAME] [--from FILE]`."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from training.ml import weights
from training.ml.errors import LearningError

DEFAULT = "mobilenet_v2-b0353104.pth"


class Command(BaseCommand):
    """Says which pretrained weights there are, and brings them."""

    help = "List the pretrained weights that are known and which are here, or fetch one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="which are known, and which are here")
        fetch = verbs.add_parser("fetch", help="bring one into WEIGHTS_DIR")
        fetch.add_argument("name", nargs="?", default=DEFAULT)
        fetch.add_argument("--from", dest="file", type=Path, help="a copy on this machine")

    def handle(self, *_args: object, **options: object) -> None:
        """Do what was asked for; a refusal is one sentence."""
        folder = Path(settings.WEIGHTS_DIR)
        if options["verb"] == "list":
            self._list(folder)
            return
        file = options["file"]
        try:
            source = weights.named(str(options["name"]))
            if isinstance(file, Path):
                found = weights.take(source, file, folder, report=self._progress)
            else:
                found = weights.fetch(source, folder, report=self._progress)
        except LearningError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(
            f"{found.path} is here. SHA-256 {found.sha256}. {source.licence} {weights.certainty(source)}"
        )

    def _list(self, folder: Path) -> None:
        self.stdout.write(f"Weights lie in {folder}.")
        for source in weights.SOURCES:
            try:
                here = (
                    "here"
                    if (folder / source.name).is_file() and weights.checked(source, folder)
                    else "not here"
                )
            except LearningError as error:
                here = error.sentence
            self.stdout.write(
                f"{source.name}: {here}\n  {source.what}. {source.licence}\n  {weights.certainty(source)}"
            )

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{done:,} of {total:,} bytes" if total else f"\r{done:,} bytes", ending="")
            if done == total:
                self.stdout.write("")
