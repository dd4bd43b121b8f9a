"""Timestamps of decoded frames made strictly increasing, with a note of every repair."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

OUTLIER_SECONDS = 10
"""A leap this far that the next frame takes back is a misprint."""
GAP_SECONDS = 6 * 3600
"""A longer gap inside one recording is a clock that was set, not a pause; MP4 cannot hold it either."""


@dataclass
class SourceClock:
    """Settles one timestamp after the other, seeing the one that follows.

    A missing or repeated timestamp is put halfway to the next good one, or one nominal step on
    where there is no room. Where the file's clock is set back for good, everything after it moves
    on by a constant, so that the numbers keep rising and the distances stay true.
    """

    time_base: Fraction
    step: int
    """A nominal frame in ticks, at least 1."""
    repairs: dict[str, list[int]] = field(default_factory=dict)
    """Kind ("missing", "repeated", "backwards", "leap") -> ordinals of the frames repaired."""
    _offset: int = 0
    _last: int | None = None
    _count: int = 0

    def settle(self, raw: int | None, following: int | None) -> int:
        """The timestamp of the next frame, in ticks, greater than all before it."""
        after = None if following is None else following + self._offset
        value = None if raw is None else raw + self._offset
        if self._last is None:
            settled = self._first(value, after)
        elif value is None:
            settled = self._between(self._last, after, "missing")
        elif value <= self._last:
            settled = self._not_later(self._last, value, after)
        else:
            settled = self._later(self._last, value, after)
        self._last = settled
        self._count += 1
        return settled

    @property
    def synthesised(self) -> tuple[tuple[int, int], ...]:
        """Half-open stretches of repaired frames, in order."""
        return _stretches(sorted(n for ordinals in self.repairs.values() for n in ordinals))

    def _first(self, value: int | None, after: int | None) -> int:
        if value is not None:
            return value
        self._note("missing")
        return 0 if after is None else after - self.step

    def _between(self, last: int, after: int | None, kind: str) -> int:
        self._note(kind)
        if after is not None and after > last + 1:
            return (last + after) // 2
        return last + self.step

    def _not_later(self, last: int, value: int, after: int | None) -> int:
        kind = "repeated" if value == last else "backwards"
        no_room = after is not None and last < after <= last + 1
        set_back = after is not None and after <= last and value < last
        settled = self._between(last, after, kind)
        if no_room or set_back:
            self._offset += settled - value
        return settled

    def _later(self, last: int, value: int, after: int | None) -> int:
        leap = (value - last) * self.time_base
        if leap > OUTLIER_SECONDS and after is not None and last < after < value:
            return self._between(last, after, "leap")
        if leap > GAP_SECONDS:
            self._note("leap")
            self._offset -= value - last - self.step
            return last + self.step
        return value

    def _note(self, kind: str) -> None:
        self.repairs.setdefault(kind, []).append(self._count)


def _stretches(ordinals: Iterable[int]) -> tuple[tuple[int, int], ...]:
    stretches: list[tuple[int, int]] = []
    for n in ordinals:
        if stretches and stretches[-1][1] == n:
            stretches[-1] = (stretches[-1][0], n + 1)
        else:
            stretches.append((n, n + 1))
    return tuple(stretches)
