"""The whole application, as `manage.py up` starts it, and a real browser in front of it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.e2e import sources

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "frontend" / "dist"
CHROMIUM = Path("/usr/bin/chromium")
LAN = "rushes.lan"  # a name that is not this machine's own: plain http on it is no secure context
REFUSED = "Content Security Policy"
PASSWORD = "the evening review"
START_SECONDS = 240
LetIn = Callable[[BrowserContext], None]
PATIENCE_MS = 15_000  # two browsers may share the machine, each with a server of its own
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {LAN} 127.0.0.1",
]
PEOPLE = """
from core.models import Role, User
from core.services.accounts import project_create
admin = User.objects.get(username="admin")
admin.first_name, admin.last_name = "Priya", "Nair"
admin.set_password({password!r})
admin.save()
project_create(name="Harbour Yard B", slug="harbour", actor=admin)
project_create(name="Empty Lot", slug="empty", actor=admin)
"""

LABELLERS = """
import json, time
from core.models import Job, JobState, Project, Role, User
from core.services.accounts import member_add
from curation.models import Video
from labelling.models import Clip
from labelling.services.cutting import by_time
from labelling.services.label_sets import class_add, label_set_ensure
admin, project = User.objects.get(username="admin"), Project.objects.get(slug="harbour")
User.objects.create_user("tomas", password={password!r}, first_name="Tomás", last_name="Reyes")
member_add(project=project, username="tomas", role=Role.ANNOTATOR, actor=admin)
classes = label_set_ensure(project=project, actor=admin)
for name in ("Walking", "Carrying", "Digging"):
    class_add(label_set=classes, name=name, actor=admin)
over = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.QUARANTINED)
while Job.objects.filter(kind="labelling.cut").exclude(state__in=over).exists():
    time.sleep(0.2)  # a cut withdraws what nobody labelled and it did not want
