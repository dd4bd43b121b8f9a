"""What the API of labelling says, as JSON. Frames are ordinals of the whole video, stretches half-open."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from core.models import User
from core.selectors.accounts import initials
from labelling.models import AnnotationRevision, AnnotationSegment, ClipState, LabelClass, Outcome, Source

Ordinal = Annotated[int, Field(ge=0, le=2**31 - 1)]


class ClassIn(Schema):
    """A new class. Colour and hotkey are the next free ones."""

    name: str = Field(max_length=400)
    description: str = Field("", max_length=2000)


class ClassChange(Schema):
    """What changes about a class; what is left out stays. An empty hotkey takes it away."""

    name: str | None = Field(None, max_length=400)
    description: str | None = Field(None, max_length=2000)
    hotkey: str | None = Field(None, max_length=1)
    position: int | None = Field(None, ge=0, le=10_000)
    archived: bool | None = None


class LabelClassOut(Schema):
    """A class of the label set. `colour` 0 is the background's grey; `count` clips carry it now."""

    id: UUID
    name: str
    colour: int
    hotkey: str
    position: int
    description: str
    archived: bool
    count: int

    @classmethod
    def of(cls, row: LabelClass, count: int) -> "LabelClassOut":
        """From a row."""
        return cls(count=count, **{name: getattr(row, name) for name in _CLASS})


class LabelSetOut(Schema):
    """The label set that is in use, with its classes by position. `id` is null before the first class."""

    id: UUID | None
    name: str
    revision: int
    classes: list[LabelClassOut]


class PersonBrief(Schema):
    """Who said something."""

    id: int
    name: str
    initials: str

    @classmethod
    def of(cls, user: User) -> "PersonBrief":
        """From a row."""
        return cls(id=user.pk, name=user.shown_name, initials=initials(user))


class SegmentIO(Schema):
    """A stretch of a clip with a label of its own. `key` stays the same as the stretch is changed."""

    key: UUID
    label: UUID
    start: Ordinal
    end: Ordinal
    actor: str | None = Field(None, max_length=80)

    @classmethod
    def of(cls, row: AnnotationSegment) -> "SegmentIO":
        """From a row."""
        return cls(key=row.key, label=row.label_id, start=row.start, end=row.end, actor=row.actor or None)


class AnnotationOut(Schema):
    """What was said about a clip in one revision. `label` fills the clip; `segments` are parts of it."""

    revision: int
    outcome: Outcome
    label: UUID | None
    segments: list[SegmentIO]
    comment: str
    author: PersonBrief | None
    source: Source
    created_at: datetime

    @classmethod
    def of(cls, row: AnnotationRevision) -> "AnnotationOut":
        """From a row with author and segments."""
        return cls(
            revision=row.number,
            outcome=Outcome(row.outcome),
            label=row.label_id,
            segments=[SegmentIO.of(segment) for segment in row.segments.all()],
            comment=row.comment,
            author=None if row.author is None else PersonBrief.of(row.author),
            source=Source(row.source),
            created_at=row.created_at,
        )


class ScoreOut(Schema):
    """How likely the model finds a label."""

    label: UUID
    p: float


class SuggestedSegment(Schema):
    """A stretch that the model found, how sure it is, and how far off its ends may be, in frames."""

    label: UUID
    start: int
    end: int
    p: float
    start_sd: float
    end_sd: float


class SuggestionOut(Schema):
    """What a model says about a clip. It is no annotation until a person makes one of it."""

    id: UUID
    model: str
    top: UUID
    scores: list[ScoreOut]
    margin: float
    chosen: list[int]
    segments: list[SuggestedSegment]
    reason: str


class SuggestionBrief(Schema):
    """A model's first choice, for a list."""

    label: UUID
    p: float


class NamedOut(Schema):
    """Something with a name, to show and to link to."""

    id: UUID
    name: str


