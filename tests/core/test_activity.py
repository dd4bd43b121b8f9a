import pytest
from pytest_django import DjangoAssertNumQueries

from core.models import Role
from core.selectors.audit import deeds_of
from core.services.audit import audit_record
from tests.core.http import Browser
from tests.factories import member_make, project_make, user_make

pytestmark = pytest.mark.django_db


def test_the_newest_is_first_and_the_same_in_a_row_is_one_deed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    project, ada = project_make(), user_make("ada")
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        audit_record(verb="video.register", obj=project, project=project, actor=ada, name=name)
    audit_record(verb="video.register", obj=project, project=project, name="d.mp4")
    audit_record(verb="dataset.freeze", obj=project, project=project, actor=ada, number=3)
    audit_record(verb="dataset.freeze", obj=project, project=project_make(), actor=ada, number=9)
    with django_assert_num_queries(1):
        deeds = deeds_of(project=project, limit=3)
    assert [(deed.verb, deed.actor, deed.times, deed.data) for deed in deeds] == [
        ("dataset.freeze", ada, 1, {"number": 3}),
        ("video.register", None, 1, {"name": "d.mp4"}),
        ("video.register", ada, 3, {"name": "c.mp4"}),
    ]


def test_the_list_is_cut_where_it_is_asked_to_be() -> None:
    member = member_make(Role.VIEWER, project=project_make("Yard"))
    for verb in ("site.create", "camera.create", "site.create"):
        audit_record(verb=verb, obj=member.project, project=member.project, actor=member.user, name="x")
    told = deeds_of(project=member.project, verbs=["site.create"], limit=9)
    assert [(deed.verb, deed.times) for deed in told] == [("site.create", 2)], "others do not part them"
    got = Browser(member.user).get("/api/projects/yard/activity?limit=2").json()["items"]
    who, where = member.user.username, str(member.project.pk)
    assert [(row["verb"], row["who"], row["times"], row["object"]) for row in got] == [
        ("site.create", who, 1, where),
        ("camera.create", who, 1, where),
    ]
