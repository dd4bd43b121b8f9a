"""The verbs of the library, called as from a shell."""

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from training.ml import cli
from training.ml.cli.answer import Answer


def test_every_module_of_the_package_that_runs_is_a_verb() -> None:
    folder = Path(cli.__file__).parent
    modules = {path.stem for path in folder.glob("*.py") if "\ndef run(" in path.read_text("utf-8")}
    assert modules == set(cli.VERBS)


def test_help_names_the_verbs_without_loading_torch() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "training.ml", "--help"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert all(verb in done.stdout for verb in cli.VERBS)
    assert not any(line.endswith(" torch") for line in done.stderr.splitlines())


def test_a_file_that_is_no_video_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("not a video")
    assert cli.main(["flow", str(path), "--json"]) == 1
    said = capsys.readouterr()
    sentence = json.loads(said.out)["error"]
    assert sentence.startswith("This is a text file")
    assert said.err.endswith(f"{sentence}\n")


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nowhere" / "sheet.png"

    class Writing:
        def add(self, parser: ArgumentParser) -> None:
            pass

        def run(self, args: Namespace) -> Answer:
            path.write_bytes(b"")
            raise AssertionError

    monkeypatch.setattr(cli, "import_module", lambda name: Writing())
    assert cli.main(["flow", "--json"]) == 1
    sentence = f"{path} cannot be read or written: No such file or directory."
    said = capsys.readouterr()
    assert (json.loads(said.out)["error"], said.err) == (sentence, f"{sentence}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("bench x3d_xs --batch 0", "--batch: 0 is no whole number of 1 or more"),
        ("flow a.mp4 --width -5", "--width: -5 is no whole number of 0 or more"),
        ("augment a.mp4 --copies 0", "--copies: 0 is no whole number of 1 or more"),
        ("augment a.mp4 --rows 0", "--rows: 0 is no whole number of 1 or more"),
        ("pose a.mp4 --every x", "--every: x is no whole number of 1 or more"),
        ("predict a b --top 0", "--top: 0 is no whole number of 1 or more"),
        ("predict a b --start -1", "--start: -1 is no whole number of 0 or more"),
        ("fit --steps -1", "--steps: -1 is no whole number of 0 or more"),
        ("fit --workers -1", "--workers: -1 is no whole number of 0 or more"),
    ],
)
def test_numbers_that_cannot_be_are_a_wrong_call(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words.split())
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_ctrl_c_ends_as_in_a_shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stopped:
        def add(self, parser: ArgumentParser) -> None:
            pass

        def run(self, args: Namespace) -> Answer:
            raise KeyboardInterrupt

    monkeypatch.setattr(cli, "import_module", lambda name: Stopped())
    assert cli.main(["flow"]) == 130
    assert capsys.readouterr().out == ""


def test_a_word_that_is_no_verb_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["fold"])
    assert ended.value.code == 2
    assert "flow" in capsys.readouterr().err
