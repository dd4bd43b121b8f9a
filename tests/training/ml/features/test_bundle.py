"""What several parts keep of a clip lies in one file, from which each reads its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.ml.engine.network.test_poses import poses_for
from tests.training.ml.house import drawn
from training.ml.errors import BadFile
from training.ml.features.bundle import ClipBundle, Kept
from training.ml.features.clip import ClipFeatures
from training.ml.pose.poses import Poses

MOTION, LIMBS = drawn("00000001", 0), poses_for("00000001", 1)


def bundle() -> ClipBundle:
    parts: dict[str, Kept] = {"motion": MOTION, "limbs": LIMBS}
    return ClipBundle.of(parts, {"third": "Too little."}, recipe="a" * 64, weights="none+b")


def test_each_part_reads_its_own_file(tmp_path: Path) -> None:
    bundle().save(tmp_path / "clip")
    found = ClipBundle.load(tmp_path / "clip")
    assert (found.recipe, found.weights, found.missing) == ("a" * 64, "none+b", {"third": "Too little."})
    assert len(found) == 20
    paths = found.unpack(tmp_path / "room", "clip")
    assert list(paths) == ["motion", "limbs"]
    assert (ClipFeatures.load(paths["motion"]).descriptors_MP == MOTION.descriptors_MP).all()
    assert (Poses.load(paths["limbs"]).joints_TMV3 == LIMBS.joints_TMV3).all()


def test_equal_bundles_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        bundle().save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_what_is_damaged_is_told(tmp_path: Path) -> None:
    bundle().save(tmp_path / "clip")
    (tmp_path / "cut").write_bytes((tmp_path / "clip").read_bytes()[:-5])
    with pytest.raises(BadFile, match="bundle of a clip cut cannot be read"):
        ClipBundle.load(tmp_path / "cut")
    whole = bundle()
    replace(whole, files={}).save(tmp_path / "empty")
    with pytest.raises(BadFile, match="is not whole"):
        ClipBundle.load(tmp_path / "empty")
