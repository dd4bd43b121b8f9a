"""Projects and their members."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from ninja import Router, Status

from core.api.auth import member, membership_of, signed_in, staff, user_of
from core.api.paging import Limit, Offset, page
from core.api.schemas import (
    MemberAdded,
    MemberChange,
    MemberIn,
    MemberList,
    MemberOut,
    ProjectChange,
    ProjectIn,
    ProjectList,
    ProjectOut,
    RoleOut,
)
from core.models import Role
from core.selectors.accounts import members_of, memberships_of
from core.services.accounts import (
    member_add,
    member_change,
    member_invite,
    member_password,
    member_remove,
    project_create,
    project_rename,
)

router = Router(tags=["projects"])


@router.get("", auth=signed_in, response=ProjectList, operation_id="project_list")
def project_list(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> ProjectList:
    """The projects of which one is a member."""
    rows, total = page(memberships_of(user=user_of(request)), limit=limit, offset=offset)
    return ProjectList(items=[ProjectOut.of(row.project, row.role) for row in rows], total=total)


@router.post("", auth=staff, response={201: ProjectOut}, operation_id="project_create")
def project_found(request: HttpRequest, body: ProjectIn) -> Status[ProjectOut]:
    """Found a project and become its admin."""
    project = project_create(name=body.name, slug=body.slug, actor=user_of(request))
    return Status(201, ProjectOut.of(project, Role.ADMIN))


@router.get("/{slug}", auth=member(Role.VIEWER), response=ProjectOut, operation_id="project_detail")
def project_detail(request: HttpRequest, slug: str) -> ProjectOut:
    """One project."""
    membership = membership_of(request)
    return ProjectOut.of(membership.project, membership.role)


@router.patch("/{slug}", auth=member(Role.ADMIN), response=ProjectOut, operation_id="project_rename")
def project_change(request: HttpRequest, slug: str, body: ProjectChange) -> ProjectOut:
    """Rename a project; its address stays."""
    membership = membership_of(request)
    project = project_rename(project=membership.project, name=body.name, actor=membership.user)
    return ProjectOut.of(project, membership.role)


@router.get("/{slug}/members", auth=member(Role.VIEWER), response=MemberList, operation_id="member_list")
def member_list(request: HttpRequest, slug: str, limit: Limit = 50, offset: Offset = 0) -> MemberList:
    """Who is in the project, and as what."""
    mine = membership_of(request)
    rows, total = page(members_of(project=mine.project), limit=limit, offset=offset)
    items = [MemberOut.of(row, to=Role(mine.role)) for row in rows]
    return MemberList(items=items, total=total, roles=[RoleOut.of(role) for role in Role])


@router.post(
    "/{slug}/members", auth=member(Role.ADMIN), response={201: MemberAdded}, operation_id="member_add"
)
@sensitive_variables()
def member_let_in(
    request: HttpRequest, slug: str, body: MemberIn, response: HttpResponse
) -> Status[MemberAdded]:
    """Let in a person who has an account, or make them one. 422 with `details.unknown` for nobody."""
    mine = membership_of(request)
    who, role, password = body.username, body.role, ""
    if body.make_account:
        row, password = member_invite(project=mine.project, username=who, role=role, actor=mine.user)
    else:
        row = member_add(project=mine.project, username=who, role=role, actor=mine.user)
    response["Cache-Control"] = "no-store"
    return Status(201, MemberAdded(**MemberOut.of(row, to=Role.ADMIN).dict(), password=password))


@router.post(
    "/{slug}/members/{int:user_id}/password",
    auth=member(Role.ADMIN),
    response=MemberAdded,
    operation_id="member_password",
)
@sensitive_variables()
def member_forgot(request: HttpRequest, slug: str, user_id: int, response: HttpResponse) -> MemberAdded:
    """Give a member a one-time password. 409 for an account that is not the project's alone."""
    mine = membership_of(request)
    row, password = member_password(project=mine.project, user_id=user_id, actor=mine.user)
    response["Cache-Control"] = "no-store"
    return MemberAdded(**MemberOut.of(row, to=Role.ADMIN).dict(), password=password)


@router.patch(
    "/{slug}/members/{int:user_id}",
    auth=member(Role.ADMIN),
    response=MemberOut,
    operation_id="member_change",
)
def member_promote(request: HttpRequest, slug: str, user_id: int, body: MemberChange) -> MemberOut:
    """Give a member another role. 409 for the last admin."""
    mine = membership_of(request)
    row = member_change(project=mine.project, user_id=user_id, role=body.role, actor=mine.user)
    return MemberOut.of(row, to=Role.ADMIN)


@router.delete(
    "/{slug}/members/{int:user_id}",
    auth=member(Role.ADMIN),
    response={204: None},
    operation_id="member_remove",
)
def member_take_out(request: HttpRequest, slug: str, user_id: int) -> Status[None]:
    """Take a member out. 409 for the last admin."""
    mine = membership_of(request)
    member_remove(project=mine.project, user_id=user_id, actor=mine.user)
    return Status(204, None)
