"""An exported network says what the network says, for any number of clips, or there is no file."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.fit.small import CLASSES, FRAMES, RECIPE, SIDE, Small
from training.ml import cli
from training.ml.export import onnx
from training.ml.export.exportable import NotExported, fitted_one
from training.ml.export.onnx import to_onnx
from training.ml.export.whole import example_of, whole_of
from training.ml.fit.model import Fitted
from training.ml.fit.network import network_of
from training.ml.models.skeleton.tcn import OneShotTCN
from training.ml.recipes.published import published

pytestmark = pytest.mark.usefixtures("small")


@pytest.fixture(scope="module")
def model() -> Fitted:
    torch.manual_seed(4)
    return Fitted(RECIPE, CLASSES, Small(len(CLASSES)).eval())


@pytest.fixture(scope="module")
def exported(model: Fitted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return to_onnx(fitted_one(model), tmp_path_factory.mktemp("onnx") / "small.onnx").path


def session_of(path: Path) -> Any:
    return import_module("onnxruntime").InferenceSession(str(path), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_any_number_of_clips_has_the_networks_logits(model: Fitted, exported: Path, batch: int) -> None:
    x = torch.rand(batch, 3, FRAMES, SIDE, SIDE, generator=torch.Generator().manual_seed(batch))
    (said_BC,) = session_of(exported).run(["logits"], {"x": x.numpy()})
    with torch.inference_mode():
        np.testing.assert_allclose(said_BC, whole_of(model)(x).numpy(), rtol=1e-4, atol=1e-6)


def test_pixels_are_normalised_in_the_file(model: Fitted, exported: Path) -> None:
    x = torch.full((1, 3, FRAMES, SIDE, SIDE), 0.45)
    (said_BC,) = session_of(exported).run(["logits"], {"x": x.numpy()})
    with torch.inference_mode():
        np.testing.assert_allclose(said_BC, model.network(torch.zeros_like(x)).numpy(), rtol=1e-4, atol=1e-6)


def test_it_tells_the_classes_in_the_order_of_the_logits(exported: Path) -> None:
    told = session_of(exported).get_modelmeta().custom_metadata_map
    assert json.loads(told["classes"]) == list(CLASSES)
    assert (told["takes"], told["recipe"]) == ("x_BCTHW", RECIPE.name)


def test_the_example_has_gone_the_way_of_a_recording(model: Fitted) -> None:
    example = example_of(model, 2)
    assert example.shape == (2, 3, FRAMES, SIDE, SIDE)
    assert 0 <= example.min() < example.max() <= 1
    assert not torch.equal(example[0], example[1])


class Branching(nn.Module):
    """Does something else for dark clips, which no graph holds."""

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        if float(x_BCTHW.mean()) > 0:
            return x_BCTHW.mean((2, 3, 4))
        return x_BCTHW.amax((2, 3, 4))


def test_what_cannot_be_written_says_so_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotExported, match="This network cannot be written as ONNX: "):
        to_onnx(fitted_one(Fitted(RECIPE, CLASSES, Branching())), tmp_path / "branching.onnx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_says_other_than_the_network_is_not_kept(
    model: Fitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "small.onnx"
    old.write_bytes(b"of yesterday")
    monkeypatch.setattr(onnx, "TOLERANCE", 0.0)
    with pytest.raises(NotExported, match=r"The file says other than the network, by up to .* not kept"):
        to_onnx(fitted_one(model), old)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"of yesterday"]


def test_without_its_packages_it_says_how_to_get_them(
    model: Fitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx, "find_spec", lambda name: None if name == "onnxscript" else name)
    with pytest.raises(NotExported, match=r"need the packages onnxscript: pip install -r requirements-onnx"):
        to_onnx(fitted_one(model), tmp_path / "small.onnx")


def test_the_verb_writes_and_tells(model: Fitted, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model.save(tmp_path / "model.safetensors")
    out = tmp_path / "small.onnx"
    assert cli.main(["export", str(tmp_path / "model.safetensors"), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["shape"] == ["batch", 3, FRAMES, SIDE, SIDE]
    assert told["classes"] == list(CLASSES)
    assert (told["bytes"], told["difference"] < onnx.TOLERANCE) == (out.stat().st_size, True)


def test_a_place_that_takes_no_file_is_told_as_such(
    model: Fitted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model.save(tmp_path / "model.safetensors")
    out = tmp_path / "nowhere" / "small.onnx"
    assert cli.main(["export", str(tmp_path / "model.safetensors"), "--out", str(out)]) == 1
    assert f"{out}.part cannot be read or written: No such file" in capsys.readouterr().err


def test_the_verb_refuses_what_is_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    assert cli.main(["export", str(tmp_path / "model.safetensors"), "--out", str(tmp_path / "x.onnx")]) == 1
    assert "cannot be read as a model" in capsys.readouterr().err


class Fixed(nn.Module):
    """Holds on to the number of clips that it was exported with."""

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        return x_BCTHW.reshape(len(x_BCTHW), -1)[:, :3]


def test_a_file_that_takes_one_number_of_clips_only_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(NotExported, match=r"on 1 clips|cannot be written"):
        to_onnx(fitted_one(Fitted(RECIPE, CLASSES, Fixed())), tmp_path / "fixed.onnx")
    assert list(tmp_path.iterdir()) == []


def test_the_one_shot_tcn_says_where_a_clip_lies_too(tmp_path: Path) -> None:
    recipe = published("one_shot_ntu120")
    model = Fitted(recipe, CLASSES, network_of(recipe, len(CLASSES)).eval())
    made = to_onnx(fitted_one(model), tmp_path / "tcn.onnx")
    assert isinstance(model.network, OneShotTCN)
    x_NCTVM = torch.randn(2, *made.shape, generator=torch.Generator().manual_seed(5))
    x_NCTVM[0, :, 20:] = 0
    logits_NC, place_ND = session_of(made.path).run(["logits", "embedding"], {"x": x_NCTVM.numpy()})
    with torch.inference_mode():
        np.testing.assert_allclose(logits_NC, model.network(x_NCTVM).numpy(), rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(place_ND, model.network.embed(x_NCTVM).numpy(), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(place_ND, axis=1), 1, rtol=1e-5)
