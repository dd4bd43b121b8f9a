"""Which recording a line of a table means: by its file's name, and where that is not enough, its camera."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from django.db.models import Q, QuerySet

from core.errors import Conflict, Invalid, NotFound
from core.models import Project
from curation.models import Video, VideoState
from curation.selectors.videos import HEAVY, videos_found
from curation.services.videos import video_name
from labelling.formats.labels_csv import LabelRow


def videos_named(*, project: Project, rows: Iterable[LabelRow]) -> QuerySet[Video]:
    """The recordings that any of these rows may mean, with camera and site; one query."""
    names = {name for name in (_last(row.file) for row in rows) if name}
    wanted = Q(name__in=names) | Q(folded_name__in={name.lower() for name in names})
    videos = videos_found(project=project).filter(wanted)
    return videos.select_related("camera__site").defer(*HEAVY)


def videos_awaited(*, project: Project, rows: Iterable[LabelRow]) -> QuerySet[Video]:
    """Those of them that are still being read."""
    on_their_way = (VideoState.REGISTERED, VideoState.WORKING)
    return videos_named(project=project, rows=rows).filter(state__in=on_their_way)


class Recordings:
    """The recordings of a table's rows, to be found by what a row says of them."""

    def __init__(self, *, project: Project, rows: Iterable[LabelRow]) -> None:
        self.videos = list(videos_named(project=project, rows=rows))
        self._named: dict[str, list[Video]] = defaultdict(list)
        self._folded: dict[str, list[Video]] = defaultdict(list)
        for video in self.videos:
            self._named[video.name].append(video)
            self._folded[video.name.lower()].append(video)

    def find(self, row: LabelRow) -> Video:
        """The ready recording that a row means.

        Of several of that name it is the one of the row's camera, or of the camera that the file's folder is
        called after. Raises NotFound, Invalid for one of another camera than the row says, and Conflict where
        it is not ready or could be several.
        """
        name = _last(row.file)
        found = self._named.get(name) or self._folded.get(name.lower()) or []
        if not found:
            raise NotFound("There is no recording of this name here. Ingest it first.")
        video = _only(_narrowed(found, row))
        if row.camera and _plain(row.camera) != _plain(video.camera.name):
            raise Invalid(
                f"The recording of this name is from camera {video.camera.name}, not from {row.camera}. "
                "Leave the camera out to import it all the same."
            )
        if video.state == VideoState.FAILED:
            raise Conflict(f"This recording could not be read. {video.sentence}")
        if video.state != VideoState.READY:
            raise Conflict("This recording is still being read. Import its label again when it is ready.")
        return video


def _narrowed(found: list[Video], row: LabelRow) -> list[Video]:
    """Those of the camera that the row names, or that a folder on the file's path is named after."""
    folders = PurePosixPath(row.file.replace("\\", "/")).parts[:-1]
    cameras = {_plain(name) for name in ((row.camera,) if row.camera else folders)}
    return [video for video in found if _plain(video.camera.name) in cameras] or found


def _only(found: list[Video]) -> Video:
    if len(found) == 1:
        return found[0]
    first, second, *more = (f"{video.name} of {video.camera.name}" for video in found)
    others = f" and {len(more)} more" if more else ""
    raise Conflict(f"It could be {first} or {second}{others}. Say which in the column camera.")


def _last(file: str) -> str:
    """The name under which a file at this path came in; empty where there is none."""
    try:
        return video_name(file)
    except Invalid:
        return ""


def _plain(name: str) -> str:
    """A camera's name as it is compared: `yard_north` is `Yard north`."""
    return " ".join(name.replace("_", " ").replace("-", " ").split()).casefold()
