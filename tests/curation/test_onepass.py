import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curation.media.errors import Empty, MediaError, NoVideo
from curation.media.stills import StillReader, frames_at
from curation.media.timebase import FrameIndex
from curation.onepass import run
from curation.quality.score import METRICS, Metrics
from tests.curation.factories import scene, write_audio, write_video


class Reports:
    """What was reported on the way."""

    def __init__(self) -> None:
        self.fractions: list[float] = []
        self.stages: list[str] = []

    def __call__(self, fraction: float, stage: str, **facts: Any) -> None:
        self.fractions.append(fraction)
        self.stages.append(stage)


def passed(path: Path, out: Path, **params: Any) -> dict[str, Any]:
    out.mkdir(exist_ok=True)
    return run({"path": str(path), **params}, out, Reports())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """A pass over a video of 67 frames."""
    folder = tmp_path_factory.mktemp("onepass")
    return passed(write_video(folder / "a.mp4", 67), folder / "out"), folder / "out"


Made = tuple[dict[str, Any], Path]


def test_index_scores_and_proxies_have_the_same_frames(made: Made) -> None:
    result, out = made
    assert result["frames"] == 67
    assert len(Metrics.load(out / "metrics.npz")) == 67
    for height in (720, 360):
        with StillReader(out / f"proxy{height}.mp4") as proxy:
            assert len(proxy) == 67
    assert sum(count for _, _, count in result["runs"]) == 67
    assert sum(count for _, _, count in result["proxy_runs"]) == 67


def test_a_proxy_frame_is_the_source_frame_of_that_number(made: Made) -> None:
    pictures = frames_at(made[1] / "proxy360.mp4", range(67))
    for number, picture in pictures.items():
        errors = [np.abs(picture.astype(int) - scene(other)).mean() for other in range(67)]
        assert int(np.argmin(errors)) % 56 == number % 56  # the square is back where it was after 56 frames


def test_the_index_that_is_kept_is_the_index_that_was_made(made: Made) -> None:
    result, out = made
    index = FrameIndex.from_json(json.loads((out / "index.json").read_text()))
    assert index.hash == result["index_sha256"]
    assert index.runs == result["runs"]


def test_every_file_is_listed_with_its_hash(made: Made) -> None:
    result, out = made
    assert set(result["files"]) == {path.name for path in out.iterdir()}
    for name, facts in result["files"].items():
        assert facts["sha256"] == hashlib.sha256((out / name).read_bytes()).hexdigest()
    assert {facts["name"] for facts in result["files"].values()} >= {"proxy720", "poster", "filmstrip"}


def test_the_result_is_json(made: Made) -> None:
    assert json.loads(json.dumps(made[0], allow_nan=False)) == made[0]


def test_good_pictures_are_not_rejected(made: Made) -> None:
    assert made[0]["spans"] == []
    assert not [name for name in made[0]["files"] if name.startswith("rejects")]
    assert made[0]["metrics"] == list(METRICS)


def test_a_dark_stretch_is_rejected_where_it_is(tmp_path: Path) -> None:
    black = np.zeros((240, 320, 3), np.uint8)
    pictures = [scene(n) if n < 30 or n >= 50 else black for n in range(80)]
    result = passed(write_video(tmp_path / "a.mp4", pictures), tmp_path / "out")
    spans = [(span["start"], span["end"]) for span in result["spans"]]
    assert spans == [(30, 50)]
    assert "too_dark" in {reason["reason"] for reason in result["spans"][0]["reasons"]}
    told = json.loads((tmp_path / "out/rejects.json").read_text())
    assert (len(told["frames"]), told["frames"][0], told["frames"][-1]) == (12, 30, 49)
    assert {"rejects.json", *told["sheets"]} <= set(result["files"])


def test_the_cameras_thresholds_decide(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [np.zeros((240, 320, 3), np.uint8)] * 20)
    off = dict.fromkeys(("too_dark", "defocus", "covered", "freeze", "motion_blur"))
    assert passed(path, tmp_path / "out", thresholds=off)["spans"] == []


def test_progress_only_grows_and_ends_with_the_proof(tmp_path: Path) -> None:
    reports, out = Reports(), tmp_path / "out"
    out.mkdir()
    run({"path": str(write_video(tmp_path / "a.mp4", 120))}, out, reports)
    assert reports.fractions == sorted(reports.fractions)
    assert reports.stages[0] == "opening the file"
    assert reports.stages[-1] == "checking every frame of the copies"


def test_an_empty_file_is_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    with pytest.raises(Empty, match="empty"):
        passed(tmp_path / "a.mp4", tmp_path / "out")


def test_a_file_of_sound_alone_is_a_verdict(tmp_path: Path) -> None:
    with pytest.raises(NoVideo):
        passed(write_audio(tmp_path / "a.mp4"), tmp_path / "out")


def test_a_truncated_file_says_what_it_lost_or_why_it_cannot(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "a.mp4", 60).read_bytes()
    (tmp_path / "b.mp4").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MediaError):  # its table of frames was at the end
        passed(tmp_path / "b.mp4", tmp_path / "out")


def test_the_same_file_gives_the_same_numbers(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", 30)
    one, other = (passed(path, tmp_path / name) for name in ("one", "other"))
    assert one["index_sha256"] == other["index_sha256"]
    assert (tmp_path / "one/metrics.npz").read_bytes() == (tmp_path / "other/metrics.npz").read_bytes()
