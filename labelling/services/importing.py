"""Labels that come in as a table: a row finds its recording by name, and its clip by the frames it says."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from difflib import get_close_matches
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from core.errors import Conflict, Invalid, RushesError
from core.models import Project, User
from core.services.audit import audit_record
from curation.models import Video
from labelling.cuts import Stretch
from labelling.formats.labels_csv import BadLine, LabelRow, LabelTable
from labelling.models import AnnotationRevision, Clip, ClipOrigin, LabelClass, Outcome, Source
from labelling.models.label_sets import BACKGROUND
from labelling.selectors.label_sets import classes_of
from labelling.services.annotations import annotation_submit
from labelling.services.cutting import by_time, clip_keep, clips_cut, cut_later
from labelling.services.label_sets import class_add, label_set_ensure
from labelling.services.recordings import Recordings

MAX_SUBJECT = 120
CLIENT_IDS = UUID("7a3f3c0e-51c4-4f2e-9d9c-1f0d6b6f2c11")
"""The namespace of an import's client ids: the same row on the same revision is the same write."""


@dataclass
class ImportReport:
    """What became of a table. `imported` rows changed something, `unchanged` ones had nothing to change.

    The clips of `left` rows are left to be labelled.
    """

    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    left: int = 0
    made_classes: list[str] = field(default_factory=list)
    unknown_classes: list[str] = field(default_factory=list)
    problems: list[BadLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def labels_import(
    *,
    project: Project,
    table: LabelTable,
    author: User | None,
    dry_run: bool = False,
    new_classes: bool = True,
) -> ImportReport:
    """Take the labels of a table in, row by row; a row that cannot be taken is reported, the others go on.

    A row without frames is about its video's single clip; where it was cut into several and nobody has
    labelled one, they become one. A row with frames is about exactly those. Classes that are not there are
    made, or without `new_classes` refused unless the project has none at all. What a person said of a clip
    stands. The same table again changes nothing. Of the rows that are
    left to be labelled, clips get frames and subject and no label: where they are dealt to a test later, the
    subject decides. With `dry_run` the report is the same and nothing is kept.
    """
    with transaction.atomic() if dry_run else nullcontext():
        taking = _Taking(project, author, table, new_classes=new_classes)
        for row in table.left:
            taking.prepare(row)
        for row in table.rows:
            taking.take(row)
        report = taking.finish()
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Taking:
    """One import under way: what is there already, and what has become of the rows so far."""

    def __init__(
        self, project: Project, author: User | None, table: LabelTable, *, new_classes: bool
    ) -> None:
        self.project, self.author = project, author
        self.recordings = Recordings(project=project, rows=[*table.rows, *table.left])
        self.label_set = label_set_ensure(project=project, actor=author)
        self.classes: dict[str, LabelClass] = {}
        self.clips: dict[UUID, dict[Stretch, Clip]] = {}
        self.standing: dict[UUID, AnnotationRevision] = {}
        self.segments: set[tuple[UUID, UUID, int, int]] = set()
        self._load()
        self.new_classes = new_classes or all(row.colour == BACKGROUND for row in self.classes.values())
        self.said: dict[UUID, LabelRow] = {}
        self.recut: dict[UUID, Video] = {}
        self.cause = f"import {uuid4().hex}"
        self.kept = self.replaced = 0
        self.report = ImportReport(
            rows=table.lines,
            problems=list(table.bad),
            notes=[f"The column {name} means nothing here." for name in table.ignored],
        )

    def take(self, row: LabelRow) -> None:
        """Take one row, whole or not at all."""
        try:
            video = self._video(row)
            changed = not self._said_by_a_segment(row, video) and self._taken(row, video)
        except RushesError as error:
            self.report.problems.append(BadLine(row.line, f"Line {row.line} ({row.file}): {error.sentence}"))
            return
        self.report.imported += changed
        self.report.unchanged += not changed

    def prepare(self, row: LabelRow) -> None:
        """See that a row's clip is there, with its subject, for somebody to label."""
        try:
            video = self._video(row)
            if not self._said_by_a_segment(row, video):
                with self._whole(video):
                    clip = self._clip(row, video)
                    self._subject(clip, row)
                    self.report.left += 1
                    if row.start is not None or clip.origin == ClipOrigin.IMPORT:
                        clip_keep(clip=clip)
        except RushesError as error:
            self.report.problems.append(BadLine(row.line, f"Line {row.line} ({row.file}): {error.sentence}"))

    def finish(self) -> ImportReport:
        """Cut the footage around clips that were made, and write down what happened."""
        for video in self.recut.values():
            clips_cut(video=video)
        report = self.report
        report.problems.sort(key=lambda problem: problem.line)
        if self.kept:
            who = "1 clip keeps" if self.kept == 1 else f"{self.kept} clips keep"
            report.notes.append(f"{who} what a person said of it, which differs from the table.")
        if self.replaced:
            what = "1 clip" if self.replaced == 1 else f"{self.replaced} clips"
            report.notes.append(f"The table corrects what was imported before of {what}.")
        if report.imported:
            audit_record(
                verb="labels.import",
                obj=self.project,
                project=self.project,
                actor=self.author,
                rows=report.rows,
                imported=report.imported,
                made_classes=report.made_classes,
            )
        return report

    def _load(self) -> None:
        """Classes, clips (withdrawn ones too) and what stands of them; four queries."""
        videos = self.recordings.videos
        self._load_classes()
        self.clips = {video.pk: {} for video in videos}
        for clip in Clip.objects.filter(video__in=videos):
            self.clips[clip.video_id][clip.start, clip.end] = clip
        newest = AnnotationRevision.objects.filter(clip__video__in=videos).newest()
        rows = list(newest.select_related("clip").prefetch_related("segments"))
        self.standing = {row.clip_id: row for row in rows}
        self.segments = {
            (row.clip.video_id, segment.label_id, segment.start, segment.end)
            for row in rows
            for segment in row.segments.all()
        }

    def _load_classes(self) -> None:
        self.classes = {row.name.lower(): row for row in classes_of(project=self.project)}

    def _video(self, row: LabelRow) -> Video:
        """The recording of a row, which holds its frames. Raises RushesError."""
        video = self.recordings.find(row)
        if row.end is not None and row.end > video.frames:
            raise Invalid(f"The recording has {video.frames} frames, so its end cannot be {row.end}.")
        if len(row.subject) > MAX_SUBJECT:
            raise Invalid(f"The name of a subject has at most {MAX_SUBJECT} characters.")
        return video

    def _said_by_a_segment(self, row: LabelRow, video: Video) -> bool:
        """Whether a segment of an annotation says it already: that is how an export writes one."""
        label = self.classes.get(row.label.lower())
        if label is None or row.start is None or row.end is None:
            return False
        return (video.pk, label.pk, row.start, row.end) in self.segments

    def _taken(self, row: LabelRow, video: Video) -> bool:
        """Whether the row changed anything. Raises RushesError, and then nothing of it is left."""
        with self._whole(video):
            clip = self._clip(row, video)
            self._once(clip, row)
            label = self._label(clip, row)
            subject = self._subject(clip, row)  # last: a refusal has touched no clip that was there
        self.said[clip.pk] = row
        return subject or label

    @contextmanager
    def _whole(self, video: Video) -> Iterator[None]:
        """All of a row or nothing, in the database and in what was read of it. Raises RushesError."""
        clips, cut_anyway = dict(self.clips[video.pk]), video.pk in self.recut
        try:
            with transaction.atomic():
                yield
        except RushesError:
            self.clips[video.pk] = clips
            if not cut_anyway:
                self.recut.pop(video.pk, None)
            raise

    def _clip(self, row: LabelRow, video: Video) -> Clip:
        """The clip that a row is about, made where it is missing."""
        if row.start is not None and row.end is not None:
            return self._exactly(video, row.start, row.end)
        clips = self.clips[video.pk]
        if not clips:
            clips.update({(clip.start, clip.end): clip for clip in clips_cut(video=video)})
        standing = [clip for clip in clips.values() if clip.withdrawn_at is None]
        whole = [clip for clip in standing if (clip.start, clip.end) == (0, video.frames)]
        if whole or len(standing) == 1:
            return (whole or standing)[0]
        if any(clip.revision for clip in standing):
            raise Conflict(
                f"The recording is cut into {len(standing)} clips and some are labelled. "
                "Say which frames this is about, in start and end."
            )
        return self._exactly(video, 0, video.frames)

    def _exactly(self, video: Video, start: int, end: int) -> Clip:
        """The clip of these frames. The rest is cut around it in the end."""
        known = self.clips[video.pk].get((start, end))
        if known is not None and known.withdrawn_at is None:
            return known
        self.recut[video.pk] = video
        # In the same transaction: a process that dies before `finish` leaves no clips that overlap.
        cut_later(video_id=video.pk, cause=self.cause)
        if known is not None:  # an annotation brings it back
            return known
        # Read anew, and locked: by now the recording may be another camera's, and its own may be gone.
        here = Video.objects.select_for_update(no_key=True).only("camera").get(pk=video.pk)
        clip, _ = Clip.objects.get_or_create(
            video=video,
            start=start,
            end=end,
            defaults={
                "project": self.project,
                "camera_id": here.camera_id,
                "index_sha256": video.index_sha256,
                "origin": ClipOrigin.IMPORT,
                "priority": by_time(video),
            },
        )
        self.clips[video.pk][start, end] = clip
        return clip

    def _once(self, clip: Clip, row: LabelRow) -> None:
        """Refuse a second row that says something else of the same frames."""
        first = self.said.get(clip.pk)
        if first is not None and first.label.lower() != row.label.lower():
            raise Conflict(f"Line {first.line} says {first.label} of the same frames.")

    def _subject(self, clip: Clip, row: LabelRow) -> bool:
        """Whether the clip has a subject now that it had not."""
        if row.subject in ("", clip.subject):
            return False
        clip.subject = row.subject
        clip.save(update_fields=["subject"])
        return True

    def _label(self, clip: Clip, row: LabelRow) -> bool:
        """Whether the clip has a label now that it had not. A person's word stands."""
        standing = self.standing.get(clip.pk)
        label = self.classes.get(row.label.lower())
        if standing is not None and standing.outcome != Outcome.CLEARED:
            if standing.outcome == Outcome.LABELLED and label is not None and standing.label_id == label.pk:
                return False
            if standing.source != Source.IMPORT:
                self.kept += 1
                return False
        new = label is None
        if new and not self.new_classes:
            raise self._unknown(row.label)
        label = label or self._class_made(row.label)
        self.standing[clip.pk] = annotation_submit(
            clip=clip,
            author=self.author,
            base=clip.revision,
            client_id=uuid5(CLIENT_IDS, f"{clip.pk}:{clip.revision}:{label.pk}"),
            outcome=Outcome.LABELLED,
            label=label.pk,
            source=Source.IMPORT,
        )
        self.replaced += standing is not None and standing.outcome == Outcome.LABELLED
        if new:
            self.classes[row.label.lower()] = label
            self.report.made_classes.append(label.name)
        return True

    def _class_made(self, name: str) -> LabelClass:
        try:
            return class_add(label_set=self.label_set, name=name, actor=self.author)
        except Conflict:  # somebody else made it in between: the rows to come find it
            self._load_classes()
            raise

    def _unknown(self, name: str) -> Invalid:
        if name not in self.report.unknown_classes:
            self.report.unknown_classes.append(name)
        near = get_close_matches(name.lower(), list(self.classes), n=1)
        hint = f" Did you mean {self.classes[near[0]].name}?" if near else ""
        return Invalid(f"There is no class called {name}.{hint}")
