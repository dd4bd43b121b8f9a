"""Found a project, or change who is in one, from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.errors import RushesError
from core.models import Role
from core.services.accounts import member_set, project_found_or_made, user_found_or_made


class Command(BaseCommand):
    """`manage.py project NAME [--slug SLUG] [--member USER:ROLE]...`"""

    help = "Make a project, or give people roles in one that is there. Doing it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name, slug, members."""
        parser.add_argument("name", help="the project's name, or the slug of one that is there")
        parser.add_argument("--slug", default="", help="the short name in its address; made from the name")
        parser.add_argument(
            "--member",
            action="append",
            default=[],
            metavar="USER:ROLE",
            help=f"role is one of {', '.join(Role.values)}; a person who has no account gets one",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do all of it or nothing, then say what there is."""
        try:
            with transaction.atomic():
                lines = self._do(options["name"], options["slug"], options["member"])
        except RushesError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write("\n".join(lines))

    def _do(self, name: str, slug: str, members: list[str]) -> list[str]:
        wanted = [_parsed(member) for member in members]
        project, made = project_found_or_made(name=name, slug=slug)
        lines = [f"{'Made' if made else 'Found'} {project.name} at /{project.slug}."]
        for username, role in wanted:
            user, password = user_found_or_made(username=username, project=project)
            member_set(project=project, user=user, role=role, actor=None)
            lines.append(f"{username} is {role.label} there.")
            if password:
                lines.append(f"The one-time password of {username} is {password} - it is shown only now.")
        return lines


def _parsed(member: str) -> tuple[str, Role]:
    username, colon, role = member.rpartition(":")
    if not (colon and username and role in Role.values):
        raise CommandError(f"{member!r} is not USER:ROLE with a role of {', '.join(Role.values)}.")
    return username, Role(role)
