import pytest
from django.db import transaction

from core.models import AuditEvent
from core.services.audit import audit_record
from tests.factories import project_make, user_make

pytestmark = pytest.mark.django_db


class TestAuditRecord:
    def test_it_says_who_did_what_to_which(self) -> None:
        actor, project = user_make(), project_make()
        event = audit_record(verb="project.paint", obj=project, project=project, actor=actor, colour="grey")
        event.refresh_from_db()
        assert (event.verb, event.actor, event.project) == ("project.paint", actor, project)
        assert (event.object_type, event.object_id) == ("core.project", str(project.pk))
        assert event.data == {"colour": "grey"}

    def test_without_an_actor_the_system_did_it(self) -> None:
        assert audit_record(verb="project.sweep", obj=project_make()).actor is None

    def test_it_is_undone_with_what_it_records(self) -> None:
        project = project_make()
        with transaction.atomic():
            audit_record(verb="project.paint", obj=project)
            transaction.set_rollback(True)
        assert not AuditEvent.objects.filter(verb="project.paint").exists()

    def test_it_outlives_the_person(self) -> None:
        actor, project = user_make(), project_make()
        event = audit_record(verb="project.paint", obj=project, actor=actor)
        actor.delete()
        event.refresh_from_db()
        assert event.actor is None
