import pytest

from core.models import Membership, Role, User
from tests.core.http import Browser, sentence
from tests.factories import member_make, project_make, user_make

pytestmark = pytest.mark.django_db


class TestProjects:
    def test_one_sees_ones_own_and_no_others(self) -> None:
        member = member_make(Role.TRAINER, project=project_make("Yard"))
        project_make("Secret")
        assert Browser(member.user).get("/api/projects").json() == {
            "items": [{"slug": "yard", "name": "Yard", "role": "trainer"}],
            "total": 1,
        }

    def test_a_list_is_cut_and_its_whole_counted(self) -> None:
        user = user_make()
        for name in ("C", "A", "B"):
            member_make(project=project_make(name), user=user)
        page = Browser(user).get("/api/projects?limit=1&offset=1").json()
        assert ([item["name"] for item in page["items"]], page["total"]) == (["B"], 3)

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "offset=-1", "limit=x"])
    def test_a_page_that_makes_no_sense_is_refused_with_a_sentence(self, query: str) -> None:
        refused = Browser(user_make()).get(f"/api/projects?{query}")
        assert refused.status_code == 422
        assert refused.json()["error"]["code"] == "invalid"
        assert sentence(refused).startswith(query.partition("=")[0])

    def test_staff_found_one_and_are_its_admins(self) -> None:
        browser = Browser(user_make(staff=True))
        made = browser.post("/api/projects", {"name": "Harbour"})
        assert (made.status_code, made.json()) == (
            201,
            {"slug": "harbour", "name": "Harbour", "role": "admin"},
        )

    def test_an_admin_renames_it(self) -> None:
        admin = member_make(Role.ADMIN, project=project_make("Yard"))
        renamed = Browser(admin.user).patch("/api/projects/yard", {"name": "Quay"})
        assert renamed.json() == {"slug": "yard", "name": "Quay", "role": "admin"}


class TestMembers:
    def test_they_are_listed_with_their_roles(self) -> None:
        admin = member_make(Role.ADMIN, project=project_make("Yard"), user=user_make("ada"))
        member_make(Role.VIEWER, project=admin.project, user=user_make("bob"))
        listed = Browser(admin.user).get("/api/projects/yard/members").json()
        assert [(item["user"]["username"], item["role"]) for item in listed["items"]] == [
            ("ada", "admin"),
            ("bob", "viewer"),
        ]

    def test_one_comes_is_promoted_and_goes(self) -> None:
        admin, bob = member_make(Role.ADMIN, project=project_make("Yard")), user_make("bob")
        browser, path = Browser(admin.user), f"/api/projects/yard/members/{bob.pk}"
        added = browser.post("/api/projects/yard/members", {"username": "bob", "role": "viewer"})
        assert (added.status_code, added.json()["role"]) == (201, "viewer")
        assert browser.patch(path, {"role": "reviewer"}).json()["role"] == "reviewer"
        assert browser.delete(path).status_code == 204
        assert not Membership.objects.filter(user=bob).exists()

    def test_one_without_an_account_gets_one_when_that_is_asked_for(self) -> None:
        admin = member_make(Role.ADMIN, project=project_make("Yard"))
        browser, body = Browser(admin.user), {"username": "eve", "role": "annotator"}
        refused = browser.post("/api/projects/yard/members", body)
        assert (refused.status_code, refused.json()["error"]["details"]) == (422, {"unknown": "eve"})
        added = browser.post("/api/projects/yard/members", {**body, "make_account": True}).json()
        assert (added["user"]["username"], added["role"]) == ("eve", "annotator")
        assert User.objects.get(username="eve").check_password(added["password"])

    def test_an_admin_who_is_the_last_cannot_go(self) -> None:
        admin = member_make(Role.ADMIN, project=project_make("Yard"))
        refused = Browser(admin.user).delete(f"/api/projects/yard/members/{admin.user.pk}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conflict")

    def test_a_role_that_there_is_not_is_refused(self) -> None:
        admin = member_make(Role.ADMIN, project=project_make("Yard"))
        body = {"username": admin.user.username, "role": "king"}
        assert Browser(admin.user).post("/api/projects/yard/members", body).status_code == 422


class TestRefusals:
    def test_a_role_that_is_too_low_is_told_which_one_it_takes(self) -> None:
        member = member_make(Role.ANNOTATOR, project=project_make("Yard"))
        refused = Browser(member.user).patch("/api/projects/yard", {"name": "Quay"})
        assert refused.json() == {
            "error": {
                "code": "forbidden",
                "sentence": "This needs the role Admin or higher; yours here is Annotator. "
                "An admin of the project can change it.",
                "details": {"needs": "admin", "has": "annotator"},
            }
        }

    def test_a_strangers_project_and_none_at_all_look_the_same(self) -> None:
        project_make("Secret")
        browser = Browser(user_make())
        there, nowhere = browser.get("/api/projects/secret"), browser.get("/api/projects/nowhere")
        assert (there.status_code, there.json()) == (404, nowhere.json())

    def test_the_role_is_read_again_for_every_request(self) -> None:
        member = member_make(Role.ADMIN, project=project_make("Yard"))
        browser = Browser(member.user)
        assert browser.get("/api/projects/yard").json()["role"] == "admin"
        Membership.objects.filter(pk=member.pk).delete()
        assert browser.get("/api/projects/yard").status_code == 404
