"""How labelled clips are parted into train, val and test, so that what is measured was never seen.

Clips that share a person, or a camera on one day, or a recording, look alike for reasons that have nothing to
do with the action. So whole groups go to one side. A group that was once tested on stays on the test side.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

BY = ("subject", "camera_day", "recording")
LEAST_GROUPS = 3
"""With fewer, one unlucky group decides the number: then there is none."""
LOOKED_AT = 64
"""Of so many groups of a class the best is dealt next, which keeps 100,000 clips a matter of seconds."""
_SEEN = {"subject": "subjects", "camera_day": "days of a camera", "recording": "recordings"}


@dataclass(frozen=True)
class SplitItem:
    """A clip to be dealt; "" is an unknown value.

    `key` and `recording` must be made of content (hashes, frames) and `label` be the class's name: ids that
    differ between databases would part the same clips differently.
    `held` says that it was on a test side before.
    """

    key: str
    subject: str
    camera_day: str
    recording: str
    label: str
    held: bool = False


@dataclass(frozen=True)
class Split:
    """What was dealt: `side` and `group` by the items' keys, `groups` counted a side, and sentences about it.

    `by` is "none" where no key gave three groups; then val shares groups with train and there is no test
    side, except for what was held before.
    """

    by: str
    side: dict[str, str]
    group: dict[str, str]
    groups: dict[str, int]
    leakage: tuple[str, ...] = ()
    note: str = ""


@dataclass
class _Deck:
    """Groups that may still be dealt. `labels` counts the clips of each class in each group."""

    labels: dict[str, Counter[str]]
    left: dict[str, int] = field(default_factory=dict)  # how many undealt groups each class has

    def __post_init__(self) -> None:
        self.left = dict(Counter(label for counts in self.labels.values() for label in counts))

    def deal(self, group: str) -> None:
        for label in self.labels.pop(group):
            self.left[label] -= 1


def split(
    items: Sequence[SplitItem], *, val_share: float = 0.2, test_share: float = 0.2, seed: int = 0
) -> Split:
    """Deal clips by whole groups, near the shares and with every class on every side where it has the groups.

    A class keeps at least one group in train as long as it has one that was not held. `test_share=0` makes no
    test side, for a test that lies elsewhere. The order of the items plays no part.
    """
    by = next((by for by in BY if len({getattr(item, by) for item in items} - {""}) >= LEAST_GROUPS), "none")
    group = {item.key: _group(item, by) for item in items}
    held = {group[item.key] for item in items if item.held}
    side = dict.fromkeys(held, "test")
    deck = _deck(items, group, held)
    if by != "none":
        totals = Counter(item.label for item in items)
        tested = Counter(item.label for item in items if group[item.key] in held)
        side |= dict.fromkeys(
            _dealt(deck, test_share, totals, tested, spare=val_share > 0, seed=seed), "test"
        )
        side |= dict.fromkeys(_dealt(deck, val_share, totals, Counter(), spare=False, seed=seed), "val")
    found = {item.key: side.get(group[item.key], "train") for item in items}
    note = _note(items, by, found, test_share)
    if items and val_share > 0 and (by == "none" or set(found.values()) == {"train"}):
        by, found = "none", _val_only(items, found, val_share, seed)
        if "val" not in found.values():
            note = _also(note, "No class has a clip to spare for choosing the best epoch.")
    elif val_share > 0 and "val" not in found.values():
        note = _also(note, "No group could be spared for choosing the best epoch.")
    return Split(
        by, found, group, _groups(found, group), _leakage(items, found, [k for k in BY if k != by]), note
    )


def _group(item: SplitItem, by: str) -> str:
    """The group of an item; without the value it goes with its recording, without that it stands alone."""
    for name in (by, "recording"):
        if value := getattr(item, name, ""):
            return f"{name}:{value}"
    return f"clip:{item.key}"


def _deck(items: Iterable[SplitItem], group: Mapping[str, str], without: Iterable[str]) -> _Deck:
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        labels[group[item.key]][item.label] += 1
    for name in without:
        labels.pop(name, None)
    return _Deck(dict(labels))


def _dealt(
    deck: _Deck, share: float, totals: Counter[str], have: Counter[str], *, spare: bool, seed: int
) -> list[str]:
    """Take groups from the deck for one side, until no further one brings it nearer to its share.

    The class that is furthest below its share chooses first, among groups that leave every class one group
    for train, and, with `spare`, one more for val where it has three.
    """
    if share <= 0:
        return []
    keep = {label: 2 if spare and left >= LEAST_GROUPS else 1 for label, left in deck.left.items()}
    queue: dict[str, list[str]] = defaultdict(list)
    for name in sorted(deck.labels, key=lambda name: _hash(seed, name)):
        for label in deck.labels[name]:
            queue[label].append(name)
    dealt: list[str] = []
    open_ = set(queue)
    while open_:
        needy = min(open_, key=lambda label: (have[label] / totals[label], _hash(seed, label)))
        free = list(islice((name for name in queue[needy] if _may(deck, name, keep)), LOOKED_AT))
        change, best = min(
            ((_change(deck.labels[name], have, totals, share), place) for place, name in enumerate(free)),
            default=(0.0, 0),
        )
        if change >= 0:
            open_.remove(needy)
            continue
        have += deck.labels[free[best]]
        dealt.append(free[best])
        deck.deal(free[best])
    return dealt


def _may(deck: _Deck, name: str, keep: Mapping[str, int]) -> bool:
    return name in deck.labels and all(deck.left[label] > keep[label] for label in deck.labels[name])


def _change(counts: Counter[str], have: Counter[str], totals: Counter[str], share: float) -> float:
    """How much further a side is from its shares with these clips; a class that it lacks weighs 1."""
    change = 0.0
    for label, count in counts.items():
        before, after = have[label] / totals[label], (have[label] + count) / totals[label]
        change += (after - share) ** 2 - (before - share) ** 2 - (before == 0)
    return change


def _val_only(items: Sequence[SplitItem], found: dict[str, str], share: float, seed: int) -> dict[str, str]:
    """Without groups to part by: val by recordings where classes have several, else by clips."""
    rest = [item for item in items if found[item.key] != "test"]
    totals = Counter(item.label for item in rest)
    found = {**found, **dict.fromkeys((item.key for item in rest), "train")}
    for unit in ("recording", "clip"):
        unit_of = {item.key: _group(item, "recording") if unit == "recording" else item.key for item in rest}
        dealt = set(_dealt(_deck(rest, unit_of, ()), share, totals, Counter(), spare=False, seed=seed))
        if dealt:
            return {**found, **{key: "val" for key, name in unit_of.items() if name in dealt}}
    return found


def _note(items: Sequence[SplitItem], by: str, found: Mapping[str, str], test_share: float) -> str:
    if not items or "test" in found.values() or test_share <= 0:
        return ""
    if by == "none":
        counts = [(len({getattr(item, name) for item in items} - {""}), _SEEN[name]) for name in BY]
        seen = ", ".join(f"{count} {_singular(words) if count == 1 else words}" for count, words in counts)
        return (
            f"There is no test number: the clips come from {seen}, and a test needs at least {LEAST_GROUPS} "
            "groups that it can keep apart. What is measured on val may be too good."
        )
    return (
        f"There is no test number: no class is seen in two {_SEEN[by]}, so none can be tested on one that it "
        "was not trained on. What is measured on val may be too good."
    )


def _singular(words: str) -> str:
    return "day of a camera" if words == _SEEN["camera_day"] else words[:-1]


def _also(note: str, sentence: str) -> str:
    return f"{note} {sentence}".strip()


def _groups(found: Mapping[str, str], group: Mapping[str, str]) -> dict[str, int]:
    sides: dict[str, set[str]] = {"train": set(), "val": set(), "test": set()}
    for key, side in found.items():
        sides[side].add(group[key])
    return {side: len(names) for side, names in sides.items()}


def _leakage(items: Sequence[SplitItem], found: Mapping[str, str], keys: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each key of which some values are on more than one side."""
    sentences = []
    for name in keys:
        sides: dict[str, set[str]] = defaultdict(set)
        for item in items:
            if value := getattr(item, name):
                sides[value].add(found[item.key])
        shared = sum(len(each) > 1 for each in sides.values())
        if shared:
            verb = "is" if shared == 1 else "are"
            sentences.append(f"{shared} of {len(sides)} {_SEEN[name]} {verb} on more than one side.")
    return tuple(sentences)


def _hash(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()
