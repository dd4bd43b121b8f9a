"""UTD-MHAD's recordings are known by their names, and their joints are put in order."""

import os
from pathlib import Path

import numpy as np
import pytest

from tests.training.ml.datasets.mat_files import write_mat
from training.ml.datasets import Holds, read_dataset
from training.ml.datasets.readers.utd_mhad import CLASSES, PUBLISHED, read_joints
from training.ml.errors import BadFile

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[6] / "shared"))
OPEN = SHARED / "data/skeleton_utd_mhad/open"


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).touch()
    return root


def test_names_tell_action_subject_and_take(tmp_path: Path) -> None:
    touch(tmp_path, "a27_s2_t1_skeleton.mat", "a3_s1_t4_skeleton.mat", "a3_s10_t1_skeleton.mat")
    found = read_dataset("utd_mhad", tmp_path)
    assert found.classes == ("wave", "squat"), "the classes that are there, in the order of their numbers"
    assert [(s.label, s.subject, s.group, s.holds) for s in found.samples] == [
        ("wave", "s1", "s1 take 4", Holds.SKELETON),
        ("wave", "s10", "s10 take 1", Holds.SKELETON),
        ("squat", "s2", "s2 take 1", Holds.SKELETON),
    ]


def test_odd_subjects_are_learned_from_and_even_ones_tested(tmp_path: Path) -> None:
    touch(tmp_path, *(f"a1_s{subject}_t1_skeleton.mat" for subject in range(1, 9)))
    found = read_dataset("utd_mhad", tmp_path)
    assert [sample.subject for sample in found.train] == ["s1", "s3", "s5", "s7"]
    assert [sample.subject for sample in found.test] == ["s2", "s4", "s6", "s8"]


def test_the_whole_set_has_its_published_size(tmp_path: Path) -> None:
    names = [f"a{a}_s{s}_t{t}_skeleton.mat" for a in range(1, 28) for s in range(1, 9) for t in range(1, 5)]
    assert all(check.holds for check in read_dataset("utd_mhad", touch(tmp_path, *names[:PUBLISHED])).checks)
    assert len(CLASSES) == 27


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a28_s1_t1_skeleton.mat", r"a28_s1_t1_skeleton\.mat is of action 28; there are 1 to 27"),
        ("a1_s1_skeleton.mat", r"a1_s1_skeleton\.mat is not named aN_sN_tN_skeleton\.mat"),
    ],
)
def test_another_name_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read_dataset("utd_mhad", touch(tmp_path, name))


def test_two_files_of_one_name_and_no_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"No file named aN_sN_tN_skeleton\.mat lies in"):
        read_dataset("utd_mhad", tmp_path)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        touch(tmp_path / folder, "a1_s1_t1_skeleton.mat")
    with pytest.raises(BadFile, match="have one name: keep one of them"):
        read_dataset("utd_mhad", tmp_path)


def test_joints_come_in_the_order_of_networks(tmp_path: Path) -> None:
    d_skel = np.random.default_rng(0).normal(size=(20, 3, 7))
    x_CTVM = read_joints(write_mat(tmp_path / "a.mat", d_skel=d_skel))
    assert x_CTVM.shape == (3, 7, 20, 1)
    assert x_CTVM.dtype == np.float32
    np.testing.assert_allclose(x_CTVM[1, 4, 13, 0], d_skel[13, 1, 4], rtol=1e-6)


def test_other_joints_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"d_skel of a\.mat is 25 x 3 x 7"):
        read_joints(write_mat(tmp_path / "a.mat", d_skel=np.zeros((25, 3, 7))))
    with pytest.raises(BadFile, match=r"d_skel of b\.mat holds a number that is not finite"):
        read_joints(write_mat(tmp_path / "b.mat", d_skel=np.full((20, 3, 7), np.nan)))


@pytest.mark.footage
def test_real_people_stand_upright_before_the_camera() -> None:
    if not OPEN.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no UTD-MHAD")
    found = read_dataset("utd_mhad", OPEN, protocol="cross-subject=s4,s5")
    assert (len(found.train), len(found.test), len(found.classes)) == (144, 96, 12)
    labels = read_dataset("labels_csv", OPEN)
    assert {s.path.name: s.label for s in labels.samples} == {s.path.name: s.label for s in found.samples}
    for sample in found.samples[::20]:
        head_CT, foot_CT = (read_joints(sample.path)[:, :, joint, 0] for joint in (0, 15))
        assert (head_CT[1] - foot_CT[1]).max() > 0.8
        assert (head_CT[2] > 1).all()
