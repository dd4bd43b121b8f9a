"""What the API of a camera's gate says: what it tolerates, how its footage measures, what would change."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from ninja import Field, Schema

from core.errors import Invalid
from curation.quality.gate import SCALES, Effect
from curation.quality.verdict import METRIC_OF, REASONS, BadThresholdsError, Thresholds
from curation.selectors.gate import Gate, Offer, Sample


class GateThresholds(Schema):
    """What a camera tolerates: a frame is rejected over the number; null switches the rule off.

    `freeze` is in seconds, `flicker` and `noise` in luma levels, the others are scores from 0 to 1.
    `bridge`: accepted gaps shorter than so many frames are rejected with their neighbours.
    """

    defocus: float | None
    motion_blur: float | None
    too_dark: float | None
    overexposed: float | None
    glare: float | None
    covered: float | None
    freeze: float | None
    flicker: float | None
    noise: float | None
    bridge: int = Field(ge=0, le=10_000)

    @classmethod
    def of(cls, thresholds: Thresholds) -> Self:
        """From the library's."""
        return cls.model_validate(thresholds.to_json())

    def asked(self) -> Thresholds:
        """As the library takes them. Raises Invalid with a sentence."""
        try:
            return Thresholds(**self.model_dump())
        except BadThresholdsError as error:
            raise Invalid(str(error)) from error


class ThresholdsIn(Schema):
    """All thresholds of a gate."""

    thresholds: GateThresholds


class GateMetricOut(Schema):
    """How one metric is spread over a camera's frames, on a scale that is the same for all cameras.

    `counts` and `kept` are 64 equal bins from `lo` to `hi`, the last one with all that is beyond; `kept` are
    frames that no rule rejects. `rejected`: frames that are out for this reason, decisions respected.
    """

    reason: str
    metric: str
    unit: str
    lo: float
    hi: float
    threshold: float | None
    counts: list[int]
    kept: list[int]
    rejected: int


class JudgingOut(Schema):
    """Videos that the gate has not judged yet: those that wait, and those for which that failed."""

    waiting: int
    failed: int


class ProposalOut(Schema):
    """A threshold that fits people's decisions better; `was` is null where the rule is off.

    It would let in `restored_hit` of the `restored` spans and keep out `confirmed_hit` of the `confirmed`;
    `recovers` frames come back and `rejects` more are rejected.
    """

    reason: str
    threshold: float
    was: float | None
    recovers: int
    rejects: int
    restored_hit: int
    restored: int
    confirmed_hit: int
    confirmed: int
    sentence: str

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """From a selector's."""
        found = offer.proposal
        same = {name: getattr(found, name) for name in _PROPOSAL}
        return cls(recovers=offer.recovers, rejects=offer.rejects, sentence=offer.sentence, **same)


class LookedAt(Schema):
    """How much was looked at: `frames` of `videos`, all of them unless `sampled`, else out of `of_...`."""

    videos: int
    frames: int
    sampled: bool
    of_videos: int
    of_frames: int


class GateOut(LookedAt):
    """A camera's gate. `rejected`: frames that are out now. The numbers are of what was looked at."""

    camera: UUID
    name: str
    revision: int
    updated_at: datetime
    thresholds: GateThresholds
    defaults: GateThresholds
    rejected: int
    metrics: list[GateMetricOut]
    judging: JudgingOut
    proposal: ProposalOut | None

    @classmethod
    def of(cls, gate: Gate) -> Self:
        """From a selector's."""
        return cls(
            camera=gate.camera.pk,
            name=gate.camera.name,
            revision=gate.revision,
            updated_at=gate.updated_at,
            thresholds=GateThresholds.of(gate.thresholds),
            defaults=GateThresholds.of(Thresholds()),
            rejected=gate.sample.rejected,
            metrics=[_metric(gate, reason) for reason in REASONS],
            judging=JudgingOut(waiting=gate.judging.waiting, failed=gate.judging.failed),
            proposal=None if gate.offer is None else ProposalOut.of(gate.offer),
            **_looked_at(gate.sample),
        )


class ChangeOut(Schema):
    """A number of frames as it is, and as it would be."""

    before: int
    after: int


class EffectOut(LookedAt):
    """What other thresholds would change, decisions respected. `reasons`: frames out for each reason."""

    rejected_before: int
    rejected_after: int
    newly_rejected: int
    newly_accepted: int
    spans_before: int
    spans_after: int
    videos_changed: int
    reasons: dict[str, ChangeOut]

    @classmethod
    def of(cls, effect: Effect, sample: Sample) -> Self:
        """From a selector's."""
        changes = {
            reason: ChangeOut(before=change.before, after=change.after)
            for reason, change in effect.reasons.items()
        }
        same = {name: getattr(effect, name) for name in _EFFECT}
        return cls(reasons=changes, **same, **_looked_at(sample))


def _metric(gate: Gate, reason: str) -> GateMetricOut:
    unit, high = SCALES[reason]
    spread = gate.spread[reason]
    return GateMetricOut(
        reason=reason,
        metric=METRIC_OF[reason],
        unit=unit,
        lo=0.0,
        hi=high,
        threshold=getattr(gate.thresholds, reason),
        counts=spread.counts.tolist(),
        kept=spread.kept.tolist(),
        rejected=gate.rejected[reason].before,
    )


def _looked_at(sample: Sample) -> dict[str, Any]:
    return {
        "videos": len(sample.ids),
        "frames": sample.frames,
        "sampled": sample.sampled,
        "of_videos": sample.of_videos,
        "of_frames": sample.of_frames,
    }


_PROPOSAL = ("reason", "threshold", "was", "restored_hit", "restored", "confirmed_hit", "confirmed")
_EFFECT = (
    *("rejected_before", "rejected_after", "newly_rejected", "newly_accepted"),
    *("spans_before", "spans_after", "videos_changed"),
)
