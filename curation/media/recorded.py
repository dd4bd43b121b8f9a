"""When a recording was made, as far as its file's name tells."""

import re
from datetime import UTC, datetime

# 20261025_124159, 2026-10-25T12-41-59, 2026_10_25 12.41: what recorders write into names.
_STAMP = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[-_.T ]?(\d\d)[-_.:h]?(\d\d)(?:[-_.:m]?(\d\d))?)?(?!\d)"
)


def recorded_when(name: str) -> datetime | None:
    """The time written in a file's name, or None where there is none that can be true.

    Recorders write the clock of their camera and no zone, so it is kept as it stands, as UTC. A name
    with nothing but a date is midnight of that day.
    """
    for found in _STAMP.finditer(name):
        try:
            return datetime(*(int(part or 0) for part in found.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]  # six ints
        except ValueError:
            continue
    return None
