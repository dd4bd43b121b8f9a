"""manage.py sweeper: run the sweeper until told to stop."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.jobs.sweeper import run_forever, sweep, tidy


class Command(BaseCommand):
    """Ring for jobs that nobody claimed, take back expired ones, clear up after lost attempts."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --once."""
        parser.add_argument(
            "--once", action="store_true", help="sweep and tidy once, say what was done, leave"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run in the foreground; SIGTERM and SIGINT end it after the current round."""
        if options["once"]:
            self.stdout.write(f"{sweep()}, {tidy()} left-over folders removed")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run_forever(stop)
