"""The README's picture: `make picture` films, labels most of it, trains, and photographs the label screen.

Nobody but drawn people is in it, and what it suggests is what the model says. Not a test of its own;
`tests/e2e/test_label*.py` are.
"""

import io
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from curation.simulator.make import make
from curation.simulator.plan import Order
from tests.e2e.conftest import ROOT, Server

PICTURE = ROOT / "docs" / "rushes.png"
COLOURS = 256
OF_ROOM = 112
BYTES = 300_000
ORDER = Order(
    seed=7,
    cameras=2,
    subjects=4,
    clips=4,
    hours=0.0,
    rates=(Fraction(25),),
    size=(1280, 720),
    codes=False,
    clip_seconds=(4.0, 5.0),
    actions=("carrying", "walking", "digging", "pushing_cart", "climbing"),
)
PROJECT = ("--project", "harbour")


def test_the_label_screen_is_photographed(page: Page, server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "footage"
    make(ORDER, folder, os.cpu_count() or 1)
    for command in (
        ("footage", str(folder), *PROJECT),
        ("labels", "import", str(folder / "labels.csv"), *PROJECT, "--wait", "--share", "0.6"),
        ("train", *PROJECT, "--wait"),
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=server.env, check=True)
    page.goto(f"{server.url}/p/harbour/label")
    page.locator(".pic canvas[data-frame]").wait_for(timeout=60_000)
    expect(page.get_by_text("Model v1")).to_be_visible()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.locator(".pic canvas[data-frame='40']").wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    box = page.locator(".pic").bounding_box()
    assert box is not None
    left, top = int(box["x"]), int(box["y"])
    photographed(page.screenshot(), (left, top, left + int(box["width"]), top + int(box["height"])))
    assert 50_000 < PICTURE.stat().st_size < BYTES


def photographed(png: bytes, box: tuple[int, int, int, int]) -> None:
    """Keep it in 256 colours: those of the room as they are, the rest for the footage in `box`."""
    screen = Image.open(io.BytesIO(png)).convert("RGB")
    room = screen.copy()
    room.paste((0, 0, 0), box)
    colours, counts = np.unique(np.asarray(room).reshape(-1, 3), axis=0, return_counts=True)
    palette = Image.new("P", (1, 1))
    footage = screen.crop(box).quantize(COLOURS - OF_ROOM).getpalette() or []
    palette.putpalette([*colours[np.argsort(-counts)[:OF_ROOM]].ravel().tolist(), *footage])
    screen.quantize(palette=palette, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
