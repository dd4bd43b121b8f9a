"""ActivityNet's segments are samples of their videos, and a wrong one names its line."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from training.ml.datasets import read_dataset
from training.ml.errors import BadFile

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[6] / "shared"))


def video(subset: str, *segments: tuple[str, Any]) -> dict[str, Any]:
    annotations = [{"label": label, "segment": segment} for label, segment in segments]
    return {"duration": 60.0, "subset": subset, "annotations": annotations}


VIDEOS: dict[str, Any] = {
    "one": video("training", ("Surfing", [1.5, 10]), ("Skiing", [20, 30.25])),
    "two": video("validation", ("Surfing", [0, 5])),
    "three": video("testing"),
}


def write(path: Path, whole: Any) -> Path:
    path.write_text(json.dumps(whole, indent=1))
    return path


def test_every_segment_is_a_sample(tmp_path: Path) -> None:
    write(tmp_path / "activity_net.v1-3.min.json", {"version": "1.3", "taxonomy": [], "database": VIDEOS})
    (tmp_path / "v_one.mp4").touch()
    found = read_dataset("activitynet", tmp_path)
    assert found.classes == ("Skiing", "Surfing")
    assert [(s.path.name, s.label, s.seconds, s.group) for s in found.train] == [
        ("v_one.mp4", "Surfing", (1.5, 10), "one"),
        ("v_one.mp4", "Skiing", (20, 30.25), "one"),
    ]
    assert [sample.path.name for sample in found.missing] == ["v_two.mp4"]
    assert not found.test
    assert "Videos without an annotation: 1." in [check.sentence for check in found.checks]


def test_videos_may_stand_alone_and_a_single_annotation_without_a_list(tmp_path: Path) -> None:
    alone = {"v_x": {"subset": "train", "annotations": {"label": "run", "segment": [0.0, 2.0]}}}
    found = read_dataset("activitynet", write(tmp_path / "train.json", alone))
    assert [(s.path.name, s.label, s.seconds) for s in found.train] == [("v_x.mp4", "run", (0, 2))]


def test_an_empty_segment_is_left_out_and_said(tmp_path: Path) -> None:
    whole = {**VIDEOS, "two": video("validation", ("Surfing", [7.5, 7.5]))}
    found = read_dataset("activitynet", write(tmp_path / "a.json", {"database": whole}))
    assert not found.val
    said = [check.sentence for check in found.checks if not check.holds]
    assert said == ["Empty segments, which are left out: 1 (two [7.5, 7.5])."]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"two": 3}, "tells no facts of a video"),
        ({"two": video("elsewhere")}, "has a video of the subset 'elsewhere'"),
        ({"two": video("training", ("", [0, 1]))}, r"whose annotations\[0\] has no label"),
        (
            {"two": video("training", ("a", [0, 1]), ("b", [0]))},
            r"whose annotations\[1\] has no segment of two",
        ),
        ({"two": video("training", ("a", [0, "1"]))}, r"annotations\[0\] has no segment of two numbers"),
        ({"two": video("training", ("a", [0, True]))}, r"annotations\[0\] has no segment of two numbers"),
        ({"two": {"subset": "training", "annotations": "none"}}, r"annotations\[0\] has no label"),
    ],
)
def test_a_wrong_video_names_the_line_of_its_id(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "a.json", {"database": {"one": VIDEOS["one"], **wrong}})
    line = next(n for n, text in enumerate(path.read_text().split("\n"), 1) if '"two"' in text)
    with pytest.raises(BadFile, match=rf"Line {line} of a\.json {said}|Line {line} of a\.json .*{said}"):
        read_dataset("activitynet", path)


def test_wrong_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="0 JSON files lie in"):
        read_dataset("activitynet", tmp_path)
    wrong: list[Any] = [[], {}, {"database": []}]
    for whole in wrong:
        with pytest.raises(BadFile, match=r"a\.json holds no videos by their ids"):
            read_dataset("activitynet", write(tmp_path / "a.json", whole))


@pytest.mark.footage
@pytest.mark.parametrize(
    ("file", "samples"),
    [("activitynet_gt.json", 4), ("activitynet_action_test_anno.json", 2), ("kinetics_train.json", 1)],
)
def test_real_lists_are_read(file: str, samples: int) -> None:
    path = SHARED / "data/label_formats/open" / file
    if not path.is_file():
        pytest.skip("footage: RUSHES_SHARED has no lists of labels")
    assert len(read_dataset("activitynet", path).samples) == samples
