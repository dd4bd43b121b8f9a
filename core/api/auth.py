"""Who may call a route. Every operation declares one of these as its `auth`; the route matrix tests them.

- `member(Role.VIEWER)`: in the project of the address, with at least this role
- `signed_in`: anybody with an account
- `newcomer`: the same, also with a password that somebody else made; with one of those nothing else works
- `staff`: people who run the installation
- `anyone`: everybody; CSRF is still checked
"""

from typing import Annotated, cast

from django.http import HttpRequest
from ninja import Path
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from core.errors import Forbidden, NotFound, Unauthorised
from core.models import Membership, Role, User
from core.selectors.accounts import membership_in

Slug = Annotated[str, Path()]
"""The project of a route in a router that is mounted at `/projects/{slug}`: its own path does not show it."""


class MemberRequest(HttpRequest):
    """A request that passed `member(...)`."""

    membership: Membership


class SessionAuth(AuthBase):
    """The session cookie with Django's CSRF check; by itself it lets everybody in."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "sessionid"

    def __call__(self, request: HttpRequest) -> object:
        """Refuse a forged request, then ask `admit`."""
        if check_csrf(request) is not None:
            raise Forbidden("This page is out of date. Reload it and try again.", details={"reason": "csrf"})
        return self.admit(request)

    def admit(self, request: HttpRequest) -> object:  # noqa: ARG002
        """Return something true to let the request in; raise to refuse it."""
        return True


class Newcomer(SessionAuth):
    """Anybody with an account, whoever made its password."""

    def admit(self, request: HttpRequest) -> object:
        """Return the person."""
        return user_of(request)


class SignedIn(SessionAuth):
    """Anybody with an account and a password that only they know."""

    def admit(self, request: HttpRequest) -> object:
        """Return the person."""
        return _settled(request)


class Staff(SignedIn):
    """People who run the installation."""

    def admit(self, request: HttpRequest) -> object:
        """Return the person."""
        user = _settled(request)
        if not user.is_staff:
            raise Forbidden("Only people who run this installation can do this.")
        return user


class Member(SignedIn):
    """Members of the project in the address, with at least one role."""

    def __init__(self, least: Role) -> None:
        super().__init__()
        self.least = least

    def admit(self, request: HttpRequest) -> object:
        """Set and return `request.membership`. Strangers learn nothing, not even that the project exists."""
        user = _settled(request)
        match = request.resolver_match
        slug = str(match.kwargs["slug"]) if match is not None else ""
        membership = membership_in(user=user, slug=slug)
        if membership is None:
            raise NotFound("There is no such project, or you are not a member of it.")
        role = Role(membership.role)
        if not role.includes(self.least):
            raise Forbidden(
                f"This needs the role {self.least.label} or higher; yours here is {role.label}. "
                "An admin of the project can change it.",
                details={"needs": self.least.value, "has": role.value},
            )
        cast("MemberRequest", request).membership = membership
        return membership


def member(least: Role) -> Member:
    """Let in members of the project `{slug}` whose role includes `least`."""
    return Member(least)


anyone = SessionAuth()
newcomer = Newcomer()
signed_in = SignedIn()
staff = Staff()


def membership_of(request: HttpRequest) -> Membership:
    """The membership under which a request that passed `member(...)` was let in, with user and project."""
    return cast("MemberRequest", request).membership


def user_of(request: HttpRequest) -> User:
    """The person who is signed in. Raises Unauthorised for nobody."""
    if not isinstance(request.user, User) or not request.user.is_active:
        raise Unauthorised("Sign in first.")
    return request.user


def _settled(request: HttpRequest) -> User:
    user = user_of(request)
    if user.must_choose_password:
        raise Forbidden("Choose a password of your own first.", details={"reason": "password"})
    return user