class ClipBase(Schema):
    """What every view of a clip shows. `poster` is the address of a picture of its middle frame."""

    id: UUID
    video: NamedOut
    camera: NamedOut
    subject: str
    start: int
    end: int
    fps: float
    seconds: float
    state: ClipState
    flagged: bool
    flag_reason: str
    revision: int
    label: UUID | None
    poster: str


class ClipRow(ClipBase):
    """A clip in a list, with the gist of its suggestion."""

    suggestion: SuggestionBrief | None


class ClipList(Schema):
    """A page of clips. `counts` leaves the filter by state aside."""

    items: list[ClipRow]
    total: int
    counts: dict[str, int]


class ClipSpan(Schema):
    """A stretch of the video that the quality gate rejected, and the number that did it."""

    start: int
    end: int
    reason: str
    value: float
    threshold: float
    state: str


class NeighbourOut(Schema):
    """Another clip of the same video."""

    clip: UUID
    start: int
    end: int
    label: UUID | None


class LeaseOut(Schema):
    """Who has the clip on their screen, `by` name, and until when: a courtesy, not a lock."""

    mine: bool
    by: str | None
    until: datetime | None


class PositionOut(Schema):
    """How far the project's clips are."""

    done: int
    total: int


class ClipOut(ClipBase):
    """All that the label screen needs to know about a clip."""

    annotation: AnnotationOut | None
    suggestion: SuggestionOut | None
    spans: list[ClipSpan]
    neighbours: list[NeighbourOut]
    lease: LeaseOut
    position: PositionOut


class NextIn(Schema):
    """What the screen wants next: not one of `skip`; `clip` by name where one is opened from a list."""

    skip: list[UUID] = Field(default_factory=list, max_length=500)
    clip: UUID | None = None


class NextOut(Schema):
    """The clip to label now, those that follow, and how the day goes. `seconds_each` is a median."""

    clip: ClipOut
    upcoming: list[ClipRow]
    done_today: int
    seconds_each: float | None


class SuggestionVerdict(Schema):
    """What became of the suggestion that was on the screen."""

    id: UUID
    verdict: Literal["accepted", "fixed", "rejected"]


class AnnotationIn(Schema):
    """What a person says about a clip. The same `client_id` twice is the same write, done once."""

    client_id: UUID
    outcome: Outcome
    label: UUID | None = None
    segments: list[SegmentIO] = Field(default_factory=list, max_length=1000)
    comment: str = Field("", max_length=2000)
    suggestion: SuggestionVerdict | None = None


class SavedOut(Schema):
    """The revision that is stored now, and where the clip stands."""

    annotation: AnnotationOut
    clip_state: ClipState


class HistoryOut(Schema):
    """All revisions of a clip, newest first."""

    items: list[AnnotationOut]


class ImportProblem(Schema):
    """A line that could not be imported, and why."""

    line: int
    sentence: str


class ImportOut(Schema):
    """What became of a table of labels. With `dry_run` it is what would become of it."""

    rows: int
    imported: int
    unchanged: int
    made_classes: list[str]
    problems: list[ImportProblem]
    notes: list[str]


class ClassCount(Schema):
    """How many clips carry a label."""

    label: UUID
    count: int


class LabelHourOut(Schema):
    """The labels of the hour from `at` on: suggestions accepted and fixed, those by hand, and imports."""

    at: datetime
    accepted: int
    fixed: int
    by_hand: int
    imported: int


class SummaryOut(Schema):
    """How far labelling is. Today is the day in UTC; `seconds_each` is the median of mine today.

    `suggestions` are open clips of which a model has said something, `hours` those of the last twelve with
    labels, oldest first.
    """

    clips: int
    labelled: int
    uncertain: int
    rejected: int
    open: int
    flagged: int
    by_class: list[ClassCount]
    labelled_today: int
    mine_today: int
    seconds_each: float | None
    suggestions: int
    hours: list[LabelHourOut]


_CLASS = ("id", "name", "colour", "hotkey", "position", "description", "archived")
