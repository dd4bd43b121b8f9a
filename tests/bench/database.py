"""A database that a measurement fills and throws away, on servers of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django


@contextmanager
def own_database() -> Iterator[None]:
    """Start the servers, make a database, drop it afterwards. Import models inside the block only."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.embedded import wanted_servers
    from config.embedded.sharing import shared
    from tests.surroundings import VAR

    with shared(VAR, wanted_servers()):
        django.setup()
        from django.db import connections
        from django.test.utils import setup_databases, teardown_databases

        connections["default"].settings_dict["TEST"]["NAME"] = f"test_bench_{os.getpid()}"
        made = setup_databases(verbosity=0, interactive=False)
        try:
            yield
        finally:
            teardown_databases(made, verbosity=0)
