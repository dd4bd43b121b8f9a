"""The numbers of a run that are not the recipe's: folds, selectors, budgets.

Where our reference of SMART names a number of the re-implementations (AdamW at 1e-4, batches of 32, 50
epochs, 512 dimensions) it is for tens of thousands of videos. A site has hundreds of clips and two processor
cores, so the selectors here are smaller and their steps larger.
"""

import dataclasses
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from training.ml.errors import LearningError


class BadOption(LearningError):  # noqa: N818 - named after what is wrong
    """A number was asked for that cannot be."""


@dataclass(frozen=True)
class Plan:
    """Everything the engine decides by number."""

    patience: int = 30
    """Epochs of the classifier without a better one before it stops."""
    epochs_without_val: int = 60
    """Epochs of the classifier where no clip could be spared for choosing."""
    folds: int = 4
    fold_epochs: int = 40
    """Parts in which the train side is scored out of fold, and epochs of each part's classifier."""
    single_epochs: int = 30
    global_epochs: int = 30
    selector_patience: int = 8
    selector_batch: int = 32
    """Clips a step of a selector."""
    selector_rate: float = 1e-3
    selector_decay: float = 0.01
    project: int = 128
    hidden: int = 128
    dropout: float = 0.3
    smooth_l1: int = 0
    """1: the single-frame selector learns by smooth L1 and not by the mean squared error."""
    budget: int = 0
    """Frames a clip; 0: chosen on val, the most without one."""
    least_budget: int = 4
    most_budget: int = 25
    budget_slack: float = 0.05
    """How much more surprised one may be for the sake of fewer frames, as a share."""
    budget_clips: int = 20
    """Val clips with which that can be told; with fewer no frame is spared."""
    random_draws: int = 5


def planned(overrides: Mapping[str, Any] | None) -> tuple[Plan, dict[str, Any]]:
    """The plan with some numbers changed, and those that are not its own (the recipe's).

    Raises BadOption for a number that the plan cannot take. A value of None changes nothing.
    """
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    own = {field.name: field for field in dataclasses.fields(Plan)}
    mine = {name: value for name, value in given.items() if name in own}
    for name, value in mine.items():
        default = getattr(Plan(), name)
        whole = isinstance(default, int)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or value < 0:
            raise BadOption(
                f"{name} must be a {'whole ' if whole else ''}number of at least 0, not {value!r}."
            )
        if value == 0 and name not in ("budget", "smooth_l1", "dropout", "selector_decay"):
            raise BadOption(f"{name} must be more than 0.")
    return Plan(**mine), {name: value for name, value in given.items() if name not in own}


def drawing(seed: int, *what: str | int) -> np.random.Generator:
    """Random numbers for one purpose. They hang on nothing drawn before, so a run can go on anywhere."""
    return np.random.default_rng([seed, *(_number(each) for each in what)])


def torch_drawing(seed: int, *what: str | int) -> torch.Generator:
    """The same for torch."""
    return torch.Generator().manual_seed(int(drawing(seed, *what).integers(2**63)))


def _number(what: str | int) -> int:
    return zlib.crc32(what.encode()) if isinstance(what, str) else what
