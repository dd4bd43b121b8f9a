"""A table of labels is a data set with every column that samples can be parted by."""

import os
from collections import Counter
from pathlib import Path

import pytest

from training.ml.datasets import Holds, read_dataset
from training.ml.errors import BadFile

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[6] / "shared"))


def write(root: Path, text: str) -> Path:
    (root / "labels.csv").write_text(text)
    return root


def test_columns_are_taken_by_name(tmp_path: Path) -> None:
    write(
        tmp_path,
        "label;File;subject;camera;view;setup;sequence;split;start;end;gender\n"
        "run;a/b.mp4;S1;gate;left;3;seq7;test;10;20;F\n"
        "walk;c.skeleton;S2\n",
    )
    found = read_dataset("labels_csv", tmp_path)
    one, two = found.samples
    assert (one.path, one.label, one.start, one.end) == (tmp_path / "a/b.mp4", "run", 10, 20)
    assert (one.subject, one.camera, one.view, one.setup, one.group) == ("S1", "gate", "left", "3", "seq7")
    assert (two.holds, two.subject, two.start, two.split) == (Holds.SKELETON, "S2", None, "")
    assert found.test == (one,)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("file,name\na,b\n", 1, "names no column label"),
        ("file,label,label\n", 1, "names the column label twice"),
        ("file,label,group,sequence\n", 1, "names group and sequence, which are the same here"),
        ("file,label\na.mp4\n", 2, "has no label"),
        ("file,label\na.mp4,run\n,run\n", 3, "has no file"),
        ("file,label\na.mp4,run,more\n", 2, "has 3 values where 2 columns are named"),
        ("file,label,start,end\na.mp4,run,3,\n", 2, 'has start "3" and end ""'),
        ("file,label,start,end\na.mp4,run,3,1.5\n", 2, 'has start "3" and end "1.5"'),
        ("file,label,start,end\na.mp4,run,3,3\n", 2, "ends at frame 3, which is not after its start 3"),
        ("file,label,split\na.mp4,run,mine\n", 2, 'has the split "mine" and none of train, val, test'),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(BadFile, match=rf"Line {line} of labels\.csv {said}"):
        read_dataset("labels_csv", write(tmp_path, text))


def test_a_table_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"labels\.csv names no file"):
        read_dataset("labels_csv", write(tmp_path, "file,label\n"))


@pytest.mark.footage
def test_real_actions_part_into_eight_and_four_people() -> None:
    folder = SHARED / "data/biisc_actions/open"
    if not folder.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no actions")
    tested: Counter[str] = Counter()
    for at in (1, 2, 3):
        found = read_dataset("labels_csv", folder, protocol=f"cross-subject-{at}-of-3")
        assert len(found.train) + len(found.test) == 216
        assert len({sample.subject for sample in found.test}) == 4
        assert {found.number(sample) for sample in found.test} == set(range(8))
        assert not found.missing
        tested.update(sample.path.name for sample in found.test)
    assert set(tested.values()) == {1}
    assert len(tested) == 216
    assert len(read_dataset("labels_csv", folder, protocol="cross-view=LFT").train) > 100
