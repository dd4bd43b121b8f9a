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
