"""Train and Models by keyboard: the click that starts, the run that goes on, the version that speaks."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Server, _in_shell, sign_in, wears
from tests.e2e.test_shell import serious

pytestmark = pytest.mark.browser
READ_MS = 200_000
ROWS = "from tests.e2e import train_rows; train_rows."


@pytest.fixture(scope="module")
def rows(server: Server) -> None:
    """A project with a run under way, and one with none."""
    _in_shell(server, f"{ROWS}make('works'); train_rows.make('starts', under_way=False)")


def test_one_key_opens_what_a_run_would_do_and_enter_starts_it(
    page: Page, server: Server, rows: None
) -> None:
    page.goto(f"{server.url}/p/starts/train")
    expect(page.get_by_text("No new label since dataset 3")).to_be_visible()
    page.keyboard.press("t")
    dialog = page.get_by_role("dialog", name="Train on current labels")
    expect(dialog.get_by_role("row", name="Walking")).to_contain_text("4")
    expect(dialog.get_by_text("takes over from v1 by itself if it is no worse")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Start training")).to_be_focused()
    dialog.get_by_role("button", name="Recipe: What moves, where and how").press("Enter")
    page.get_by_role("menuitem", name="AS-GCN on poses").press("Enter")
    expect(dialog.get_by_text("Poses need the weights cpm_pose14_192.tflite")).to_be_visible()
    expect(page.get_by_role("button", name="Start training")).to_have_attribute("aria-disabled", "true")
    dialog.get_by_role("button", name="Recipe: AS-GCN on poses").press("Enter")
    page.get_by_role("menuitem", name="X3D-XS").press("Enter")
    expect(dialog.get_by_text("A small network that sees space and time at once")).to_be_visible()
    page.get_by_role("button", name="Start training").press("Enter")
    page.wait_for_url("**/p/starts/train/4")
    expect(page.get_by_role("heading", name="Run 4")).to_be_visible()
    expect(
        page.get_by_label("Run 4", exact=True).get_by_text("X3D-XS, from scratch, dataset 4")
    ).to_be_visible()


def test_a_run_under_way_tells_its_news_by_itself(page: Page, server: Server, rows: None) -> None:
    page.goto(f"{server.url}/p/works/train")
    expect(page.get_by_text("Classifier, epoch 27 of 40")).to_be_visible()
    expect(page.get_by_role("img", name="Validation top-1 is")).to_be_visible()
    _in_shell(server, f"{ROWS}advance('works', 31)")
    expect(page.get_by_text("Classifier, epoch 31 of 40")).to_be_visible(timeout=5000)


def test_cancelling_asks_first(page: Page, server: Server, rows: None) -> None:
    page.goto(f"{server.url}/p/works/train/4")
    page.get_by_role("button", name="Cancel run").click()
    expect(page.get_by_text("Resume goes on from there")).to_be_visible()
    expect(page.get_by_role("button", name="Keep it running")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_failed_run_says_why_and_a_done_one_what_it_found(page: Page, server: Server, rows: None) -> None:
    page.goto(f"{server.url}/p/works/train/2")
    expect(page.get_by_text("The disk is full: 12 MB are left")).to_be_visible()
    expect(page.get_by_role("button", name="Resume run 2")).to_be_visible()
    page.get_by_role("link", name="Run 3").click()
    expect(page.get_by_text("top-1 on 171 test clips, 95 % interval 81.6")).to_be_visible()
    expect(page.get_by_text("SMART at 6 frames matches uniform at")).to_be_visible()
    page.get_by_role("link", name="Compare v2").click()
    page.wait_for_url("**/p/works/models/2")


def test_a_run_that_cannot_read_its_clips_says_which_and_why_and_reads_them_again(
    page: Page, server: Server
) -> None:
    _in_shell(server, f"{ROWS}make('unread', under_way=False)")  # of its footage no file is there
    page.goto(f"{server.url}/p/unread/train?start=true")
    expect(page.get_by_role("button", name="Start training")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/unread/train/4")
    dataset = page.get_by_role("region", name="Dataset 4")
    expect(dataset.get_by_role("listitem").filter(has_text="Walking")).to_be_visible()
    alert = page.get_by_role("alert").filter(has_text="32 of 32 labelled clips could not be read")
    expect(alert).to_be_visible(timeout=READ_MS)
    lost = alert.get_by_role("list", name="Recordings that could not be read")
    expect(lost.get_by_text("The recording's files are gone.").first).to_be_visible()
    alert.get_by_role("button", name="Read them again").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Run 4 reads them again")).to_be_visible()


def test_a_model_says_what_it_was_made_without(page: Page, server: Server, rows: None) -> None:
    page.goto(f"{server.url}/p/works/models/2")
    expect(page.get_by_text("v2 was made without 3 of 1,530 clips")).to_be_visible()
    expect(page.get_by_text("The proxy is damaged.")).to_be_visible()
    page.goto(f"{server.url}/p/works/train/3")
    expect(page.get_by_text("3 of 1,530 clips could not be read and are left out.")).to_be_visible()
    expect(page.get_by_role("button", name="Read them again")).to_be_visible()


def test_a_version_is_promoted_by_keyboard_with_what_is_known_against_it(
    page: Page, server: Server, rows: None
) -> None:
    page.goto(f"{server.url}/p/works/models")
    expect(page.get_by_text("+1.8, within chance")).to_be_visible()
    expect(page.get_by_role("heading", name="Carrying read as Pushing cart 5 clips")).to_be_visible()
    page.get_by_role("button", name="Carrying read as Pushing cart, 5 of 34 clips").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Carrying read as Lifting 1 clip")).to_be_visible()
    page.get_by_role("button", name="Promote v2").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Promote v2")
    expect(dialog.get_by_text("0.07 F1) worse than v1.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("v2 makes the suggestions now")).to_be_visible()
    expect(page.get_by_text("2 versions; v2 speaks")).to_be_visible()


def test_a_viewer_sees_all_and_is_told_who_can_start(
    context: BrowserContext, server: Server, rows: None
) -> None:
    page = context.new_page()
    sign_in(page, server.url, "vera")
    page.goto(f"{server.url}/p/works/train/2")
    expect(page.get_by_text("Someone with the ML lead role starts a run.")).to_be_visible()
    expect(page.get_by_role("button", name="Resume run 2")).to_have_count(0)
    page.keyboard.press("t")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("look", ["dark", "light"])
def test_axe_finds_nothing_serious_in_train_and_models(
    page: Page, server: Server, rows: None, look: str
) -> None:
    wears(page, look)
    runs = ("works/train", "works/train/2", "works/train/3", "works/train?start=true")
    for room in (*runs, "works/models", "empty/train", "empty/models"):
        page.goto(f"{server.url}/p/{room}")
        page.wait_for_load_state("networkidle")
        assert serious(page) == [], room
