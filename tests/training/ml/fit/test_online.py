"""Actions of which few exemplars are shown are found in a long recording, and told when."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from training.ml import cli
from training.ml.datasets import Holds, Sample
from training.ml.fit.model import Fitted
from training.ml.fit.network import network_of
from training.ml.fit.online import occurrences
from training.ml.fit.recipe import WrongRecipe
from training.ml.recipes.published import published
from training.ml.skeletons.bodies import Array

BEGINS, LASTS = 120, 64
"""Frames of the action in the long recording."""


def standing(frames: int) -> Array:
    """A body (T, 25, 3) in metres that stands, and sways a little."""
    body = np.random.default_rng(0).normal((0, 0, 3), 0.4, (25, 3))
    return body + np.random.default_rng(1).normal(0, 0.004, (frames, 25, 3))


def waving(x_TV3: Array, first: int) -> Array:
    """The same with an arm that goes up and down from one frame on."""
    moved = x_TV3.copy()
    high = np.sin(np.linspace(0, 4 * np.pi, LASTS))
    for joint in (9, 10, 11, 23, 24):
        moved[first : first + LASTS, joint, 1] += 0.9 + 0.4 * high
        moved[first : first + LASTS, joint, 0] += 0.5 * high
    return moved


def written(path: Path, x_TV3: Array, *, empty: int = 0) -> Path:
    """A file as NTU RGB+D has them, which begins with frames in which nobody is."""
    lines = [str(empty + len(x_TV3)), *["0"] * empty]
    for pose_V3 in x_TV3:
        lines += ["1", "72057594037931101 0 1 1 1 1 0 0.02 -0.2 2", "25"]
        lines += [f"{x:.6f} {y:.6f} {z:.6f} 0 0 0 0 0 0 0 1 2" for x, y, z in pose_V3]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def model() -> Fitted:
    recipe = published("one_shot_ntu120")
    torch.manual_seed(0)
    return Fitted(recipe, ("a", "b"), network_of(recipe, 2).eval())


@pytest.fixture
def exemplar(tmp_path: Path) -> Path:
    return written(tmp_path / "wave.skeleton", waving(standing(LASTS), 0))


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return written(tmp_path / "long.skeleton", waving(standing(260), BEGINS), empty=10)


def sample(path: Path, label: str = "") -> Sample:
    return Sample(path=path, label=label, holds=Holds.SKELETON)


def test_an_action_is_told_once_by_the_frame_at_which_it_has_been_seen(
    model: Fitted, exemplar: Path, recording: Path
) -> None:
    found = occurrences(model, [sample(exemplar, "waving")], sample(recording), stride=1)
    nearest = min(found, key=lambda each: each.distance)
    assert nearest.label == "waving"
    assert 10 + BEGINS + LASTS - 4 <= nearest.frame <= 10 + BEGINS + LASTS, "frames without people count"
    assert nearest.distance == pytest.approx(0, abs=0.02)
    windows = [each.frame for each in found]
    assert windows == sorted(set(windows))


def test_frames_are_numbered_in_the_whole_recording_of_which_a_part_is_looked_at(
    model: Fitted, exemplar: Path, recording: Path
) -> None:
    part = Sample(path=recording, label="", holds=Holds.SKELETON, start=30, end=260)
    found = occurrences(model, [sample(exemplar, "waving")], part, stride=1)
    nearest = min(found, key=lambda each: each.distance)
    assert 10 + BEGINS + LASTS - 4 <= nearest.frame <= 10 + BEGINS + LASTS


def test_where_nothing_stands_out_nothing_is_told(model: Fitted, exemplar: Path, tmp_path: Path) -> None:
    short = written(tmp_path / "short.skeleton", standing(70))
    assert occurrences(model, [sample(exemplar, "waving")], sample(short)) == []


def test_windows_are_matched_by_the_one_shot_network_alone(exemplar: Path) -> None:
    recipe = published("as_gcn_ntu5_xsub")
    other = Fitted(recipe, ("a", "b"), network_of(recipe, 2))
    with pytest.raises(WrongRecipe, match="this model is of as_gcn_ntu5_xsub"):
        occurrences(other, [sample(exemplar, "waving")], sample(exemplar))


def test_predict_tells_when_by_exemplars(
    model: Fitted, exemplar: Path, recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.safetensors"
    model.save(path)
    called = ["predict", str(path), str(recording), "--exemplars"]
    assert cli.main([*called, f"waving={exemplar}", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["occurrences"]
    expected = occurrences(model, [sample(exemplar, "waving")], sample(recording))
    assert [each["frame"] for each in told["found"]] == [each.frame for each in expected]
    assert cli.main([*called, f"waving={exemplar}"]) == 0
    assert "waving until frame" in capsys.readouterr().out
    assert cli.main([*called, f"waving={exemplar}", "--views", "3"]) == 1
    assert "leave --with, --weights, --views" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main([*called, str(exemplar)])
    assert "is no LABEL=FILE" in capsys.readouterr().err
