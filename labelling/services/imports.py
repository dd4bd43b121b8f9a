"""Labels from a file: rows of labels.csv become clips and revisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import transaction

from core.errors import RushesError
from core.models import Project, User
from curation.models import Camera, Video, VideoState
from curation.selectors.sites import camera_named
from curation.services.sites import camera_create
from curation.services.videos import video_name, video_refile
from labelling.formats.labels_csv import BadLine, LabelRow
from labelling.models import (
    AnnotationRevision,
    AnnotationSegment,
    Clip,
    ClipOrigin,
    LabelClass,
    LabelSet,
    Outcome,
    Source,
)
from labelling.selectors.annotations import annotation_of, author_json
from labelling.services.annotations import annotation_submit
from labelling.services.cutting import by_time, clips_cut
from labelling.services.label_sets import class_add, label_set_ensure


@dataclass
class ImportReport:
    """What became of the rows: every row is imported, unchanged or a problem."""

    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    made_classes: list[str] = field(default_factory=list)
    problems: list[BadLine] = field(default_factory=list)


class _RefusedError(Exception):
    """This row cannot be taken; the text is the sentence."""


@transaction.atomic
def labels_import(
    *,
    project: Project,
    rows: Iterable[LabelRow],
    author: User | None,
    problems: Sequence[BadLine] = (),
    dry_run: bool = False,
) -> ImportReport:
    """Label clips as the rows say; classes that are missing are made. Importing again changes nothing.

    A row finds its video by file name, and by camera where several have that name. Without start and end it
    labels the whole video, with them the clip of exactly those frames; the clip is made where it is missing.
    A camera that differs from the one the video came in under is believed: the video is filed under it, at
    the same site. `yard_north` and `Yard north` are one camera.
    What a person said is never replaced: such a row becomes a problem. `problems` are those that reading the
    file met; they are reported with the rest, by line. With `dry_run` all of it is undone at the end.
    """
    wanted = list(rows)
    report = ImportReport(rows=len(wanted) + len(problems), problems=list(problems))
    work = _Import(project, author, wanted, report)
    for row in wanted:
        try:
            changed = work.take(row)
        except (_RefusedError, RushesError) as refusal:
            report.problems.append(BadLine(row.line, f"Line {row.line}: {refusal}"))
        else:
            report.imported += changed
            report.unchanged += not changed
    work.cut()
    report.problems.sort(key=lambda problem: problem.line)
    transaction.set_rollback(dry_run)
    return report


class _Import:
    """One import: what it looked up once, and the videos that it touched."""

    def __init__(
        self, project: Project, author: User | None, rows: Sequence[LabelRow], report: ImportReport
    ) -> None:
        self.project, self.author, self.report = project, author, report
        self.videos = _videos(project, rows)
        self.label_set: LabelSet | None = None
        self.classes: dict[str, LabelClass] = {}
        self.touched: dict[Video, None] = {}

    def take(self, row: LabelRow) -> bool:
        """Do what one row says; whether anything changed. Raises _RefusedError."""
        video = self._video(row)
        start, end = _bounds(row, video)
        label = self._class(row.label)
        if _in_a_segment(video, start, end, label):
            return self._camera(video, row.camera)
        moved = self._camera(video, row.camera)
        clip = self._clip(video, start, end)
        changed = self._subject(clip, row.subject)
        return self._label(clip, label) or changed or moved

    def cut(self) -> None:
        """Cut what is left of the videos around the clips that were labelled."""
        for video in self.touched:
            clips_cut(video=video)

    def _video(self, row: LabelRow) -> Video:
        found = self.videos.get(_file_name(row.file), [])
        if len(found) > 1 and row.camera:
            found = [video for video in found if _folded(video.camera.name) == _folded(row.camera)]
        if not found:
            raise _RefusedError(f"There is no video called {row.file} here.")
        if len(found) > 1:
            raise _RefusedError(f"{len(found)} videos are called {row.file}: say which with the camera.")
        if found[0].state != VideoState.READY:
            raise _RefusedError(f"{row.file} is not ready to be labelled. {found[0].sentence}".strip())
        return found[0]

    def _class(self, name: str) -> LabelClass:
        """The class of that name, whatever its case; made where there is none."""
        folded = " ".join(name.split()).casefold()
        if not folded:
            raise _RefusedError("This line has no label.")
        if self.label_set is None:
            self.label_set = label_set_ensure(project=self.project, actor=self.author)
            self.classes = {row.name.casefold(): row for row in self.label_set.classes.all()}
        if folded not in self.classes:
            made = class_add(label_set=self.label_set, name=name, actor=self.author)
            self.classes[folded] = made
            self.report.made_classes.append(made.name)
        if self.classes[folded].archived:
            raise _RefusedError(f"The class {self.classes[folded].name} is archived: bring it back first.")
        return self.classes[folded]

    def _clip(self, video: Video, start: int, end: int) -> Clip:
        made = {
            "project": self.project,
            "camera": video.camera,
            "index_sha256": video.index_sha256,
            "origin": ClipOrigin.IMPORT,
            "priority": by_time(video),
        }
        clip, _ = Clip.objects.get_or_create(video=video, start=start, end=end, defaults=made)
        clip.video = video
        return clip

    def _camera(self, video: Video, name: str) -> bool:
        """File the video under the camera that the row names."""
        shown = _title(name)
        if not shown or _folded(shown) == _folded(video.camera.name):
            return False
        video_refile(video=video, camera=self._camera_called(video, shown), actor=self.author)
        Clip.objects.filter(video=video).update(camera=video.camera)
        return True

    def _camera_called(self, video: Video, name: str) -> Camera:
        site = video.camera.site
        found = camera_named(project=self.project, site=site.name, name=name)
        return found or camera_create(site=site, name=name, actor=self.author)

    def _subject(self, clip: Clip, subject: str) -> bool:
        subject = " ".join(subject.split())[:120]
        if not subject or clip.subject == subject:
            return False
        Clip.objects.filter(pk=clip.pk).update(subject=subject)
        return True

    def _label(self, clip: Clip, label: LabelClass) -> bool:
        before = annotation_of(clip=clip)
        if before is not None and before.outcome == Outcome.LABELLED and before.label_id == label.pk:
            return False
        if before is not None and before.source != Source.IMPORT:
            raise _RefusedError(_stands(before, clip))
        annotation_submit(
            clip=clip,
            author=self.author,
            base=clip.revision,
            client_id=uuid4(),
            outcome=Outcome.LABELLED,
            label=label.pk,
            source=Source.IMPORT,
        )
        self.touched[clip.video] = None
        return True


def _videos(project: Project, rows: Sequence[LabelRow]) -> dict[str, list[Video]]:
    names = {_file_name(row.file) for row in rows}
    found: dict[str, list[Video]] = {}
    wanted = Video.objects.in_project(project).kept().filter(name__in=names)
    for video in wanted.select_related("camera__site", "project"):
        found.setdefault(video.name, []).append(video)
    return found


def _file_name(file: str) -> str:
    """As the video was called when it came in."""
    return video_name(file) if file.strip(" /\\.") else ""


def _folded(camera: str) -> str:
    """A camera's name, whether written as `yard_north` or `Yard north`."""
    return _title(camera).casefold()


