"""nginx with docker/nginx.conf on private ports, in front of gunicorn as the image runs it."""

import contextlib
import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.config.holding import CHECKOUT
from tests.debian_servers import free_port, wait_for
from tests.docker.files import NGINX, copied, environment, last_stage
from tests.surroundings import VAR


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes


def ask(port: int, path: str, method: str = "GET", body: bytes | None = None, /, **headers: str) -> Answer:
    """Send one request to 127.0.0.1 and read the whole answer; `_` in a header's name is a dash."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = line.getresponse()
        return Answer(response.status, response.headers, response.read())


def image_tree(folder: Path) -> Path:
    """A folder with what the image has of the checkout, and nothing else of it."""
    for source in copied(last_stage()):
        if (CHECKOUT / source).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(CHECKOUT / source, folder / source, ignore=ignore)
        else:
            shutil.copy(CHECKOUT / source, folder / source)
    return folder


@contextlib.contextmanager
def gunicorn(tree: Path) -> Iterator[int]:
    """The web server, with the environment of the compose file on the data of this test run; its port."""
    port = free_port()
    database = connection.settings_dict
    who = f"{quote(database['USER'])}:{quote(database['PASSWORD'] or '')}"
    where = f"{quote(database['HOST'], safe='')}:{database['PORT'] or ''}".rstrip(":")
    ours = {
        "DATABASE_URL": f"postgres://{who}@{where}/{database['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "STORAGE_URL": settings.STORAGE_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "RUSHES_VAR": str(VAR),
    }
    command = [sys.executable, "-m", "config.serve", "web", "--port", str(port)]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = {**kept, **environment("web"), **ours, "PYTHONDONTWRITEBYTECODE": "1"}
    with _running(command, VAR / "gunicorn.log", cwd=tree, env=env) as process:
        wait_for(port, process)
        yield port


@contextlib.contextmanager
def nginx(program: str, app: int) -> Iterator[int]:
    """nginx in front of the app at port `app`; its own port."""
    port = free_port()
    folder = VAR / "nginx"
    folder.mkdir()
    text = _replaced(NGINX, "/tmp/", f"{folder}/")  # noqa: S108 - the container's
    text = _replaced(text, "/var/lib/rushes/media/", f"{settings.STORAGE_URL.removeprefix('file://')}/")
    text = _replaced(text, "web:8000", f"127.0.0.1:{app}")
    text = _replaced(text, "listen 8080", f"listen 127.0.0.1:{port}")
    (folder / "nginx.conf").write_text(text)
    command = [program, "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with _running(command, folder / "nginx.log") as process:
        wait_for(port, process)
        yield port


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text, f"docker/nginx.conf has no {old}"
    return text.replace(old, new)


@contextlib.contextmanager
def _running(
    command: Sequence[str], log: Path, *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=said, stderr=subprocess.STDOUT)
    try:
        yield process
    except BaseException:
        print(log.read_text(errors="replace"))  # shown where a test fails
        raise
    finally:
        process.terminate()
        process.wait(30)
