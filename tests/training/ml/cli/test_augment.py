"""Sheets and copies of drawn recordings, from a shell."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curation.media.stills import frames_at
from tests.curation.media.sources import write_video
from training.ml import cli
from training.ml.augment.export import SETTINGS
from training.ml.augment.files import write
from training.ml.augment.moves import Flip, Resize
from training.ml.augment.pipeline import Pipeline
from training.ml.pose.poses import Poses

FRAMES, SIZE = 6, (96, 64)
SIDES = Pipeline("sides", (Resize(64), Flip(1.0)), swaps=(("left", "right"),))


def _painted(number: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """Light on the left, dark on the right, a little lighter from frame to frame."""
    picture = np.full((SIZE[1], SIZE[0], 3), 40 + number, np.uint8)
    picture[:, : SIZE[0] // 2] = 180 + number
    return picture


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes that differ in sides, and a third."""
    root = tmp_path_factory.mktemp("augment") / "videos"
    for name in ("left/a.mp4", "right/a.mp4", "sit/b.mp4"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_video(path, range(FRAMES), size=SIZE, options={"qp": "0"}, paint=_painted)
    return root


@pytest.fixture
def pipeline(tmp_path: Path) -> str:
    write(SIDES, tmp_path / "sides.toml")
    return str(tmp_path / "sides.toml")


def called(capsys: pytest.CaptureFixture[str], *words: str | Path) -> dict[str, object]:
    assert cli.main(["augment", *map(str, words), "--json"]) == 0
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def refused(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    assert cli.main(["augment", *map(str, words)]) == 1
    return capsys.readouterr().err


def test_a_sheet_is_drawn_and_told(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sheet.png"
    words = (
        folder / "sit" / "b.mp4",
        "--pipeline",
        "kinetics",
        "--sheet",
        out,
        "--rows",
        "2",
        "--columns",
        "3",
    )
    told = called(capsys, *words)
    with Image.open(out) as picture:
        assert picture.size == (told["width"], told["height"])
    rows = told["rows"]
    assert isinstance(rows, list)
    assert [row["name"] for row in rows] == ["original", "draw 1", "draw 2"]
    assert "crop at" in rows[1]["drawn"]
    assert rows == called(capsys, *words)["rows"]
    assert rows != called(capsys, *words, "--seed", "1")["rows"]


def test_flow_and_poses_have_sheets_too(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sheet.png"
    words = ("--sheet", out, "--rows", "1", "--theme", "dark")
    told = called(capsys, folder / "sit" / "b.mp4", "--flow", "--pipeline", "tsn_flow", *words)
    assert told["kind"] == "flow"
    joints = np.random.default_rng(0).uniform(20, 60, (5, 1, 14, 3)).astype(np.float32)
    poses = Poses(np.arange(5, dtype=np.int32), np.zeros(1, np.int32), joints, "cpm14", *SIZE)
    poses.save(tmp_path / "poses.safetensors")
    told = called(capsys, tmp_path / "poses.safetensors", "--pipeline", "skeleton", *words)
    assert told["kind"] == "skeleton"


def test_copies_are_written_with_their_labels(
    folder: Path, pipeline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = (folder, "--export", out, "--copies", "2", "--pipeline", pipeline)
    told = called(capsys, *words)
    assert told["clips"] == 6
    with (out / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    # What is done with the left hand is done with the right one in a mirror.
    assert [(row["source"], row["label"]) for row in rows[::2]] == [
        ("left/a.mp4", "right"),
        ("right/a.mp4", "left"),
        ("sit/b.mp4", "sit"),
    ]
    assert len({row["file"] for row in rows}) == 6
    for row in rows:
        pictures = frames_at(out / row["file"], range(FRAMES))
        assert pictures[3].shape == (64, 64, 3)
        assert pictures[3][32, 8] == pytest.approx([43] * 3, abs=4)
        assert pictures[3][32, 56] == pytest.approx([183] * 3, abs=4)


def test_what_is_there_is_not_written_again(
    folder: Path, pipeline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = (folder, "--export", out, "--pipeline", pipeline)
    called(capsys, *words)
    table = (out / "labels.csv").read_bytes()
    files = sorted(out.rglob("*.mp4"))
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
    files[0].unlink()
    assert called(capsys, *words)["clips"] == 3
    assert {path: path.read_bytes() for path in files} == {path: data for path, (data, _) in before.items()}
    assert [path.stat().st_mtime_ns == before[path][1] for path in files] == [False, True, True]
    assert (out / "labels.csv").read_bytes() == table
    assert "another pipeline, seed or height" in refused(capsys, *words, "--seed", "7")
    assert json.loads((out / SETTINGS).read_text())["seed"] == 0


def test_what_cannot_be_is_said_in_a_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = folder / "sit" / "b.mp4"
    assert "Say what to make" in refused(capsys, video)
    assert "no pipeline named tns" in refused(
        capsys, video, "--pipeline", "tns", "--sheet", tmp_path / "x.png"
    )
    assert "Mixes need a batch" in refused(capsys, folder, "--export", tmp_path / "out")
    assert "no videos below" in refused(capsys, tmp_path, "--export", tmp_path / "out", "--pipeline", "tsn")
    assert "has no frames from 99" in refused(capsys, video, "--start", "99", "--sheet", tmp_path / "x.png")
