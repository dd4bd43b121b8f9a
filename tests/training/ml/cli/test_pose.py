"""The people of a real recording, and what is said where there can be none."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.ml import cli
from training.ml.pose.network import WEIGHTS
from training.ml.pose.poses import Poses

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[5] / "shared"))


def test_without_the_networks_weights_it_says_where_to_get_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["pose", "any.mp4", "--weights", str(tmp_path)]) == 1
    assert f"weights fetch {WEIGHTS} --from FILE" in capsys.readouterr().err


@pytest.mark.footage
def test_both_people_are_found_kept_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not (SHARED / "weights" / WEIGHTS).is_file():
        pytest.skip("footage: RUSHES_SHARED has no pose network")
    video = SHARED / "data/ut_interaction/open/set1_17_3_0.avi"
    out, sheet = tmp_path / "poses.safetensors", tmp_path / "sheet.png"
    call = ["pose", str(video), "--weights", str(SHARED / "weights"), "--every", "6", "--end", "24"]
    asked = ["--layout", "openpose25", "--out", str(out), "--draw", str(sheet), "--json"]
    assert cli.main([*call, *asked]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["frames"], told["people"], told["frames_with_people"]) == (4, 2, 4)
    poses = Poses.load(out)
    assert poses.layout == "openpose25"
    assert poses.joints_TMV3.shape == (4, 2, 25, 3)
    assert poses.ordinals_T.tolist() == [0, 6, 12, 18]
    with Image.open(sheet) as picture:
        assert np.asarray(picture).std() > 20
