"""Every test run has a `var/` folder of its own (a pytest plugin, loaded before Django's settings are).

Without DATABASE_URL and REDIS_URL the embedded servers run in it; tests/conftest.py starts them.
The processes of one run share no data: each has its own `var/`, its own PostgreSQL database and, on a
given server, its own Redis database.
"""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

VAR = Path(tempfile.mkdtemp(prefix="rushes-"))
VAR.chmod(0o755)  # when root runs the tests, the servers run as somebody else
(VAR / "static").mkdir()  # what collectstatic fills; the middleware warns where it is missing
os.environ["RUSHES_VAR"] = str(VAR)

worker, redis_url = os.environ.get("PYTEST_XDIST_WORKER"), os.environ.get("REDIS_URL")
if worker and redis_url:
    os.environ["REDIS_URL"] = urlsplit(redis_url)._replace(path="/" + worker.removeprefix("gw")).geturl()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--short`, as continuous integration gives it."""
    parser.addoption("--short", action="store_true", help="skip what is marked exhaustive, and count it")
