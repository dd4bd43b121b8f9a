"""Spans in time are read from tables, JSON and manifests, and what is wrong names its file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.training.ml.test_manifest import clip, frozen
from training.ml.datasets.spans import Told, found_of, truth_of
from training.ml.errors import BadFile
from training.ml.manifest import write

SIT = Told("a", "sit", 1.5, 3.0, 0.5)
ROW: dict[str, Any] = {"video": "a", "label": "sit", "start": 1.5, "end": 3, "score": 0.5}


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_table_names_its_columns_in_any_order(tmp_path: Path) -> None:
    path = file(tmp_path, "found.csv", "label,video,note,start,end,score\nsit,a,x,1.5,3,0.5\n")
    assert found_of(path, "seconds") == (SIT,)
    tabs = file(tmp_path, "truth.tsv", "video\tstart\tend\tlabel\na\t1.5\t3\tsit\n")
    assert truth_of(tabs, "frames") == (Told("a", "sit", 1.5, 3.0),)


def test_a_list_of_objects(tmp_path: Path) -> None:
    path = file(tmp_path, "found.json", json.dumps([ROW, {**ROW, "score": 0}], indent=1))
    assert found_of(path, "seconds") == (SIT, Told("a", "sit", 1.5, 3.0, 0.0))


def test_activitynets_truth_and_results(tmp_path: Path) -> None:
    annotations = [{"label": "sit", "segment": [1.5, 3]}]
    database = {"a": {"subset": "validation", "annotations": annotations}, "b": {"subset": "testing"}}
    for whole in (database, {"version": "1.3", "database": database}):
        path = file(tmp_path, "truth.json", json.dumps(whole))
        assert truth_of(path, "seconds") == (Told("a", "sit", 1.5, 3.0, side="val"),)
    results = {"results": {"a": [{"label": "sit", "segment": [1.5, 3], "score": 0.5}]}}
    assert found_of(file(tmp_path, "found.json", json.dumps(results)), "seconds") == (SIT,)
    with pytest.raises(BadFile, match=r"truth\.json is ActivityNet's, in seconds"):
        truth_of(tmp_path / "truth.json", "frames")


def test_a_manifest_is_told_in_frames_or_seconds(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(write(frozen(clip(1, start=30, end=60, fps=30.0, split="test"))))
    assert truth_of(path, "frames") == (Told("gäte 1.mp4", "Walking", 30, 60, side="test"),)
    assert truth_of(path, "seconds") == (Told("gäte 1.mp4", "Walking", 1, 2, side="test"),)


WRONG = {
    "no score": ("found.csv", "video,start,end,label\na,1,2,sit\n", "Line 1 .* must name the column score"),
    "a cell": (
        "found.csv",
        "video,start,end,label,score\na,1,2,sit,1\n\na,1,x,sit,1\n",
        r"Line 4 of found\.csv has no end that is a number, but 'x'",
    ),
    "too few": ("found.csv", "video,start,end,label,score\na,1,2,sit\n", "Line 2 .* has 4 values where 5"),
    "backwards": ("found.csv", "video,start,end,label,score\na,3,2,sit,1\n", "Line 2 .* ends at 2, before"),
    "no label": ("found.json", f'[\n{json.dumps(ROW)},\n {{"video": "a"}}]', "Line 3 .* has no label"),
    "not finite": ("found.json", '[{"video":"a","label":"b","start":1,"end":NaN}]', "Line 1 .* has no end"),
    "a word": ("found.json", f"[{json.dumps(ROW)},\n\n7]", "Line 3 .* has no object with video, start"),
    "a segment": ("found.json", '{"results": {\n"a": [{"segment": [1]}]}}', "Line 2 .* the results of a"),
    "no list": ("found.json", '"a"', "holds no list of spans"),
    "no results": ("found.json", '{"a": 1}', "neither a list of spans nor has it ActivityNet's results"),
    "no JSON": ("found.json", "[\n{]", r"found\.json is no JSON: .* in line 2"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_names_the_file_and_the_line(what: str, tmp_path: Path) -> None:
    name, text, sentence = WRONG[what]
    with pytest.raises(BadFile, match=sentence):
        found_of(file(tmp_path, name, text), "seconds")


def test_a_true_segment_that_ends_before_it_starts_is_told(tmp_path: Path) -> None:
    whole = {"a": {"annotations": []}, "b": {"annotations": [{"label": "sit", "segment": [3, 1]}]}}
    path = file(tmp_path, "truth.json", json.dumps(whole, indent=0))
    with pytest.raises(BadFile, match=r"Line 5 of truth\.json has a segment of sit that ends before"):
        truth_of(path, "seconds")
