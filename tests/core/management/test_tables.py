"""A database that nobody has used yet, and the first command ever."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.places import run_folder
from tests.config.holding import CHECKOUT, Holder, environment


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of servers that run, with a database without tables."""
    folder = tmp_path_factory.mktemp("first") / "var"
    holder = Holder(folder)
    holder.wait_up()
    yield folder
    holder.leave()


def start(var: Path, **env: str) -> subprocess.Popen[str]:
    """Begin to list the projects."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "project", "list"],
        cwd=CHECKOUT,
        env=environment(var, **env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_on_a_server_of_others_it_says_how_the_tables_are_made(var: Path) -> None:
    command = start(var, DATABASE_URL=f"postgres://rushes@/postgres?host={run_folder(var)}")
    _, said = command.communicate()
    assert command.returncode == 1
    assert said == "CommandError: Tables of this version are missing: run `manage.py migrate` once.\n"


def test_two_first_commands_at_once_make_them_in_the_embedded_one(var: Path) -> None:
    commands = [start(var), start(var)]
    said = [command.communicate() for command in commands]
    assert [command.returncode for command in commands] == [0, 0], said
