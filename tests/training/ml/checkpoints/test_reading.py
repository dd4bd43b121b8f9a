"""Files of weights are read without running what is in them, whoever wrote them."""

import hashlib
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from training.ml.checkpoints import read
from training.ml.errors import BadFile

STATE = {"conv.weight": torch.arange(6.0).reshape(2, 3), "bn.num_batches_tracked": torch.tensor(3)}


class Program:
    """What a file must not bring along."""


@pytest.mark.parametrize("name", ["net.pth", "net.pt", "net.pyth", "net.pth.tar"])
@pytest.mark.parametrize("wrapper", ["", "model_state", "state_dict", "model.state_dict"])
def test_a_state_dict_is_found_wherever_it_lies(tmp_path: Path, name: str, wrapper: str) -> None:
    held: object = OrderedDict(STATE)
    for each in reversed(wrapper.split(".") if wrapper else []):
        held = {"epoch": 7, each: held, "optimizer": {"lr": 1}}
    torch.save(held, tmp_path / name)
    found = read(tmp_path / name)
    assert found.wrapper == wrapper
    assert set(found.state) == set(STATE)
    assert torch.equal(found.state["conv.weight"], STATE["conv.weight"])
    assert found.facts == ({"epoch": 7} if wrapper else {})
    assert found.sha256 == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()


def test_safetensors_are_read_with_what_their_header_says(tmp_path: Path) -> None:
    save_file(STATE, tmp_path / "net.safetensors", {"format": "pt"})
    found = read(tmp_path / "net.safetensors")
    assert torch.equal(found.state["conv.weight"], STATE["conv.weight"])
    assert found.facts == {"format": "pt"}


def test_scores_beside_the_tensors_may_be_numpys(tmp_path: Path) -> None:
    scores = {"best": np.float64(0.9), "epoch": np.int64(3), "confusion": np.eye(2, dtype=np.int64)}
    torch.save({"model": STATE, **scores}, tmp_path / "net.pth")
    assert read(tmp_path / "net.pth").facts == {"best": 0.9, "epoch": 3}


def test_a_file_that_would_run_a_program_is_refused_by_what_it_holds(tmp_path: Path) -> None:
    torch.save({"state_dict": STATE, "config": Program()}, tmp_path / "net.pth")
    with pytest.raises(BadFile, match=r"holds a .*test_reading\.Program, .* could run a program"):
        read(tmp_path / "net.pth")


@pytest.mark.parametrize("name", ["net.pth", "net.safetensors"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and then nothing", b"<html>not found</html>"])
def test_damaged_files_are_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=r"net\.(pth|safetensors) is damaged"):
        read(tmp_path / name)


def test_what_holds_no_tensors_is_told_with_what_it_holds(tmp_path: Path) -> None:
    torch.save({"epoch": 3, "optimizer": {}}, tmp_path / "net.pth")
    with pytest.raises(BadFile, match=r"no tensors under model_state, .*what it holds is epoch, optimizer"):
        read(tmp_path / "net.pth")
    torch.save([1, 2], tmp_path / "net.pth")
    with pytest.raises(BadFile, match="holds a list, not tensors by their names"):
        read(tmp_path / "net.pth")
    with pytest.raises(BadFile, match=r"gone\.pth cannot be read: No such file"):
        read(tmp_path / "gone.pth")
