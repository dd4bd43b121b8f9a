"""Laws of revisions, tried by several people who label one clip and do not wait for each other."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from labelling.errors import StaleAnnotation
from labelling.models import AnnotationRevision, AnnotationSegment, Clip, Outcome
from labelling.selectors.annotations import annotation_json, annotation_of
from labelling.services.annotations import STATE_OF, SegmentIn, annotation_submit
from tests.factories import user_make
from tests.labelling.factories import make_class, make_clip, segment

Story = list[dict[str, Any]]


@dataclass
class Person:
    """What one browser knows: the revision it last saw."""

    user: Any
    base: int = 0


@dataclass(frozen=True)
class Sent:
    """A label that was sent, with what became of it."""

    client_id: UUID
    number: int | None
    outcome: Outcome
    label: UUID | None
    segments: tuple[SegmentIn, ...]


class Desk(RuleBasedStateMachine):
    """One clip, three people, each with a view of it that may be old."""

    sent = Bundle("sent")

    @initialize()
    def begin(self) -> None:
        self.clip = make_clip()
        self.classes = [make_class(self.clip.project) for _ in range(2)]
        self.people = [Person(user_make()) for _ in range(3)]
        self.story: Story = []  # what the clip's history must be, as JSON, oldest first

    def send(self, person: Person, base: int, sent: Sent) -> AnnotationRevision:
        """As the API does it: the clip as it is at this moment, the base as the browser saw it."""
        return annotation_submit(
            clip=Clip.objects.select_related("video").get(pk=self.clip.pk),
            author=person.user,
            base=base,
            client_id=sent.client_id,
            outcome=sent.outcome,
            label=sent.label,
            segments=sent.segments,
        )

    def try_to(self, who: int, outcome: Outcome, label: UUID | None, parts: tuple[SegmentIn, ...]) -> Sent:
        """Send something new from what this person believes; right if and only if the belief is."""
        person = self.people[who]
        sent = Sent(uuid4(), person.base + 1, outcome, label, parts)
        if person.base == len(self.story):
            said = self.send(person, person.base, sent)
            assert (said.number, said.base) == (len(self.story) + 1, len(self.story))
            self.story.append(self.as_stored(said))
            person.base = said.number
            return sent
        with pytest.raises(StaleAnnotation) as caught:
            self.send(person, person.base, sent)
        assert caught.value.details["current"] == self.story[-1]
        assert caught.value.details["yours"]["revision"] == person.base
        return Sent(sent.client_id, None, outcome, label, parts)

    def as_stored(self, said: AnnotationRevision) -> dict[str, Any]:
        return annotation_json(AnnotationRevision.objects.with_parts().get(pk=said.pk))

    @rule(who=st.integers(0, 2))
    def look(self, who: int) -> None:
        self.people[who].base = Clip.objects.get(pk=self.clip.pk).revision

    @rule(target=sent, who=st.integers(0, 2), which=st.integers(0, 1))
    def label_all(self, who: int, which: int) -> Sent:
        return self.try_to(who, Outcome.LABELLED, self.classes[which].pk, ())

    @rule(target=sent, who=st.integers(0, 2), start=st.integers(0, 49), length=st.integers(1, 50))
    def mark(self, who: int, start: int, length: int) -> Sent:
        part = segment(self.classes[0], start, min(50, start + length))
        return self.try_to(who, Outcome.LABELLED, None, (part,))

    @rule(target=sent, who=st.integers(0, 2), outcome=st.sampled_from([Outcome.UNCERTAIN, Outcome.CLEARED]))
    def pass_over(self, who: int, outcome: Outcome) -> Sent:
        return self.try_to(who, outcome, None, ())

    @rule(target=sent, who=st.integers(0, 2), earlier=sent)
    def undo_to(self, who: int, earlier: Sent) -> Sent:
        return self.try_to(who, earlier.outcome, earlier.label, earlier.segments)

    @rule(who=st.integers(0, 2), earlier=sent, base=st.integers(0, 20))
    def send_again(self, who: int, earlier: Sent, base: int) -> None:
        if earlier.number is not None:
            said = self.send(self.people[who], base, earlier)
            assert said.number == earlier.number, "the answer is the revision that it made"

    @invariant()
    def the_history_is_the_story(self) -> None:
        rows = AnnotationRevision.objects.with_parts().filter(clip=self.clip).order_by("number")
        assert [row.number for row in rows] == list(range(1, len(self.story) + 1)), "no gaps"
        assert [annotation_json(row) for row in rows] == self.story, "nothing is ever changed"
        assert all(row.base == row.number - 1 for row in rows)

    @invariant()
    def the_clip_says_what_its_newest_revision_says(self) -> None:
        clip = Clip.objects.get(pk=self.clip.pk)
        newest = annotation_of(clip=clip)
        assert clip.revision == len(self.story)
        if newest is not None:
            assert clip.state == STATE_OF[Outcome(newest.outcome)]
            assert clip.label_id in (newest.label_id, *(part.label_id for part in newest.segments.all()))

    @invariant()
    def segments_belong_to_what_was_taken(self) -> None:
        told = sum(len(said["segments"]) for said in self.story)
        assert AnnotationSegment.objects.filter(revision__clip=self.clip).count() == told


@pytest.mark.django_db
def test_nothing_is_lost_overwritten_or_said_twice() -> None:
    run_state_machine_as_test(Desk, settings=PROFILE)


PROFILE = settings(
    max_examples=30,
    stateful_step_count=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
