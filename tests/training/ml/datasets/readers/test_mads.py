"""MADS is cut into pieces of seconds, and parted by camera, sequence, or who moves where that is told."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.curation.media.sources import write_video
from tests.training.ml.datasets.mat_files import Numbers, write_mat
from training.ml.datasets import WrongProtocol, read_dataset
from training.ml.datasets.protocols import using
from training.ml.datasets.readers.mads import read_joints
from training.ml.errors import BadFile
from training.ml.skeletons.pieces import BadPieces


def poses(frames: int) -> list[Numbers]:
    return list(np.random.default_rng(frames).normal(size=(frames, 19, 3)))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sequences before two cameras, 10 frames a second; the second has no truth."""
    folder = tmp_path_factory.mktemp("mads")
    for name, frames in (("HipHop/HipHop_HipHop1", 45), ("Kata/Kata_F2", 30)):
        (folder / name).parent.mkdir()
        for camera in ("C0", "C1"):
            write_video(
                folder / f"{name}_{camera}.avi",
                range(frames),
                size=(64, 48),
                codec="mpeg4",
                time_base=Fraction(1, 25),
            )
    write_mat(folder / "HipHop/HipHop_HipHop1_GT.mat", GTpose2=poses(45))
    return folder


def test_videos_are_cut_by_seconds(root: Path) -> None:
    found = read_dataset("mads", root, seconds=0.8)
    cuts = [(s.path.name, s.start, s.end) for s in found.samples if s.camera == "C0"]
    assert cuts == [
        ("HipHop_HipHop1_C0.avi", 0, 20),
        ("HipHop_HipHop1_C0.avi", 20, 40),
        ("Kata_F2_C0.avi", 0, 20),
    ]
    assert found.classes == ("HipHop", "Kata")


def test_pieces_overlap_by_the_share_asked_for(root: Path) -> None:
    found = read_dataset("mads", root, seconds=0.8, overlap=0.5)
    starts = [s.start for s in found.samples if s.path.name == "HipHop_HipHop1_C1.avi"]
    assert starts == [0, 10, 20]
    with pytest.raises(BadPieces):
        read_dataset("mads", root, overlap=1.0)


def test_cameras_are_tested_in_turn(root: Path) -> None:
    found = read_dataset("mads", root)
    assert found.using == "cross-camera-1-of-2"
    assert {sample.camera for sample in found.test} == {"C0"}
    assert {sample.camera for sample in found.train} == {"C1"}


def test_who_moves_is_told_by_a_table_or_not_at_all(root: Path) -> None:
    with pytest.raises(WrongProtocol, match="tell no subject"):
        read_dataset("mads", root, protocol="cross-subject-1-of-2")
    table = root / "subjects.csv"
    try:
        table.write_text("sequence,subject\nHipHop_HipHop1,Ann\nKata_F2,Bob\n")
        found = read_dataset("mads", root, protocol="cross-subject-2-of-2")
        assert {sample.subject for sample in found.test} == {"Bob"}
        table.write_text("sequence,subject\nHipHop_HipHop1,Ann\n")
        said = [check.sentence for check in read_dataset("mads", root).checks if not check.holds]
        assert said[-1] == "subjects.csv tells no subject of Kata_F2."
        for wrong, line in (("name,who\n", 1), ("sequence,subject\nKata_F2\n", 2)):
            table.write_text(wrong)
            with pytest.raises(BadFile, match=rf"Line {line} of subjects\.csv"):
                read_dataset("mads", root)
    finally:
        table.unlink()


def test_truths_are_cut_like_their_videos(root: Path) -> None:
    found = read_dataset("mads_skeletons", root, seconds=0.8)
    assert [(s.path.name, s.start, s.end) for s in found.samples] == [
        ("HipHop_HipHop1_GT.mat", 0, 20),
        ("HipHop_HipHop1_GT.mat", 20, 40),
    ]


def test_truths_alone_need_their_frames_a_second(tmp_path: Path) -> None:
    for n in range(4):
        write_mat(tmp_path / f"Jazz_Jazz{n}_GT.mat", GTpose2=poses(30))
    with pytest.raises(
        BadFile, match=r"No video beside Jazz_Jazz0_GT\.mat tells its frames a second: give fps"
    ):
        read_dataset("mads_skeletons", tmp_path)
    found = read_dataset("mads_skeletons", tmp_path, fps=3.0)
    assert len(found.samples) == 8
    for at in (1, 2, 3):
        parted = using(found, f"cross-group-{at}-of-3")
        assert not {s.group for s in parted.train} & {s.group for s in parted.test}


def test_joints_that_are_not_known_are_zeros(tmp_path: Path) -> None:
    some = poses(3)
    some[1][4] = np.nan
    some[2] = np.zeros((0, 0))
    x_CTVM = read_joints(write_mat(tmp_path / "Jazz_Jazz1_GT.mat", GTpose2=some))
    assert x_CTVM.shape == (3, 3, 19, 1)
    np.testing.assert_allclose(x_CTVM[:, 0, :, 0], some[0].T, rtol=1e-6)
    assert not x_CTVM[:, 1, 4].any()
    assert x_CTVM[:, 1, 5].all()
    assert not x_CTVM[:, 2].any()


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        (
            [np.zeros((19, 3)), np.zeros((15, 3))],
            "Frame 1 of GTpose2 in a_GT.mat is 15 x 3; MADS has 19 joints",
        ),
        ([], "GTpose2 of a_GT.mat has no frame"),
    ],
)
def test_other_joints_are_refused(tmp_path: Path, frames: list[Numbers], said: str) -> None:
    with pytest.raises(BadFile, match=said.replace(".", r"\.")):
        read_joints(write_mat(tmp_path / "a_GT.mat", GTpose2=frames))


def test_names_and_videos_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    video = tmp_path / "Ballet_B1_C0.avi"
    video.write_bytes(b"no video")
    with pytest.raises(BadFile, match=r"Ballet_B1_C0\.avi is not named Category_Sequence_Camera\.avi"):
        read_dataset("mads", tmp_path)
    video.rename(tmp_path / "Jazz_Jazz1_C0.avi")
    with pytest.raises(BadFile, match=r"Jazz_Jazz1_C0\.avi: "):
        read_dataset("mads", tmp_path)
