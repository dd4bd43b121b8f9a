import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as law
from hypothesis import strategies as st

from core.errors import Conflict, Invalid, NotFound, RushesError
from core.models import AuditEvent, Membership, Project, Role
from core.selectors.accounts import admins_of, initials, membership_in
from core.services.accounts import (
    member_add,
    member_change,
    member_invite,
    member_remove,
    member_set,
    project_create,
    project_rename,
    user_found_or_made,
)
from tests.factories import member_make, project_make, user_make

pytestmark = pytest.mark.django_db


def verbs(project: Project) -> list[str]:
    return list(AuditEvent.objects.filter(project=project).order_by("pk").values_list("verb", flat=True))


class TestProject:
    def test_its_founder_is_its_admin(self) -> None:
        founder = user_make()
        project = project_create(name="  Site   7 ", actor=founder)
        assert (project.name, project.slug) == ("Site 7", "site-7")
        membership = membership_in(user=founder, slug="site-7")
        assert membership is not None
        assert membership.role == Role.ADMIN
        assert verbs(project) == ["project.create", "member.add"]

    def test_the_same_name_gets_another_address(self) -> None:
        assert [project_make("Yard").slug for _ in range(3)] == ["yard", "yard-2", "yard-3"]

    @pytest.mark.parametrize(
        ("name", "slug"), [("工地", "project"), ("new", "new-2"), ("Größe & Maß", "groe-ma")]
    )
    def test_any_name_gets_an_address(self, name: str, slug: str) -> None:
        assert project_make(name).slug == slug

    def test_an_address_that_is_taken_is_a_conflict(self) -> None:
        project_make("Yard")
        with pytest.raises(Conflict, match="a project at yard already"):
            project_create(name="Other", slug="yard", actor=None)

    @pytest.mark.parametrize("slug", ["new", "Yard", "a b", "../x", "-", "x" * 81])
    def test_an_address_that_is_none_is_refused(self, slug: str) -> None:
        with pytest.raises(Invalid):
            project_create(name="Yard", slug=slug, actor=None)

    @pytest.mark.parametrize("name", ["", "  ", "x" * 121])
    def test_a_name_that_is_none_is_refused(self, name: str) -> None:
        with pytest.raises(Invalid, match="name"):
            project_create(name=name, actor=None)

    def test_a_new_name_keeps_the_address(self) -> None:
        project = project_rename(project=project_make("Yard"), name="Quay", actor=None)
        assert (project.name, project.slug) == ("Quay", "yard")
        assert AuditEvent.objects.get(verb="project.rename").data == {"from": "Yard", "to": "Quay"}


class TestMembers:
    def test_somebody_with_an_account_is_let_in(self) -> None:
        project, user = project_make(), user_make("ada")
        assert member_add(project=project, username=" ada ", role=Role.REVIEWER, actor=None).user == user

    def test_nobody_is_not(self) -> None:
        with pytest.raises(Invalid, match="Nobody here has the user name eve"):
            member_add(project=project_make(), username="eve", role=Role.VIEWER, actor=None)

    def test_somebody_without_an_account_is_let_in_with_a_new_one(self) -> None:
        member, password = member_invite(
            project=project_make(), username=" eve ", role=Role.VIEWER, actor=None
        )
        assert (member.user.username, member.role) == ("eve", Role.VIEWER)
        assert member.user.check_password(password)
        assert not member.user.is_staff

    def test_the_password_of_an_account_that_is_there_stays(self) -> None:
        user = user_make("ada", password="her own")
        _, password = member_invite(project=project_make(), username="ada", role=Role.VIEWER, actor=None)
        user.refresh_from_db()
        assert (password, user.check_password("her own")) == ("", True)

    def test_a_closed_account_lets_nobody_in(self) -> None:
        user = user_make("ada")
        user.is_active = False
        user.save()
        with pytest.raises(Invalid, match="The account ada is closed"):
            member_invite(project=project_make(), username="ada", role=Role.VIEWER, actor=None)

    def test_nobody_is_let_in_twice(self) -> None:
        member = member_make()
        with pytest.raises(Conflict, match="already"):
            member_add(project=member.project, username=member.user.username, role=Role.ADMIN, actor=None)

    def test_a_stranger_cannot_be_changed_or_removed(self) -> None:
        project, stranger = project_make(), user_make()
        with pytest.raises(NotFound):
            member_change(project=project, user_id=stranger.pk, role=Role.VIEWER, actor=None)
        with pytest.raises(NotFound):
            member_remove(project=project, user_id=stranger.pk, actor=None)

    def test_every_change_says_who_did_it(self) -> None:
        project, actor, user = project_make(), user_make(), user_make("ada")
        member_add(project=project, username="ada", role=Role.VIEWER, actor=actor)
        member_change(project=project, user_id=user.pk, role=Role.TRAINER, actor=actor)
        member_remove(project=project, user_id=user.pk, actor=actor)
        events = AuditEvent.objects.filter(project=project, actor=actor).order_by("pk")
        assert [(event.verb, event.data) for event in events] == [
            ("member.add", {"user": "ada", "role": "viewer"}),
            ("member.change", {"user": "ada", "from": "viewer", "to": "trainer"}),
            ("member.remove", {"user": "ada", "role": "trainer"}),
        ]


