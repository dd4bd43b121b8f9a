"""What can go wrong in training, beyond what every app shares (core.errors)."""

from core.errors import Conflict, Invalid


class RunUnderWay(Conflict):
    """A run of the project is on; `details` hold its number."""

    def __init__(self, *, number: int | None) -> None:
        which = "Another run" if number is None else f"Run {number}"
        super().__init__(
            f"{which} is on already. Wait until it is through, or cancel it.", details={"run": number}
        )


class NothingToLearn(Invalid):
    """The labels are too few to learn from; the sentence says what is missing."""
