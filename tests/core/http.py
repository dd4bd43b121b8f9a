"""A browser's side of the API in tests: JSON in and out, with the CSRF check switched on."""

import json
from typing import Any

from django.test import Client

from core.models import User
from tests.factories import PASSWORD


class Browser:
    """A client that keeps cookies and sends the CSRF token as the front end does."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        if user is not None:
            self.client.force_login(user)
        self.client.get("/api/session")

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send one request; the body as JSON where there is one."""
        sent = {"X-CSRFToken": self.client.cookies["csrftoken"].value, **headers}
        data = "" if body is None else json.dumps(body)
        return self.client.generic(method, path, data, content_type="application/json", headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)

    def login(self, username: str, password: str = PASSWORD, **headers: str) -> Any:
        return self.post("/api/session", {"username": username, "password": password}, **headers)


def sentence(response: Any) -> str:
    """What the API said went wrong."""
    said: str = response.json()["error"]["sentence"]
    return said
