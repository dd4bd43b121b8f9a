"""The child that judges videos again: verdicts around decisions, sprites of what is rejected then."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curation.media.decode import decode_pass
from curation.media.proxies import ProxyLadder
from curation.quality.score import Metrics
from curation.rejudge import run
from tests.curation.factories import write_video

REASON = {"reason": "too_dark", "metric": "dark", "value": 0.6, "threshold": 0.5, "frames": 10}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The proxy and the metrics of 60 frames, of which 10 are dark and 20 very dark."""
    folder = tmp_path_factory.mktemp("rejudge")
    decode_pass(write_video(folder / "a.mp4", 60), [ProxyLadder({720: folder / "proxy.mp4"})])
    columns = dict(Metrics.empty(60).columns)
    columns["dark"][5:15], columns["dark"][30:50] = 0.6, 0.9
    Metrics(columns).save(folder / "metrics.npz")
    return {"proxy": str(folder / "proxy.mp4"), "metrics": str(folder / "metrics.npz")}


def judged(files: dict[str, str], out: Path, *, too_dark: float | None = 0.5, **more: Any) -> Any:
    out.mkdir(exist_ok=True)
    video = {"name": "v", "fps": 25.0, "rejects": {}, "decided": [], **files, **more}
    thresholds = {"too_dark": too_dark}
    return run({"videos": [video], "thresholds": thresholds, "revision": 3}, out, lambda *_, **__: None)


def bounds(told: dict[str, Any]) -> list[tuple[int, int]]:
    return [(span["start"], span["end"]) for span in told["spans"]]


def test_the_verdicts_are_those_of_the_thresholds(files: dict[str, str], tmp_path: Path) -> None:
    result = judged(files, tmp_path / "out", too_dark=0.7)
    assert result["revision"] == 3
    assert bounds(result["videos"]["v"]) == [(30, 50)]
    assert result["videos"]["v"]["spans"][0]["reasons"][0]["threshold"] == 0.7
    assert json.loads(json.dumps(result, allow_nan=False))["videos"].keys() == {"v"}


def test_sprites_show_what_is_rejected_then_and_what_was_decided(
    files: dict[str, str], tmp_path: Path
) -> None:
    decided = [{"start": 5, "end": 15, "reasons": [REASON]}]
    result = judged(files, tmp_path / "out", too_dark=0.95, decided=decided)
    told = result["videos"]["v"]
    assert (bounds(told), told["decided"]) == ([], [(5, 15)])
    assert told["rejects"]["frames"] == list(range(5, 15))
    assert set(result["files"]) == {"v/rejects.json", *(f"v/{name}" for name in told["rejects"]["sheets"])}
    assert result["files"]["v/rejects.json"]["name"] == "rejects"


def test_a_sprite_of_the_same_frames_is_not_made_again(files: dict[str, str], tmp_path: Path) -> None:
    first = judged(files, tmp_path / "one")["videos"]["v"]["rejects"]
    again = judged(files, tmp_path / "two", rejects=first)
    assert again["videos"]["v"]["rejects"] == first
    assert again["files"] == {}


def test_where_nothing_is_rejected_any_more_there_is_no_sprite(files: dict[str, str], tmp_path: Path) -> None:
    first = judged(files, tmp_path / "one")["videos"]["v"]["rejects"]
    result = judged(files, tmp_path / "two", too_dark=None, rejects=first)
    assert result["videos"]["v"] == {"spans": [], "decided": [], "rejects": {}}
    assert result["files"] == {}


@pytest.mark.parametrize("proxy", ["", "damaged"])
def test_without_its_proxy_a_video_is_judged_and_keeps_its_old_sprite(
    files: dict[str, str], tmp_path: Path, proxy: str
) -> None:
    if proxy:
        proxy = str(tmp_path / "proxy.mp4")
        Path(proxy).write_bytes(b"no video")
    old = {"frames": [1, 2], "sheets": ["old-0.jpg"]}
    result = judged(files, tmp_path / "out", proxy=proxy, rejects=old)
    assert bounds(result["videos"]["v"]) == [(5, 15), (30, 50)]
    assert result["videos"]["v"]["rejects"] == old
    assert result["files"] == {}


def test_new_verdicts_are_cut_where_people_decided(files: dict[str, str], tmp_path: Path) -> None:
    decided = [{"start": 35, "end": 40, "reasons": [REASON]}]
    told = judged(files, tmp_path / "out", decided=decided)["videos"]["v"]
    assert bounds(told) == [(5, 15), (30, 35), (40, 50)]
    assert [span["reasons"][0]["frames"] for span in told["spans"]] == [10, 5, 10]
    assert np.isin(range(35, 40), told["rejects"]["frames"]).all()
