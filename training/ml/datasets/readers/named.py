"""Data sets whose files say in their names what they show, by whom, and which take it is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.ml.datasets.base import Holds, Sample, natural
from training.ml.datasets.text import folder_of
from training.ml.errors import BadFile


@dataclass(frozen=True)
class Naming:
    """The files of a data set, and how their names are spelled, in words for a person who has another."""

    glob: str
    pattern: re.Pattern[str]
    spelled: str


def named_samples(
    root: Path, naming: Naming, sample_of: Callable[[Path, re.Match[str]], Sample]
) -> tuple[Sample, ...]:
    """A sample a file below `root`, in the natural order of their names.

    Raises BadFile for a name that is spelled otherwise, for two files of one name, or without any file.
    """
    paths = sorted(folder_of(root).rglob(naming.glob), key=lambda path: natural(path.name))
    if not paths:
        raise BadFile(f"No file named {naming.spelled} lies in {root}.")
    seen: dict[str, Path] = {}
    samples = []
    for path in paths:
        name = naming.pattern.fullmatch(path.name)
        if name is None:
            raise BadFile(f"{path.name} is not named {naming.spelled}.")
        if path.name in seen:
            raise BadFile(f"{path} and {seen[path.name]} have one name: keep one of them.")
        seen[path.name] = path
        samples.append(sample_of(path, name))
    return tuple(samples)


def skeleton_by_number(
    classes: Sequence[str],
) -> Callable[[Path, re.Match[str]], Sample]:
    """Makes samples of names with groups `action` (a number from 1), `subject` and `take`.

    The maker raises BadFile for an action beyond the classes.
    """

    def sample_of(path: Path, name: re.Match[str]) -> Sample:
        action = int(name["action"])
        if not 1 <= action <= len(classes):
            raise BadFile(f"{path.name} is of action {action}; there are 1 to {len(classes)}.")
        subject = f"s{int(name['subject'])}"
        return Sample(
            path=path,
            label=classes[action - 1],
            holds=Holds.SKELETON,
            subject=subject,
            group=f"{subject} take {int(name['take'])}",
        )

    return sample_of


def present(classes: Sequence[str], samples: Sequence[Sample]) -> tuple[str, ...]:
    """The classes of which there is a sample, in their order."""
    there = {sample.label for sample in samples}
    return tuple(name for name in classes if name in there)


def odd_learn(samples: Sequence[Sample]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Places of samples by subjects of odd number, and of even number: half of the subjects each."""
    odd = [int(sample.subject.lstrip("s")) % 2 == 1 for sample in samples]
    return tuple(n for n, is_odd in enumerate(odd) if is_odd), tuple(
        n for n, is_odd in enumerate(odd) if not is_odd
    )
