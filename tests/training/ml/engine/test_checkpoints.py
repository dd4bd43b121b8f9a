"""Checkpoints: the old one or the new one, never a half, and never another run's."""

from pathlib import Path

import pytest
import torch

from training.ml.engine.checkpoints import Slot, opened, packed, put

TENSORS = {"w": torch.arange(6.0).reshape(2, 3), "step": torch.tensor(3.0)}


def test_what_is_kept_is_given_back(tmp_path: Path) -> None:
    slot = Slot(tmp_path, "classifier")
    slot.save(TENSORS, {"history": [{"loss": 0.1 + 0.2}], "best": 1})
    saved = slot.load()
    assert saved is not None
    assert saved[1] == {"history": [{"loss": 0.1 + 0.2}], "best": 1}
    assert all(torch.equal(saved[0][name], tensor) for name, tensor in TENSORS.items())


def test_an_empty_slot_holds_nothing(tmp_path: Path) -> None:
    assert Slot(tmp_path, "classifier").load() is None


@pytest.mark.parametrize("left", [0, 7, 60, -1])
def test_a_torn_file_counts_as_none(tmp_path: Path, left: int) -> None:
    slot = Slot(tmp_path, "classifier")
    slot.save(TENSORS, {})
    slot.path.write_bytes(slot.path.read_bytes()[:left])
    assert slot.load() is None


def test_a_kill_in_the_middle_of_writing_leaves_the_old_one(tmp_path: Path) -> None:
    slot = Slot(tmp_path, "classifier")
    slot.save(TENSORS, {"best": 1})
    (tmp_path / "classifier.safetensors.part").write_bytes(b"half")
    assert (slot.load() or ({}, {}))[1] == {"best": 1}
    slot.save(TENSORS, {"best": 2})
    assert (slot.load() or ({}, {}))[1] == {"best": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["classifier.safetensors"]


def test_equal_content_gives_equal_bytes() -> None:
    facts = {name: name * 3 for name in "abcdefgh"}
    assert len({packed(TENSORS, dict(sorted(facts.items(), reverse=back))) for back in (True, False)}) == 1


def test_a_folder_goes_on_with_its_own_run_only(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert not opened(folder, "one")
    Slot(folder, "classifier").save(TENSORS, {})
    assert opened(folder, "one")
    assert Slot(folder, "classifier").load() is not None
    assert not opened(folder, "two"), "another run"
    assert Slot(folder, "classifier").load() is None
    assert not opened(folder, "one"), "nothing of it is left"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff"])
def test_a_folder_that_does_not_say_whose_it_is_is_emptied(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "run.json").write_bytes(content)
    put(tmp_path / "classifier.safetensors", b"?")
    assert not opened(tmp_path, "one")
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
