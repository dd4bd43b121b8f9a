"""The one way in which annotations ever go: with their whole project."""

from django.db import connection, transaction

from core.models import Project, User
from core.services.audit import audit_record


@transaction.atomic
def project_erase(*, project: Project, actor: User | None) -> None:
    """Delete a project with everything in it. This cannot be undone.

    Revisions are append-only by a trigger, which lets a DELETE pass in a transaction that says this, and an
    UPDATE never. Any other way of deleting a project with annotations fails with an IntegrityError.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rushes.erasing = 'on'")
    audit_record(verb="project.erase", obj=project, actor=actor, name=project.name, slug=project.slug)
    project.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rushes.erasing = ''")
