"""What can go wrong in labelling, beyond what every app shares (core.errors)."""

from typing import Any

from core.errors import PreconditionFailed


class StaleAnnotation(PreconditionFailed):
    """Somebody labelled the clip since the revision that was edited; `details` hold both versions.

    `current` is the newest annotation as `labelling.selectors.annotations.annotation_json` gives it, or None;
    `yours` is what was sent, with `revision` the one that it was based on.
    """

    def __init__(self, *, current: dict[str, Any] | None, yours: dict[str, Any]) -> None:
        who = (current or {}).get("author")
        super().__init__(
            f"{who['name'] if who else 'Somebody'} changed this clip while you were labelling it. "
            "Choose which version stands.",
            details={"current": current, "yours": yours},
        )
