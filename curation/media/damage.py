"""What was lost or mended in a file, counted during decoding, and said in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

# Codecs whose packets may lawfully hold no picture of their own: hidden references, "not coded" frames.
_EMPTY_PACKETS = frozenset({"vp8", "vp9", "av1", "mpeg4"})


@dataclass(frozen=True)
class Damage:
    """One kind of damage: how often, first at which frame (ordinal), and a sentence for people."""

    kind: str
    count: int
    first_frame: int
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """`{"kind", "count", "first_frame", "sentence"}`."""
        return asdict(self)


@dataclass
class Tally:
    """Counts of one decoding pass. A count is kept as the ordinals of the frames decoded before it."""

    packets: int = 0
    frames: int = 0
    undecodable: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    marked: list[int] = field(default_factory=list)
    corrupt: list[int] = field(default_factory=list)
    resized: list[int] = field(default_factory=list)
    interlaced: int = 0
    encrypted: int = 0
    gave_up: bool = False

    @property
    def flawed(self) -> bool:
        """Whether decoding with one thread could give another result."""
        return bool(self.undecodable or self.unreadable or self.marked or self.corrupt) or (
            self.packets != self.frames
        )


def damage_report(
    tally: Tally, *, codec: str, missing: int, repairs: Mapping[str, Sequence[int]], clockless: bool
) -> list[Damage]:
    """All damage of a file, worst first. `missing`: pictures its table lists beyond the file's end."""
    found: list[Damage] = []

    def add(kind: str, count: int, first: int, sentence: str) -> None:
        found.append(Damage(kind, count, min(first, max(0, tally.frames - 1)), sentence))

    if missing:
        add("truncated", missing, tally.frames, f"The file ends early: {_pictures(missing)} missing.")
    if tally.unreadable:
        rest = "; the rest was left out" if tally.gave_up else ""
        add(
            "unreadable",
            len(tally.unreadable),
            tally.unreadable[0],
            f"Part of the file could not be read from frame {tally.unreadable[0]} on{rest}.",
        )
    bad = tally.undecodable or tally.marked
    lost = max(len(tally.undecodable), tally.packets - tally.frames)
    if bad or (lost > 0 and codec not in _EMPTY_PACKETS and not tally.interlaced):
        first = bad[0] if bad else 0
        if lost > 0:
            what = f"{lost} of {tally.packets} coded pictures could not be decoded"
            add("undecodable", lost, first, f"{what}, the first near frame {first}; they have no number.")
        else:
            add(
                "marked",
                len(bad),
                first,
                f"The data of {_frames(len(bad))} is incomplete, from frame {first} on.",
            )
    if tally.corrupt:
        count = len(tally.corrupt)
        add("corrupt", count, tally.corrupt[0], f"{_frames(count)} decoded with visible errors.")
    if tally.resized:
        count, first = len(tally.resized), tally.resized[0]
        add("resized", count, first, f"The picture size changes at frame {first}; {_frames(count)} scaled.")
    _clock_damage(found, repairs, clockless=clockless)
    return found


def _clock_damage(found: list[Damage], repairs: Mapping[str, Sequence[int]], *, clockless: bool) -> None:
    sentences = {
        "missing": "{} without a time in the file; the times were filled in.",
        "repeated": "{} with the same time as the one before; the times were spread out.",
        "backwards": "{} where the clock of the file runs backwards; the times were put in order.",
        "leap": "{} where the clock of the file leaps ahead by mistake; the times were closed up.",
    }
    for kind, sentence in sentences.items():
        at = repairs.get(kind)
        if not at:
            continue
        text = sentence.format(_frames(len(at)))
        if clockless and kind == "missing":
            text = "The file carries no times at all; its frames were spaced evenly."
        found.append(Damage(f"timestamps_{kind}", len(at), at[0], text))


def _pictures(count: int) -> str:
    return "1 picture at the end is" if count == 1 else f"{count} pictures at the end are"


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"
