"""A run that is killed, in any phase and any number of times, makes the model that it would have made."""

import json
import subprocess
import sys
from pathlib import Path

from tests.training.ml.conftest import Ran
from tests.training.ml.kills import POINTS, SECONDS


def test_killed_in_every_phase_it_writes_the_same_bits(ran: Ran, tmp_path: Path) -> None:
    params = ran.house.params(str(tmp_path / "checkpoints"))
    (tmp_path / "params.json").write_text(json.dumps(params))
    command = [
        sys.executable,
        "-m",
        "tests.training.ml.kills",
        str(tmp_path / "params.json"),
        str(tmp_path / "out"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    died = json.loads(done.stdout)
    assert died[: len(POINTS)] == [phase for phase, _ in POINTS], "each was killed where it should be"
    # By the clock: a quick machine may have ended before the later ones, which go on from the earlier.
    assert any(died[len(POINTS) : len(POINTS) + len(SECONDS)]), "these were killed somewhere"
    assert died[-2:] == ["", ""], "the last attempts ended by themselves"
    for folder in ("out", "out/timed"):
        for name in ("model.safetensors", "predictions.json"):
            assert (tmp_path / folder / name).read_bytes() == (ran.out / name).read_bytes(), (
                f"{folder}/{name}"
            )
        again = json.loads((tmp_path / folder / "report.json").read_text())
        whole = json.loads((ran.out / "report.json").read_text())
        assert {**again, "seconds": {}} == {**whole, "seconds": {}}
