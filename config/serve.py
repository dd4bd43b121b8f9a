"""One program of Rushes in the foreground: `python -m config.serve web|worker|trainer|beat`.

For a machine on which something else supervises: Docker, systemd. What runs is exactly what
`manage.py up` runs, and the process becomes it, so that signals reach it. `--ready` asks instead
whether the one that runs on this machine answers, and says so by its exit status.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from config.processes import default_workers, footage_worker, sweeper, trainer, web
from config.supervisor import Program

ROLES = ("web", "worker", "trainer", "beat")


def main(arguments: Sequence[str] | None = None) -> int:
    """Become the program, or return 0 if it is ready and 1 if it is not."""
    parser = argparse.ArgumentParser(prog="python -m config.serve", description=__doc__)
    parser.add_argument("role", choices=ROLES, help="beat is the sweeper")
    parser.add_argument("--host", default="127.0.0.1", help="where web listens (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="where web listens (default: %(default)s)")
    parser.add_argument(
        "--jobs",
        type=int,
        default=default_workers(),
        help="how many jobs worker runs at once (default: %(default)s)",
    )
    parser.add_argument("--ready", action="store_true", help="ask whether it is up, and start nothing")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    chosen = program(options.role, host=options.host, port=options.port, jobs=options.jobs)
    if not options.ready:
        os.execve(chosen.command[0], list(chosen.command), {**os.environ, **chosen.env})  # noqa: S606
    if chosen.ready is None:
        parser.error(f"{options.role} answers nobody: it is up as long as its process lives.")
    return 0 if chosen.ready() else 1


def program(role: str, *, host: str, port: int, jobs: int) -> Program:
    """Return the program of a role. Raises KeyError for one that is not in ROLES."""
    made = {
        "web": lambda: web(host=host, port=port),
        "worker": lambda: footage_worker(pool=jobs),
        "trainer": trainer,
        "beat": sweeper,
    }
    return made[role]()


if __name__ == "__main__":
    sys.exit(main())
