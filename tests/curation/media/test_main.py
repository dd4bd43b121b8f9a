"""The command line: one JSON object, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from curation.media.__main__ import main
from tests.curation.media.sources import write_video


def test_a_video_prints_its_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_video(tmp_path / "a.ts", range(30), rotation=0)
    assert main(["index", str(path), "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    told = json.loads(out)
    assert list(told) == ["frames", "runs", "time_base", "width", "height", "rotation", "codec", "damage"]
    assert (told["frames"], told["time_base"], told["codec"]) == (30, "1/90000", "h264")
    assert [run[1:] for run in told["runs"]] == [[3600, 30]]
    assert (told["width"], told["height"], told["rotation"], told["damage"]) == (320, 240, 0, [])


def test_damage_is_printed_as_objects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_video(tmp_path / "a.mp4", range(30), muxer={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert main(["index", str(path)]) == 0
    damage = json.loads(capsys.readouterr().out)["damage"]
    assert all(list(part) == ["kind", "count", "first_frame", "sentence"] for part in damage)
    assert damage[0]["kind"] == "truncated"


def test_a_file_without_a_frame_prints_a_sentence_and_fails(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"")
    command = [sys.executable, "-m", "curation.media", "index", str(tmp_path / "a.mp4"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "error": "The file is empty. Copy it from the recorder again, or remove it."
    }
    assert done.stderr == ""


def test_the_library_knows_no_django() -> None:
    code = "import sys, curation.media.__main__; print([m for m in sys.modules if m.startswith('django')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
