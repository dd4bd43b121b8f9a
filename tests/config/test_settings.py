import re
from pathlib import Path

import pytest

from config import settings
from tests.config.holding import CHECKOUT

READ = re.compile(r"environ(?:\.get\(|\[)\s*[\"']([A-Z_]+)[\"']")


def variables_read() -> set[str]:
    files = [CHECKOUT / "config" / name for name in ("settings.py", "secret.py", "embedded/places.py")]
    return {name for file in files for name in READ.findall(file.read_text())}


def variables_told() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", (CHECKOUT / "docs/settings.md").read_text(), re.MULTILINE))


def test_every_variable_that_is_read_is_documented_and_no_other() -> None:
    assert variables_read() == variables_told()


def test_no_other_module_reads_a_setting_of_its_own() -> None:
    documented = variables_told()
    for app in ("core", "curation"):
        for file in (CHECKOUT / app).rglob("*.py"):
            assert not documented & set(READ.findall(file.read_text())), file


def test_everything_that_is_kept_lies_in_var() -> None:
    for place in (settings.STATIC_ROOT, settings.STAGE_DIR, Path(settings.JOB_WORK_DIR)):
        assert place.is_relative_to(settings.VAR_DIR)


def test_a_lease_outlives_a_few_heartbeats() -> None:
    assert settings.JOB_LEASE_SECONDS >= 3 * settings.JOB_HEARTBEAT_SECONDS


def test_debug_is_off_unless_asked_for() -> None:
    assert not settings.DEBUG


@pytest.mark.parametrize("header", ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"])
def test_https_is_one_switch(header: str) -> None:
    assert getattr(settings, header) is settings.HTTPS
