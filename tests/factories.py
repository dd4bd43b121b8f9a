"""Rows for tests, made by the services that people use. Each app adds its own in tests/<app>/factories.py."""

from itertools import count

from core.models import Membership, Project, Role, User
from core.services.accounts import project_create

PASSWORD = "correct horse battery"
_numbers = count(1)


def user_make(username: str = "", *, staff: bool = False, password: str = "") -> User:
    """A person; without `password` nobody can sign in as them except by `client.force_login`."""
    name = username or f"person{next(_numbers)}"
    return User.objects.create_user(name, password=password or None, is_staff=staff)


def project_make(name: str = "", *, admin: User | None = None) -> Project:
    """A project, with `admin` as its admin where one is given."""
    return project_create(name=name or f"Project {next(_numbers)}", actor=admin)


def member_make(
    role: Role = Role.VIEWER, *, project: Project | None = None, user: User | None = None
) -> Membership:
    """A person in a project, both made where they are not given."""
    return Membership.objects.create(user=user or user_make(), project=project or project_make(), role=role)
