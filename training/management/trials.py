"""The steps of `manage.py demo`: footage in, labels in, a model made, and its predictions written down."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from uuid import UUID

from django.core.management.base import CommandError

from core.errors import RushesError
from core.models import Project
from curation.errors import DuplicateVideo
from curation.management.arrivals import footage_in
from curation.selectors.videos import videos_standing
from curation.services.arrivals import recording_bring
from curation.services.videos import INGEST
from labelling.formats.labels_csv import BadLine, LabelTable
from labelling.selectors.clips import clips_by_id
from labelling.services.cutting import CUT
from training.management.waiting import Tick, wait_for_jobs, wait_for_run
from training.models import PredictionSet, PredictionState, RunState, TrainingRun
from training.services.advancing import PREDICT
from training.services.features import FEATURES
from training.services.suggesting import PREDICTIONS, predictions_in
from training.trial import ClipSaid


@dataclass
class Watch:
    """Keeps the time of each step."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of the block to a step."""
        began = time.monotonic()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - began, 1)


def footage_bring(
    *,
    project: Project,
    folder: Path,
    site: str,
    cameras: Mapping[str, Collection[Path]],
    say: Callable[[str], None],
) -> dict[str, UUID]:
    """Register every recording of a folder: by its path in there, the video that holds its bytes.

    A file that is refused is said and left out. What the folder's labels say plays no part.
    """
    videos: dict[str, UUID] = {}
    for name, paths in cameras.items():
        for path in paths:
            file = path.relative_to(folder).as_posix()
            try:
                video = recording_bring(project=project, path=path, camera=name, site=site, actor=None)
            except DuplicateVideo as error:
                videos[file] = UUID(error.details["video"])
            except RushesError as error:
                say(f"{file}: {error.sentence}")
            else:
                videos[file] = video.pk
    return videos


def folder_at(path: Path) -> Path:
    """The folder that a person named, links followed. Raises CommandError where there is none."""
    with suppress(OSError, RuntimeError):  # the latter for a link to itself
        found = path.resolve(strict=True)
        if found.is_dir():
            return found
    raise CommandError(f"There is no folder called {path}.", returncode=2)


def recordings_in(folder: Path) -> list[Path]:
    """The recordings of a folder. Raises CommandError where there are none, or it may not be looked at."""
    try:
        found = list(footage_in([folder]))
    except OSError as error:
        raise CommandError(f"{folder} cannot be looked at: {error.strerror}.", returncode=2) from error
    if not found:
        raise CommandError(f"No video was found in {folder}.", returncode=2)
    return found


def of_its_cameras(table: LabelTable, cameras: Mapping[str, Collection[Path]], folder: Path) -> LabelTable:
    """The table of a folder, each row with the camera of its file: it speaks of no other folder's.

    Files of both folders may be called alike. A row of a file that is not there is bad: it could only mean
    one that lies elsewhere.
    """
    camera_of = {
        path.relative_to(folder).as_posix(): name for name, paths in cameras.items() for path in paths
    }
    named: dict[str, list[str]] = defaultdict(list)
    for file, name in camera_of.items():
        named[PurePosixPath(file).name].append(name)
    rows, bad = [], list(table.bad)
    for row in table.rows:
        path = PurePosixPath(row.file.replace("\\", "/"))
        alike = [camera_of[path.as_posix()]] if path.as_posix() in camera_of else named[path.name]
        if not alike:
            bad.append(
                BadLine(row.line, f"Line {row.line} ({row.file}): There is no such file in {folder.name}.")
            )
        else:
            rows.append(replace(row, camera=row.camera or (alike[0] if len(alike) == 1 else "")))
    return replace(table, rows=tuple(rows), bad=tuple(bad))


def footage_await(*, project: Project, tick: Tick) -> None:
    """Wait until every recording of the project is ready or failed, and is cut into clips."""
    wait_for_jobs(project=project, kinds=[INGEST], title="Reading", unit="videos", tick=tick)
    wait_for_jobs(project=project, kinds=[CUT], title="Cutting", unit="videos", tick=tick)


def run_await(*, run: TrainingRun, tick: Tick) -> TrainingRun:
    """Wait for a run; raises CommandError with its sentence where it did not end well."""
    ended = wait_for_run(run=run, tick=tick)
    if ended.state != RunState.DONE:
        raise CommandError(f"Run {run.number} did not end well: {ended.sentence}")
    return ended


def predictions_await(*, found: PredictionSet, tick: Tick) -> None:
    """Wait for predictions; raises CommandError where they failed."""
    kinds = [FEATURES, PREDICT]
    wait_for_jobs(project=found.project, kinds=kinds, title="Predicting", unit="batches", tick=tick)
    found.refresh_from_db()
    if found.state != PredictionState.DONE:
        raise CommandError(f"The predictions could not be made: {found.sentence}")


def said_of(
    *, found: PredictionSet, videos: Mapping[str, UUID], names: Mapping[str, str]
) -> dict[str, list[ClipSaid]]:
    """What was predicted for the clips of each file; `names` are those of the classes by their ids."""
    rows = {UUID(row["clip"]): row for row in predictions_in({PREDICTIONS: found.file_key})}
    by_video: dict[UUID, list[ClipSaid]] = defaultdict(list)
    for clip in clips_by_id(list(rows)):
        row = rows[clip.pk]
        scores = {names[label]: p for label, p in row["scores"].items()}
        grid = {
            method: {budget: names[label] for budget, label in budgets.items()}
            for method, budgets in row["grid"].items()
        }
        by_video[clip.video_id].append(ClipSaid(clip.start, clip.end, scores, grid))
    return {file: by_video.get(video, []) for file, video in videos.items()}


def frames_of(videos: Collection[UUID]) -> tuple[int, int]:
    """How many frames of these videos were scored, and how many were rejected."""
    rows = list(videos_standing(ids=list(videos)))
    return sum(video.frames for video in rows), sum(video.rejected_frames for video in rows)
