"""The networks are listed, and published weights are fetched, told of and loaded by one command."""

import hashlib
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from training.ml import cli, weights
from training.ml.models import NETWORKS, create_model
from training.ml.models.skeleton.aim import create_aim
from training.ml.sources import Source


class Shelf(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with a network's weights, and the address that gives them."""
    folder = tmp_path_factory.mktemp("shelf")
    torch.manual_seed(0)
    torch.save(
        {"model_state": create_model("mobilenet_v3_small", num_classes=7).state_dict(), "epoch": 4},
        folder / "net.pth",
    )
    with HTTPServer(("127.0.0.1", 0), partial(Shelf, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_address[1]}/net.pth"
        server.shutdown()
        thread.join()


@pytest.fixture
def published(shelf: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    source = Source("net.pth", "a network", "MIT.", url=shelf[1], network="mobilenet_v3_small", classes=7)
    monkeypatch.setattr(weights, "SOURCES", (source,))
    return shelf[0] / "net.pth"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert cli.main(["models", *words, "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_all_networks_are_listed_with_what_they_take(capsys: pytest.CaptureFixture[str]) -> None:
    told = {each["name"]: each for each in said(capsys)["networks"]}
    assert set(told) == set(NETWORKS)
    assert told["x3d_m"]["shape"] == "(B, 3, 16, 224, 224)"
    assert told["slowfast_4x16_r50"]["shape"] == "[(B, 3, S, 224, 224), (B, 3, 32, 224, 224)]"
    assert told["resnet50"]["official"][0]["sha256"] == "0676ba61"
    assert cli.main(["models", "i3d_inception"]) == 0
    text = capsys.readouterr().out
    assert "12,697,264 parameters at 400 classes" in text
    assert "flow_imagenet.pt: i3d_inception for flow" in text
    assert "Its publisher tells no SHA-256" in text


def test_official_weights_are_fetched_pinned_and_loaded(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ("mobilenet_v3_small", "--checkpoint", "official", "--weights", str(tmp_path))
    told = said(capsys, *call)
    sha256 = hashlib.sha256(published.read_bytes()).hexdigest()
    assert told["checkpoint"]["sha256"] == sha256
    assert (tmp_path / "net.pth.sha256").read_text().startswith(sha256)
    assert (told["checkpoint"]["licence"], told["checkpoint"]["under"]) == ("MIT.", "model_state")
    assert (told["classes"], told["new_head"], told["checkpoint"]["facts"]) == (7, {}, {"epoch": 4})
    assert len(told["loaded"]) == len(create_model("mobilenet_v3_small", num_classes=2).state_dict())
    assert cli.main(["models", *call, "--classes", "3"]) == 0
    text = capsys.readouterr().out
    assert f"SHA-256 {sha256}. From http://127.0.0.1" in text
    assert "Licence: MIT." in text
    assert "The head is new, for its classes are others: classifier.3.weight ((7, 1024)" in text


def test_a_file_of_ones_own_is_loaded_and_nothing_is_claimed_of_its_licence(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(capsys, "mobilenet_v3_small", "--checkpoint", str(published))
    assert told["checkpoint"]["licence"] == "Not known here: ask who gave you the file."
    assert told["classes"] == 7


def test_options_of_a_known_file_are_for_its_own_network_alone(
    published: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = hashlib.sha256(published.read_bytes()).hexdigest()
    source = Source("net.pth", "a network", "MIT.", sha256, network="mobilenet_v2", options={"flavour": "tf"})
    monkeypatch.setattr(weights, "SOURCES", (source,))
    assert cli.main(["models", "resnet18", "--checkpoint", str(published)]) == 1
    assert "These weights do not fit the network" in capsys.readouterr().err


@pytest.fixture(scope="module")
def two_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """AS-GCN of three classes as its authors keep it: the network, and AIM."""
    folder = tmp_path_factory.mktemp("as_gcn")
    net, aim = create_model("as_gcn", num_classes=3, graph="ntu25"), create_aim(graph="ntu25")
    plain = {name: each for name, each in net.state_dict().items() if not name.startswith("aim.")}
    torch.save({f"module.{name}": each for name, each in plain.items()}, folder / "model1.pt")
    torch.save({f"module.{name}": each for name, each in aim.state_dict().items()}, folder / "model2.pt")
    return str(folder / "model1.pt"), str(folder / "model2.pt")


def test_the_two_files_of_as_gcn_are_loaded_as_one(
    two_files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = two_files
    out = str(tmp_path / "whole.safetensors")
    told = said(capsys, "as_gcn", "--checkpoint", one, "--links", two, "--out", out)
    assert told["classes"] == 3
    assert told["links"]["sha256"] == hashlib.sha256(Path(two).read_bytes()).hexdigest()
    assert any(name.startswith("aim.encoder.") for name in told["loaded"])
    assert all(name.startswith("module.decoder.") for name in told["left_out"])
    again = said(capsys, "as_gcn", "--checkpoint", told["out"])
    assert again["loaded"] == told["loaded"]
    encoder = torch.load(two, weights_only=True)["module.encoder.mlp1.fc1.weight"]
    assert torch.equal(load_file(told["out"])["aim.encoder.mlp1.fc1.weight"], encoder)


def test_what_is_wrong_with_the_two_files_is_told_by_name(
    two_files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = two_files
    assert cli.main(["models", "as_gcn", "--checkpoint", one]) == 1
    assert "keep AIM in a second file, epochN_model2.pt: give that by --links" in capsys.readouterr().err
    assert cli.main(["models", "as_gcn", "--checkpoint", two, "--links", one]) == 1
    assert "no encoder.* in it: give the network's file first" in capsys.readouterr().err
    state = torch.load(two, weights_only=True)
    del state["module.encoder.mlp2.fc1.bias"]
    torch.save(state, tmp_path / "cut.pt")
    assert cli.main(["models", "as_gcn", "--checkpoint", one, "--links", str(tmp_path / "cut.pt")]) == 1
    assert "missing: aim.encoder.mlp2.fc1.bias" in capsys.readouterr().err
    assert cli.main(["models", "resnet18", "--checkpoint", one, "--links", two]) == 1
    assert "--links are AIM's, which resnet18 has none of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["resnet18", "--checkpoint", "official"], "No weights are published for resnet18"),
        (["resnet7"], "There is no network named resnet7"),
        (["--checkpoint", "official"], "are of one network: name it before them"),
        (["resnet18", "--classes", "3"], "give them with --checkpoint"),
        (["mobilenet_v3_small", "--checkpoint", "FILE", "--classes", "0"], "at least one class, not 0"),
        (
            ["x3d_xs", "--checkpoint", "FILE", "--option", "dropout=much"],
            "x3d_xs cannot be made with dropout=much: ",
        ),
        (["mobilenet_v2", "--checkpoint", "FILE"], "These weights do not fit the network"),
        (
            ["mobilenet_v2", "--checkpoint", "FILE", "--option", "flavour"],
            "given as NAME=VALUE, not as flavour",
        ),
        (["mobilenet_v2", "--checkpoint", "FILE", "--option", "a=1"], "mobilenet_v2 has no option a"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    published: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert cli.main(["models", *(str(published) if each == "FILE" else each for each in words)]) == 1
    assert sentence in capsys.readouterr().err
