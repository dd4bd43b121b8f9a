"""A person at a browser who labels, for the API tests of labelling."""

from typing import Any
from uuid import UUID, uuid4

from core.models import Project, Role
from labelling.models import Clip, LabelClass
from tests.core.http import Browser
from tests.curation.api.house import Desk
from tests.curation.factories import make_camera, make_ready_video
from tests.factories import member_make
from tests.labelling.factories import make_clip


class LabelDesk(Desk):
    """A desk from which annotations are sent."""

    def say(self, clip: Clip, seen: str | None, label: LabelClass | None = None, /, **more: Any) -> Any:
        """PUT an annotation; `seen` is the If-Match header, None for none."""
        body = {
            "client_id": str(uuid4()),
            "outcome": "labelled",
            "label": None if label is None else str(label.pk),
            "segments": [],
            "comment": "",
            **more,
        }
        headers = {} if seen is None else {"If-Match": seen}
        return self.browser.call("PUT", self.address(f"clips/{clip.pk}/annotation"), body, **headers)

    def table(self, text: str, query: str = "") -> Any:
        """POST a labels.csv."""
        client = self.browser.client
        sent = {"X-CSRFToken": client.cookies["csrftoken"].value}
        return client.generic("POST", self.address(f"labels/import{query}"), text, "text/csv", headers=sent)

    def alter(self, class_id: UUID, **changes: Any) -> Any:
        """PATCH a class."""
        return self.browser.patch(self.address(f"label-set/classes/{class_id}"), changes)

    def clip(self, **fields: Any) -> Clip:
        """A clip in the project: a video of 50 frames at a camera of its own."""
        return make_clip(make_ready_video(make_camera(self.project)), **fields)


def label_desk(role: Role = Role.ANNOTATOR, project: Project | None = None) -> LabelDesk:
    """Sit somebody down with that role."""
    membership = member_make(role, project=project)
    return LabelDesk(Browser(membership.user), membership.project)