class TestLastAdmin:
    def test_they_cannot_be_removed_or_lowered(self) -> None:
        admin = member_make(Role.ADMIN)
        with pytest.raises(Conflict, match="needs an admin"):
            member_remove(project=admin.project, user_id=admin.user_id, actor=None)
        with pytest.raises(Conflict, match="needs an admin"):
            member_set(project=admin.project, user=admin.user, role=Role.TRAINER, actor=None)

    def test_an_admin_who_cannot_sign_in_does_not_count(self) -> None:
        admin = member_make(Role.ADMIN)
        other = member_make(Role.ADMIN, project=admin.project)
        other.user.is_active = False
        other.user.save()
        with pytest.raises(Conflict):
            member_remove(project=admin.project, user_id=admin.user_id, actor=None)

    @law(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=st.lists(st.tuples(st.integers(0, 2), st.sampled_from([*Role, None])), max_size=8))
    def test_whatever_is_tried_one_admin_is_left(self, steps: list[tuple[int, Role | None]]) -> None:
        project = project_make()
        users = [member_make(Role.ADMIN, project=project).user for _ in range(3)]
        for who, role in steps:
            try:
                if role is None:
                    member_remove(project=project, user_id=users[who].pk, actor=None)
                else:
                    member_set(project=project, user=users[who], role=role, actor=None)
            except RushesError:
                pass
            assert admins_of(project=project).exists()

    @pytest.mark.django_db(transaction=True)
    def test_two_who_take_each_other_out_at_once_leave_one(self) -> None:
        one = member_make(Role.ADMIN)
        two = member_make(Role.ADMIN, project=one.project)
        line = threading.Barrier(2)

        def remove(member: Membership) -> None:
            line.wait()
            try:
                member_remove(project=one.project, user_id=member.user_id, actor=None)
            except Conflict:
                pass
            finally:
                connection.close()

        threads = [threading.Thread(target=remove, args=(member,)) for member in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert admins_of(project=one.project).count() == 1


class TestPeople:
    @pytest.mark.parametrize(
        ("username", "first", "last", "expected"),
        [("ada", "", "", "A"), ("ada.lovelace", "", "", "AL"), ("x", "Ada", "King Lovelace", "AL")],
    )
    def test_initials(self, username: str, first: str, last: str, expected: str) -> None:
        user = user_make(username)
        user.first_name, user.last_name = first, last
        assert initials(user) == expected

    def test_somebody_new_gets_a_password_once(self) -> None:
        project = project_make()
        user, password = user_found_or_made(username="ada", project=project)
        assert user.check_password(password)
        assert user_found_or_made(username="ada", project=project) == (user, "")

    def test_what_cannot_be_a_username_is_refused(self) -> None:
        with pytest.raises(Invalid, match="valid username"):
            user_found_or_made(username="a b", project=project_make())
