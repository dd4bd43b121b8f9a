"""A manifest of the app is a data set like any other."""

from pathlib import Path

import pytest

from tests.training.ml.test_manifest import DIG, clip, frozen
from training.ml.datasets import read_dataset
from training.ml.errors import BadFile, BadManifest
from training.ml.manifest import write


def test_clips_are_samples_of_their_proxies(tmp_path: Path) -> None:
    made = frozen(clip(1), clip(2, label=DIG.id, subject="S02", start=30, split="test"), clip(3, split="val"))
    (tmp_path / "manifest.jsonl").write_bytes(write(made))
    (tmp_path / "proxies").mkdir()
    (tmp_path / "proxies/1.mp4").touch()
    found = read_dataset("rushes", tmp_path)
    assert found.classes == ("digging", "Walking"), "in the order of the manifest's logits"
    (tested,) = found.test
    assert (tested.path, tested.label) == (tmp_path / "proxies/2.mp4", "digging")
    assert (tested.start, tested.end, tested.subject, tested.camera) == (30, 150, "S02", "gate")
    assert (len(found.train), len(found.val), len(found.missing)) == (1, 1, 2)
    assert found.number(tested) == made.index[DIG.id]


def test_what_leaks_is_said(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_bytes(write(frozen(clip(1))))
    found = read_dataset("rushes", tmp_path / "mine.jsonl")
    assert [check.sentence for check in found.checks if not check.holds] == ["1 of 3 recordings is shared."]


def test_a_wrong_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"There is no manifest\.jsonl"):
        read_dataset("rushes", tmp_path)
    (tmp_path / "manifest.jsonl").write_bytes(write(frozen(clip(1))) + b"{}\n")
    with pytest.raises(BadManifest, match="Line 3 of the manifest"):
        read_dataset("rushes", tmp_path)
