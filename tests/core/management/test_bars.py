"""Progress of long work: in place on a terminal, a line now and then in a log."""

import sys
from io import StringIO

import pytest

from core.management.bars import LINE_SECONDS, Lines, progress_bar


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_gets_a_whole_line_each_half_minute() -> None:
    out, clock = StringIO(), Clock()
    lines = Lines(out, clock=clock)
    for second in range(int(3 * LINE_SECONDS)):
        clock.now = second
        lines.write(f"\rRun 1: {second} %")
    assert out.getvalue() == "Run 1: 30 %\nRun 1: 60 %\n"


def test_work_that_is_quick_leaves_nothing_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(total=3, title="Copying in", unit="files") as bar:
        bar.update(3)
    assert capsys.readouterr().err == ""


def test_clearing_the_bar_is_no_line() -> None:
    out, clock = StringIO(), Clock()
    lines = Lines(out, clock=clock)
    clock.now = LINE_SECONDS
    lines.write("\r      \r")
    assert out.getvalue() == ""


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line may be written at any time."""
    monkeypatch.setattr("core.management.bars.LINE_SECONDS", 0.0)


def test_a_line_says_how_many_are_done(often: None, capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(total=7, title="Reading", unit="videos") as bar:
        bar.n = 3
        bar.refresh()
    assert capsys.readouterr().err.splitlines()[-1] == "Reading: 3 of 7 videos after 00:00"


def test_a_line_says_what_portion_is_done_and_at_what(
    often: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress_bar(total=1.0, title="Run 2") as bar:
        bar.n = 0.25
        bar.set_postfix_str("finding people")
    assert capsys.readouterr().err.splitlines()[-1] == "Run 2:  25 % after 00:00, finding people"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_one_bar_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar(total=4, title="Reading", unit="videos") as bar:
        bar.n = 2
        bar.refresh()
    assert "\rReading: 2 of 4 videos |" in terminal.getvalue()
    assert "\n" not in terminal.getvalue()
