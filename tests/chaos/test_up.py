"""`manage.py up`, as people run it: started, used, refused, interrupted, killed, started again."""

import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.holding import CHECKOUT, environment, eventually, execute, nothing_runs

pytestmark = [
    pytest.mark.calm,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]


class Up:
    """One `manage.py up`, with what it printed."""

    def __init__(self, var: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(port), "--workers", "1"],
            cwd=CHECKOUT,
            env=environment(var),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def wait_up(self) -> str:
        eventually(lambda: "\nRushes: " in self.said or self.process.poll() is not None, seconds=200)
        assert self.process.poll() is None, self.said
        return self.said

    def interrupt(self, sig: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(sig)
        return self.wait()

    def wait(self) -> int:
        status = self.process.wait(120)
        self._listener.join(120)
        return status


def processes_of(var: Path) -> dict[int, str]:
    """Every process that was started with RUSHES_VAR = var: its pid and command line."""
    wanted = f"RUSHES_VAR={var}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and wanted in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="rushes up "))
    place.chmod(0o755)
    yield place / "var"
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def login(url: str, password: str) -> dict[str, object]:
    """Sign in through the API as the browser does; what the API says of the session then."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(f"{url}/api/session").read()
    token = next((cookie.value or "" for cookie in jar if cookie.name == "csrftoken"), "")
    body = json.dumps({"username": "admin", "password": password}).encode()
    headers = {"Content-Type": "application/json", "X-CSRFToken": token}
    opener.open(urllib.request.Request(f"{url}/api/session", body, headers)).read()  # noqa: S310
    said: dict[str, object] = json.loads(opener.open(f"{url}/api/session").read())
    return said


def test_the_first_start_serves_and_prints_a_login_that_works(var: Path, port: int) -> None:
    up = Up(var, port)
    said = up.wait_up()
    for name in ("PostgreSQL and Redis", "Database", "Web", "Workers", "Trainer", "Sweeper"):
        assert f"{name} ready" in said
    found = re.search(r"Login +admin\n +Password +(\S+)", said)
    assert found is not None
    assert "admin" in json.dumps(login(up.url, found[1]))
    [[stored]] = execute(var, "SELECT password FROM core_user WHERE username = 'admin'")
    assert found[1] not in str(stored)
    assert not any(found[1] in log.read_text(errors="replace") for log in (var / "log").iterdir())
    assert up.interrupt() == 0
    assert processes_of(var) == {}
    assert nothing_runs(var)


def test_a_port_that_is_taken_is_said_before_anything_starts(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        up = Up(var, number)
        up.wait()
        assert f"Port {number} is in use" in up.said
    assert nothing_runs(var)


@pytest.fixture(scope="module")
def up(var: Path, port: int) -> Iterator[Up]:
    """The second start. It takes a while, so two tests share it: the last of them ends it."""
    up = Up(var, port)
    up.wait_up()
    yield up
    if up.process.poll() is None:
        up.interrupt()


def test_a_second_start_at_once_says_who_serves_where(up: Up, var: Path, port: int) -> None:
    assert "Password" not in up.said
    second = Up(var, port)
    assert second.wait() == 1
    assert f"runs here already (pid {up.process.pid}): {up.url}" in second.said
    eventually(lambda: healthy(up.url), seconds=90)


def test_what_is_killed_comes_back(up: Up, var: Path) -> None:
    names = ("gunicorn", "--queues train", f"keeper {var} redis")
    killed = [leader(var, name) for name in names]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    # Until this is said, those that a killed server left behind may still answer in its place.
    eventually(lambda: all(f"{name} was killed by signal 9" in up.said for name in ("Web", "Trainer")))
    eventually(lambda: all(set(leaders(var, name)) - set(killed) for name in names))
    eventually(lambda: healthy(up.url), seconds=90)
    assert up.interrupt(signal.SIGTERM) == 0
    assert processes_of(var) == {}
    assert nothing_runs(var)


def leader(var: Path, name: str) -> int:
    [found] = leaders(var, name)
    return found


def leaders(var: Path, name: str) -> list[int]:
    """The processes of this name that lead a group of their own, as those do which `up` starts."""
    found = processes_of(var).items()
    return [pid for pid, line in found if name in line and leads(pid)]


def leads(pid: int) -> bool:
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/health", timeout=5) as response:  # noqa: S310
            said = json.loads(response.read())
    except OSError:
        return False
    return bool(said["ok"]) and said["workers"] == 2


def test_after_a_kill_of_everything_it_starts_again_with_its_data(var: Path, port: int) -> None:
    up = Up(var, port)
    up.wait_up()
    execute(var, "UPDATE core_user SET first_name = 'kept' WHERE username = 'admin'")
    servers = [int((var / f"lock/{name}.server").read_text()) for name in ("postgres", "redis")]
    for pid in [*processes_of(var), *servers]:
        os.kill(pid, signal.SIGKILL)
    up.wait()
    began = time.monotonic()
    again = Up(var, port)
    assert "Password" not in again.wait_up()
    assert time.monotonic() - began < 60
    assert execute(var, "SELECT first_name FROM core_user WHERE username = 'admin'") == [("kept",)]
    assert again.interrupt() == 0
    assert processes_of(var) == {}
    assert nothing_runs(var)
