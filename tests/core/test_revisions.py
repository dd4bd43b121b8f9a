"""Which revision a writer saw, by the header If-Match."""

import pytest

from core.api.revisions import NOBODY_SAW, revision_seen
from core.errors import Invalid, PreconditionRequired


@pytest.mark.parametrize(("header", "seen"), [('"0"', 0), (' "17" ', 17), ('W/"3"', NOBODY_SAW)])
def test_a_tag_names_a_revision(header: str, seen: int) -> None:
    assert revision_seen(header, of="the clip") == seen


@pytest.mark.parametrize("header", ["", "3", '"03"', '"-1"', '"1", "2"', "*", '"9999999999"'])
def test_what_names_no_one_revision_is_refused(header: str) -> None:
    with pytest.raises(Invalid, match="one revision"):
        revision_seen(header, of="the clip")


def test_a_writer_must_say_what_they_saw() -> None:
    with pytest.raises(PreconditionRequired, match="which revision of the gate you saw"):
        revision_seen(None, of="the gate")
