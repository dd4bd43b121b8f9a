"""Which project is meant at the command line."""

from core.errors import Invalid, NotFound
from core.models import Project
from core.selectors.accounts import project_at


def project_with_labels(*, slug: str | None) -> Project:
    """The project at `slug`, or without one the only project there is. Raises NotFound and Invalid."""
    if slug is not None:
        found = project_at(slug=slug)
        if found is None:
            raise NotFound(f"There is no project at {slug}.")
        return found
    projects = list(Project.objects.order_by("pk")[:2])
    if not projects:
        raise NotFound("There is no project yet. Ingest footage first.")
    if len(projects) > 1:
        raise Invalid("There are several projects here: say which one with --project SLUG.")
    return projects[0]
