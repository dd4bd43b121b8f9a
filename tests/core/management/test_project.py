import io
import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.models import Membership, Project, Role, User
from tests.factories import member_make, project_make

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("project", *args, stdout=out)
    return out.getvalue()


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
