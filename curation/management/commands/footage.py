"""`manage.py footage [DIR]`: what `make demo` shows: a folder of recordings, or simulated ones."""

import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser, OutputWrapper
from django.db.models import QuerySet

from core.management.tables import WorksOnTables
from core.models import Project
from curation.management.arrivals import footage_in
from curation.management.cameras import cameras_of
from curation.models import Video, VideoState
from curation.selectors.videos import videos_found
from curation.services.projects import project_for_footage

ENDED = (VideoState.READY, VideoState.FAILED)
POLL_SECONDS = 1.0
SIMULATOR = (sys.executable, "-m", "curation.simulator", "--preset", "demo")
SITE = "Demo site"


class Command(WorksOnTables):
    """Bring the recordings of a folder in, each under its own camera; once, however often it is run."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The command line."""
        parser.add_argument(
            "folder", nargs="?", type=Path, metavar="DIR", help="made by the simulator by default"
        )
        parser.add_argument("--project", metavar="SLUG", help="the only project there is, by default")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Simulate where there is no folder, and ingest what is not there yet, camera by camera."""
        given: Path | None = options["folder"]
        if given is not None and not given.is_dir():
            raise CommandError(f"There is no folder called {given}.")
        # First of all: whoever signs in while the simulator works lands in the project, not outside.
        project = project_for_footage(slug=options["project"])
        folder = given or Path(settings.VAR_DIR) / "footage"
        if given is None and not (folder / "labels.csv").exists():
            self._simulate(folder, project)
        new = recordings(folder, besides=videos_found(project=project).filter(state__in=ENDED))
        if not new:
            self.stdout.write(f"All recordings of {folder} are here already.")
            return
        self.stdout.write(_to_read(new))
        self.stdout.flush()
        # Of simulated footage each file would be told as met again: it came in while the next was filmed.
        told = self.stdout if given else StringIO()
        if not self._ingest(new, project, wait=True, stdout=told):
            raise CommandError("Some recordings failed; the Videos page says why.", returncode=1)

    def _simulate(self, folder: Path, project: Project) -> None:
        """Film the demo footage, and send each recording in as soon as it is there: the first can be
        labelled while the last is being filmed."""
        self.stdout.write("Simulating footage of a site (a minute or two on an idle machine)")
        self.stdout.flush()
        folder.mkdir(parents=True, exist_ok=True)
        simulator = subprocess.Popen([*SIMULATOR, str(folder)], cwd=settings.BASE_DIR)
        try:
            while simulator.poll() is None:
                time.sleep(POLL_SECONDS)
                filmed = recordings(folder, besides=videos_found(project=project))
                self._ingest(filmed, project, wait=False, stdout=StringIO())
        finally:
            simulator.terminate()
            simulator.wait()
        if simulator.returncode:
            raise CommandError("The simulator did not finish. Start again: it begins anew.")

    def _ingest(
        self, new: dict[str, list[Path]], project: Project, *, wait: bool, stdout: TextIO | OutputWrapper
    ) -> bool:
        """Whether all came in. A file that failed has said why, and the other cameras go on."""
        good = True
        for camera, paths in new.items():
            files = map(str, paths)
            told = {"camera": camera, "site": SITE, "project": project.slug, "wait": wait}
            try:
                call_command("ingest", *files, **told, stdout=stdout)
            except CommandError as error:
                good = False
                self.stderr.write(str(error))
        return good


def _to_read(new: dict[str, list[Path]]) -> str:
    files = sum(map(len, new.values()))
    recordings, cameras = ("s" if count != 1 else "" for count in (files, len(new)))
    each = ", ".join(f"{camera} ({len(paths)})" for camera, paths in new.items())
    return f"{files:,} recording{recordings} of {len(new)} camera{cameras} to read: {each}"


def recordings(folder: Path, *, besides: QuerySet[Video]) -> dict[str, list[Path]]:
    """The recordings of a folder by camera, without those that the project holds already."""
    held = set(besides.values_list("camera__name", "name"))
    found = cameras_of(footage_in([folder]), folder)
    new = {
        camera: [path for path in paths if (camera, path.name) not in held] for camera, paths in found.items()
    }
    return {camera: paths for camera, paths in new.items() if paths}
