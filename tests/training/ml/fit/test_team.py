"""Two processes learn what one learns."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.training.ml.fit.small import stock
from tests.training.ml.fit.team_of_two import RECIPE
from training.ml.fit.model import Fitted
from training.ml.fit.run import fit
from training.ml.fit.team import Team

pytestmark = pytest.mark.usefixtures("small")


def test_two_processes_have_the_loss_of_one_with_the_same_batches(tmp_path: Path) -> None:
    alone = fit(RECIPE, stock(RECIPE, train=13), tmp_path / "one", Team())
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    script = Path(__file__).with_name("team_of_two.py")
    root = Path(__file__).parents[4]
    done = subprocess.run(
        [*command, str(script), str(tmp_path / "two")],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    together = json.loads((tmp_path / "two" / "report.json").read_text())
    for one, two in zip(alone["history"], together["history"], strict=True):
        assert two["train_loss"] == pytest.approx(one["train_loss"], abs=2e-6)
        assert two["train_top1"] == one["train_top1"]
        assert two["val_loss"] == pytest.approx(one["val_loss"], abs=2e-6)
    first, second = (
        Fitted.load(tmp_path / each / "model.safetensors").network.state_dict() for each in ("one", "two")
    )
    for name, tensor in first.items():
        torch.testing.assert_close(second[name], tensor, rtol=1e-4, atol=1e-6)


def test_alone_nothing_is_shared() -> None:
    rows = torch.arange(6.0).reshape(3, 2)
    assert Team().summed([1.0, 2.0]) == [1.0, 2.0]
    assert torch.equal(Team().joined(rows), rows)
    assert Team().leads
    assert Team(1, 2, "cuda:1").kind == "cuda"
