"""The child process and how its deaths read."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from core.jobs import process
from core.jobs.kinds import Limits
from core.jobs.process import Child, Ending

UNLIMITED = Limits()
Words = list[tuple[float, str, dict[str, Any]]]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def child_of(work: str, out: Path, limits: Limits = UNLIMITED, **params: Any) -> Child:
    return Child(work=f"tests.core.jobs.work:{work}", params=params, out=out, limits=limits)


def run(work: str, out: Path, limits: Limits = UNLIMITED, **params: Any) -> tuple[Ending, Words]:
    words: Words = []
    child = child_of(work, out, limits, **params)
    try:
        while child.listen(lambda *said: words.append(said)):
            pass
        return child.ending(), words
    finally:
        child.close()


def started(child: Child) -> list[int]:
    """The process ids the work reports once it is in the middle of things."""
    pids: list[int] = []
    while not pids:
        assert child.listen(lambda _, __, facts: pids.extend(facts["pids"]))
    return pids


def end(child: Child) -> Ending:
    try:
        while child.listen(lambda *_: None):
            pass
        return child.ending()
    finally:
        child.close()


def test_work_returns_its_result_and_its_progress(tmp_path: Path) -> None:
    ending, words = run("fine", tmp_path, text="hello")
    assert ending == Ending(result={"answer": 42})
    assert words == [(0.5, "writing", {"bytes": 3})]
    assert (tmp_path / "deep" / "answer.txt").read_text() == "hello"


@pytest.mark.parametrize("work", ["lingering", "tripping"])
def test_what_was_done_stands_however_the_process_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    monkeypatch.setattr(process, "REAP_SECONDS", 0.5)
    ending, _ = run(work, tmp_path)
    assert ending == Ending(result={"answer": 42})
    assert (tmp_path / "deep" / "answer.txt").read_text() == "yes"


def test_one_that_falls_silent_is_killed_and_not_taken_for_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "REAP_SECONDS", 0.5)
    ending, _ = run("mute", tmp_path)
    assert ending.result is None
    assert ending.reason == "The worker stopped speaking while counting and did not end, so it was killed."


def test_a_flood_of_output_neither_blocks_nor_mixes_with_the_reports(tmp_path: Path) -> None:
    ending, words = run("noisy", tmp_path)
    assert ending.result == {"big": "z" * 500_000}
    assert [stage for _, stage, _ in words] == [f"step {n}" for n in range(200)]


def test_parameters_larger_than_a_pipe_arrive(tmp_path: Path) -> None:
    run("fine", tmp_path, text="t" * 1_000_000)
    assert len((tmp_path / "deep" / "answer.txt").read_text()) == 1_000_000


def test_the_child_sees_no_django_no_secrets_and_leads_its_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@h/d")
    monkeypatch.setenv("SECRET_KEY", "k" * 50)
    ending, _ = run("nosy", tmp_path)
    assert ending.result is not None
    assert not {"DATABASE_URL", "SECRET_KEY"} & set(ending.result["seen"])
    assert ending.result["django"] is False
    assert ending.result["leader"] is True


@pytest.mark.parametrize(
    ("work", "limits", "sentence"),
    [
        ("broken", Limits(), "The worker failed while counting: ValueError: no such thing"),
        (
            "hungry",
            Limits(memory_bytes=400 * 2**20),
            "The worker ran out of memory (limit 400.0 MB) while making proxies.",
        ),
        (
            "greedy",
            Limits(output_bytes=3 * 2**20),
            "The worker wrote a file larger than its limit of 3.0 MB.",
        ),
        ("spinning", Limits(cpu_seconds=1), "The worker used up its 1 second of processor time."),
        (
            "killed",
            Limits(),
            "The worker was killed while counting, probably because the machine ran out of memory.",
        ),
        (
            "crashed",
            Limits(),
            "The worker crashed (Segmentation fault). Its last words: the last thing it said",
        ),
        ("leaving", Limits(), "The worker ended with status 3."),
        (
            "missing",
            Limits(),
            "The worker failed: AttributeError: module 'tests.core.jobs.work' has no attribute",
        ),
    ],
)
def test_a_death_is_a_failed_attempt_with_a_sentence(
    tmp_path: Path, work: str, limits: Limits, sentence: str
) -> None:
    ending, _ = run(work, tmp_path, limits)
    assert ending.result is None
    assert ending.permanent is False
    assert ending.reason.startswith(sentence)


def test_one_that_takes_too_long_is_ended_and_its_stage_is_named(tmp_path: Path) -> None:
    child = child_of("sleeping", tmp_path, Limits(wall_seconds=60))
    pids = started(child)
    child._started -= 60  # a limit of a second may be over before a busy machine has it started
    ending = end(child)
    assert ending.reason == "The worker took longer than its limit of 1 minute while sleeping."
    assert (ending.result, ending.permanent) == (None, False)
    wait_until(lambda: not any(map(alive, pids)))


def test_a_verdict_on_the_input_is_permanent_and_keeps_its_own_words(tmp_path: Path) -> None:
    ending, _ = run("verdict", tmp_path)
    assert ending == Ending(reason="The file is empty: record it again.", permanent=True)


def test_asked_to_stop_it_unwinds(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    child = child_of("tidy", tmp_path, mark=str(mark))
    started(child)
    child.stop("cancelled", grace_seconds=10)
    assert end(child) == Ending(stopped="cancelled")
    assert mark.read_text() == "unwound"


def test_one_that_does_not_listen_is_killed_after_its_grace(tmp_path: Path) -> None:
    child = child_of("stubborn", tmp_path)
    (pid,) = started(child)
    before = time.monotonic()
    child.stop("cancelled", grace_seconds=0.5)
    assert end(child).stopped == "cancelled"
    assert 0.4 < time.monotonic() - before < 60
    assert not alive(pid)


def test_its_grandchildren_end_with_it(tmp_path: Path) -> None:
    child = child_of("sleeping", tmp_path)
    pids = started(child)
    os.kill(pids[0], signal.SIGKILL)
    assert "was killed" in end(child).reason
    wait_until(lambda: not any(map(alive, pids)))


PARENT = """
    import os, sys
    from pathlib import Path
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    from core.jobs.kinds import Limits
    from core.jobs.process import Child
    child = Child(work="tests.core.jobs.work:sleeping", params={}, out=Path(sys.argv[1]), limits=Limits())
    while child.listen(lambda _, __, facts: print(*facts["pids"], flush=True)):
        pass