made = [
    Clip.objects.create(
        project=project, video=video, camera=video.camera, start=start, end=start + 20,
        index_sha256=video.index_sha256, priority=by_time(video),
    )
    for video in Video.objects.filter(project=project, pk__in={videos!r})
    for start in range(0, 240, 20)
]
print(json.dumps([[str(clip.pk), str(clip.video_id), clip.start, clip.end] for clip in made]))
"""


@dataclass(frozen=True)
class Clip:
    """Frames `[start, end)` that nobody has labelled yet."""

    id: str
    video: str
    start: int
    end: int


@dataclass(frozen=True)
class Server:
    """A running Rushes. `var` is its data folder, `env` what its commands need."""

    port: int
    var: Path
    env: dict[str, str]

    @property
    def url(self) -> str:
        """Its address, a secure context to a browser."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def lan_url(self) -> str:
        """The same as other machines in a LAN see it: plain http, no secure context."""
        return f"http://{LAN}:{self.port}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _own_database(url: str) -> str:
    """Make a database of this run's own on the server of `url`, and return its address."""
    name = f"rushes_e2e_{os.getpid()}"
    connection = psycopg2.connect(url.rsplit("/", 1)[0] + "/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    return f"{url.rsplit('/', 1)[0]}/{name}"


def _drop_database(url: str) -> None:
    base, name = url.rsplit("/", 1)
    connection = psycopg2.connect(f"{base}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    connection.close()


def _await(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{server.url}/api/session", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None:
                break
            time.sleep(0.3)
    pytest.fail(f"The server did not start:\n{log.read_text()[-3000:]}")


def _in_shell(server: Server, script: str) -> str:
    """Run Python in Django's shell on the running installation; what it printed."""
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=server.env, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real thing on a free port: web, worker, sweeper, servers, in a folder and database of its own."""
    if not (DIST / "index.html").is_file():
        pytest.fail("The front end is not built: run `npm ci && npm run build` in frontend/.")
    var = tmp_path_factory.mktemp("rushes")
    env = {**os.environ, "RUSHES_VAR": str(var), "ALLOWED_HOSTS": f"127.0.0.1,localhost,{LAN}"}
    env["JOB_BACKOFF_SECONDS"] = "0.5"  # nothing here mends itself between two attempts
    env["WEIGHTS_DIR"] = str(var / "weights")  # none: what Train offers is then the same everywhere
    server = Server(_free_port(), var, env)
    env.pop("STORAGE_URL", None)
    external = env.get("DATABASE_URL")
    if external:
        env["DATABASE_URL"] = _own_database(external)
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "collectstatic", "--no-input", "-v0"], cwd=ROOT, env=env, check=True)
    log = server.var / "up.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*manage, "up", "--port", str(server.port), "--workers", "1"],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(server, process, log)
        _in_shell(server, PEOPLE.format(password=PASSWORD))
        yield server
    finally:
        process.terminate()
        process.wait(timeout=90)
        if external:
            _drop_database(env["DATABASE_URL"])


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver. Its event loop would make Django think that every test is asynchronous."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("tool missing: /usr/bin/chromium")
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window of 1440 x 900 with nothing stored."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context
    context.close()


def sign_in(page: Page, url: str, username: str = "admin") -> None:
    """Sign in by the form and wait for the first room."""
    page.goto(f"{url}/signin")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/p/**")


@pytest.fixture(scope="session")
def let_in(browser: Browser, server: Server) -> LetIn:
    """Have Priya signed in in a window without the form, which would take longer than most tests do."""
    context = browser.new_context()
    sign_in(context.new_page(), server.url)
    held: list[Any] = [*context.cookies()]
    context.close()
    return lambda window: window.add_cookies(held)


def wears(page: Page, look: str) -> None:
    """Have every room of this page dark or light, as if the person had chosen so."""
    page.add_init_script(f"localStorage.setItem('rushes.theme', '{look}')")


@pytest.fixture
def page(context: BrowserContext, let_in: LetIn) -> Iterator[Page]:
    """An empty page of Priya's. The test fails if the page raised an error or broke its own CSP."""
    let_in(context)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if REFUSED in said.text else None)
    yield page
    assert errors == []


@pytest.fixture
def browser_page(context: BrowserContext) -> Page:
    """A page of somebody who is not signed in."""
    return context.new_page()


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Four recordings with a code in every frame: constant rate, variable rate, late start, B-frames."""
    return sources.make_all(tmp_path_factory.mktemp("footage"))


@pytest.fixture(scope="session")
def videos(browser: Browser, server: Server, footage: dict[str, Path], let_in: LetIn) -> dict[str, str]:
    """The same recordings, uploaded through the browser and ready: kind -> video id."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    let_in(context)
    page = context.new_page()
    page.goto(f"{server.url}/p/harbour/videos")
    page.get_by_role("button", name="Upload videos").first.click()
    dialog = page.get_by_role("dialog")
    page.get_by_label("Video files").set_input_files([str(path) for path in footage.values()])
    dialog.get_by_label("Camera").fill("Yard North")
    dialog.get_by_label("Site").fill("Harbour")
    dialog.get_by_role("button", name=f"Upload {len(footage)} videos").click()
    page.get_by_role("button", name=f"Ready {len(footage)}").wait_for(timeout=240_000)
    ids, rows = {}, page.get_by_role("grid", name="Videos")
    for kind, path in footage.items():
        href = rows.get_by_role("link", name=path.name).get_attribute("href")
        assert href is not None
        ids[kind] = href.rsplit("/", 1)[1].split("?")[0]
    context.close()
    return ids


@pytest.fixture(scope="session")
def clips(server: Server, videos: dict[str, str]) -> list[Clip]:
    """Clips of 20 frames that no test has labelled yet: each test takes its own from the end."""
    printed = _in_shell(server, LABELLERS.format(password=PASSWORD, videos=list(videos.values())))
    return [Clip(*row) for row in json.loads(printed.strip().splitlines()[-1])]
