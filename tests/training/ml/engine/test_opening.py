"""What a run goes on from, and what it does not."""

from pathlib import Path

import pytest
import torch

from tests.training.ml.house import Heard, House, usual
from training.ml.engine import opening
from training.ml.engine.checkpoints import Slot
from training.ml.engine.data import features_of
from training.ml.engine.opening import desk_of
from training.ml.engine.progress import Progress
from training.ml.recipes.motion import MotionRecipe


def opened(made: House) -> Slot:
    """A place for a checkpoint of the run that this opens."""
    desk, _ = desk_of(made.params(), Progress(Heard()), MotionRecipe, features_of)
    return desk.slot("classifier")


def test_a_checkpoint_of_another_version_is_not_gone_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = usual(tmp_path / "house")
    opened(made).save({"now.weight": torch.ones(1)}, {"history": [], "best": 0})
    assert opened(made).load() is not None, "the same version goes on"
    monkeypatch.setattr(opening, "FORMAT", opening.FORMAT + 1)
    assert opened(made).load() is None
