"""Servers and a database for every test run, and an account of what was skipped."""

import os
import secrets
import shutil
from collections import Counter
from collections.abc import Generator, Iterator

import pytest
from django.db import connections
from hypothesis import settings as property_tests

from config.embedded import wanted_servers
from config.embedded.sharing import shared
from tests.surroundings import VAR

MAY_SKIP_IN_CI = ("footage", "gpu", "root", "exhaustive")  # a missing tool is a failure there
TALKS_TO_SERVERS = {"servers", "db", "transactional_db", "django_db_setup"}
skips: Counter[str] = Counter()
property_tests.register_profile("no timed test", property_tests(), deadline=None)
property_tests.load_profile("no timed test")


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    """PostgreSQL and Redis: those that DATABASE_URL and REDIS_URL name, or the embedded ones."""
    with shared(VAR, wanted_servers()):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: None) -> None:
    """Give this run a database name that no other run has."""
    name = f"test_rushes_{os.getpid()}_{secrets.token_hex(3)}"
    connections["default"].settings_dict["TEST"]["NAME"] = name


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what talks to PostgreSQL or Redis, so that it can be run again on other servers, and only that."""
    for item in items:
        if config.getoption("short") and item.get_closest_marker("exhaustive"):
            item.add_marker(pytest.mark.skip(reason="exhaustive: make test-long runs it"))
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & TALKS_TO_SERVERS:
            item.add_marker("servers")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)  # else one core waits for them


def pytest_unconfigure() -> None:
    """Remove the run's folder."""
    shutil.rmtree(VAR, ignore_errors=True)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    told = report.longrepr
    return str(told[2] if isinstance(told, tuple) else told).removeprefix("Skipped: ")


def _strict(report: pytest.TestReport | pytest.CollectReport, *, may_skip: bool) -> None:
    """In CI turn a skip into a failure, unless it is one that a machine may have."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    if os.environ.get("CI") == "true" and not may_skip:
        report.outcome = "failed"
        report.longrepr = f"Skipped in CI, where every tool must be there: {_reason(report)}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge a skipped test."""
    report = yield
    _strict(report, may_skip=any(item.get_closest_marker(name) for name in MAY_SKIP_IN_CI))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge a skipped module."""
    report = yield
    _strict(report, may_skip=False)
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count a skipped test, in whichever process it was."""
    if report.skipped and not hasattr(report, "wasxfail"):
        skips[_reason(report)] += 1


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Count a skipped module."""
    if report.skipped:
        skips[_reason(report)] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped, and why."""
    if not skips:
        return
    terminalreporter.section(f"{sum(skips.values())} skipped")
    for reason, count in skips.most_common():
        terminalreporter.line(f"{count:4d}  {reason}")
