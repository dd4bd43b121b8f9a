"""Poses are read as a recipe wants them, and a clip in which nobody is seen says so."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from curation.media.decode import decode_pass
from curation.media.proxies import ProxySink
from tests.training.ml.features.footage import FRAMES, make_proxy
from tests.training.ml.house import Heard
from training.ml.errors import BadFile
from training.ml.features.eyes import eye_of
from training.ml.features.posing import NOBODY, posed
from training.ml.features.run import run
from training.ml.pose.network import PoseNetwork
from training.ml.recipes.networks import AS_GCN
from training.ml.weights import POSE_WEIGHTS

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[5] / "shared"))
QUICK = replace(AS_GCN, clip=replace(AS_GCN.clip, moments=4))


@pytest.fixture(scope="module")
def weights() -> Path:
    if not (SHARED / "weights" / POSE_WEIGHTS).is_file():
        pytest.skip("footage: RUSHES_SHARED has no pose network")
    return SHARED / "weights"


def test_without_the_pose_network_it_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"manage\.py weights fetch cpm_pose14_192\.tflite --from FILE"):
        eye_of(AS_GCN, str(tmp_path))


def test_other_weights_make_other_features() -> None:
    assert AS_GCN.feature_fingerprint("a" * 64) != AS_GCN.feature_fingerprint("b" * 64)


@pytest.mark.footage
def test_at_most_so_many_frames_are_read_with_what_made_them(weights: Path, tmp_path: Path) -> None:
    recording = SHARED / "data" / "biisc_actions/open/S001_M_WAVE_STD_FCE.avi"
    decode_pass(recording, [ProxySink(tmp_path / "proxy720.mp4", 720)])
    network = PoseNetwork(weights)
    found = posed(tmp_path / "proxy720.mp4", 0, 60, 15.0, recipe=QUICK, network=network)
    assert 1 <= len(found) <= 4
    assert found.joints_TMV3.shape[1:] == (1, 14, 3)
    assert (found.weights, found.recipe) == (network.sha256, QUICK.feature_fingerprint(network.sha256))


@pytest.mark.footage
def test_a_clip_in_which_nobody_is_seen_is_told_and_spoils_no_other(weights: Path, tmp_path: Path) -> None:
    proxy = make_proxy(tmp_path)
    clip = {"name": "empty", "proxy": str(proxy), "start": 0, "end": FRAMES, "fps": 25.0}
    params = {"clips": [clip], "recipe": "as_gcn", "weights": str(weights)}
    assert run(params, tmp_path, Heard()) == {"clips": {"empty": {"error": NOBODY}}}
