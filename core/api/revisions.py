"""Which revision a writer saw: the header If-Match of a PUT (RFC 9110, section 13.1.1)."""

import re
from typing import Annotated

from ninja import Header

from core.errors import Invalid, PreconditionRequired

IfMatch = Annotated[str | None, Header(alias="If-Match", description='The revision that was seen: "3"')]

NOBODY_SAW = -1
"""A revision that nothing ever has: what a weak tag names, since a strong comparison never matches it."""
_STRONG = re.compile(r'"(0|[1-9][0-9]{0,8})"')
_WEAK = re.compile(r'W/"[^"]*"')


def revision_seen(if_match: str | None, *, of: str) -> int:
    """The revision of `of` ("the clip") that the writer saw. Raises PreconditionRequired and Invalid."""
    if if_match is None:
        raise PreconditionRequired(
            f"Say which revision of {of} you saw, in the header If-Match, so that nobody's work is lost."
        )
    if _WEAK.fullmatch(if_match.strip()):
        return NOBODY_SAW
    strong = _STRONG.fullmatch(if_match.strip())
    if strong is None:
        raise Invalid('If-Match names one revision, as "3" with its quotes.')
    return int(strong[1])
