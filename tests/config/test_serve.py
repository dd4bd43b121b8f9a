"""One program in the foreground: what it becomes, and what it says when it is asked how it is."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pytest_django.fixtures import Settings

from config import serve
from config.processes import answers, programs
from core.jobs.kinds import Queue


class Became(Exception):  # noqa: N818
    """What this process would be now."""


@pytest.fixture
def becomes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `exec` say what it was given in place of doing it: a process that is replaced cannot tell."""

    def tell(program: str, command: list[str], env: dict[str, str]) -> None:
        raise Became(program, command, env)

    monkeypatch.setattr(os, "execve", tell)


def became(*arguments: str) -> tuple[str, list[str], dict[str, str]]:
    with pytest.raises(Became) as told:
        serve.main(arguments)
    program, command, env = told.value.args
    return program, command, env


@pytest.mark.usefixtures("becomes")
def test_the_roles_are_together_what_up_runs() -> None:
    commands = [
        became(role, "--port", "81", *(["--jobs", "3"] * (role == "worker")))[1] for role in serve.ROLES
    ]
    assert commands == [list(program.command) for program in programs(port=81, workers=3)]


@pytest.mark.usefixtures("becomes")
def test_a_worker_finishes_its_jobs_at_sigterm() -> None:
    for role in ("worker", "trainer"):
        program, _, env = became(role)
        assert program == sys.executable
        assert env == {**os.environ, "REMAP_SIGTERM": "SIGQUIT"}


@pytest.mark.usefixtures("becomes")
def test_every_queue_has_exactly_one_worker() -> None:
    commands = [became(role)[1] for role in ("worker", "trainer")]
    listened = [queue for command in commands for queue in command[command.index("--queues") + 1].split(",")]
    assert sorted(listened) == sorted(Queue)


@pytest.mark.usefixtures("becomes")
def test_web_listens_where_it_is_told() -> None:
    _, command, _ = became("web", "--host", "192.0.2.1", "--port", "9000")
    assert command[command.index("--bind") + 1] == "192.0.2.1:9000"
    assert "127.0.0.1:8000" in became("web")[1]


class Strict(BaseHTTPRequestHandler):
    """A server that answers 200 to what Django would let through, and remembers what it was asked."""

    heard: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.heard.append((self.headers["Host"], self.headers.get("X-Forwarded-Proto", "")))
        self.send_response(200 if self.path == "/api/health" else 503)
        self.end_headers()
        self.wfile.write(json.dumps({}).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Strict.heard = []
    with HTTPServer(("127.0.0.1", 0), Strict) as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


def test_a_server_is_asked_under_a_name_that_it_answers_to(server: str, settings: Settings) -> None:
    for hosts, name in (
        (["rushes.example.com", "b"], "rushes.example.com"),
        ([".b.org"], "b.org"),
        (["*"], "localhost"),
    ):
        settings.ALLOWED_HOSTS = hosts
        assert answers(f"{server}/api/health")()
        assert Strict.heard[-1] == (name, "")


def test_behind_tls_it_is_asked_as_the_proxy_asks(server: str, settings: Settings) -> None:
    settings.HTTPS = True
    assert answers(f"{server}/api/health")()
    assert Strict.heard[-1][1] == "https"


def test_ready_says_by_its_status_whether_web_answers(server: str) -> None:
    port = server.rpartition(":")[2]
    assert serve.main(["web", "--port", port, "--ready"]) == 0
    assert serve.main(["web", "--port", "9", "--ready"]) == 1


def test_the_sweeper_answers_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        serve.main(["beat", "--ready"])
    assert "as long as its process lives" in capsys.readouterr().err
