"""What the ground floor's API says, as JSON. Times are ISO 8601 in UTC."""

from datetime import datetime

from django.utils import timezone
from ninja import Field, Schema

from core.models import Membership, Project, Role, User
from core.selectors.accounts import initials


class UserOut(Schema):
    """A person."""

    id: int
    username: str
    name: str
    initials: str
    staff: bool

    @classmethod
    def of(cls, user: User) -> "UserOut":
        """From a row."""
        return cls(
            id=user.pk,
            username=user.username,
            name=user.shown_name,
            initials=initials(user),
            staff=user.is_staff,
        )


class ProjectOut(Schema):
    """A project, and what the asking person may do in it."""

    slug: str
    name: str
    role: Role

    @classmethod
    def of(cls, project: Project, role: str) -> "ProjectOut":
        """From a project and the person's role in it."""
        return cls(slug=project.slug, name=project.name, role=Role(role))


class ProjectList(Schema):
    """Projects of which one is a member."""

    items: list[ProjectOut]
    total: int


class SessionOut(Schema):
    """Who is signed in, if anybody is, and where they may go: nowhere with a password that others made."""

    user: UserOut | None
    must_choose_password: bool
    projects: list[ProjectOut]


class LoginIn(Schema):
    """A username and its password."""

    username: str = Field(max_length=150)
    password: str = Field(max_length=1000)


class PasswordIn(Schema):
    """One's own password, and the next one."""

    current: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


class ProjectIn(Schema):
    """A new project. The short name in its address is made from the name unless one is given."""

    name: str = Field(max_length=400)
    slug: str = Field("", max_length=80)


class ProjectChange(Schema):
    """Another name for a project."""

    name: str = Field(max_length=400)


class MemberIn(Schema):
    """A person and the role they are given. `make_account`: also one who has no account yet."""

    username: str = Field(max_length=150)
    role: Role
    make_account: bool = False


class MemberChange(Schema):
    """Another role for a member."""

    role: Role


class OneTimeOut(Schema):
    """A one-time password that nobody has changed yet. `until`: when it ends; None where it does not."""

    until: datetime | None
    over: bool

    @classmethod
    def of(cls, user: User) -> "OneTimeOut | None":
        """From a person; None for who has a password of their own."""
        if not user.must_choose_password:
            return None
        until = user.one_time_until
        return cls(until=until, over=until is not None and until <= timezone.now())


class MemberOut(Schema):
    """A person in a project. `one_time`, for admins alone: no password of their own was chosen yet."""

    user: UserOut
    role: Role
    since: datetime
    one_time: OneTimeOut | None

    @classmethod
    def of(cls, membership: Membership, *, to: Role) -> "MemberOut":
        """From a row with its user; `to` is the role of who sees it."""
        return cls(
            user=UserOut.of(membership.user),
            role=Role(membership.role),
            since=membership.created_at,
            one_time=OneTimeOut.of(membership.user) if to == Role.ADMIN else None,
        )


class MemberAdded(MemberOut):
    """A member. `password`: the one-time password that was made for them, told only now; else empty."""

    password: str


class RoleOut(Schema):
    """What a role is called and what it may do."""

    role: Role
    name: str
    duty: str

    @classmethod
    def of(cls, role: Role) -> "RoleOut":
        """From the role."""
        return cls(role=role, name=role.label, duty=role.duty)


class MemberList(Schema):
    """Everybody in a project, and what roles there are, the lowest first."""

    items: list[MemberOut]
    total: int
    roles: list[RoleOut]


class HealthOut(Schema):
    """Whether the parts answer. `workers` is how many Celery processes listen, None where Redis is down."""

    ok: bool
    database: bool
    redis: bool
    workers: int | None
