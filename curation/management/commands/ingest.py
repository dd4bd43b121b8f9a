"""`manage.py ingest PATH... --camera NAME`: bring recordings in."""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from core.errors import RushesError
from core.jobs.kinds import Queue
from core.management.bars import progress_bar
from core.management.tables import WorksOnTables
from core.models import Project
from curation.errors import DuplicateVideo
from curation.management.arrivals import footage_in
from curation.management.crew import workers_for
from curation.media.sniff import printable
from curation.models import Video, VideoState
from curation.selectors.sites import camera_meant
from curation.selectors.videos import videos_standing
from curation.services.arrivals import recording_bring
from curation.services.projects import project_for_footage

POLL_SECONDS = 0.5
ENDED = frozenset({VideoState.READY, VideoState.FAILED})


@dataclass
class Line:
    """What became of one file."""

    file: str
    id: str
    state: str
    sentence: str
    frames: int = 0
    damaged: bool = False
    first: str = ""


class Command(WorksOnTables):
    """Bring files and folders of recordings in, and with --wait see them through."""

    help = "Bring recordings in: files, or folders that are searched for videos."

    def add_arguments(self, parser: CommandParser) -> None:
        """The command line."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--camera", required=True, metavar="NAME", help="the camera that recorded them")
        parser.add_argument(
            "--site",
            metavar="NAME",
            help="where that camera is; needed where several sites have one of its name",
        )
        parser.add_argument("--project", metavar="SLUG", help="the only project there is, by default")
        parser.add_argument("--wait", action="store_true", help="until all are ready or failed")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Register every file, wait if asked to, and exit with status 1 if any failed."""
        self.as_json: bool = options["json"]
        try:
            files = list(footage_in(options["paths"]))
        except FileNotFoundError as error:
            name = printable(str(error.filename))
            raise CommandError(f"There is no file or folder called {name}.") from error
        except OSError as error:
            name = printable(str(error.filename))
            raise CommandError(f"{name} cannot be looked at: {error.strerror}.") from error
        if not files:
            raise CommandError("No video was found there.")
        project = self._project(options)
        failed, waiting = self._register(files, project, options["camera"], options["site"])
        if not options["wait"]:
            for line in waiting.values():
                self._say(line)
        elif waiting:
            failed += self._see_through(waiting)
        if failed:
            raise CommandError(f"{failed} of {len(files)} files failed.", returncode=1)

    def _project(self, options: dict[str, Any]) -> Project:
        """The project, in which it is clear what camera is meant."""
        try:
            project = project_for_footage(slug=options["project"])
            camera_meant(project=project, site=options["site"], name=options["camera"])
        except RushesError as error:
            raise CommandError(error.sentence) from error
        return project

    def _register(
        self, files: list[Path], project: Project, camera: str, site: str | None
    ) -> tuple[int, dict[UUID, Line]]:
        """How many files were refused, and a line for each video that is on its way."""
        refused = 0
        waiting: dict[UUID, Line] = {}
        with progress_bar(total=len(files), title="Copying in", unit="files") as bar:
            for path in files:
                try:
                    video = recording_bring(project=project, path=path, camera=camera, site=site, actor=None)
                except DuplicateVideo as error:
                    self._meet_again(Line(str(path), "", "duplicate", error.sentence), error.details, waiting)
                except RushesError as error:
                    refused += 1
                    self._say(Line(str(path), "", "failed", error.sentence))
                except OSError as error:  # a disk that is full or has bad sectors
                    refused += 1
                    why = f"{path.name} could not be copied in: {error.strerror or error}."
                    self._say(Line(str(path), "", "failed", why))
                else:
                    waiting[video.pk] = Line(str(path), str(video.pk), video.state, "")
                bar.update()
        return refused, waiting

    def _meet_again(self, line: Line, first: dict[str, Any], waiting: dict[UUID, Line]) -> None:
        """Point to the video that holds the same bytes; one that is still on its way is waited for."""
        line.id, line.first = first["video"], first["name"]
        standing = videos_standing(ids=[UUID(line.id)]).first()
        if standing is None or standing.state in ENDED or standing.pk in waiting:
            self._say(line)
        else:
            waiting[standing.pk] = line

    def _tell(self, line: str) -> None:
        """A line for the person at the terminal, beside the results."""
        with tqdm.external_write_mode(file=sys.stderr):
            self.stderr.write(line)

    def _say(self, line: Line) -> None:
        if self.as_json:
            text = json.dumps(asdict(line))
        else:
            parts = (line.id, line.state, printable(line.file), printable(line.sentence))
            text = "  ".join(part for part in parts if part)
        with tqdm.external_write_mode(file=sys.stdout):
            self.stdout.write(text)

    def _see_through(self, waiting: dict[UUID, Line]) -> int:
        """Show progress until every video is ready or failed; how many failed."""
        bars = progress_bar(total=len(waiting), title="Reading")
        with workers_for([Queue.INGEST, Queue.LIGHT], say=self._tell) as tick, bars as bar:
            failed = 0
            while waiting:
                time.sleep(POLL_SECONDS)
                tick()
                videos = list(videos_standing(ids=list(waiting)))
                for video in videos:
                    if video.state in ENDED:
                        self._say(_ended(waiting.pop(video.pk), video))
                        failed += video.state == VideoState.FAILED
                for pk in waiting.keys() - {video.pk for video in videos}:
                    self._say(_gone(waiting.pop(pk)))
                _show(bar, [video for video in videos if video.pk in waiting])
            return failed


def _ended(line: Line, video: Video) -> Line:
    line.state = video.state
    line.sentence = " ".join(part for part in (line.sentence, video.sentence) if part)
    line.frames, line.damaged = video.frames, video.damaged
    return line


def _gone(line: Line) -> Line:
    line.state, line.sentence = "removed", "Somebody removed it."
    return line


def _show(bar: "tqdm[Any]", working: list[Video]) -> None:
    jobs = [video.job for video in working if video.job is not None]
    bar.n = (bar.total or 0) - len(working) + sum(job.progress for job in jobs)
    busy = [job for job in jobs if job.stage]
    frames = sum(int(job.facts.get("frames", 0)) for job in busy)
    bar.set_postfix_str(f"{len(working)} to go; {busy[0].stage}, frame {frames:,}" if busy else "waiting")
