"""Signing in and out: a session cookie, and a CSRF cookie whose value comes back as `X-CSRFToken`."""

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.views.decorators.debug import sensitive_variables
from ninja import Router

from core.api.auth import anyone, newcomer, user_of
from core.api.schemas import LoginIn, PasswordIn, ProjectOut, SessionOut, UserOut
from core.models import User
from core.selectors.accounts import memberships_of
from core.services.logins import login_check, password_change

router = Router(tags=["session"])


@router.get("/session", auth=anyone, response=SessionOut, operation_id="session_get")
def session_get(request: HttpRequest) -> SessionOut:
    """Who is signed in. Sets the CSRF cookie, so this is the first call of every page."""
    get_token(request)
    return _session(request)


@router.post("/session", auth=anyone, response=SessionOut, operation_id="session_login")
@sensitive_variables()
def session_login(request: HttpRequest, body: LoginIn) -> SessionOut:
    """Sign in. The session and the CSRF token are new ones. 401 for a wrong password, 429 after ten."""
    user = login_check(username=body.username, password=body.password, address=address_of(request))
    login(request, user)
    request.session.cycle_key()  # also where the same person was signed in already
    return _session(request)


@router.delete("/session", auth=anyone, response=SessionOut, operation_id="session_logout")
def session_logout(request: HttpRequest) -> SessionOut:
    """Sign out; the session is gone from the server too."""
    logout(request)
    return _session(request)


@router.post("/session/password", auth=newcomer, response=SessionOut, operation_id="session_password")
@sensitive_variables()
def session_password(request: HttpRequest, body: PasswordIn) -> SessionOut:
    """Change one's own password. One's other sessions end, this one goes on."""
    user = user_of(request)
    password_change(user=user, current=body.current, new=body.new, address=address_of(request))
    update_session_auth_hash(request, user)
    return _session(request)


def address_of(request: HttpRequest) -> str:
    """The caller's network address, past as many proxies of our own as TRUSTED_PROXIES says."""
    hops = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(forwarded) >= hops and forwarded[-hops]:
        return forwarded[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))


def _session(request: HttpRequest) -> SessionOut:
    if not isinstance(request.user, User):
        return SessionOut(user=None, must_choose_password=False, projects=[])
    user = request.user
    rows = [] if user.must_choose_password else memberships_of(user=user)
    projects = [ProjectOut.of(row.project, row.role) for row in rows]
    return SessionOut(
        user=UserOut.of(user), must_choose_password=user.must_choose_password, projects=projects
    )
