import io
import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.models import Membership, Project, Role, User
from tests.factories import member_make, project_make

pytestmark = pytest.mark.django_db


def said(*args: str) -> str:
    out = io.StringIO()
    call_command("project", *args, stdout=out)
    return out.getvalue()


def run(*args: str) -> str:
    return said("make", *args)


def test_it_makes_a_project_with_people_in_it() -> None:
    said = run("Site 7", "--member", "ada:admin", "--member", "bob:annotator")
    assert said.startswith("Made Site 7 at /site-7.\nada is Admin there.\n")
    roles = Membership.objects.filter(project__slug="site-7").values_list("user__username", "role")
    assert sorted(roles) == [("ada", "admin"), ("bob", "annotator")]


def test_a_new_person_can_sign_in_with_what_it_prints() -> None:
    found = re.search(r"password of ada is (\S+) ", run("Yard", "--member", "ada:viewer"))
    assert found is not None
    assert User.objects.get(username="ada").check_password(found[1])


def test_doing_it_twice_changes_nothing() -> None:
    run("Yard", "--member", "ada:admin")
    assert run("Yard", "--member", "ada:admin") == "Found Yard at /yard.\nada is Admin there.\n"
    assert Project.objects.count() == 1


def test_a_project_is_found_by_its_slug() -> None:
    project_make("Site 7")
    assert run("site-7") == "Found Site 7 at /site-7.\n"


@pytest.mark.parametrize("member", ["ada", "ada:", ":admin", "ada:king"])
def test_what_is_not_a_member_is_refused_and_nothing_is_made(member: str) -> None:
    with pytest.raises(CommandError, match="USER:ROLE"):
        run("Yard", "--member", member)
    assert not Project.objects.exists()


def test_it_is_all_or_nothing() -> None:
    admin = member_make(Role.ADMIN, project=project_make("Yard"))
    with pytest.raises(CommandError, match="needs an admin"):
        run("Yard", "--member", "bob:viewer", "--member", f"{admin.user.username}:viewer")
    assert not User.objects.filter(username="bob").exists()


class TestList:
    def test_it_says_which_projects_there_are(self) -> None:
        member_make(project=project_make("Yard"))
        project_make("Quay")
        first, second = said("list").splitlines()
        assert first.startswith("quay: Quay, 0 people, since 20")
        assert second.startswith("yard: Yard, 1 person, since 20")


class TestErase:
    def test_it_shows_what_goes_and_asks_for_the_slug(self, monkeypatch: pytest.MonkeyPatch) -> None:
        project_make("Yard")
        asked: list[str] = []

        def answer(question: str) -> str:
            asked.append(question)
            return "yard"

        monkeypatch.setattr("builtins.input", answer)
        shown = said("erase", "yard").splitlines()
        assert asked == ["Type yard to go on: "]
        assert shown[0] == "Yard at /yard holds:"
        assert "  0 videos: 0.0 GB, and what was made from them" in shown
        assert shown[-1] == "Yard is gone."
        assert not Project.objects.exists()

    def test_a_script_says_the_slug_twice(self) -> None:
        project_make("Yard")
        assert said("erase", "yard", "--yes", "yard").endswith("Yard is gone.\n")

    @pytest.mark.parametrize("answer", ["", "y", "Yard", "quay"])
    def test_any_other_answer_erases_nothing(self, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
        project_make("Yard")
        monkeypatch.setattr("builtins.input", lambda _: answer)
        for args in ((), ("--yes", answer)):
            with pytest.raises(CommandError, match="nothing was erased"):
                said("erase", "yard", *args)
        assert Project.objects.filter(slug="yard").exists()

    def test_where_nobody_answers_nothing_is_erased(self, monkeypatch: pytest.MonkeyPatch) -> None:
        project_make("Yard")
        monkeypatch.setattr("sys.stdin", io.StringIO())
        with pytest.raises(CommandError, match="Scripts say --yes yard"):
            said("erase", "yard")
        assert Project.objects.filter(slug="yard").exists()

    def test_one_that_is_not_there_is_said(self) -> None:
        with pytest.raises(CommandError, match="There is no project at yard"):
            said("erase", "yard", "--yes", "yard")
