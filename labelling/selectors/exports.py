"""Labels as rows of labels.csv."""

from collections.abc import Iterator

from core.models import Project
from labelling.cuts import Stretch
from labelling.formats.labels_csv import LabelRow
from labelling.models import AnnotationRevision, Clip, LabelClass, Outcome


def label_rows(*, project: Project) -> Iterator[LabelRow]:
    """Every label that stands: a row for the class of a whole clip, and one for each segment.

    In the order of videos and frames; start and end are empty where the clip is the whole video. Reading
    them in again changes nothing.
    """
    standing = AnnotationRevision.objects.filter(
        project=project,
        outcome=Outcome.LABELLED,
        clip__withdrawn_at=None,
        clip__video__deleted_at=None,
    ).newest()
    rows = standing.select_related("clip__video__camera", "label")
    rows = rows.prefetch_related("segments__label")
    rows = rows.order_by("clip__video__folded_name", "clip__video_id", "clip__start", "clip__end")
    line = 1
    for revision in rows.iterator(chunk_size=1000):
        for label, bounds in _labels_of(revision):
            line += 1
            yield _row(line, revision.clip, label, bounds)


def _labels_of(revision: AnnotationRevision) -> Iterator[tuple[LabelClass, Stretch | None]]:
    """Class and bounds of everything that a revision says; no bounds for the whole video."""
    clip = revision.clip
    if revision.label is not None:
        whole = (clip.start, clip.end) == (0, clip.video.frames)
        yield revision.label, None if whole else (clip.start, clip.end)
    for segment in revision.segments.all():
        yield segment.label, (segment.start, segment.end)


def _row(line: int, clip: Clip, label: LabelClass, bounds: Stretch | None) -> LabelRow:
    start, end = bounds or (None, None)
    return LabelRow(line, clip.video.name, label.name, clip.subject, clip.video.camera.name, start, end)
