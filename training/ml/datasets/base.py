"""What every reader makes of a data set: samples, the names of their classes, and who learns from which."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from training.ml.errors import BadFile, LearningError
from training.ml.manifest import SIDES

UNKNOWN = -1
"""The number of a sample's class where its label is not told, as in the test lists of challenges."""


class WrongProtocol(LearningError):  # noqa: N818 - named after what is wrong
    """A data set has no protocol of this name, or lacks the column that it parts by."""


class Holds(StrEnum):
    """What lies at a sample's path."""

    VIDEO = "video"
    PROXY = "proxy"
    """A video that the app made to be read frame by frame."""
    PICTURES = "pictures"
    """A folder of numbered pictures, one a frame."""
    SKELETON = "skeleton"
    """A file of joints, or a folder with one a frame."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One labelled clip, and everything that it can be parted by; "" is an unknown value.

    Frames are `[start, end)`, both or neither; `seconds` is what lists of challenges say instead, measured
    from the first frame. Without any of them the sample is all that lies at its path.
    """

    path: Path
    label: str
    holds: Holds = Holds.VIDEO
    start: int | None = None
    end: int | None = None
    seconds: tuple[float, float] | None = None
    subject: str = ""
    camera: str = ""
    view: str = ""
    setup: str = ""
    group: str = ""
    """The recording or sequence that it was cut from."""
    split: str = ""
    """The side that its own manifest puts it on: train, val or test."""

    @property
    def name(self) -> str:
        """What it is called in sentences."""
        if self.start is not None:
            return f"{self.path.name} [{self.start}, {self.end})"
        if self.seconds is not None:
            return f"{self.path.name} {self.seconds[0]:g}-{self.seconds[1]:g} s"
        return self.path.name


@dataclass(frozen=True)
class Protocol:
    """Who learns, who chooses and who is tested, as places in `Dataset.samples`, ascending."""

    train: tuple[int, ...]
    val: tuple[int, ...] = ()
    test: tuple[int, ...] = ()

    def side(self, name: str) -> tuple[int, ...]:
        """The places of `train`, `val` or `test`. Raises WrongProtocol for another name."""
        if name not in SIDES:
            raise WrongProtocol(f"There is no side named {name}; there are: {', '.join(SIDES)}.")
        places: tuple[int, ...] = getattr(self, name)
        return places


@dataclass(frozen=True)
class Check:
    """One thing that ought to be so of a data set, as a sentence that says what was found."""

    holds: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A data set as its files tell it; whether the videos are there is asked by `missing`.

    `classes` are in the order of their numbers. `using` names the protocol that `train`, `val` and `test`
    follow.
    """

    name: str
    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    protocols: Mapping[str, Protocol] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    using: str = ""

    def __post_init__(self) -> None:
        if len(set(self.classes)) < len(self.classes):
            raise BadFile(f"The data set {self.name} has two classes of one name.")

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each class by its name: the place of its logit."""
        return {name: number for number, name in enumerate(self.classes)}

    def number(self, sample: Sample) -> int:
        """The number of a sample's class, UNKNOWN where its label is not told."""
        return self.index[sample.label] if sample.label else UNKNOWN

    def side(self, name: str, protocol: str = "") -> tuple[Sample, ...]:
        """A side's samples by a protocol, by the one in use where none is named. Raises WrongProtocol."""
        asked = protocol or self.using
        if asked not in self.protocols:
            there = f"there are: {', '.join(self.protocols)}" if self.protocols else "it has none"
            raise WrongProtocol(f"{self.name} has no protocol named {asked or 'at all'}; {there}.")
        return tuple(self.samples[place] for place in self.protocols[asked].side(name))

    @property
    def train(self) -> tuple[Sample, ...]:
        """Who learns. Raises WrongProtocol without a protocol in use."""
        return self.side("train")

    @property
    def val(self) -> tuple[Sample, ...]:
        """Who chooses. Raises WrongProtocol without a protocol in use."""
        return self.side("val")

    @property
    def test(self) -> tuple[Sample, ...]:
        """Who is tested. Raises WrongProtocol without a protocol in use."""
        return self.side("test")

    @cached_property
    def missing(self) -> tuple[Sample, ...]:
        """The samples at whose path nothing lies."""
        there = {path: path.exists() for path in {sample.path for sample in self.samples}}
        return tuple(sample for sample in self.samples if not there[sample.path])


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts S2 before S10."""
    return tuple(
        (0, int(part), part) if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|\D+", text)
    )
