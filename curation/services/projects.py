"""The project that footage goes to when it comes in from the command line."""

from django.db import transaction

from core.errors import Invalid
from core.models import Project, Role, User
from core.selectors.accounts import project_at
from core.services.accounts import member_add, project_create

DEFAULT_NAME = "Footage"


@transaction.atomic
def project_for_footage(*, slug: str | None) -> Project:
    """The project at `slug`, or without one the only project there is; made where it is missing.

    Everybody who runs the installation becomes an admin of a new one, so that it can be opened in a browser.
    Raises Invalid where there are several projects and no `slug`, or where `slug` is none.
    """
    if slug is None:
        projects = list(Project.objects.order_by("pk")[:2])
        if len(projects) > 1:
            raise Invalid("There are several projects here: say which one with --project SLUG.")
        if projects:
            return projects[0]
    found = None if slug is None else project_at(slug=slug)
    if found is not None:
        return found
    project = project_create(name=_title(slug) if slug else DEFAULT_NAME, slug=slug or "", actor=None)
    for user in User.objects.filter(is_superuser=True, is_active=True).order_by("pk"):
        member_add(project=project, username=user.username, role=Role.ADMIN, actor=None)
    return project


def _title(slug: str) -> str:
    return slug.replace("-", " ").replace("_", " ").capitalize()
