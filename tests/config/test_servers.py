"""The servers that the test run itself uses: the embedded ones, or those that the environment names."""

import pytest
import redis
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_a_postgresql_of_this_run_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('server_version_num')::int")
        name, version = cursor.fetchone()
    assert name.startswith("test_rushes_")
    assert version >= 150000


@pytest.mark.usefixtures("servers")
def test_redis_answers() -> None:
    assert redis.Redis.from_url(settings.REDIS_URL).ping()


@pytest.mark.usefixtures("servers")
def test_what_talks_to_the_servers_is_known_and_run_again_on_others(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("servers") is not None


def test_what_does_not_is_run_once(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("servers") is None
