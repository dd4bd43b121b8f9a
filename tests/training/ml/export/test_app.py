"""A network that the app trained is exported as it answers there, and what is no network says so."""

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.conftest import Ran
from tests.training.ml.engine.network.untaught import untaught
from training.ml import cli
from training.ml.augment.clips import Clips, Kind
from training.ml.augment.moves import Resize
from training.ml.augment.pipeline import Pipeline
from training.ml.engine.network.model import NetworkModel
from training.ml.export.exportable import NotExported, exportable
from training.ml.export.onnx import to_onnx
from training.ml.features.pack import ClipPack, packed
from training.ml.models import NETWORKS
from training.ml.models.contract import Network, Takes
from training.ml.models.skeleton.graphs import graph_named
from training.ml.pose.poses import Poses
from training.ml.recipes.networks import AS_GCN, TSN_FLOW, TSN_RGB, ClipRecipe, NetworkRecipe, Reads

SIDE, MOMENTS, BODIES = 8, 2, 14


class Looking(nn.Module):
    """Sees so many channels, one frame after the other."""

    def __init__(self, channels: int, num_classes: int) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv3d(channels, 4, 3, padding=1), nn.Linear(4, num_classes)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        order_T = torch.arange(1.0, x_BCTHW.shape[2] + 1)
        said: Tensor = self.head((torch.relu(self.conv(x_BCTHW)).mean((3, 4)) * order_T).mean(2))
        return said


class Posing(nn.Module):
    """Weighs joints and frames."""

    def __init__(self, graph: str, num_classes: int) -> None:
        super().__init__()
        self.head = nn.Linear(3 * MOMENTS * len(graph_named(graph).joints), num_classes)

    def forward(self, x_NCTVM: Tensor) -> Tensor:
        said: Tensor = self.head(x_NCTVM.sum(4).flatten(1))
        return said


def network(name: str, takes: Takes, build: Callable[..., nn.Module], channels: int) -> Network:
    half = (0.4,) * channels
    return Network(
        name=name,
        title=name,
        build=build,
        takes=takes,
        classes=3,
        parameters=0,
        source="tests",
        mean=half,
        deviation=half,
    )


MADE = (
    network("looking", Takes.VIDEO, lambda *, num_classes: Looking(3, num_classes), 3),
    network("flowing", Takes.VIDEO, lambda *, num_classes: Looking(2, num_classes), 2),
    network("posing", Takes.SKELETON, lambda *, num_classes, graph: Posing(graph, num_classes), 3),
)
PICTURES = replace(TSN_RGB, network="looking", options={}, moments=MOMENTS, side=SIDE)
FLOW = replace(
    TSN_FLOW,
    network="flowing",
    options={},
    clip=ClipRecipe(reads=Reads.FLOW, moments=MOMENTS, frames=2, side=SIDE),
    moments=MOMENTS,
    side=SIDE,
)
POSES = replace(AS_GCN, network="posing", moments=MOMENTS, link_epochs=0)


@pytest.fixture(autouse=True)
def there(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in MADE:
        monkeypatch.setitem(NETWORKS, each.name, each)


def trained(recipe: NetworkRecipe) -> NetworkModel:
    return untaught(recipe, {"7": "lift", "5": "carry", "9": "drop"})


def saved(recipe: NetworkRecipe, folder: Path) -> Path:
    (folder / "model").write_bytes(trained(recipe).to_bytes())
    return folder / "model"


def said(path: Path, x: Tensor) -> Any:
    """The classes' shares, by ONNX Runtime."""
    runtime = import_module("onnxruntime").InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (logits_BC,) = runtime.run(["logits"], {"x": x.numpy()})
    return torch.from_numpy(logits_BC).double().softmax(1)[0].numpy()


def clip(channels: int, frames: int) -> tuple[ClipPack, Tensor]:
    """A pack of noise, and its pixels as the file takes them."""
    levels = np.random.default_rng(1).integers(0, 256, (MOMENTS * frames, SIDE, SIDE, channels), np.uint8)
    pack = ClipPack(np.arange(MOMENTS, dtype=np.int32), channels, tuple(map(packed, levels)), "a" * 64)
    x_BCTHW = torch.from_numpy(pack.at(range(MOMENTS))).flatten(0, 1).permute(3, 0, 1, 2)[None]
    kind = Kind.FLOW if channels == 2 else Kind.PICTURES
    shown = Pipeline("same", (Resize(SIDE),))(Clips(x_BCTHW, kind), [np.random.default_rng(0)])
    return pack, shown.x


@pytest.mark.parametrize(("recipe", "channels", "frames"), [(PICTURES, 3, 1), (FLOW, 2, 2)])
def test_it_says_what_the_app_says(recipe: NetworkRecipe, channels: int, frames: int, tmp_path: Path) -> None:
    made = to_onnx(exportable(saved(recipe, tmp_path)), tmp_path / "app.onnx")
    pack, x_BCTHW = clip(channels, frames)
    assert made.shape == x_BCTHW.shape[1:]
    there = trained(recipe).answer(pack, MOMENTS).p_C
    np.testing.assert_allclose(said(made.path, x_BCTHW), there, rtol=1e-4)


def test_poses_go_in_about_their_own_middle(tmp_path: Path) -> None:
    made = to_onnx(exportable(saved(POSES, tmp_path)), tmp_path / "app.onnx")
    joints_TMV3 = np.random.default_rng(3).uniform(0.2, 1, (POSES.moments, 2, BODIES, 3)).astype(np.float32)
    poses = Poses(
        np.arange(POSES.moments, dtype=np.int32), np.arange(2, dtype=np.int32), joints_TMV3, "cpm14", 100, 100
    )
    model = trained(POSES)
    view, _ = model.viewer.testing(poses, POSES.moments)
    assert made.shape == view.shape
    there = model.answer(poses, POSES.moments).p_C
    np.testing.assert_allclose(said(made.path, view[None]), there, rtol=1e-4)


def test_the_verb_tells_names_and_ids_of_its_classes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "app.onnx"
    assert cli.main(["export", str(saved(POSES, tmp_path)), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["classes"], told["outputs"]) == (["lift", "carry", "drop"], ["logits"])
    facts = import_module("onnxruntime").InferenceSession(str(out)).get_modelmeta().custom_metadata_map
    assert json.loads(facts["classes"]) == ["lift", "carry", "drop"]
    assert (facts["ids"], facts["recipe"], facts["takes"]) == ("7,5,9", "as_gcn", "x_NCTVM")


def test_a_model_that_tells_features_is_no_network(ran: Ran) -> None:
    (model,) = ran.out.glob("model*.safetensors")
    with pytest.raises(NotExported, match=r"recipe \w+, which does not go from pixels to classes in one"):
        exportable(model)
