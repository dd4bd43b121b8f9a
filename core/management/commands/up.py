"""manage.py up: the whole of Rushes on this machine, until Ctrl-C."""

import os
import secrets
import signal
import socket
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from config.embedded import EmbeddedError, Share, wanted_servers
from config.embedded.process import Lock
from config.embedded.sharing import shared
from config.processes import default_workers, demo_footage, programs
from config.supervisor import Program, StartError, Supervisor
from core.management.tables import tables_made
from core.models import User
from core.services.audit import audit_record

ADMIN = "admin"
PORT_SECONDS = 5.0  # an earlier start that was killed may need a moment to let go of the port


def port_is_free(port: int) -> bool:
    """Whether a server could listen on `port` of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Command(BaseCommand):
    """Serve the app with everything it needs: servers, database, web, workers, sweeper."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --port and --workers."""
        parser.add_argument("--port", type=int, default=8000, help="where to serve (default: 8000)")
        parser.add_argument(
            "--workers",
            type=int,
            default=default_workers(),
            help="how many jobs run at once beside training (default: %(default)s)",
        )
        parser.add_argument(
            "--footage",
            nargs="?",
            const="",
            metavar="DIR",
            help="bring the recordings of a folder in as well, or without one simulated ones",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Start everything, serve until SIGINT or SIGTERM, stop everything."""
        port: int = options["port"]
        lock = self._only_one(port)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.default_int_handler)
        try:
            with shared(settings.VAR_DIR, wanted_servers()) as shares:
                if shares:
                    self.say(f"PostgreSQL and Redis ready (data in {settings.VAR_DIR})")
                made = tables_made()
                self.say(f"Database ready ({made} migrations applied)" if made else "Database ready")
                self._first_admin()
                connection.close()
                todo = programs(port=port, workers=options["workers"])
                if options["footage"] is not None:
                    todo.append(demo_footage(options["footage"], url=f"http://127.0.0.1:{port}"))
                self._serve(port, todo, shares)
        except KeyboardInterrupt:
            self.say("Stopped before it was up.")
        finally:
            lock.close()

    def say(self, line: str) -> None:
        """Print one line at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()

    def _only_one(self, port: int) -> Lock:
        """Return the lock that makes this the only `up` of its folder, on a port that is free."""
        lock = Lock(Path(settings.VAR_DIR) / "lock" / "up")
        if not lock.take():
            pid, _, where = lock.read().partition(" ")
            raise CommandError(f"Rushes runs here already (pid {pid}): {where}")
        deadline = time.monotonic() + PORT_SECONDS
        while not port_is_free(port):
            if time.monotonic() > deadline:
                raise CommandError(
                    f"Port {port} is in use by another program. Take another: --port {port + 1}"
                )
            time.sleep(0.2)
        lock.write(f"{os.getpid()} http://127.0.0.1:{port}")
        return lock

    def _first_admin(self) -> None:
        """Make an admin login where there is none, and print its password this once."""
        with transaction.atomic():
            if User.objects.filter(is_superuser=True).exists():
                return
            password = secrets.token_urlsafe(12)
            user = User.objects.create_superuser(ADMIN, password=password)
            audit_record(verb="user.create", obj=user, first=True)
        self.say(f"\n    Login     {ADMIN}\n    Password  {password}\n")
        self.say("    Shown only once. Another one: manage.py changepassword admin\n")

    def _hold_up(self, shares: list[Share]) -> None:
        """Bring back an embedded server whose keeper was killed (a keeper brings back its server itself)."""
        for share in shares:
            try:
                share.ensure()
            except EmbeddedError as error:
                self.say(str(error))

    def _serve(self, port: int, todo: list[Program], shares: list[Share]) -> None:
        supervisor = Supervisor(
            todo,
            logs=Path(settings.VAR_DIR) / "log",
            cwd=settings.BASE_DIR,
            say=self.say,
        )

        def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
            if supervisor.stopping:
                supervisor.kill()
            supervisor.stopping = True

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, ask_to_stop)
        try:
            supervisor.start()
            if not supervisor.stopping:
                self.say(f"Rushes: http://127.0.0.1:{port}   (Ctrl-C stops it)")
            supervisor.run(every_tick=lambda: self._hold_up(shares))
        except StartError as error:
            raise CommandError(str(error)) from error
        finally:
            self.say("Stopping; a second Ctrl-C does not wait for running jobs.")
            supervisor.stop()
        self.say("Stopped.")
