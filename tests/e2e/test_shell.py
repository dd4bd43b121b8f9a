"""The shell by keyboard alone, and no serious finding of axe on any screen."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import PASSWORD, ROOT, Server, sign_in, wears

pytestmark = pytest.mark.browser
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


STILL = """() => document.getAnimations().every(
    (each) => each.playState !== 'running' || each.effect.getComputedTiming().endTime === Infinity)"""


def serious(page: Page) -> list[str]:
    """Serious and critical findings of axe, a line each, once nothing fades (that has less contrast)."""
    page.wait_for_function(STILL)
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations)")
    return [
        f"{entry['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for entry in found
        if entry["impact"] in ("serious", "critical")
        for node in entry["nodes"]
    ]


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious(
    page: Page, server: Server, videos: dict[str, str], look: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    wears(page, look)
    rooms = ["harbour", "harbour/videos", f"harbour/videos/{videos['bframes']}", "harbour/settings"]
    for room in [*rooms, "empty", "empty/videos", "nowhere"]:
        page.goto(f"{server.url}/p/{room}")
        page.wait_for_load_state("networkidle")
        assert serious(page) == [], room


def test_axe_finds_nothing_serious_in_what_opens(page: Page, server: Server, videos: dict[str, str]) -> None:
    page.goto(f"{server.url}/p/harbour/videos/{videos['constant']}")
    page.wait_for_selector(".pic canvas[data-frame='0']")
    for key in ("?", "Control+k", "g"):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        assert serious(page) == [], key
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_sign_in_page_is_clean_too(browser_page: Page, server: Server) -> None:
    browser_page.goto(f"{server.url}/signin")
    expect(browser_page.get_by_label("User name")).to_be_focused()
    assert serious(browser_page) == []


def test_the_rooms_are_reached_by_tab_and_enter(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/p/harbour")
    expect(page.get_by_role("heading", name="Harbour Yard B")).to_be_visible()
    names = []
    for _ in range(9):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText"))
        if "Videos" in names[-1]:
            break
    assert names[0] == "Skip to the room"
    page.keyboard.press("Enter")
    page.wait_for_url("**/videos")


def test_the_palette_finds_rooms_and_videos(page: Page, server: Server, videos: dict[str, str]) -> None:
    page.goto(f"{server.url}/p/harbour")
    expect(page.get_by_role("heading", name="Harbour Yard B")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("settings")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("bframes")
    page.get_by_role("option", name="bframes").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/videos/{videos['bframes']}")


def test_the_palette_gives_the_focus_back(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/p/harbour")
    account = page.get_by_role("button", name="Account: Priya Nair")
    account.focus()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(account).to_be_focused()


def test_it_is_dark_where_footage_is_judged_until_the_person_chooses(
    page: Page, server: Server, videos: dict[str, str]
) -> None:
    page.emulate_media(color_scheme="light")
    html, video = page.locator("html"), f"{server.url}/p/harbour/videos/{videos['constant']}"
    page.goto(f"{server.url}/p/harbour/videos")
    expect(html).to_have_attribute("data-theme", "light")
    page.get_by_role("link", name="constant.mp4").click()
    expect(html).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="Home", exact=True).click()
    expect(html).to_have_attribute("data-theme", "light")
    page.goto(video, wait_until="commit")
    page.wait_for_selector("#root", state="attached")  # the theme is there before the app is
    assert html.get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="Account: Priya Nair").click()
    page.get_by_role("menuitem", name="As the system").click()
    expect(html).to_have_attribute("data-theme", "light")
    page.reload()
    expect(html).to_have_attribute("data-theme", "light")


def test_menus_open_move_and_close_by_key(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/p/harbour")
    account = page.get_by_role("button", name="Account: Priya Nair")
    account.focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Light").wait_for()
    page.get_by_role("menuitem", name="Light").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.keyboard.press("Escape")
    expect(account).to_be_focused()


def test_a_key_can_be_changed_and_switched_off(page: Page, server: Server, videos: dict[str, str]) -> None:
    page.goto(f"{server.url}/p/harbour/settings")
    page.get_by_role("button", name="Change the key of: Forward one frame").click()
    page.keyboard.press("d")
    page.get_by_role("button", name="Switch off the key of: Back one frame").click()
    page.goto(f"{server.url}/p/harbour/videos/{videos['constant']}")
    page.wait_for_selector(".pic canvas[data-frame='0']")
    page.keyboard.press("d")
    page.wait_for_selector(".pic canvas[data-frame='1']")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.get_by_test_id("frame").inner_text() == "1"


def test_signing_out_closes_the_door(page: Page, context: BrowserContext, server: Server) -> None:
    context.clear_cookies()  # this session ends here, and others go on with theirs
    sign_in(page, server.url)
    page.get_by_role("button", name="Account: Priya Nair").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/signin")
    page.goto(f"{server.url}/p/harbour/videos")
    page.wait_for_url("**/signin**")
    expect(page.get_by_text("Harbour Yard B")).to_have_count(0)
    assert page.request.get(f"{server.url}/api/projects/harbour/videos").status == 401
    sign_in(page, server.url)


def test_a_session_that_ends_is_said_in_the_room_and_the_form_leads_back_there(
    page: Page, context: BrowserContext, server: Server
) -> None:
    page.goto(f"{server.url}/p/harbour")
    expect(page.get_by_role("heading", name="Harbour Yard B")).to_be_visible()
    context.clear_cookies(name="sessionid")
    page.get_by_role("link", name="Quality", exact=True).click()
    said = page.get_by_role("alert").filter(has_text="You are signed out.")
    expect(said).to_contain_text("What was saved is safe.")
    expect(page.get_by_text("This project is not open to you")).to_have_count(0)
    said.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/harbour/quality**")
    expect(said).to_have_count(0)


def test_the_server_going_away_is_said_and_nothing_breaks(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/p/harbour")
    expect(page.get_by_role("heading", name="Harbour Yard B")).to_be_visible()
    page.route("**/api/**", lambda route: route.abort())
    page.goto(f"{server.url}/p/harbour/videos")
    expect(page.get_by_role("heading", name="No connection to the server")).to_be_visible(timeout=15_000)
    page.unroute("**/api/**")
    page.get_by_role("button", name="Load it again").click()
    expect(page.get_by_role("heading", name="Videos")).to_be_visible()