"""


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGSTOP])
def test_when_the_parent_is_killed_the_whole_group_is_gone(tmp_path: Path, way: signal.Signals) -> None:
    script = (
        "import django; import os; os.environ['DJANGO_SETTINGS_MODULE']='config.settings'; django.setup()\n"
    )
    command = [sys.executable, "-c", script + textwrap.dedent(PARENT), str(tmp_path)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(alive, pids))
        parent.send_signal(way)
        if way == signal.SIGSTOP:  # a parent that only sleeps keeps its child
            time.sleep(0.5)
            assert all(map(alive, pids))
            parent.kill()
        wait_until(lambda: not any(map(alive, pids)))


def test_a_child_that_is_started_by_nobody_ends_at_once() -> None:
    orphan = subprocess.run(
        [sys.executable, "-m", "core.jobs.child", "1"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
        timeout=20,
    )
    assert orphan.returncode == -signal.SIGKILL


def test_reports_are_json_lines(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    order = {
        "work": "tests.core.jobs.work:fine",
        "params": {},
        "out": str(tmp_path),
        "limits": dict.fromkeys(("cpu_seconds", "memory_bytes", "output_bytes", "wall_seconds")),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "core.jobs.child", str(writer)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        pass_fds=(writer,),
        start_new_session=True,
    ) as child:
        os.close(writer)
        assert child.stdin is not None
        child.stdin.write(json.dumps(order).encode() + b"\n")
        child.stdin.flush()
        with os.fdopen(reader) as reports:
            assert [json.loads(line) for line in reports] == [
                {"progress": 0.5, "stage": "writing", "facts": {"bytes": 3}},
                {"result": {"answer": 42}},
            ]
