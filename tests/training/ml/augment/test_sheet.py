"""Contact sheets: their size, what they show, and that every kind of clip can be drawn."""

import numpy as np
import pytest
import torch
from PIL import Image

from tests.training.ml.augment.footage import flow, pictures, skeletons
from training.ml.augment.clips import Clips
from training.ml.augment.moves import Flip
from training.ml.augment.pipeline import Pipeline
from training.ml.augment.presets import PRESETS
from training.ml.augment.reading import Source
from training.ml.augment.sheet import CELL, GAP, MARGIN, Row, Theme, rows, sheet

FLIPPED = Pipeline("flipped", (Flip(1.0),))
PAPER: dict[Theme, tuple[int, int, int]] = {"light": (250, 250, 249), "dark": (22, 22, 23)}


def drawn(pipeline: Pipeline, clips: Clips, draws: int = 2, theme: Theme = "light") -> list[Row]:
    return rows(pipeline, Source(clips, "x.mp4"), draws=draws, columns=3, seed=0, theme=theme)


def test_the_original_comes_first_and_each_draw_says_what_it_is() -> None:
    found = drawn(FLIPPED, pictures(count=1))
    assert [row.name for row in found] == ["original", "draw 1", "draw 2"]
    assert [row.caption for row in found] == ["32 x 24 px, 3 frames", "flipped", "flipped"]
    assert (found[0].pictures[1] == pictures(count=1).x[0, :, 1].permute(1, 2, 0).numpy()).all()
    assert (found[1].pictures[1] == found[0].pictures[1][:, ::-1]).all()


def test_a_row_shows_as_many_frames_as_there_are_columns_spread_over_the_clip() -> None:
    clips = pictures(count=1, frames=9)
    shown = drawn(FLIPPED, clips)[0].pictures
    assert len(shown) == 3
    assert (shown[1] == clips.x[0, :, 4].permute(1, 2, 0).numpy()).all()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_margins_are_even_and_frames_stand_in_rows(theme: Theme) -> None:
    level = Clips(torch.full((1, 3, 3, 48, 64), 128, dtype=torch.uint8))
    picture = sheet("flipped", "x.mp4", drawn(FLIPPED, level, theme=theme), theme)
    pixels = np.asarray(picture)
    assert picture.width == 2 * MARGIN + 3 * CELL + 2 * GAP
    paper = (pixels == PAPER[theme]).all(2)
    frames = (pixels == 128).all(2)
    assert paper[:, : MARGIN - 2].all()  # letters may lean out a little
    assert paper[:, -MARGIN:].all()
    assert paper[-MARGIN:].all()
    assert not paper[-MARGIN - 1].all()
    assert frames.sum() == 9 * CELL * (CELL * 48 // 64)
    columns = frames.any(0)
    assert columns[MARGIN : MARGIN + CELL].all()
    assert not columns[MARGIN + CELL : MARGIN + CELL + GAP].any()


def test_words_are_written_above_each_row() -> None:
    picture = sheet("flipped", "x.mp4", drawn(FLIPPED, pictures(count=1)))
    pixels = np.asarray(picture.convert("L")).astype(int)
    assert pixels[MARGIN - 4 : MARGIN + 20, MARGIN : MARGIN + 80].min() < 60  # the title
    assert isinstance(picture, Image.Image)


def test_long_captions_are_broken_between_what_was_drawn() -> None:
    shown = drawn(FLIPPED, pictures(count=1))[0].pictures
    captions = (" · ".join(["light x1.10"] * count) for count in (1, 12))
    short, long = (sheet("x", "y", [Row("draw 1", caption, shown)]) for caption in captions)
    assert short.width == long.width
    assert long.height > short.height + 30


def test_draws_are_mixed_where_the_pipeline_mixes() -> None:
    found = drawn(PRESETS["all"], pictures(count=1, height=64, width=64), draws=3)
    assert any("with" in row.caption for row in found[1:])


def test_flow_is_coloured_by_where_it_goes() -> None:
    x_BCTHW = torch.full((1, 2, 2, 16, 16), 128, dtype=torch.uint8)
    x_BCTHW[:, 0] = 200
    found = drawn(FLIPPED, Clips(x_BCTHW, flow().kind), draws=1)
    right, left = found[0].pictures[0][8, 8], found[1].pictures[0][8, 8]
    assert right[0] > 200 > 60 > right[1]  # red
    assert left[2] > 200 > 60 > left[0]  # and its opposite


def test_skeletons_are_drawn_with_their_sides_told_apart() -> None:
    found = drawn(PRESETS["skeleton"], skeletons(count=1), draws=1)
    seen = {tuple(pixel) for pixel in found[0].pictures[0].reshape(-1, 3).tolist()}
    assert {(213, 94, 0), (0, 114, 178), (128, 128, 128)} <= seen
    assert found[0].caption == "skeletons of ntu25, 8 frames"
