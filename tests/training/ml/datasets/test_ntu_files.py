"""Skeleton files are read number by number, and what is wrong with one is told with its line."""

import os
from pathlib import Path

import numpy as np
import pytest

from tests.training.ml.datasets.ntu_texts import joint, recording
from training.ml.datasets.ntu_files import read_recording
from training.ml.errors import BadFile
from training.ml.skeletons.bodies import main_bodies

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[5] / "shared"))
OPEN = SHARED / "data/skeleton_ntu_samples/open"
TWO = recording([[(7, 0.5)], [(7, 0.6), (9, -1.0)], []])
"""Line 5 is the first joint of body 7, line 58 the head of body 9."""


def written(folder: Path, lines: list[str], end: str = "\r\n") -> Path:
    path = folder / "S001C001P001R001A011.skeleton"
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_number_is_where_it_belongs(tmp_path: Path, end: str) -> None:
    found = read_recording(written(tmp_path, TWO, end))
    assert found.joints_TMVF.shape == (3, 2, 25, 12)
    assert found.ids_TM.tolist() == [[7, 0], [7, 9], [0, 0]]
    assert found.joints_TMVF[1, 1, 24].tolist() == [float(n) for n in joint(-1.0, 24.0, 3.0).split()]
    x_CTVM = found.world()
    assert x_CTVM.shape == (3, 3, 25, 2)
    assert x_CTVM.dtype == np.float32
    assert x_CTVM[:, 1, 8, 0].tolist() == pytest.approx([0.6, 8, 3])
    assert not x_CTVM[:, 0, :, 1].any(), "zeros where nobody is"
    assert not x_CTVM[:, 2].any()


def test_a_file_may_show_nobody(tmp_path: Path) -> None:
    assert read_recording(written(tmp_path, recording([[], []]))).world().shape == (3, 2, 25, 0)


def test_blank_lines_may_follow(tmp_path: Path) -> None:
    assert len(read_recording(written(tmp_path, [*TWO, "", " "])).ids_TM) == 3


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        (1, "three", r'Line 1 .* is "three", where the number of frames belongs'),
        (2, "-1", r'Line 2 .* is "-1", where the number of a frame\'s bodies belongs'),
        (3, "7 0 1 1 1 1 0 -0.11 0.14", r"Line 3 .* has 9 numbers, where a body has 10"),
        (3, "7.5 0 1 1 1 1 0 -0.11 0.14 2", r'Line 3 .* has the id "7.5"'),
        (4, "24", r"Line 4 .* says 24 joints, where a body has 25"),
        (9, "1 2 3", r"Line 9 .* has 3 numbers, where a joint has 12"),
        (9, joint(1, 2, 3).replace("276.1", "x"), r"Line 9 .* holds something else than numbers"),
        (10, joint(1, 2, float("nan")), r"Line 10 .* has an x, y or z that is not finite"),
        (11, joint(1, 2, 3, 5), r"Line 11 .* does not end in 0, 1 or 2"),
        (58, "7 0 1 1 1 1 0 -0.11 0.14 2", r"Line 58 .* has the body 7 a second time"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, line: int, text: str, said: str) -> None:
    lines = list(TWO)
    lines[line - 1] = text
    with pytest.raises(BadFile, match=said.replace(".*", r"of S001C001P001R001A011\.skeleton", 1)):
        read_recording(written(tmp_path, lines))


def test_a_file_ends_where_its_frames_do(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="ends after line 60, where a joint belongs"):
        read_recording(written(tmp_path, TWO[:60]))
    with pytest.raises(BadFile, match="ends after line 1, where the number of a frame's bodies belongs"):
        read_recording(written(tmp_path, TWO[:1]))
    with pytest.raises(BadFile, match=r"Line 87 of .* goes on after its 3 frames"):
        read_recording(written(tmp_path, [*TWO, "", "0"]))


def test_where_another_camera_sees_a_joint_may_be_nowhere(tmp_path: Path) -> None:
    lines = list(TWO)
    lines[4] = lines[4].replace("276.1", "-inf")
    assert read_recording(written(tmp_path, lines)).joints_TMVF[0, 0, 0, 3] == -np.inf


def test_what_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.skeleton"
    with pytest.raises(BadFile, match=r"a\.skeleton cannot be read"):
        read_recording(path)
    path.write_bytes(b"3\n\xff\n")
    with pytest.raises(BadFile, match=r"Line 2 of a\.skeleton is not UTF-8"):
        read_recording(path)


@pytest.mark.footage
def test_real_files_have_their_frames_and_bodies() -> None:
    if not OPEN.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no skeletons of NTU RGB+D")
    x_CTVM = read_recording(OPEN / "S001C003P008R002A058.skeleton").world()
    assert x_CTVM.shape == (3, 70, 25, 2), "as the study of the format says"
    for path in OPEN.glob("*.skeleton"):
        x_CTVM = main_bodies(read_recording(path).world())
        assert x_CTVM.shape[2:] == (25, 2)
        head_T, foot_T = (x_CTVM[1, :, joint, 0] for joint in (3, 15))
        assert 1.0 < np.median(head_T - foot_T) < 2.0, "a person's height in metres"
