"""Contact sheets of a pipeline: the original in the first row, then a row a draw, with what was drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from training.ml.augment.clips import Clips
from training.ml.augment.drawing import Look
from training.ml.augment.mixing import mixed
from training.ml.augment.pipeline import Pipeline
from training.ml.augment.reading import Source
from training.ml.places import spread
from training.ml.sheets import Picture

Theme = Literal["light", "dark"]
Colour = tuple[int, int, int]
MARGIN, GAP, CELL = 24, 6, 128
"""Px around everything, between frames, and a frame's width."""
_LINE, _ABOVE, _SMALL, _LARGE = 18, 18, 13, 18
_PAPER: dict[Theme, Colour] = {"light": (250, 250, 249), "dark": (22, 22, 23)}
_INK: dict[Theme, Colour] = {"light": (28, 28, 30), "dark": (235, 235, 233)}
_MUTED: dict[Theme, Colour] = {"light": (105, 105, 108), "dark": (152, 152, 150)}


@dataclass(frozen=True)
class Row:
    """Frames in a row, their name, and what was drawn for them."""

    name: str
    caption: str
    pictures: tuple[Picture, ...]


def rows(
    pipeline: Pipeline, source: Source, *, draws: int, columns: int, seed: int, theme: Theme
) -> list[Row]:
    """The original and `draws` draws of it, mixed with each other where the pipeline mixes; a row each."""
    original = source.clips
    look = Look(original, _PAPER[theme])
    views = [pipeline.draw(np.random.default_rng([seed, n]), original.shape) for n in range(draws)]
    batch = replace(original, x=torch.cat([pipeline.show(original, [view]).x for view in views]))
    captions = [view.caption for view in views]
    if pipeline.mixes:
        batch = batch.labelled(torch.arange(draws), tuple(f"draw {n + 1}" for n in range(draws)))
        blends = pipeline.draw_mix(np.random.default_rng([seed, draws]), batch)
        batch = mixed(batch, blends)
        both = zip(captions, blends, strict=True)
        captions = [" · ".join(each for each in (said, blend.caption) if each) for said, blend in both]
    found = [Row("original", _size(original), _spread(look.pictures(original), columns))]
    for n, caption in enumerate(captions):
        clip = replace(original, x=batch.x[n : n + 1])
        pictures = _spread(look.pictures(clip), columns)
        found.append(Row(f"draw {n + 1}", caption or "nothing changed", pictures))
    return found


def sheet(title: str, subtitle: str, drawn: Sequence[Row], theme: Theme = "light") -> Image.Image:
    """All rows under each other, RGB; frames CELL px wide."""
    small, large = ImageFont.load_default(_SMALL), ImageFont.load_default(_LARGE)
    columns = max(len(row.pictures) for row in drawn)
    width = 2 * MARGIN + columns * CELL + (columns - 1) * GAP
    lines = [_wrapped(row.caption, width - 2 * MARGIN - _indent(row, small), small) for row in drawn]
    heights = [_height(row) for row in drawn]
    top = MARGIN + _LARGE + 6 + _LINE
    whole = (
        top + sum(_ABOVE + _LINE * len(each) + 4 + h for each, h in zip(lines, heights, strict=True)) + MARGIN
    )
    canvas = Image.new("RGB", (width, whole), _PAPER[theme])
    pen = ImageDraw.Draw(canvas)
    pen.text((MARGIN, MARGIN - 3), title, fill=_INK[theme], font=large)
    pen.text((MARGIN, MARGIN + _LARGE + 4), subtitle, fill=_MUTED[theme], font=small)
    for row, caption, height in zip(drawn, lines, heights, strict=True):
        top += _ABOVE
        pen.text((MARGIN, top), row.name, fill=_INK[theme], font=small)
        for n, line in enumerate(caption):
            pen.text((MARGIN + _indent(row, small), top + n * _LINE), line, fill=_MUTED[theme], font=small)
        top += _LINE * len(caption) + 4
        for n, picture in enumerate(row.pictures):
            tile = Image.fromarray(picture).resize((CELL, height), Image.Resampling.LANCZOS)
            canvas.paste(tile, (MARGIN + n * (CELL + GAP), top))
        top += height
    return canvas


def _spread(pictures: list[Picture], columns: int) -> tuple[Picture, ...]:
    return tuple(pictures[place] for place in spread(len(pictures), min(columns, len(pictures))))


def _height(row: Row) -> int:
    height, width = row.pictures[0].shape[:2]
    return max(1, round(height * CELL / width))


def _indent(row: Row, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> int:
    return round(font.getlength(row.name)) + 12


def _size(clips: Clips) -> str:
    shape = clips.shape
    what = f"{shape.width} x {shape.height} px" if shape.width else f"skeletons of {clips.graph}"
    return f"{what}, {shape.frames} frames"


def _wrapped(text: str, width: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> list[str]:
    """Lines of a caption, broken between what was drawn."""
    lines = [""]
    for part in text.split(" · "):
        longer = f"{lines[-1]} · {part}" if lines[-1] else part
        if lines[-1] and font.getlength(longer) > width:
            lines.append(part)
        else:
            lines[-1] = longer
    return lines
