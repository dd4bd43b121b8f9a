#!/usr/bin/env python
"""The command line of Rushes: `python manage.py help` lists what it can do."""

import os
import sys

from config.embedded import services_for


def main() -> None:
    """Run one management command, with the embedded servers up if it needs them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    with services_for(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
