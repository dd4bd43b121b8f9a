"""The tables of the database, before a command works on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.embedded import wanted_servers

_LOCK = 7_282_011
"""Names the advisory lock under which tables are made: two commands may begin at once."""


class WorksOnTables(BaseCommand):
    """A command that needs the tables and may be the first one ever to run here.

    In the embedded database it makes those that are missing. On a server that others share it refuses to
    work, and says how they are made.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        """See that the tables are there, then do as every command does."""
        if missing():
            if "postgres" not in wanted_servers():
                raise CommandError("Tables of this version are missing: run `manage.py migrate` once.")
            tables_made()
        return super().execute(*args, **options)


def missing() -> int:
    """How many migrations the database has not seen."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def tables_made() -> int:
    """Apply the migrations that the database has not seen; how many there were."""
    with _alone():
        if found := missing():
            call_command("migrate", interactive=False, verbosity=0)
        return found


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
