"""`manage.py footage [DIR]`: what `make demo` shows: a folder of recordings, or simulated ones."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from curation.management.arrivals import footage_in
from curation.management.cameras import cameras_of
from curation.selectors.videos import videos_found
from curation.services.projects import project_for_footage


class Command(BaseCommand):
    """Bring the recordings of a folder in, each under its own camera; once, however often it is run."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The command line."""
        parser.add_argument(
            "folder", nargs="?", type=Path, metavar="DIR", help="made by the simulator by default"
        )
        parser.add_argument("--project", metavar="SLUG", help="the only project there is, by default")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Simulate where there is no folder, then ingest what is not there yet, camera by camera."""
        given: Path | None = options["folder"]
        if given is not None and not given.is_dir():
            raise CommandError(f"There is no folder called {given}.")
        # First of all: whoever signs in while the simulator works lands in the project, not outside.
        project = project_for_footage(slug=options["project"])
        folder = given or self._simulated()
        here = set(videos_found(project=project).values_list("name", flat=True))
        new = [path for path in footage_in([folder]) if path.name not in here]
        if not new:
            self.stdout.write(f"All recordings of {folder} are here already.")
            return
        failed = 0
        for camera, paths in cameras_of(new, folder).items():
            self.stdout.write(f"{camera}: {len(paths)} recordings")
            try:
                call_command(
                    "ingest",
                    *map(str, paths),
                    camera=camera,
                    site="Demo site",
                    project=project.slug,
                    wait=True,
                )
            except CommandError as error:  # a file that failed has said why; the other cameras go on
                failed += 1
                self.stderr.write(str(error))
        if failed:
            raise CommandError("Some recordings failed; the Videos page says why.", returncode=1)

    def _simulated(self) -> Path:
        """The simulator's demo footage, made at the first call."""
        folder = Path(settings.VAR_DIR) / "footage"
        if (folder / "labels.csv").exists():
            return folder
        self.stdout.write("Simulating footage of a site (a minute or two on an idle machine)")
        self.stdout.flush()
        command = [sys.executable, "-m", "curation.simulator", str(folder), "--preset", "demo"]
        subprocess.run(command, check=True, cwd=settings.BASE_DIR)
        return folder
