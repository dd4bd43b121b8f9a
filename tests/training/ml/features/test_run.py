"""The child process's entry point: a file a clip, and a sentence for each that cannot be read."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.training.ml.features.footage import make_proxy
from training.ml.errors import BadFile
from training.ml.features.clip import ClipFeatures
from training.ml.features.run import run
from training.ml.recipes import find_recipe
from training.ml.recipes.base import UnknownRecipe


def told(params: dict[str, Any], out: Path) -> tuple[dict[str, Any], list[float]]:
    fractions: list[float] = []
    result = run(params, out, lambda fraction, stage, **facts: fractions.append(fraction))
    return result["clips"], fractions


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_proxy(tmp_path_factory.mktemp("footage"), frames=6)


def asked(proxy: Path, *names: str, end: int = 4) -> dict[str, Any]:
    clips = [{"name": name, "proxy": str(proxy), "start": 0, "end": end, "fps": 25.0} for name in names]
    return {"clips": clips, "recipe": "smart_motion", "weights": ""}


def test_each_clip_becomes_a_file_that_is_told_of(proxy: Path, tmp_path: Path) -> None:
    clips, fractions = told(asked(proxy, "k1", "k2"), tmp_path)
    assert list(clips) == ["k1", "k2"]
    assert fractions == [0.0, 0.5]
    for name, facts in clips.items():
        content = (tmp_path / f"{name}.safetensors").read_bytes()
        assert facts["bytes"] == len(content)
        assert facts["sha256"] == hashlib.sha256(content).hexdigest()
        assert facts["candidates"] == 4
        assert facts["seconds"] >= 0
    loaded = ClipFeatures.load(tmp_path / "k1.safetensors")
    assert loaded.recipe == find_recipe("smart_motion").feature_fingerprint("")


def test_a_bad_clip_is_told_of_and_spoils_no_other(proxy: Path, tmp_path: Path) -> None:
    params = asked(proxy, "good", end=1)
    params["clips"] = [
        asked(tmp_path / "gone.mp4", "gone")["clips"][0],
        asked(proxy, "long", end=99)["clips"][0],
        *params["clips"],
    ]
    clips, _ = told(params, tmp_path)
    assert clips["gone"] == {"error": "The proxy gone.mp4 cannot be opened."}
    assert clips["long"]["error"].startswith("The clip lies outside its video: frames 0..98")
    assert clips["good"]["candidates"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["good.safetensors"]


def test_an_unknown_recipe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownRecipe, match="no recipe named other"):
        told({"clips": [], "recipe": "other", "weights": ""}, tmp_path)


def test_damaged_weights_are_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "mobilenet_v2-b0353104.pth").write_bytes(b"half of it")
    with pytest.raises(BadFile, match="are damaged"):
        told({"clips": [], "recipe": "smart_motion", "weights": str(tmp_path)}, tmp_path)
