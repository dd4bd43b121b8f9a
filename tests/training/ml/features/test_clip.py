"""A features file holds exactly what was put in, in bytes that depend on nothing else."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from tests.training.ml.house import drawn
from training.ml.errors import BadFile
from training.ml.features.clip import DESCRIPTOR_DIM, ClipFeatures
from training.ml.features.motion import CHANNEL_DIMS, CHANNELS, Motion


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    clip = drawn("a", 1)
    clip.save(tmp_path / "a.safetensors")
    loaded = ClipFeatures.load(tmp_path / "a.safetensors")
    for field in fields(ClipFeatures):
        before, after = getattr(clip, field.name), getattr(loaded, field.name)
        if before is None or isinstance(before, str):
            assert after == before
        else:
            assert after.dtype == before.dtype
            np.testing.assert_array_equal(after, before)
    assert len(loaded) == len(clip.ordinals_N)


def test_a_glance_is_loaded_with_its_clip(tmp_path: Path) -> None:
    clip = drawn("a", 1, recipe="smart_glance")
    clip.save(tmp_path / "a.safetensors")
    loaded = ClipFeatures.load(tmp_path / "a.safetensors").glance
    assert clip.glance is not None
    assert loaded is not None
    for field in fields(Motion):
        np.testing.assert_array_equal(getattr(loaded, field.name), getattr(clip.glance, field.name))


def test_half_a_glance_is_refused(tmp_path: Path) -> None:
    drawn("a", 1, recipe="smart_glance").save(tmp_path / "a.safetensors")
    with safe_open(tmp_path / "a.safetensors", framework="numpy") as file:
        kept = {name: file.get_tensor(name) for name in file.keys() if name != "glance_owner_M"}  # noqa: SIM118
        save_file(kept, tmp_path / "half.safetensors", metadata=file.metadata())
    with pytest.raises(BadFile, match=r"half\.safetensors lacks glance_owner_M"):
        ClipFeatures.load(tmp_path / "half.safetensors")


def test_equal_features_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        drawn("same", 1).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"], "no half file is left"


def test_a_descriptor_is_as_long_as_its_channels() -> None:
    assert len(CHANNELS) == len(CHANNEL_DIMS)
    assert drawn("a", 1).descriptors_MP.shape[1] == DESCRIPTOR_DIM


@pytest.mark.parametrize("content", [b"", b"not at all features", b"\xff" * 64])
def test_another_file_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.safetensors"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=r"features file odd\.safetensors cannot be read"):
        ClipFeatures.load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        ClipFeatures.load(tmp_path / "nowhere.safetensors")


def test_a_file_that_lacks_a_part_is_refused_by_the_part(tmp_path: Path) -> None:
    path = tmp_path / "part.safetensors"
    save_file({"ordinals_N": np.zeros(3, np.int32)}, path)
    with pytest.raises(BadFile, match="lacks appearance_ND, concept_NK"):
        ClipFeatures.load(path)


def test_a_part_of_another_type_is_refused(tmp_path: Path) -> None:
    clip = drawn("a", 1)
    clip.save(tmp_path / "a")
    arrays = {
        field.name: getattr(clip, field.name)
        for field in fields(ClipFeatures)
        if field.name not in ("recipe", "weights", "glance")
    }
    save_file(arrays | {"motion_N": clip.motion_N.astype(np.float64)}, tmp_path / "b")
    with pytest.raises(BadFile, match="lacks motion_N"):
        ClipFeatures.load(tmp_path / "b")


def test_a_file_that_does_not_name_its_recipe_is_refused(tmp_path: Path) -> None:
    clip = drawn("a", 1)
    arrays = {
        field.name: getattr(clip, field.name)
        for field in fields(ClipFeatures)
        if field.name not in ("recipe", "weights", "glance")
    }
    save_file(arrays, tmp_path / "a")
    with pytest.raises(BadFile, match="lacks its recipe"):
        ClipFeatures.load(tmp_path / "a")
