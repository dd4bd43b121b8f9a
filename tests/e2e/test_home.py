"""Home: what waits, the numbers of the loop, and that every card leads where it says."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Server, _in_shell, sign_in

pytestmark = pytest.mark.browser
ROWS = """
from core.models import Project
from curation.models import Video
from tests.curation.factories import make_span, make_video
from tests.e2e import train_rows
train_rows.make("ashore", under_way=False)
project = Project.objects.get(slug="ashore")
video, *others = Video.objects.filter(project=project).order_by("created_at")
make_span(video, 800, 830)
make_span(others[0], 900, 960, reason="too_dark")
make_video(video.camera, state="failed", name="torn.mp4", sentence="The file stops after 4 KB.")
"""
COMES_MS = 20_000
OPEN = 4  # clips that `train_rows` leaves to be labelled, of 36


@pytest.fixture(scope="module")
def ashore(server: Server) -> str:
    """The address of a project with labels, rejected spans, models and a file that failed."""
    _in_shell(server, ROWS)
    return f"{server.url}/p/ashore"


@pytest.fixture
def home(page: Page, ashore: str) -> Page:
    """Its Home, with all cards there."""
    page.goto(ashore)
    expect(page.get_by_role("heading", name="Continue labelling")).to_be_visible(timeout=COMES_MS)
    return page


def step(page: Page, name: str) -> str:
    """What a step of the loop says."""
    return (
        page.get_by_role("navigation", name="The project in numbers")
        .get_by_role("link", name=re.compile(f"^{name}"))
        .inner_text()
    )


def test_the_loop_counts_what_is_there(home: Page) -> None:
    expect(home.get_by_text("2 rejected spans to review")).to_be_visible()
    assert "4 videos, 1 failed" in step(home, "Footage")
    assert "4,000" in step(home, "Frames scored")
    assert "32 of 36" in step(home, "Clips labelled")
    assert "holds every label" in step(home, "Dataset")
    assert "v1 85.6 %" in step(home, "Model")


def test_everything_leads_where_it_says(home: Page) -> None:
    loop = home.get_by_role("navigation", name="The project in numbers")
    rooms = ("videos", "quality", "label", "train", "models", "label")
    for link, room in zip(loop.get_by_role("link").all(), rooms, strict=True):
        expect(link).to_have_attribute("href", f"/p/ashore/{room}")
    for name, address in (
        ("Label next clip", "label"),
        ("Review frames", "quality"),
        ("Compare models", "models"),
        ("Show it", "videos?state=failed"),
    ):
        expect(home.get_by_role("link", name=name)).to_have_attribute("href", f"/p/ashore/{address}")


def test_the_cards_say_what_waits(home: Page) -> None:
    labelling = home.get_by_role("region", name="Labelling")
    expect(labelling).to_contain_text(f"{OPEN} clips wait")
    review = home.get_by_role("region", name="Rejected frames")
    expect(review.get_by_role("heading", name="Review 90 rejected frames")).to_be_visible()
    expect(review).to_contain_text("In 2 spans, mostly too dark.")
    training = home.get_by_role("region", name="Training")
    expect(training).to_contain_text("v1 gets 85.6 % right")
    expect(home.get_by_role("heading", name="1 video could not be read")).to_be_visible()
    expect(home.get_by_text("The file stops after 4 KB.")).to_be_visible()


def test_what_happened_lately_leads_to_it(home: Page) -> None:
    lately = home.get_by_role("listitem").filter(has_text="let 2 people in")
    expect(lately.get_by_role("link")).to_have_attribute("href", "/p/ashore/settings")


def test_the_rail_marks_the_rooms_where_something_waits(home: Page) -> None:
    rail = home.get_by_role("navigation", name="Rooms")
    for name in (
        "Videos , 1 failed video",
        "Quality , 2 rejected spans to review",
        "Label , 4 clips to label",
    ):
        expect(rail.get_by_role("link", name=name)).to_be_visible()
    expect(rail.get_by_role("link", name="Models", exact=True)).to_be_visible()


@pytest.mark.parametrize(("key", "room"), [("l", "label"), ("r", "quality")])
def test_a_key_leads_where_its_button_leads(home: Page, ashore: str, key: str, room: str) -> None:
    home.keyboard.press(key)
    home.wait_for_url(re.compile(re.escape(f"{ashore}/{room}")))


def test_t_asks_whether_to_train_and_escape_leaves_it(home: Page, ashore: str) -> None:
    home.keyboard.press("t")
    asked = home.get_by_role("dialog", name="Train on current labels")
    expect(asked).to_be_visible(timeout=COMES_MS)
    home.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    home.wait_for_url(f"{ashore}/train")


def test_a_viewer_is_offered_nothing_that_is_not_theirs(
    context: BrowserContext, server: Server, ashore: str
) -> None:
    page = context.new_page()
    sign_in(page, server.url, "vera")
    page.goto(ashore)
    expect(page.get_by_role("heading", name="Continue labelling")).to_be_visible(timeout=COMES_MS)
    expect(page.get_by_role("link", name="Label next clip")).to_have_count(0)
    expect(page.get_by_role("navigation", name="Rooms").get_by_role("img")).to_have_count(0)


def test_an_empty_project_says_what_comes_and_opens_the_upload(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/p/empty")
    expect(page.get_by_role("list", name="What happens here").get_by_role("listitem")).to_have_count(6)
    page.get_by_role("link", name="Upload videos").click()
    dialog = page.get_by_role("dialog", name="Upload videos")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.wait_for_url("**/p/empty/videos")
