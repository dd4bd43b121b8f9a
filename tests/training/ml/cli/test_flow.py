"""Flow of a drawn recording whose motion is known."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.curation.media.sources import write_video
from tests.training.ml.flow.texture import moved
from training.ml import cli
from training.ml.errors import BadFile
from training.ml.flow import restored
from training.ml.flow.pictures import Grey
from training.ml.flow.video import FlowFile, flow_of
from training.ml.sheets import GAP

FRAMES, SIZE = 6, (96, 64)


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A texture that goes 2 px to the right and 1 px up from frame to frame."""
    path = tmp_path_factory.mktemp("flow") / "moving.mp4"
    return write_video(path, range(FRAMES), size=SIZE, options={"qp": "0"}, paint=_painted)


def _painted(number: int) -> Grey:
    return np.repeat(moved(2 * number, -number)[: SIZE[1], : SIZE[0], None], 3, axis=2)


def test_the_fields_are_those_between_neighbouring_frames(moving: Path) -> None:
    found = flow_of(moving, method="farneback")
    assert found.flow_THW2.shape == (FRAMES - 1, SIZE[1], SIZE[0], 2)
    inside = restored(found.flow_THW2)[:, 16:-16, 16:-16]
    assert np.abs(inside - (2, -1)).mean() < 0.1


def test_a_range_of_frames_and_narrower_ones_can_be_asked_for(moving: Path) -> None:
    found = flow_of(moving, width=48, start=2, end=5)
    assert found.flow_THW2.shape == (2, 32, 48, 2)
    assert found.start == 2


def test_one_frame_has_no_flow(moving: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["flow", str(moving), "--start", str(FRAMES - 1)]) == 1
    assert "fewer than two frames" in capsys.readouterr().err


def test_the_verb_keeps_draws_and_tells(
    moving: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, sheet = tmp_path / "flow.safetensors", tmp_path / "sheet.png"
    assert cli.main(["flow", str(moving), "--out", str(out), "--draw", str(sheet), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["fields"], told["width"], told["height"]) == (FRAMES - 1, *SIZE)
    assert told["files"] == [str(out), str(sheet)]
    assert np.array(told["mean_px"]) == pytest.approx(5**0.5, abs=0.2)
    assert (FlowFile.load(out).flow_THW2 == flow_of(moving).flow_THW2).all()
    with Image.open(sheet) as picture:
        assert picture.size == (4 * (SIZE[0] + GAP) + GAP, 2 * (SIZE[1] + GAP) + GAP)


def test_a_place_that_takes_no_file_is_told(
    moving: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked, where in (
        (["--out", str(tmp_path / "nowhere" / "flow.safetensors")], "No such file or directory"),
        (["--draw", "/dev/full"], "No space left on device"),
    ):
        assert cli.main(["flow", str(moving), *asked]) == 1
        assert where in capsys.readouterr().err


def test_a_file_that_is_no_flow_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"nothing")
    with pytest.raises(BadFile, match=r"The flow file x\.safetensors cannot be read"):
        FlowFile.load(tmp_path / "x.safetensors")
