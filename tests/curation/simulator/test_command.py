"""The command line: what it makes, what it refuses."""

import subprocess
import sys
from pathlib import Path

import pytest

from curation.simulator.__main__ import main


def test_the_test_preset_runs_as_a_module_and_says_what_it_made(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "curation.simulator",
        str(tmp_path / "out"),
        "--preset",
        "test",
        "--hours",
        "0",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("10 videos, ")
    assert len(list((tmp_path / "out").glob("*/*.mp4"))) == 10
    assert not list((tmp_path / "out").rglob("*.part"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--size", "641x360"], "even numbers"),
        (["--size", "large"], "such as 640x360"),
        (["--cameras", "0"], "a camera"),
        (["--fps", "0"], "between 1 and 120"),
        (["--fps", "1/0"], "such as 25"),
        (["--hours", "-1"], "negative"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(
    tmp_path: Path, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "out"), *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("out", ["a file", "a file/below", "/proc", "/proc/x", "x" * 300])
def test_where_no_folder_can_be_filled_one_sentence_says_so(
    tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a file").touch()
    assert main([str(tmp_path / out), "--hours", "0.01"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{tmp_path / out} cannot be filled with footage: ")
    assert said.count("\n") == 1
