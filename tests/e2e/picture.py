"""The README's picture: `make picture` films simulated footage, labels some of it and photographs the screen.

Nobody but drawn people is in it. Not a test of its own; `tests/e2e/test_label*.py` are.
"""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

from playwright.sync_api import Page

from curation.simulator.make import make
from curation.simulator.plan import Order
from tests.e2e.conftest import ROOT, Server

PICTURE = ROOT / "docs" / "rushes.png"
ORDER = Order(
    seed=7,
    cameras=2,
    subjects=3,
    clips=2,
    hours=0.0,
    rates=(Fraction(25),),
    size=(1280, 720),
    codes=False,
    clip_seconds=(4.0, 5.0),
    actions=("carrying", "walking", "digging", "pushing_cart", "climbing"),
)


def test_the_label_screen_is_photographed(page: Page, server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "footage"
    make(ORDER, folder, os.cpu_count() or 1)
    env = {**os.environ, "RUSHES_VAR": str(server.var)}
    manage = [sys.executable, "manage.py"]
    labels = [
        "labels",
        "import",
        str(folder / "labels.csv"),
        "--project",
        "harbour",
        "--wait",
        "--share",
        "0.4",
    ]
    for command in (["footage", str(folder), "--project", "harbour"], labels):
        subprocess.run([*manage, *command], cwd=ROOT, env=env, check=True)
    page.goto(f"{server.url}/p/harbour/label")
    page.locator(".pic canvas[data-frame]").wait_for()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURE)
    assert PICTURE.stat().st_size > 50_000
