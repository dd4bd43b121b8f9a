"""The command as a person or a script calls it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from curation.quality.score import METRICS
from tests.curation.quality.scenes import Luma, defocused, footage, scene

ROOT = Path(__file__).resolve().parents[3]


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "curation.quality", *map(str, arguments)]
    strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=120, env=strict
    )


def lines(*arguments: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in call(*arguments, "--json").stdout.splitlines()]


def picture(path: Path, luma: Luma) -> Path:
    Image.fromarray(luma).save(path)
    return path


def video(path: Path, pictures: list[Luma]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "18", "preset": "ultrafast"})
        stream.height, stream.width = pictures[0].shape
        stream.pix_fmt = "yuv420p"
        for luma in pictures:
            grey = av.VideoFrame.from_ndarray(np.ascontiguousarray(luma), format="gray")
            container.mux(stream.encode(grey.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    return path


def test_a_good_and_a_blurred_picture_are_told_apart(tmp_path: Path) -> None:
    good = picture(tmp_path / "good.png", scene())
    bad = picture(tmp_path / "bad.png", defocused(scene(), 3))
    first, second = lines(good, bad)
    assert (first["verdict"], first["reasons"], first["error"]) == ("ok", [], None)
    assert (second["verdict"], second["reasons"]) == ("rejected", ["defocus"])
    assert first["blur_score"] < 0.5 < second["blur_score"]
    assert first["sharpness"] > second["sharpness"]
    assert first["kind"] == second["kind"] == "image"
    assert set(METRICS) | {"dark_score", "bright_score", "light"} <= first.keys()


def test_a_video_names_its_rejected_spans(tmp_path: Path) -> None:
    pictures = footage(60)
    pictures[20:40] = [defocused(luma, 3) for luma in pictures[20:40]]
    (line,) = lines(video(tmp_path / "walk.mp4", pictures))
    assert (line["kind"], line["frames"], line["rejected_frames"], line["verdict"]) == ("video", 60, 20, "ok")
    (span,) = line["spans"]
    assert (span["start"], span["end"], span["reasons"][0]["reason"]) == (20, 40, "defocus")
    assert span["reasons"][0]["value"] > span["reasons"][0]["threshold"]


def test_a_freeze_survives_the_encoder(tmp_path: Path) -> None:
    pictures = footage(120)
    pictures[30:100] = [pictures[30]] * 70
    (line,) = lines(video(tmp_path / "stuck.mp4", pictures))
    (span,) = line["spans"]
    assert span["reasons"][0]["reason"] == "freeze"
    assert 30 <= span["start"] <= 40  # the encoder refines a still picture for some frames
    assert abs(span["end"] - 100) <= 1


def test_a_broken_file_gets_a_sentence_and_the_run_goes_on(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("not a video")
    good = picture(tmp_path / "good.png", scene())
    result = call(text, tmp_path / "absent.mp4", tmp_path, good, "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 1
    assert [line["verdict"] for line in found] == [None, None, None, "ok"]
    assert all(line["error"].endswith(".") for line in found[:3])
    assert all(line[name] is None for line in found[:3] for name in METRICS)
    assert result.stderr == ""


def test_a_pipe_and_a_name_that_cannot_be_written_get_a_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    odd = picture(tmp_path / "a.png", scene()).rename(tmp_path / os.fsdecode(b"two\nlines \xff.png"))
    result = call(tmp_path / "pipe.png", odd)
    assert result.returncode == 1
    pipe, told = result.stdout.splitlines()
    assert "a pipe or a device and no file" in pipe
    assert r"two\nlines \udcff.png: ok" in told


def test_the_exit_status_is_0_when_every_file_was_read(tmp_path: Path) -> None:
    assert call(picture(tmp_path / "bad.png", defocused(scene(), 3))).returncode == 0


def test_thresholds_can_be_given_and_switched_off(tmp_path: Path) -> None:
    bad = picture(tmp_path / "bad.png", defocused(scene(), 3))
    (line,) = lines(bad, "--thresholds", '{"defocus": null}')
    assert line["verdict"] == "ok"


@pytest.mark.parametrize("bad", ['{"blurr": 1}', "[1]", "{"])
def test_bad_thresholds_are_a_wrong_call(tmp_path: Path, bad: str) -> None:
    result = call(tmp_path, "--thresholds", bad)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_people_get_a_sentence_a_file(tmp_path: Path) -> None:
    result = call(picture(tmp_path / "bad.png", defocused(scene(), 3)))
    assert "rejected (defocus), 1 of 1 frames rejected" in result.stdout


def test_help_tells_the_exit_status() -> None:
    assert "1 if any file had an error" in call("--help").stdout.replace("\n", " ")
