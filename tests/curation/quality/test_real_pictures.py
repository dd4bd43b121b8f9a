"""Real labelled pictures: floors under what was measured, a little lower.

Measured on the open sets (AUC / F1 of the verdict; CleanVision 0.3.7 with its defaults in brackets):
blur 0.97 / 0.93 (0.61 / 0.00), under- and dark exposure 0.99 / 0.95 (0.83 / 0.61), overexposure 0.96 / 0.73
(0.95 / 0.00), night against day 0.998 / 0.78 (0.68 / 0.00).
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from curation.media.decode import decode_pass
from curation.quality.__main__ import report
from curation.quality.verdict import Thresholds

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("RUSHES_SHARED", ROOT.parent / "shared")) / "data"
pytestmark = [
    pytest.mark.footage,
    pytest.mark.skipif(not DATA.is_dir(), reason="no real recordings here (RUSHES_SHARED)"),
]
BLURRED = {"motion_blur", "defocus_blur", "natural_blur"}


class Judged(NamedTuple):
    label: str
    blur: float
    dark: float
    bright: float
    reasons: set[str]


@pytest.fixture(scope="module")
def pictures() -> dict[str, list[Judged]]:
    return {
        name: list(_judged(DATA / name / "open"))
        for name in ("blur_natural", "exposure", "lighting_day_night")
    }


def _judged(folder: Path) -> Iterator[Judged]:
    with (folder / "labels.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            line = report(folder / row["file"], Thresholds())
            assert line["error"] is None
            yield Judged(
                row["label"],
                line["blur_score"],
                line["dark_score"],
                line["bright_score"],
                set(line["reasons"]),
            )


def auc(scores: list[float], positive: list[bool]) -> float:
    """Chance that a positive scores above a negative, ties half."""
    values, truth = np.array(scores), np.array(positive)
    apart = values[truth][:, None] - values[~truth][None, :]
    return float((apart > 0).mean() + (apart == 0).mean() / 2)


def f1(found: list[bool], positive: list[bool]) -> float:
    hits = sum(f and p for f, p in zip(found, positive, strict=True))
    return 2 * hits / (sum(found) + sum(positive))


def test_blurred_photographs_score_above_sharp_ones(pictures: dict[str, list[Judged]]) -> None:
    judged = pictures["blur_natural"]
    truth = [p.label in BLURRED for p in judged]
    assert auc([p.blur for p in judged], truth) > 0.95
    assert f1([bool(p.reasons & {"defocus", "motion_blur"}) for p in judged], truth) > 0.9


def test_dark_photographs_score_above_normal_ones(pictures: dict[str, list[Judged]]) -> None:
    judged = [p for p in pictures["exposure"] if p.label != "overexposed" and p.label != "lowlight_scene"]
    truth = [p.label != "normal" for p in judged]
    assert auc([p.dark for p in judged], truth) > 0.98
    assert f1(["too_dark" in p.reasons for p in judged], truth) > 0.92


def test_overexposed_photographs_score_above_normal_ones(pictures: dict[str, list[Judged]]) -> None:
    judged = [p for p in pictures["exposure"] if p.label in ("overexposed", "normal")]
    truth = [p.label == "overexposed" for p in judged]
    assert auc([p.bright for p in judged], truth) > 0.95
    assert f1(["overexposed" in p.reasons for p in judged], truth) > 0.7


def test_night_scores_darker_than_day(pictures: dict[str, list[Judged]]) -> None:
    judged = pictures["lighting_day_night"]
    assert auc([p.dark for p in judged], [p.label == "night" for p in judged]) > 0.99


def test_webcams_by_day_and_night_are_not_called_blurred(pictures: dict[str, list[Judged]]) -> None:
    judged = pictures["lighting_day_night"]
    blurred = [p for p in judged if p.reasons & {"defocus", "motion_blur"}]
    assert len(blurred) <= len(judged) * 0.04


@pytest.mark.parametrize(("folder", "step"), [("biisc_actions", 8), ("ut_interaction", 5), ("cctv_fight", 3)])
def test_usable_recordings_are_kept(folder: str, step: int) -> None:
    recordings = sorted(p for p in (DATA / folder).rglob("*") if p.suffix in (".avi", ".mp4"))[::step]
    lines = [report(path, Thresholds()) for path in recordings]
    assert [line["error"] for line in lines] == [None] * len(lines)
    assert sum(line["rejected_frames"] for line in lines) <= 0.02 * sum(line["frames"] for line in lines)


def test_scoring_does_not_change_how_many_frames_there_are() -> None:
    path = next(iter(sorted((DATA / "cctv_fight").rglob("*.mp4"))))
    assert report(path, Thresholds())["frames"] == len(decode_pass(path).index.pts)
