"""A video that came in under the wrong camera is put under the right one, by the keyboard alone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, Server, _in_shell
from tests.e2e.test_walk import until

pytestmark = pytest.mark.browser

DEPOT = """
from core.models import User
from core.services.accounts import project_create
from curation.quality.verdict import Thresholds
from curation.services.gate import gate_apply
from curation.services.sites import camera_add
admin = User.objects.get(username="admin")
project = project_create(name="Depot", slug="depot", actor=admin)
for name in ("North", "South"):
    camera = camera_add(project=project, site=None, site_name="Dock", name=name, actor=admin)
gate_apply(camera=camera, thresholds=Thresholds(defocus=0.0), revision=1, actor=admin)
"""


@pytest.fixture(scope="module")
def depot(server: Server, footage: dict[str, Path]) -> str:
    """A project whose one video is from North; the gate of South lets nothing in. The video's name."""
    _in_shell(server, DEPOT)
    told = ("--camera", "North", "--project", "depot", "--wait")
    ingest = [sys.executable, "manage.py", "ingest", str(footage["constant"]), *told]
    subprocess.run(ingest, cwd=ROOT, env=server.env, check=True)
    return footage["constant"].name


def test_a_video_is_moved_judged_by_its_new_camera_and_brought_back_by_keys(
    page: Page, server: Server, depot: str
) -> None:
    page.goto(f"{server.url}/p/depot/videos")
    row, dialog = page.get_by_role("row").nth(1), page.get_by_role("dialog")
    expect(row).to_contain_text(f"{depot}North")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    expect(dialog).to_contain_text("The gate of that camera judges the video again.")
    expect(dialog.get_by_role("button", name="Camera: Choose")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="South, Dock")).to_be_focused()  # Enter takes what is first
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Camera: South, Dock")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Move", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("region", name="Messages")).to_contain_text(f"{depot} moved to South")
    expect(row).to_contain_text(f"{depot}South")
    expect(row).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("region", name="Messages")).to_contain_text(f"{depot} is back at North")
    expect(row).to_contain_text(f"{depot}North")
    expect(row).to_be_focused()


def test_a_video_is_moved_from_its_own_page_and_shows_what_the_other_gate_rejects(
    page: Page, server: Server, depot: str
) -> None:
    page.goto(f"{server.url}/p/depot/videos")
    page.get_by_role("link", name=depot).click()
    about = page.get_by_label("About this video")
    expect(about).to_contain_text("North, Dock")
    about.get_by_role("button", name="Move to another camera").press("Enter")
    expect(page.get_by_role("button", name="Camera: Choose")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="South, Dock").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Move", exact=True).press("Enter")
    expect(about).to_contain_text("South, Dock")

    def judged_again() -> bool:
        page.reload()
        expect(about).to_contain_text("Rejected")
        return re.search(r"100(\.0)? %", about.inner_text()) is not None

    until(judged_again, seconds=60)
