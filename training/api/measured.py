"""What was measured of a model, as JSON. Shares and probabilities are 0 to 1."""

from uuid import UUID

from ninja import Schema

Curve = dict[str, dict[str, float]]
"""Accuracy by method (uniform, random, single, global, smart) and budget in frames."""


class ClassReport(Schema):
    """Precision, recall and F1 of one class; `support` clips of it were measured."""

    label: UUID
    precision: float | None
    recall: float | None
    f1: float | None
    support: int


class CameraScore(Schema):
    """How the model does on one camera."""

    camera: str
    n: int
    top1: float | None


class Confusion(Schema):
    """`counts[i][j]`: clips of class `labels[i]` that the model took for `labels[j]`."""

    labels: list[UUID]
    counts: list[list[int]]


class PairedOut(Schema):
    """Against the champion of that time, on the same clips: told better, told worse, McNemar's p."""

    version: int
    won: int
    lost: int
    p: float | None
    top1: float | None = None


class WeightsOut(Schema):
    """The pretrained weights that a model stands on."""

    name: str
    sha256: str


class PartOut(Schema):
    """A part of a model that adds up several: what it names rightly alone; `unread` clips it did without."""

    recipe: str
    title: str
    top1: float | None
    val_top1: float | None
    unread: int
    best_epoch: int | None


class ResultOut(Schema):
    """What was measured at a run's end; the test side was touched this once.

    `map` is the mean average precision of the classes that have a test clip, `ece` by how much the chances
    given differ from how often they are right; runs of before these were measured have neither. `parts` are
    there where the recipe adds up several.
    """

    top1: float | None
    top1_low: float | None
    top1_high: float | None
    macro_f1: float | None
    top5: float | None
    map: float | None = None
    ece: float | None = None
    n_test: int
    val_top1: float | None
    val_macro_f1: float | None
    best_epoch: int | None
    budget: int | None
    curve: Curve
    curve_on: str
    confusion: Confusion | None
    per_class: list[ClassReport]
    per_camera: list[CameraScore]
    champion: PairedOut | None
    seconds: dict[str, float]
    notes: list[str]
    weights: WeightsOut | None
    parameters: int | None
    model_bytes: int | None
    parts: list[PartOut] = []
