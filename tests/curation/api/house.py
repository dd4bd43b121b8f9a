"""A project with a person in it, for the API tests of curation."""

from dataclasses import dataclass
from typing import Any

from core.models import Project, Role
from tests.core.http import Browser
from tests.factories import member_make


@dataclass(frozen=True)
class Desk:
    """A person at a browser, in a project."""

    browser: Browser
    project: Project
    name: str = ""

    def address(self, path: str) -> str:
        """The address of something in the project."""
        return f"/api/projects/{self.project.slug}/{path}"

    def get(self, path: str, **headers: str) -> Any:
        return self.browser.get(self.address(path), **headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.browser.post(self.address(path), body)

    def delete(self, path: str) -> Any:
        return self.browser.delete(self.address(path))

    def send(self, path: str, data: bytes, **headers: str) -> Any:
        """PATCH raw bytes."""
        client = self.browser.client
        sent = {"X-CSRFToken": client.cookies["csrftoken"].value, **headers}
        return client.generic("PATCH", self.address(path), data, "application/octet-stream", headers=sent)


def desk(role: Role = Role.REVIEWER, project: Project | None = None) -> Desk:
    """Sit somebody down with that role."""
    membership = member_make(role, project=project)
    return Desk(Browser(membership.user), membership.project, membership.user.username)
