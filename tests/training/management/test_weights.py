"""`manage.py weights` says what is here, takes a file, and refuses in one sentence."""

import hashlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from training.ml import weights
from training.ml.weights import Source

CONTENT = b"a network, as far as its hash knows"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    known = Source("net.pth", "a network", "MIT.", hashlib.sha256(CONTENT).hexdigest())
    partly = Source("half.pth", "another", "BSD-3-Clause.", "12345678", "https://example.invalid/half.pth")
    monkeypatch.setattr(weights, "SOURCES", (known, partly))
    settings.WEIGHTS_DIR = tmp_path / "weights"
    return tmp_path / "weights"


def said(*words: str) -> str:
    out = StringIO()
    call_command("weights", *words, stdout=out)
    return out.getvalue()


def test_a_file_is_taken_and_then_listed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(CONTENT)
    assert "net.pth: not here" in said("list")
    told = said("fetch", "net.pth", "--from", str(tmp_path / "mine"))
    assert (folder / "net.pth").read_bytes() == CONTENT
    assert "net.pth is here. SHA-256" in told
    assert "Its whole SHA-256 is known." in told
    assert "net.pth: here" in said("list")


def test_a_hash_of_which_little_is_known_is_told_as_that(folder: Path) -> None:
    told = said("list")
    assert "From https://example.invalid/half.pth. Only the first 8 digits of its SHA-256 are known" in told


def test_a_damaged_file_is_listed_as_damaged(folder: Path) -> None:
    folder.mkdir()
    (folder / "net.pth").write_bytes(b"damaged")
    assert "net.pth: The weights net.pth are damaged, or others" in said("list")


def test_another_file_and_an_unknown_name_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"something else")
    with pytest.raises(CommandError, match="which is wrong; it was thrown away"):
        said("fetch", "net.pth", "--from", str(tmp_path / "mine"))
    with pytest.raises(CommandError, match="No weights are named other"):
        said("fetch", "other")
    assert list(folder.iterdir()) == []
