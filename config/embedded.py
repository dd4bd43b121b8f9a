"""The embedded PostgreSQL and Redis: where they listen, and how a process holds them up."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Addresses:
    """Where the embedded servers of one `var/` folder listen."""

    database_url: str
    redis_url: str


def addresses(var: Path) -> Addresses:
    """Return the addresses of the embedded servers whose data lies in `var`."""
    return Addresses(f"postgres://rushes@/rushes?host={var}/run", f"unix://{var}/run/redis.sock")


@contextlib.contextmanager
def services_for(argv: list[str]) -> Iterator[None]:
    """Hold up what the management command in `argv` needs while it runs."""
    yield
