"""Loading is measured on the same recordings in every way."""

import json
from pathlib import Path

import pytest

from tests.curation.media.sources import write_video
from training.ml import cli
from training.ml.bench.loading import loading_of
from training.ml.datasets import cache
from training.ml.datasets.frames import FrameRecipe, HeldFrames, read_video


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("loading")
    return [write_video(folder / f"{n}.mp4", range(40 + n)) for n in range(2)]


def test_frames_are_kept_once_and_not_decoded_again(
    videos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []

    def counted(path: Path, recipe: FrameRecipe) -> HeldFrames:
        kept.append(path.name)
        return read_video(path, recipe)

    monkeypatch.setattr(cache, "read_video", counted)
    found = loading_of(videos)
    assert (found.recordings, found.frames) == (2, 81)
    assert sorted(kept) == ["0.mp4", "1.mp4"]
    assert found.recipe == "x3d_m_16"
    assert found.first_ratio == found.decode_seconds / found.first_seconds


def test_the_verb_tells_it(videos: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "--videos", *map(str, videos), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["frames"] == 81
    assert told["kept_ratio"] > 0


def test_a_recording_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "--videos", str(tmp_path / "gone.mp4")]) == 1
    assert "gone.mp4 is not there." in capsys.readouterr().err


def test_a_folder_is_told_apart_from_a_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "--videos", str(tmp_path)]) == 1
    assert "This is a folder." in capsys.readouterr().err


def test_networks_beside_videos_are_refused(videos: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "x3d_xs", "--videos", str(videos[0])]) == 1
    assert "one at a time" in capsys.readouterr().err


def test_a_recipe_of_skeletons_is_refused(videos: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "--videos", str(videos[0]), "--recipe", "as_gcn_mads4"]) == 1
    assert "as_gcn_mads4 sees skeletons: name a recipe that sees recordings." in capsys.readouterr().err
