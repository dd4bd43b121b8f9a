"""`manage.py project make NAME`, `project list` and `project erase SLUG`: projects and who is in them."""

import time
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from core.errors import RushesError
from core.management.tables import WorksOnTables
from core.models import Role
from core.selectors.accounts import project_at, projects_with_people
from core.services.accounts import ONE_TIME_DAYS, member_set, project_found_or_made, user_found_or_made
from core.services.erasing import counted, project_erase, project_holds

POLL_SECONDS = 0.5


class Command(WorksOnTables):
    """Make a project, or give people roles in one that is there; list all; take one away for good."""

    help = "Make a project, or change who is in one; list all projects; erase one for good."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The three commands and what they take."""
        commands = parser.add_subparsers(dest="what", required=True)
        made = commands.add_parser(
            "make", help="make one, or give people roles in one that is there; twice changes nothing"
        )
        made.add_argument("name", metavar="NAME", help="its name, or the slug of one that is there")
        made.add_argument("--slug", default="", help="the short name in its address; made from the name")
        made.add_argument(
            "--member",
            action="append",
            default=[],
            metavar="USER:ROLE",
            help=f"role is one of {', '.join(Role.values)}; a person who has no account gets one",
        )
        commands.add_parser("list", help="say which there are")
        erased = commands.add_parser("erase", help="take one away for good, with its footage, labels, models")
        erased.add_argument("slug", metavar="SLUG", help="the short name in its address")
        erased.add_argument("--yes", metavar="SLUG", help="the slug once more, instead of being asked for it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do one of them."""
        try:
            if options["what"] == "make":
                self._make(options["name"], options["slug"], options["member"])
            elif options["what"] == "list":
                self._list()
            else:
                self._erase(options["slug"], options["yes"])
        except RushesError as error:
            raise CommandError(error.sentence) from error

    def _make(self, name: str, slug: str, members: list[str]) -> None:
        """Do all of it or nothing, then say what there is."""
        with transaction.atomic():
            lines = self._made(name, slug, members)
        self.stdout.write("\n".join(lines))

    def _made(self, name: str, slug: str, members: list[str]) -> list[str]:
        wanted = [_parsed(member) for member in members]
        project, made = project_found_or_made(name=name, slug=slug)
        lines = [f"{'Made' if made else 'Found'} {project.name} at /{project.slug}."]
        for username, role in wanted:
            user, password = user_found_or_made(username=username, project=project)
            member_set(project=project, user=user, role=role, actor=None)
            lines.append(f"{username} is {role.label} there.")
            if password:
                lines.append(
                    f"The one-time password of {username} is {password} - it is shown only now, "
                    f"and has to be changed within {ONE_TIME_DAYS} days."
                )
        return lines

    def _list(self) -> None:
        for slug, name, since, people in projects_with_people():
            who = counted(people, "person", "people")
            self.stdout.write(f"{slug}: {name}, {who}, since {since:%Y-%m-%d}")

    def _erase(self, slug: str, yes: str | None) -> None:
        project = project_at(slug=slug)
        if project is None:
            raise CommandError(
                f"There is no project at {slug}. `manage.py project list` says which there are."
            )
        self.stdout.write(f"{project.name} at /{slug} holds:")
        for line in project_holds(project=project):
            self.stdout.write(f"  {line}")
        self.stdout.write("All of it goes for good, also the files. Backups keep what is in them.")
        if (_asked(slug) if yes is None else yes) != slug:
            raise CommandError("That is not its slug, so nothing was erased.")
        project_erase(
            project=project, actor=None, say=self.stdout.write, pause=partial(time.sleep, POLL_SECONDS)
        )
        self.stdout.write(f"{project.name} is gone.")


def _asked(slug: str) -> str:
    try:
        return input(f"Type {slug} to go on: ").strip()
    except EOFError as error:
        raise CommandError(f"Nobody answers, so nothing was erased. Scripts say --yes {slug}.") from error


def _parsed(member: str) -> tuple[str, Role]:
    username, colon, role = member.rpartition(":")
    if not (colon and username and role in Role.values):
        raise CommandError(f"{member!r} is not USER:ROLE with a role of {', '.join(Role.values)}.")
    return username, Role(role)