def _title(camera: str) -> str:
    """As a camera is called that comes in with a folder: `yard_north` is shown as `Yard north`."""
    words = " ".join(camera.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def _bounds(row: LabelRow, video: Video) -> tuple[int, int]:
    if (row.start is None) != (row.end is None):
        raise _RefusedError("Give both start and end, or neither for the whole video.")
    start, end = row.start or 0, video.frames if row.end is None else row.end
    if not 0 <= start < end <= video.frames:
        raise _RefusedError(
            f"{row.file} has the frames 0 to {video.frames - 1}, so a label from {start} to {end} "
            "(the end not included) does not fit."
        )
    return start, end


def _in_a_segment(video: Video, start: int, end: int, label: LabelClass) -> bool:
    """Whether a segment that stands says just this."""
    newest = AnnotationRevision.objects.filter(clip__video=video, outcome=Outcome.LABELLED).newest()
    return AnnotationSegment.objects.filter(revision__in=newest, start=start, end=end, label=label).exists()


def _stands(revision: AnnotationRevision, clip: Clip) -> str:
    who = author_json(revision.author)
    name = who["name"] if who else "somebody"
    said = f"labelled {revision.label.name}" if revision.label else Outcome(revision.outcome).label.lower()
    return f"{clip.video.name}, frames {clip.start} to {clip.end - 1}, was {said} by {name}: that stands."
