"""Accounts that a project's admin makes, and one-time passwords: nobody takes over an account with them."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from core.errors import Conflict, Invalid, NotFound
from core.models import AuditEvent, Membership, Project, Role, User
from core.services.accounts import member_add, member_invite, member_password, member_remove
from tests.core.http import Browser, sentence
from tests.factories import PASSWORD, member_make, project_make, user_make

pytestmark = pytest.mark.django_db
OWN = "staple battery horse correct"


@pytest.fixture(autouse=True)
def _fast(fresh_cache: None, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def anna_in(project: Project) -> Membership:
    return member_invite(project=project, username="anna", role=Role.ANNOTATOR, actor=None)[0]


class TestMaking:
    def test_somebody_new_is_a_member_who_can_sign_in(self) -> None:
        admin = member_make(Role.ADMIN)
        made, password = member_invite(
            project=admin.project, username=" anna ", role=Role.ANNOTATOR, actor=admin.user
        )
        assert (made.user.username, made.role, made.project) == ("anna", Role.ANNOTATOR, admin.project)
        assert User.objects.get(username="anna").check_password(password)

    def test_it_says_who_did_it_and_not_the_password(self) -> None:
        admin = member_make(Role.ADMIN)
        made, password = member_invite(
            project=admin.project, username="anna", role=Role.VIEWER, actor=admin.user
        )
        event = AuditEvent.objects.get(verb="user.create")
        assert (event.project, event.actor, event.object_id) == (admin.project, admin.user, str(made.user_id))
        assert password not in str(event.data)

    def test_a_new_account_runs_nothing(self) -> None:
        user = anna_in(project_make()).user
        assert (user.is_staff, user.is_superuser) == (False, False)

    @pytest.mark.parametrize("active", [True, False])
    def test_a_name_that_differs_in_case_alone_is_taken(self, active: bool) -> None:
        User.objects.create_user("anna", password=PASSWORD, is_active=active)
        with pytest.raises(Conflict, match="The user name Anna is taken"):
            member_invite(project=project_make(), username="Anna", role=Role.VIEWER, actor=None)
        assert not Membership.objects.exists()

    @pytest.mark.parametrize("name", ["", " ", "a b", "x" * 151])
    def test_what_cannot_be_a_username_is_refused(self, name: str) -> None:
        with pytest.raises(Invalid):
            member_invite(project=project_make(), username=name, role=Role.VIEWER, actor=None)


class TestAnotherPassword:
    def test_the_old_one_and_every_session_end(self) -> None:
        admin = member_make(Role.ADMIN)
        anna = anna_in(admin.project).user
        anna.must_choose_password = False
        anna.set_password(PASSWORD)
        anna.save()
        hers = Browser()
        assert hers.login("anna").status_code == 200
        _, password = member_password(project=admin.project, user_id=anna.pk, actor=admin.user)
        assert hers.get("/api/session").json()["user"] is None
        assert Browser().login("anna").status_code == 401
        assert Browser().login("anna", password).json()["must_choose_password"] is True

    def test_it_says_who_did_it(self) -> None:
        admin = member_make(Role.ADMIN)
        anna = anna_in(admin.project).user
        member_password(project=admin.project, user_id=anna.pk, actor=admin.user)
        event = AuditEvent.objects.get(verb="user.reset")
        assert (event.project, event.actor, event.object_id) == (admin.project, admin.user, str(anna.pk))

    def refused(self, project: Project, user: User) -> str:
        before = User.objects.get(pk=user.pk).password
        admin = member_make(Role.ADMIN, project=project).user
        answer = Browser(admin).post(f"/api/projects/{project.slug}/members/{user.pk}/password")
        assert answer.status_code == 409
        assert User.objects.get(pk=user.pk).password == before
        return sentence(answer)

    def test_not_for_a_member_of_another_project_as_well(self) -> None:
        anna = anna_in(project_make("Mine"))
        member_make(Role.VIEWER, project=project_make("Theirs"), user=anna.user)
        assert self.refused(anna.project, anna.user) == (
            "The account anna is not this project's alone. Someone who runs this installation gives it a new "
            "password: manage.py changepassword anna, or under /admin/."
        )

    @pytest.mark.parametrize("power", ["is_staff", "is_superuser"])
    def test_not_for_somebody_who_runs_the_installation(self, power: str) -> None:
        anna = anna_in(project_make())
        setattr(anna.user, power, True)
        anna.user.save()
        assert "not this project's alone" in self.refused(anna.project, anna.user)

    def test_not_for_somebody_who_was_only_let_in(self) -> None:
        """Or an admin could add whoever is in no project yet, and wait until another one lets them in."""
        project = project_make()
        bob = member_add(project=project, username=user_make("bob").username, role=Role.VIEWER, actor=None)
        assert "not this project's alone" in self.refused(project, bob.user)

    def test_not_for_an_account_that_another_project_made(self) -> None:
        theirs, mine = project_make("Theirs"), project_make("Mine")
        anna = anna_in(theirs).user
        member_add(project=mine, username="anna", role=Role.VIEWER, actor=None)
        member_remove(project=theirs, user_id=anna.pk, actor=None)
        assert "not this project's alone" in self.refused(mine, anna)

    def test_not_for_oneself_without_the_old_one(self) -> None:
        admin = member_make(Role.ADMIN)
        with pytest.raises(Conflict, match="Your account"):
            member_password(project=admin.project, user_id=admin.user_id, actor=admin.user)

    def test_not_for_a_stranger(self) -> None:
        admin = member_make(Role.ADMIN)
        with pytest.raises(NotFound):
            member_password(project=admin.project, user_id=user_make().pk, actor=admin.user)


class TestFirstSignIn:
    def test_nothing_is_open_before_an_own_password_is_chosen_and_all_of_it_after(self) -> None:
        admin = member_make(Role.ADMIN, project=project_make("Yard"))
        made = Browser(admin.user).post(
            "/api/projects/yard/members", {"username": "anna", "role": "annotator", "make_account": True}
        )
        assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
        password, anna = made.json()["password"], Browser()
        session = anna.login("anna", password).json()
        assert (session["must_choose_password"], session["projects"]) == (True, [])
        refused = anna.get("/api/projects/yard")
        assert (refused.status_code, sentence(refused)) == (403, "Choose a password of your own first.")
        chosen = anna.post("/api/session/password", {"current": password, "new": OWN}).json()
        assert (chosen["must_choose_password"], chosen["projects"][0]["slug"]) == (False, "yard")
        assert anna.get("/api/projects/yard").status_code == 200

    def test_the_one_time_password_cannot_be_kept(self) -> None:
        _, password = member_invite(project=project_make(), username="anna", role=Role.VIEWER, actor=None)
        anna = Browser()
        anna.login("anna", password)
        kept = anna.post("/api/session/password", {"current": password, "new": password})
        assert kept.status_code == 422
        assert User.objects.get(username="anna").must_choose_password


class TestWithinAWeek:
    """A one-time password that nobody used lies in somebody's mail: it does not open anything for ever."""

    def waiting(self, *, days: float) -> tuple[User, str]:
        """Anna, whose one-time password was made so many days ago, and the password."""
        member, password = member_invite(
            project=project_make("Yard"), username="anna", role=Role.ANNOTATOR, actor=None
        )
        assert member.user.one_time_until is not None
        User.objects.update(one_time_until=member.user.one_time_until - timedelta(days=days))
        return User.objects.get(username="anna"), password

    def test_it_is_used_in_time(self) -> None:
        _, password = self.waiting(days=6.9)
        assert Browser().login("anna", password).status_code == 200

    def test_it_is_refused_afterwards_and_says_what_to_do(self) -> None:
        _, password = self.waiting(days=7.1)
        refused = Browser().login("anna", password)
        assert refused.status_code == 401
        assert sentence(refused) == (
            "This one-time password was not changed within 7 days, so it opens nothing any more. "
            "Ask an administrator for a new one."
        )

    def test_who_signed_in_with_it_in_time_and_did_not_change_it_is_told_what_is_true(self) -> None:
        anna, password = self.waiting(days=6.9)
        browser = Browser()
        browser.login("anna", password)
        User.objects.filter(pk=anna.pk).update(one_time_until=timezone.now())
        late = browser.post("/api/session/password", {"current": password, "new": OWN})
        assert late.status_code == 401
        assert sentence(late).startswith("This one-time password was not changed within 7 days")

    def test_a_wrong_password_is_told_nothing_of_it(self) -> None:
        self.waiting(days=7.1)
        assert sentence(Browser().login("anna", "wrong")) == "The username or the password is wrong."

    def test_it_is_refused_also_where_django_hashes_it_anew(self, settings: Settings) -> None:
        anna, password = self.waiting(days=7.1)
        hashers = "django.contrib.auth.hashers"
        settings.PASSWORD_HASHERS = [f"{hashers}.ScryptPasswordHasher", f"{hashers}.MD5PasswordHasher"]
        for _ in range(2):
            assert Browser().login("anna", password).status_code == 401
        assert User.objects.get(pk=anna.pk).password.startswith("scrypt")

    def test_an_admin_makes_a_new_one(self) -> None:
        anna, _ = self.waiting(days=7.1)
        admin = member_make(Role.ADMIN, project=Project.objects.get(slug="yard"))
        made = Browser(admin.user).post(f"/api/projects/yard/members/{anna.pk}/password").json()
        assert made["one_time"]["over"] is False
        assert Browser().login("anna", made["password"]).status_code == 200

    def test_so_does_who_runs_the_installation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting(days=7.1)
        monkeypatch.setattr("getpass.getpass", lambda prompt: OWN)
        call_command("changepassword", "anna", stdout=io.StringIO())
        assert Browser().login("anna", OWN).json()["must_choose_password"] is True

    def test_a_password_of_ones_own_does_not_end(self) -> None:
        _, password = self.waiting(days=1)
        anna = Browser()
        anna.login("anna", password)
        anna.post("/api/session/password", {"current": password, "new": OWN})
        assert User.objects.get(username="anna").one_time_until is None
        assert Browser().login("anna", OWN).status_code == 200

    @pytest.mark.parametrize(("days", "over"), [(1, False), (8, True)])
    def test_admins_see_who_has_not_used_theirs(self, days: int, over: bool) -> None:
        anna, _ = self.waiting(days=days)
        Membership.objects.exclude(user=anna).delete()
        admin = member_make(Role.ADMIN, project=Project.objects.get(slug="yard"), user=user_make("bob"))
        first, second = Browser(admin.user).get("/api/projects/yard/members").json()["items"]
        until = datetime.fromisoformat(first["one_time"]["until"])
        assert anna.one_time_until is not None
        assert abs(until - anna.one_time_until) < timedelta(seconds=1)
        assert first["one_time"]["over"] is over
        assert second["one_time"] is None

    def test_others_do_not(self) -> None:
        self.waiting(days=1)
        reviewer = member_make(Role.REVIEWER, project=Project.objects.get(slug="yard"))
        members = Browser(reviewer.user).get("/api/projects/yard/members").json()["items"]
        assert [entry["one_time"] for entry in members] == [None] * len(members)


class TestRoles:
    def test_the_list_of_members_says_what_each_role_may_do(self) -> None:
        member = member_make(Role.VIEWER, project=project_make("Yard"))
        roles = Browser(member.user).get("/api/projects/yard/members").json()["roles"]
        assert [(entry["role"], entry["name"]) for entry in roles] == list(Role.choices)
        assert all(entry["duty"] for entry in roles)
