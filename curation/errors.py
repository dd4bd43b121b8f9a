"""What can go wrong in curation, beyond what every app shares (core.errors)."""

from uuid import UUID

from core.errors import Conflict


class DuplicateVideo(Conflict):
    """These bytes are in the project already; `details` point to the video that holds them."""

    def __init__(self, *, name: str, first_id: UUID, first_name: str) -> None:
        where = f"as {first_name}" if first_name != name else "under the same name"
        super().__init__(
            f"{name} is already in this project, {where}.",
            details={"video": str(first_id), "name": first_name},
        )
