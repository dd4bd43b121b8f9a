"""The labels of a project as examples to learn from: one for each label of a whole clip, one a segment."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce

from core.models import Project
from curation.models import VideoState
from labelling.models import AnnotationRevision, LabelClass, Outcome
from training.ml.splits import SplitItem
from training.models import DatasetVersion, SeenLabels

SEGMENTS = UUID("5b0f2f0c-6f0e-4d0e-9a58-0d5a4f4c2e77")
"""The namespace of segments' ids in a manifest, where a clip may have several lines."""
CHUNK = 5000
LEAST_EXAMPLES = 2
"""A class with fewer has none to spare for choosing the best epoch, and is left out."""
PROXY = "proxy720"


@dataclass(frozen=True, slots=True)
class Example:
    """Frames `[start, end)` of a video that show one class. `clip` is the clip they were labelled in.

    `said` is the revision, `revision` its number in the clip, `day` the day of recording or empty.
    """

    id: UUID
    clip: UUID
    label: UUID
    start: int
    end: int
    said: UUID
    revision: int
    author: str
    source: str
    subject: str
    camera: str
    site: str
    video: UUID
    name: str
    content_sha256: str
    index_sha256: str
    frames: int
    fps: float
    day: str
    proxy_key: str
    proxy_sha256: str

    @property
    def content(self) -> str:
        """What it is, whichever database holds it."""
        return f"{self.content_sha256}:{self.start}:{self.end}"

    @property
    def camera_day(self) -> str:
        """The camera and the day of recording; empty where the day is unknown."""
        return f"{self.site}/{self.camera} {self.day}" if self.day else ""


@dataclass(frozen=True)
class Labels:
    """All that a run could learn from: examples, their classes, and sentences on what is left out.

    `said` are the revisions that all of it comes from, of what is left out too.
    """

    examples: tuple[Example, ...]
    classes: dict[UUID, LabelClass]
    left_out: tuple[str, ...]
    said: frozenset[UUID] = frozenset()

    @property
    def counts(self) -> Counter[UUID]:
        """Examples by class."""
        return Counter(example.label for example in self.examples)


def labels_standing(*, project: Project) -> QuerySet[AnnotationRevision]:
    """The labels, one a clip, that a run of this moment could learn from."""
    return AnnotationRevision.objects.newest().filter(
        project=project,
        outcome=Outcome.LABELLED,
        clip__withdrawn_at=None,
        clip__video__deleted_at=None,
        clip__video__state=VideoState.READY,
    )


def labels_new(*, project: Project, dataset: DatasetVersion | None) -> int:
    """How many clips carry a label that a dataset version did not see: the one count of what is new."""
    standing = labels_standing(project=project)
    if dataset is None:
        return standing.count()
    known = SeenLabels.objects.filter(dataset=dataset).values(one=Func(F("revisions"), function="unnest"))
    return standing.exclude(pk__in=known).count()


def labels_of(*, project: Project) -> Labels:
    """The labels that stand at this moment, in one statement and so in one snapshot.

    Labels of removed and withdrawn footage are not among them; those of archived classes are. Frames that
    carry two classes at once, and classes with fewer than two examples, are left out and said.
    """
    found: dict[str, Example] = {}
    twice: set[str] = set()
    said = set()
    for example in _examples(project):
        said.add(example.said)
        first = found.setdefault(example.content, example)
        if first.label != example.label:
            twice.add(example.content)
    kept = [example for content, example in found.items() if content not in twice]
    counts = Counter(example.label for example in kept)
    classes = {row.pk: row for row in LabelClass.objects.filter(pk__in=counts)}
    few = sorted((classes[pk] for pk, n in counts.items() if n < LEAST_EXAMPLES), key=_by_name)
    return Labels(
        examples=tuple(example for example in kept if counts[example.label] >= LEAST_EXAMPLES),
        classes={pk: row for pk, row in classes.items() if counts[pk] >= LEAST_EXAMPLES},
        left_out=tuple(_sentences(few, len(twice))),
        said=frozenset(said),
    )


def split_items(labels: Labels, held: frozenset[tuple[str, str]]) -> list[SplitItem]:
    """What is dealt to train, val and test; `held` are the (by, group) that were on a test side before."""
    return [
        SplitItem(
            key=example.content,
            subject=example.subject,
            camera_day=example.camera_day,
            recording=example.content_sha256,
            label=labels.classes[example.label].name,
            held=not held.isdisjoint(groups_of(example)),
        )
        for example in labels.examples
    ]


def groups_of(example: Example) -> set[tuple[str, str]]:
    """Every group that an example belongs to, as (by, group)."""
    groups = {
        ("subject", example.subject),
        ("camera_day", example.camera_day),
        ("recording", example.content_sha256),
    }
    return {group for group in groups if group[1]}


def segment_id(clip: UUID, start: int, end: int) -> UUID:
    """The name in a manifest of a segment of a clip."""
    return uuid5(SEGMENTS, f"{clip}:{start}:{end}")


def _examples(project: Project) -> Iterator[Example]:
    """One left join for clips and their segments; a row without segment is about the whole clip."""
    whole: set[UUID] = set()
    for row in _rows(project).values_list(*_COLUMNS, named=False).iterator(chunk_size=CHUNK):
        clip, label, start, end, recorded, part_label, part_start, part_end, *rest = row
        shared = (*rest[:-2], recorded.date().isoformat() if recorded else "", *rest[-2:])
        if label is not None and clip not in whole:
            whole.add(clip)
            yield Example(clip, clip, label, start, end, *shared)
        if part_label is not None:
            yield Example(
                segment_id(clip, part_start, part_end), clip, part_label, part_start, part_end, *shared
            )


def _rows(project: Project) -> QuerySet[AnnotationRevision]:
    return (
        labels_standing(project=project)
        .annotate(
            who=Coalesce(Cast("author__username", TextField()), _NOTHING),
            proxy_key=_of_proxy("key"),
            proxy_sha256=_of_proxy("sha256"),
        )
        .order_by()
    )


def _of_proxy(name: str) -> Coalesce:
    return Coalesce(KeyTextTransform(name, KeyTransform(PROXY, "clip__video__artifacts")), _NOTHING)


def _sentences(few: list[LabelClass], twice: int) -> Iterator[str]:
    for row in few:
        yield f"{row.name} has only one example and is left out: a class needs at least {LEAST_EXAMPLES}."
    if twice:
        what = "1 stretch of frames carries" if twice == 1 else f"{twice} stretches of frames carry"
        yield f"{what} two classes at once and {'is' if twice == 1 else 'are'} left out."


def _by_name(row: LabelClass) -> tuple[str, str]:
    return row.name.casefold(), row.name


_NOTHING = Value("", output_field=TextField())
_COLUMNS = (
    *("clip_id", "label_id", "clip__start", "clip__end", "clip__video__recorded_at"),
    *("segments__label_id", "segments__start", "segments__end"),
    *("pk", "number", "who", "source", "clip__subject", "clip__video__camera__name"),
    *("clip__video__camera__site__name", "clip__video_id", "clip__video__name", "clip__video__sha256"),
    *("clip__video__index_sha256", "clip__video__frames", "clip__video__fps"),
    *("proxy_key", "proxy_sha256"),
)
