"""A clip's poses come from its proxy, by the numbers of frames."""

import os
from pathlib import Path

import numpy as np
import pytest

from curation.media.decode import decode_pass
from curation.media.proxies import ProxySink
from training.ml.errors import TooLittle
from training.ml.pose.network import WEIGHTS, PoseNetwork
from training.ml.pose.video import read_poses

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[5] / "shared"))
FRAMES = 12


@pytest.fixture(scope="module")
def network() -> PoseNetwork:
    if not (SHARED / "weights" / WEIGHTS).is_file():
        pytest.skip("footage: RUSHES_SHARED has no pose network")
    return PoseNetwork(SHARED / "weights")


def proxy_of(recording: Path, folder: Path) -> Path:
    decode_pass(recording, [ProxySink(folder / "proxy720.mp4", 720)])
    return folder / "proxy720.mp4"


@pytest.mark.footage
@pytest.mark.parametrize(
    ("pattern", "people"),
    [("biisc_actions/open/S001_M_WAVE_STD_FCE.avi", 1), ("ut_interaction/open/set1_17_3_0.avi", 2)],
)
def test_as_many_people_as_there_are_keep_their_places(
    network: PoseNetwork, tmp_path: Path, pattern: str, people: int
) -> None:
    recording = next((SHARED / "data").glob(pattern))
    proxy = proxy_of(recording, tmp_path)
    poses = read_poses(proxy, 2, 2 + FRAMES, network=network, every=3)
    assert poses.ordinals_T.tolist() == list(range(2, 2 + FRAMES, 3))
    assert poses.joints_TMV3.shape == (FRAMES // 3, people, 14, 3)
    assert (poses.joints_TMV3[..., 1, 2] > 0).mean() > 0.9, "of necks"
    assert (poses.joints_TMV3[..., :2].max((0, 1, 2)) < (poses.width, poses.height)).all()
    necks_TM2 = poses.joints_TMV3[..., 1, :2]
    assert np.abs(np.diff(necks_TM2, axis=0)).max() < 0.2 * poses.height
    assert (poses.layout, poses.weights) == ("cpm14", network.sha256)


@pytest.mark.footage
def test_no_frames_and_no_step_are_refused(network: PoseNetwork, tmp_path: Path) -> None:
    for start, end, every in ((5, 5, 1), (0, 5, 0)):
        with pytest.raises(TooLittle, match="give a longer clip"):
            read_poses(tmp_path / "proxy.mp4", start, end, network=network, every=every)
