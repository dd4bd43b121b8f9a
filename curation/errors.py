"""What can go wrong in curation, beyond what every app shares (core.errors)."""

from typing import Any
from uuid import UUID

from core.errors import Conflict, PreconditionFailed


class DuplicateVideo(Conflict):
    """These bytes are in the project already; `details` point to the video that holds them."""

    def __init__(self, *, name: str, first_id: UUID, first_name: str) -> None:
        where = f"as {first_name}" if first_name != name else "under the same name"
        super().__init__(
            f"{name} is already in this project, {where}.",
            details={"video": str(first_id), "name": first_name},
        )


class StaleGate(PreconditionFailed):
    """Somebody changed the gate since the revision that was seen; `details` hold both versions.

    `current` and `yours` are `{"revision", "thresholds"}`; yours has the revision that it was based on.
    """

    def __init__(self, *, who: str, camera: str, current: dict[str, Any], yours: dict[str, Any]) -> None:
        super().__init__(
            f"{who or 'Somebody'} changed the gate of {camera} since you opened it. "
            "Look at what it says now, then apply yours again if you still want it.",
            details={"current": current, "yours": yours},
        )
