"""Every route against every kind of caller: the table's form, and the cases that follow from it.

Each app says in `tests/<app>/routes.py`, one row an operation, who may call it:

    ROUTES = (
        Route("video_list", Role.VIEWER),
        Route("video_detail", Role.VIEWER, params=a_video),
        Route("camera_create", Role.REVIEWER, body=lambda project: {"site": ...}, ids_in_body=True),
    )

`params` makes an object in the project that it is given and returns the path's parameters except `slug`;
`body` does the same for a JSON body (or returns bytes). `ok` is what those who may get to see: give it where
a bare row answers 409, say. From this follow, for each row: anonymous 401, a forged request 403, a newcomer
whose password somebody else made 403, stranger and members of other projects 404, the five roles in/out, and
one's own role with another project's objects: 404.
Nothing else is needed; tests/core/test_routes.py finds the table. A route without a row fails there.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.test import Client
from django.urls import get_resolver

from core.api import api
from core.models import Project, Role, User
from tests.factories import member_make, project_make, user_make

APPS = ("core", "curation", "labelling", "training")


class Least(StrEnum):
    """Who may call a route that does not belong to a project."""

    ANYONE = "anyone"
    NEWCOMER = "newcomer"
    SIGNED_IN = "signed in"
    STAFF = "staff"


def nothing(project: Project) -> dict[str, Any]:
    """No parameters but the slug."""
    return {}


@dataclass(frozen=True)
class Route:
    """One row: who may call the operation at least, and what a good call of it looks like."""

    operation: str
    least: Role | Least
    params: Callable[[Project], dict[str, Any]] = nothing
    body: Callable[[Project], Any] | None = None
    ids_in_body: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""
    ok: tuple[int, ...] = (200, 201, 204)


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI schema says of an operation."""

    name: str
    method: str
    path: str
    guarded: bool


@dataclass(frozen=True)
class Case:
    """One call: who calls, and what must come back."""

    route: Route
    operation: Operation
    caller: str
    expected: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.operation.method}-{self.operation.name}-{self.caller}"


def operations() -> list[Operation]:
    """Every operation of the API."""
    get_resolver().url_patterns  # noqa: B018  -- apps add their routers as it is read
    paths: dict[str, dict[str, Any]] = api.get_openapi_schema()["paths"]
    return [
        Operation(facts["operationId"], method.upper(), path, guarded="security" in facts)
        for path, methods in paths.items()
        for method, facts in methods.items()
    ]


def routes() -> dict[str, Route]:
    """The tables of all apps, by operation. Raises ValueError for an operation that has two rows."""
    found: dict[str, Route] = {}
    for app in APPS:
        name = f"tests.{app}.routes"
        if find_spec(f"tests.{app}") is None or find_spec(name) is None:
            continue
        for route in import_module(name).ROUTES:
            if route.operation in found:
                raise ValueError(f"{route.operation} has two rows.")
            found[route.operation] = route
    return found


def cases() -> Iterator[Case]:
    """All calls that follow from the tables; what has no row has no case (and fails elsewhere)."""
    table = routes()
    for operation in operations():
        if route := table.get(operation.name):
            for caller, expected in _expectations(route, operation):
                yield Case(route, operation, caller, expected)


def _expectations(route: Route, operation: Operation) -> Iterator[tuple[str, tuple[int, ...]]]:
    least, ok = route.least, route.ok
    safe = operation.method in ("GET", "HEAD")
    if least is Least.ANYONE:
        yield "anonymous", ok
        yield "somebody", ok
    else:
        yield "anonymous", (401,)
    if least not in (Least.ANYONE, Least.NEWCOMER):
        yield "newcomer", (403,)
    if not safe:
        yield "forged", (403,)
    if least in (Least.NEWCOMER, Least.SIGNED_IN, Least.STAFF):
        yield "somebody", (403,) if least is Least.STAFF else ok
        yield "staff", ok
    if isinstance(least, Role):
        for role in Role:
            yield role.value, ok if role.includes(least) else (403,)
        yield "stranger", (404,)
        yield "staff", (404,)
        yield "elsewhere", (404,)
        if operation.path.count("{") > 1:
            yield "foreign-object", (404,)
        if route.ids_in_body:
            yield "foreign-body", (404, 422)


def call(case: Case) -> int:
    """Make the call of a case in a database of its own; the status that came back."""
    route, operation = case.route, case.operation
    mine, theirs = project_make("Mine"), project_make("Theirs")
    client = Client(enforce_csrf_checks=True)
    caller = _caller(case, mine, theirs)
    if caller is not None:
        client.force_login(caller)
    client.get("/api/session")
    params = route.params(theirs if case.caller == "foreign-object" else mine)
    path = operation.path.format(slug=mine.slug, **params) + route.query
    body = route.body(theirs if case.caller == "foreign-body" else mine) if route.body else None
    token = "forged" if case.caller == "forged" else client.cookies["csrftoken"].value
    raw = isinstance(body, bytes)
    response = client.generic(
        operation.method,
        path,
        body if isinstance(body, bytes) else "" if body is None else json.dumps(body),
        content_type="application/octet-stream" if raw else "application/json",
        headers={"X-CSRFToken": token, **route.headers},
    )
    return response.status_code


def _caller(case: Case, mine: Project, theirs: Project) -> User | None:
    if case.caller in Role.values:
        return member_make(Role(case.caller), project=mine).user
    if case.caller in ("foreign-object", "foreign-body"):
        return member_make(Role.ADMIN, project=mine).user
    if case.caller == "elsewhere":
        return member_make(Role.ADMIN, project=theirs).user
    if case.caller == "forged":
        return member_make(Role.ADMIN, project=mine, user=user_make(staff=True)).user
    if case.caller == "newcomer":
        user = user_make(staff=True)
        user.must_choose_password = True
        user.save()
        return member_make(Role.ADMIN, project=mine, user=user).user
    if case.caller == "anonymous":
        return None
    return user_make(staff=case.caller == "staff")
