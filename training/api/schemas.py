"""What the API of training says, as JSON. Shares and probabilities are 0 to 1."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from labelling.api.schemas import ClipRow
from training.api.measured import (
    CameraScore,
    ClassReport,
    Confusion,
    Curve,
    PairedOut,
    ResultOut,
    WeightsOut,
)
from training.models import ModelState, RunState

By = Literal["subject", "camera_day", "recording", "none"]
Level = Literal["ok", "info", "warn", "bad"]


class PreflightClass(Schema):
    """A class, how many examples it has, and how many of them since the latest dataset version."""

    id: UUID
    name: str
    colour: int
    clips: int
    new: int


class SideCounts(Schema):
    """A number for each side of the split."""

    train: int
    val: int
    test: int


class Check(Schema):
    """Something that was looked at before a run."""

    level: Level
    title: str
    detail: str


class RecipeOut(Schema):
    """A way to train, and when to take it; `minutes` as its latest run took, null without one.

    `blocked` says why it cannot be taken here, or is empty.
    """

    name: str
    title: str
    why: str
    minutes: tuple[float, float] | None
    blocked: str


class PreflightOut(Schema):
    """What a click on *Train* would do now. `blocked` says why it can do nothing, or is empty.

    `dataset` is the latest version, `new_since` the labelled clips that it lacks, `compares_to` the champion
    that it is measured against. Of the `recipes` the first is the usual one.
    """

    labelled: int
    new_since: int
    dataset: int | None
    classes: list[PreflightClass]
    sides: SideCounts
    by: By
    groups: SideCounts
    checks: list[Check]
    even: bool
    recipes: list[RecipeOut]
    compares_to: int | None
    blocked: str
    running: int | None


class RunOptions(Schema):
    """What may be asked of a run; all of it has a default."""

    budget: Annotated[int, Field(ge=1, le=25)] | None = None
    epochs: Annotated[int, Field(ge=1, le=500)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class RunIn(Schema):
    """A click on *Train on current labels*; without a recipe the usual one is taken."""

    recipe: str | None = None
    options: RunOptions | None = None


class RunRow(Schema):
    """A run in a list. `top1` is on the test side (on the validation side where there is none)."""

    number: int
    state: RunState
    dataset: int
    recipe: str
    recipe_title: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    top1: float | None
    model: int | None
    model_state: ModelState | None
    sentence: str
    created_by: str


class RunList(Schema):
    """A page of runs, newest first."""

    items: list[RunRow]
    total: int


class PhaseOut(Schema):
    """A part of a run: its share of the whole, and how much of it is done."""

    name: str
    share: float
    done: float


class EpochOut(Schema):
    """One pass of the classifier over the training side."""

    epoch: int
    train_loss: float | None = None
    val_loss: float | None = None
    train_top1: float | None = None
    val_top1: float | None = None
    val_macro_f1: float | None = None


class SelectorEpoch(Schema):
    """One pass of the two frame selectors."""

    epoch: int
    single_loss: float | None = None
    global_loss: float | None = None


class LogLine(Schema):
    """A line of the run's log."""

    at: datetime
    level: str
    text: str


class ClassScore(Schema):
    """How well one class is told, on the side that is measured."""

    label: UUID
    f1: float | None


class FeatureCounts(Schema):
    """How many clips' frames were read, of how many; `failed` ones could not be."""

    done: int
    total: int
    failed: int


class LeftOutOut(Schema):
    """Clips of a recording that a run does without, and why."""

    video: UUID
    name: str
    clips: int
    sentence: str


class DatasetClass(Schema):
    """How many clips of a class are on each side of a dataset version."""

    label: UUID
    train: int
    val: int
    test: int


class DatasetOut(Schema):
    """The labels that a run learns from, as they were frozen."""

    number: int
    clips: int
    classes: list[DatasetClass]
    by: By
    groups: SideCounts
    notes: list[str]


class ChampionOut(Schema):
    """The model that a run is measured against."""

    number: int
    top1: float | None


class RunOut(RunRow):
    """All that is known of a run. `progress` and `stage` are of the whole of it.

    `left_out` are clips that could not be read, `unlearned` classes that nothing can be learned of from the
    rest: known at the end.
    """

    progress: float
    stage: str
    phases: list[PhaseOut]
    epoch: int | None
    epochs: int | None
    best_epoch: int | None
    history: list[EpochOut]
    selector: list[SelectorEpoch]
    log: list[LogLine]
    per_class: list[ClassScore]
    memory_bytes: int | None
    clips_per_second: float | None
    seconds_left: tuple[float, float] | None
    features: FeatureCounts
    left_out: list[LeftOutOut]
    unlearned: list[UUID]
    data: DatasetOut
    champion: ChampionOut | None
    result: ResultOut | None
    cancel_requested: bool


class AcceptedOut(Schema):
    """How many of a model's suggestions people took as they were, of those that they judged."""

    accepted: int
    judged: int


class ModelRow(Schema):
    """A model in a list. `clips` is what it learned from, `worst` the classes it tells worst."""

    number: int
    state: ModelState
    run: int
    dataset: int
    top1: float | None
    top1_low: float | None
    top1_high: float | None
    macro_f1: float | None
    n_test: int
    worst: list[ClassScore]
    paired: PairedOut | None
    accepted: AcceptedOut | None
    clips: int
    created_at: datetime
    champion_since: datetime | None
    champion_until: datetime | None
    clips_per_second: float | None


class ModelScore(Schema):
    """A model's accuracy on its test side, on the validation side where there is none, or null."""

    number: int
    top1: float | None


class SummaryRun(Schema):
    """A run that is on."""

    number: int
    state: RunState


class TrainingSummaryOut(Schema):
    """How far learning is. `new_labels` are newer than the dataset; `latest` are models, oldest first."""

    dataset: int | None
    new_labels: int
    champion: ModelScore | None
    accepted: AcceptedOut | None
    running: SummaryRun | None
    latest: list[ModelScore]


class ModelList(Schema):
    """All models, newest first."""

    items: list[ModelRow]


class ModelFile(Schema):
    """A file of a model."""

    name: str
    bytes: int
    sha256: str


class ModelOut(ModelRow):
    """All that is known of a model. `card` is what was written of it when it was made."""

    card: dict[str, Any]
    confusion: Confusion | None
    per_class: list[ClassReport]
    per_camera: list[CameraScore]
    curve: Curve
    curve_on: str
    budget: int | None
    notes: list[str]
    left_out: list[LeftOutOut]
    unlearned: list[UUID]
    weights: WeightsOut | None
    files: list[ModelFile]


class MisreadList(Schema):
    """Clips of the measured side that the model took for another class."""

    items: list[ClipRow]
    total: int
