import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.supervisor import Program, StartError, Supervisor
from tests.config.holding import CHECKOUT, eventually

STAY = "import time; time.sleep(60)"


def program(name: str, script: str, **more: object) -> Program:
    return Program(name=name, command=[sys.executable, "-u", "-c", script], **more)  # type: ignore[arg-type]


class Watched(Supervisor):
    """A supervisor whose lines are kept."""

    def __init__(self, folder: Path, *programs: Program) -> None:
        self.lines: list[str] = []
        super().__init__(programs, logs=folder, cwd=folder, say=self.lines.append)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_every_program_is_ready_before_start_returns(tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    script = f"import pathlib, time; time.sleep(0.3); pathlib.Path({str(sign)!r}).touch(); time.sleep(60)"
    supervisor = Watched(tmp_path, program("Slow", script, ready=sign.exists), program("Quick", STAY))
    supervisor.start()
    assert sign.exists()
    assert [line.partition(" (")[0] for line in supervisor.lines] == ["Slow ready", "Quick ready"]
    supervisor.stop()


def test_a_program_that_ends_at_once_is_named_with_what_it_said(tmp_path: Path) -> None:
    supervisor = Watched(tmp_path, program("Web", "raise SystemExit('no such port')", ready=lambda: False))
    with pytest.raises(StartError, match=r"(?s)Web ended at once.*no such port"):
        supervisor.start()
    supervisor.stop()


def test_a_program_that_is_never_ready_is_named(tmp_path: Path) -> None:
    supervisor = Watched(tmp_path, program("Web", STAY, ready=lambda: False, ready_seconds=0.2))
    with pytest.raises(StartError, match="Web was not ready"):
        supervisor.start()
    supervisor.stop()


def test_what_dies_is_started_again_and_later_each_time(tmp_path: Path) -> None:
    supervisor = Watched(tmp_path, program("Flaky", STAY))
    supervisor.start()
    for delay in ("0.5", "2.0"):
        killed = supervisor.running[0].process
        killed.kill()
        killed.wait()
        supervisor.tick()
        assert supervisor.lines[-1].startswith(f"Flaky was killed by signal 9: again in {delay} s")
        supervisor.running[0].restart_at = time.monotonic()
        supervisor.tick()
        assert supervisor.running[0].process.pid != killed.pid
    supervisor.stop()


def test_what_ran_long_is_started_again_soon(tmp_path: Path) -> None:
    supervisor = Watched(tmp_path, program("Steady", STAY))
    supervisor.start()
    entry = supervisor.running[0]
    entry.failures, entry.started = 4, entry.started - 3600
    entry.process.kill()
    entry.process.wait()
    supervisor.tick()
    assert "again in 0.5 s" in supervisor.lines[-1]
    supervisor.stop()


def test_children_of_a_killed_program_are_ended_before_it_starts_again(tmp_path: Path) -> None:
    script = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {STAY!r}]).pid); {STAY}"
    supervisor = Watched(tmp_path, program("Parent", script))
    supervisor.start()
    log = tmp_path / "parent.log"
    eventually(lambda: log.exists() and log.read_text().strip().isdigit())
    child = int(log.read_text())
    supervisor.running[0].process.kill()
    supervisor.running[0].process.wait()
    assert alive(child)
    supervisor.tick()
    eventually(lambda: not alive(child))
    supervisor.stop()


def test_they_are_asked_to_stop_in_reverse_order(tmp_path: Path) -> None:
    programs = [program(name, STAY) for name in "abc"]
    supervisor = Watched(tmp_path, *programs)
    supervisor.start()
    asked: list[str] = []
    for entry in supervisor.running:
        entry.process = Noting(entry.process, asked, entry.program.name)
    supervisor.stop()
    assert asked == ["c", "b", "a"]


class Noting(subprocess.Popen[bytes]):
    """A process that notes when it was asked to end."""

    def __init__(self, process: subprocess.Popen[bytes], asked: list[str], name: str) -> None:
        self.__dict__ = process.__dict__
        self.asked, self.name = asked, name

    def terminate(self) -> None:
        self.asked.append(self.name)
        super().terminate()


def test_one_that_does_not_stop_in_time_is_killed_with_its_group(tmp_path: Path) -> None:
    script = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); {STAY}"
    deaf = program("Deaf", script, stop_seconds=0.3)
    supervisor = Watched(tmp_path, deaf)
    supervisor.start()
    eventually(lambda: supervisor.log(deaf).read_text() == "deaf\n")
    pid = supervisor.running[0].process.pid
    supervisor.stop()
    assert supervisor.lines[-1].startswith("Deaf did not stop")
    assert not alive(pid)


def test_a_step_runs_once(tmp_path: Path) -> None:
    step = program("Footage", "raise SystemExit(3)", once=True)
    supervisor = Watched(tmp_path, step)
    supervisor.start()
    supervisor.running[0].process.wait()
    supervisor.tick()
    supervisor.tick()
    assert supervisor.lines == ["Footage ended with status 3"]
    assert not supervisor.log(step).exists()
    supervisor.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_killed_supervisor_takes_its_programs_with_it(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, time\n"
        "from config.supervisor import Program, Supervisor\n"
        f"one = Program(name='One', command=[sys.executable, '-c', {STAY!r}])\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "supervisor = Supervisor([one], logs=folder, cwd=folder, say=print)\n"
        "supervisor.start()\n"
        "print(supervisor.running[0].process.pid, flush=True)\n"
        "supervisor.run()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", script], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    child = int(process.stdout.readline())
    assert alive(child)
    process.kill()
    process.communicate()
    eventually(lambda: not alive(child))
