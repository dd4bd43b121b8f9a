"""The files hold what the plan and the tables say."""

import csv
import hashlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from curation.simulator import code
from curation.simulator.actions import ACTIONS
from curation.simulator.make import make
from curation.simulator.plan import Order, Shot
from tests.curation.simulator.conftest import luma_of

Footage = tuple[Path, list[Shot]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_every_frame_carries_its_number_in_order(footage: Footage) -> None:
    folder, plan = footage
    for shot in plan:
        planes, _ = luma_of(folder / shot.file)
        assert [code.read(plane) for plane in planes] == list(range(shot.frames)), shot.file


def test_timestamps_are_those_of_the_plan_late_starts_and_variable_rates_too(footage: Footage) -> None:
    folder, plan = footage
    assert any(shot.encoding.late for shot in plan)
    assert any(shot.encoding.variable for shot in plan)
    for shot in plan:
        _, stamps = luma_of(folder / shot.file)
        assert stamps == [tick + shot.encoding.late for tick in shot.ticks], shot.file


def test_b_frames_are_there_where_the_plan_has_them(footage: Footage) -> None:
    folder, plan = footage
    for shot in plan:
        with av.open(str(folder / shot.file)) as container:
            assert container.streams.video[0].codec_context.name == "h264"
            packets = [p.pts for p in container.demux(video=0) if p.pts is not None]
        reordered = any(a > b for a, b in pairwise(packets))
        assert shot.encoding.bframes or not reordered, shot.file


def said(action: str) -> str:
    """An action as labels.csv writes it: `Pushing cart`."""
    return action.replace("_", " ").capitalize()


def test_labels_name_every_clip_and_leave_its_span_blank(footage: Footage) -> None:
    folder, plan = footage
    table = rows(folder / "labels.csv")
    assert list(table[0]) == ["file", "label", "subject", "camera", "start", "end"]
    assert {row["label"] for row in table} == {said(action) for action in ACTIONS}
    assert [row["file"] for row in table] == [shot.file for shot in plan if shot.label]
    assert all((folder / row["file"]).is_file() and not row["start"] + row["end"] for row in table)
    assert all(row["file"].startswith(row["camera"] + "/") for row in table)


def test_segments_and_faults_are_the_plans(footage: Footage) -> None:
    folder, plan = footage
    segments = {
        (r["file"], r["label"], int(r["start"]), int(r["end"])) for r in rows(folder / "segments.csv")
    }
    for shot in plan:
        for part in shot.segments:
            whole = shot.label and part.end - part.start == shot.frames
            told = (shot.file, said(part.label), part.start, part.end)
            assert (told in segments) is not bool(whole)
    faults = [(r["file"], r["fault"], int(r["start"]), int(r["end"])) for r in rows(folder / "faults.csv")]
    assert faults == [(s.file, f.fault, f.start, f.end) for s in plan for f in s.faults]


def test_the_same_seed_gives_the_same_bytes_with_any_number_of_processes(
    tmp_path: Path, smaller: Callable[..., Order]
) -> None:
    order = smaller(actions=("walking", "falling"), hours=0.0, clip_seconds=(0.8, 1.2), cameras=1)
    make(order, tmp_path / "one", jobs=1)
    make(order, tmp_path / "two", jobs=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_without_codes_no_frame_has_one(tmp_path: Path, smaller: Callable[..., Order]) -> None:
    order = smaller(actions=("digging",), hours=0.0, clip_seconds=(0.8, 1.0), codes=False)
    (shot,) = make(order, tmp_path)
    planes, _ = luma_of(tmp_path / shot.file)
    assert [code.read(plane) for plane in planes] == [None] * shot.frames


def test_people_move_and_the_scene_stays(footage: Footage) -> None:
    folder, plan = footage
    shot = next(shot for shot in plan if shot.label == "walking")
    planes, _ = luma_of(folder / shot.file)
    clean = [p[: code.strip_top(180)].astype(np.int16) for p in planes]
    change = np.abs(clean[-1] - clean[0])
    assert change.max() > 40
    assert np.median(change) <= 8


@pytest.mark.parametrize("name", ["labels.csv", "segments.csv", "faults.csv", "files.csv"])
def test_tables_are_utf8_with_unix_lines(footage: Footage, name: str) -> None:
    assert b"\r" not in (footage[0] / name).read_bytes()
