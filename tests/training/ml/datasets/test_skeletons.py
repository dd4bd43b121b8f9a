"""Every file of joints is read by its name, on a skeleton that is known."""

import os
from pathlib import Path

import numpy as np
import pytest

from tests.training.ml.datasets.mat_files import write_mat
from training.ml.datasets import read_dataset
from training.ml.datasets.base import Holds, Sample
from training.ml.datasets.frames import WrongRange
from training.ml.datasets.skeletons import FOLDER, FORMATS, read_skeletons
from training.ml.errors import BadFile
from training.ml.models.skeleton.graphs import GRAPHS, graph_named
from training.ml.models.skeleton.layouts import KINECT20, MSR20, UTD20
from training.ml.pose.poses import Poses

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[5] / "shared"))
JOINTS = np.random.default_rng(0).normal(size=(20, 3, 9))


def sample(path: Path, **changes: object) -> Sample:
    return Sample(path=path, label="", holds=Holds.SKELETON, **changes)  # type: ignore[arg-type]


def test_a_sample_is_read_whole_or_by_its_frames(tmp_path: Path) -> None:
    path = write_mat(tmp_path / "a1_s1_t1_skeleton.mat", d_skel=JOINTS)
    whole = read_skeletons(sample(path))
    assert (whole.layout, whole.x_CTVM.shape) == ("utd20", (3, 9, 20, 1))
    part = read_skeletons(sample(path, start=2, end=5))
    np.testing.assert_array_equal(part.x_CTVM, whole.x_CTVM[:, 2:5])


def test_poses_of_a_video_are_read_with_the_skeleton_that_they_have(tmp_path: Path) -> None:
    joints_TMV3 = np.random.default_rng(0).random((4, 2, 14, 3), np.float32)
    numbers, people = np.arange(4, dtype=np.int32), np.arange(2, dtype=np.int32)
    Poses(numbers, people, joints_TMV3, "cpm14", 64, 48).save(tmp_path / "a.safetensors")
    found = read_skeletons(sample(tmp_path / "a.safetensors", start=1, end=3))
    assert (found.layout, found.x_CTVM.shape) == ("cpm14", (3, 2, 14, 2))
    np.testing.assert_array_equal(found.x_CTVM[:, 1, 5, 0], joints_TMV3[2, 0, 5])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": 2, "end": 10}, r"\[2, 10\) does not lie in its recording of 9 frames"),
        ({"start": -2}, "does not lie in its recording of 9 frames"),
        ({"seconds": (0.0, 1.0)}, "says seconds, and files of joints have no clock"),
    ],
)
def test_frames_that_are_not_there_are_refused(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    path = write_mat(tmp_path / "a1_s1_t1_skeleton.mat", d_skel=JOINTS)
    with pytest.raises(WrongRange, match=said):
        read_skeletons(sample(path, **changes))


def test_a_file_of_another_name_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"a\.bvh is no known file of joints; known endings are: \.skeleton, "):
        read_skeletons(sample(tmp_path / "a.bvh"))


def test_every_format_has_a_graph() -> None:
    for layout in (FOLDER[0], *(layout for layout, _ in FORMATS.values())):
        assert graph_named(layout).joints


def test_kinects_of_twenty_joints_differ_in_their_order_alone() -> None:
    named = {name: graph_named(name) for name in ("utd20", "kinect20", "msr20")}
    assert set(UTD20) == set(KINECT20) == set(MSR20)

    def bones(name: str) -> set[frozenset[str]]:
        graph = GRAPHS[name]
        return {frozenset(graph.joints[end] for end in bone) for bone in graph.bones}

    assert bones("kinect20") == bones("msr20")
    assert named["kinect20"].joints[named["kinect20"].root] == named["msr20"].joints[named["msr20"].root]


@pytest.mark.footage
@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("ntu60", "skeleton_ntu_samples"),
        ("utd_mhad", "skeleton_utd_mhad"),
        ("openpose", "skeleton_openpose_body25"),
    ],
)
def test_real_files_are_read(name: str, folder: str) -> None:
    root = SHARED / "data" / folder / "open"
    if not root.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no skeletons")
    for each in read_dataset(name, root).samples[::10]:
        found = read_skeletons(each)
        assert found.x_CTVM.any()
        assert found.x_CTVM.shape[2] == len(graph_named(found.layout).joints)
