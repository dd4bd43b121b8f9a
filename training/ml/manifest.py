"""The frozen dataset: one JSONL file that says which clips, which labels by whom, on which side of the split.

    {"rushes_manifest":1,"classes":[...],"split":{...},"even":true}
    {"clip":"...","content_sha256":"...","start":0,"end":150,"label":"...","split":"train",...}
    ...

UTF-8, `\\n`, sorted keys, no spaces. The clips lie in the order of their content and never in that of a
database's ids, so the same labels give the same order of training wherever they were given.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from training.ml.errors import BadManifest

FORMAT = 1
Stretches = tuple[tuple[int, int], ...]
SIDES = ("train", "val", "test")
KEYS = ("subject", "camera_day", "recording", "none")
EVEN_RATIO = 1.5
"""Classes are even where the largest has at most this many times the clips of the smallest."""


@dataclass(frozen=True)
class ManifestClass:
    """A class a person may give to a clip."""

    id: str
    name: str


@dataclass(frozen=True)
class Proxy:
    """The 720p proxy of a clip's video: where storage keeps it and the hash of its bytes."""

    key: str
    sha256: str


@dataclass(frozen=True)
class Annotation:
    """Which revision of a clip's label was frozen, by whom, and how it came in."""

    revision: int
    author: str
    source: str


@dataclass(frozen=True)
class ManifestSplit:
    """How the clips were parted; `groups` counts the groups a side, `leakage` and `note` are sentences."""

    by: str
    groups: dict[str, int]
    leakage: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class ManifestClip:
    """One labelled clip: frames `[start, end)` of a video that has `frames` of them."""

    clip: str
    video: str
    name: str
    content_sha256: str
    index_sha256: str
    frames: int
    fps: float
    proxy: Proxy
    start: int
    end: int
    label: str
    subject: str
    camera: str
    day: str
    group: str
    split: str
    annotation: Annotation
    rejected: Stretches = ()
    """What the quality gate rejected of its frames: `((start, stop), ...)`, ascending."""

    @property
    def content(self) -> tuple[str, int, int]:
        """What the clip is, whichever database names it: the video's hash and the frames."""
        return self.content_sha256, self.start, self.end


@dataclass(frozen=True)
class Manifest:
    """A frozen dataset; classes by name and clips by content, whatever order they are given in."""

    classes: tuple[ManifestClass, ...]
    split: ManifestSplit
    even: bool
    clips: tuple[ManifestClip, ...]

    def __post_init__(self) -> None:
        by_name = sorted(self.classes, key=lambda each: (each.name.casefold(), each.name))
        object.__setattr__(self, "classes", tuple(by_name))
        object.__setattr__(self, "clips", tuple(sorted(self.clips, key=lambda clip: clip.content)))

    @cached_property
    def sha256(self) -> str:
        """The hash of the file that `write` makes of it, as 64 hex digits."""
        return hashlib.sha256(write(self)).hexdigest()

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each class by its id: the place of its logit."""
        return {each.id: place for place, each in enumerate(self.classes)}

    def side(self, name: str) -> tuple[ManifestClip, ...]:
        """The clips of one side, in order."""
        return tuple(clip for clip in self.clips if clip.split == name)


def is_even(counts: Iterable[int]) -> bool:
    """Whether classes of these many clips are even enough for accuracy to choose a model by."""
    sizes = list(counts)
    return bool(sizes) and max(sizes) <= EVEN_RATIO * min(sizes)


def write(manifest: Manifest) -> bytes:
    """The file of a manifest: the same labels give the same bytes."""
    header = {
        "rushes_manifest": FORMAT,
        "classes": [{"id": each.id, "name": each.name} for each in manifest.classes],
        "split": {
            "by": manifest.split.by,
            "groups": manifest.split.groups,
            "leakage": list(manifest.split.leakage),
            "note": manifest.split.note,
        },
        "even": manifest.even,
    }
    lines = [header, *map(_clip_line, manifest.clips)]
    return "".join(_json(line) + "\n" for line in lines).encode()


def read(path: str | Path) -> Manifest:
    """Read a manifest. Raises BadManifest, which names the line and says what is wrong with it."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise BadManifest(f"The manifest of the dataset cannot be read: {error.strerror}.") from error
    return parse(data)


def parse(data: bytes) -> Manifest:
    """The manifest in these bytes. Raises BadManifest."""
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise BadManifest("The manifest of the dataset is empty.")
    classes, split, even = _at(1, lines[0], _header)
    known = {each.id for each in classes}
    clips = []
    seen: dict[object, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        clip = _at(number, line, _clip)
        if clip.label not in known:
            raise BadManifest(f"Line {number} of the manifest has a label that the first line does not list.")
        for what in (clip.clip, clip.content):
            if seen.setdefault(what, number) != number:
                raise BadManifest(f"Lines {seen[what]} and {number} of the manifest are the same clip.")
        clips.append(clip)
    return Manifest(classes, split, even, tuple(clips))


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def _clip_line(clip: ManifestClip) -> dict[str, Any]:
    line = vars(clip) if clip.rejected else {k: v for k, v in vars(clip).items() if k != "rejected"}
    return {**line, "proxy": vars(clip.proxy), "annotation": vars(clip.annotation)}


def _at(number: int, line: bytes, take: Any) -> Any:
    """What `take` reads from a line of JSON; whatever is wrong with it names the line."""
    try:
        value = json.loads(line)
        if not isinstance(value, dict):
            raise ValueError("it is not a JSON object")
        return take(value)
    except (ValueError, RecursionError) as error:
        wrong = "it is not JSON" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else error
        raise BadManifest(f"Line {number} of the manifest cannot be used: {wrong}.") from error


def _header(line: dict[str, Any]) -> tuple[tuple[ManifestClass, ...], ManifestSplit, bool]:
    if line.get("rushes_manifest") != FORMAT:
        raise ValueError(f"it is not the header of a manifest of format {FORMAT}")
    classes = tuple(
        ManifestClass(_take(each, "id", str), _take(each, "name", str)) for each in _list(line, "classes")
    )
    if len({each.id for each in classes}) < len(classes):
        raise ValueError("it lists a class twice")
    split = _take(line, "split", dict)
    groups = {side: _take(_take(split, "groups", dict), side, int) for side in SIDES}
    leakage = tuple(_list(split, "leakage"))
    parted = ManifestSplit(_one_of(split, "by", KEYS), groups, leakage, _take(split, "note", str))
    return classes, parted, _take(line, "even", bool)


def _clip(line: dict[str, Any]) -> ManifestClip:
    proxy = _take(line, "proxy", dict)
    annotation = _take(line, "annotation", dict)
    texts = ("clip", "video", "name", "content_sha256", "index_sha256", "label")
    seen = ("subject", "camera", "day", "group")
    clip = ManifestClip(
        **{name: _take(line, name, str) for name in (*texts, *seen)},
        **{name: _take(line, name, int) for name in ("frames", "start", "end")},
        fps=float(_take(line, "fps", (int, float))),
        proxy=Proxy(_take(proxy, "key", str), _take(proxy, "sha256", str)),
        split=_one_of(line, "split", SIDES),
        rejected=tuple(map(_stretch, _list({"rejected": [], **line}, "rejected"))),
        annotation=Annotation(
            _take(annotation, "revision", int),
            _take(annotation, "author", str),
            _take(annotation, "source", str),
        ),
    )
    if not 0 <= clip.start < clip.end <= clip.frames:
        raise ValueError(f"frames [{clip.start}, {clip.end}) do not lie in a video of {clip.frames}")
    edges = [clip.start, *(edge for part in clip.rejected for edge in part), clip.end]
    if edges != sorted(edges):
        raise ValueError("rejected has stretches that are out of order or outside the clip")
    return clip


def _stretch(part: Any) -> tuple[int, int]:
    if not (isinstance(part, list) and len(part) == 2 and all(type(edge) is int for edge in part)):
        raise ValueError("rejected is no list of pairs of frames")
    return part[0], part[1]


def _take(line: Any, name: str, kind: type | tuple[type, ...]) -> Any:
    value = line.get(name) if isinstance(line, dict) else None
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{name} is missing or is no {_WORDS.get(kind, 'number')}")
    return value


def _list(line: dict[str, Any], name: str) -> list[Any]:
    value: list[Any] = _take(line, name, list)
    return value


def _one_of(line: dict[str, Any], name: str, values: tuple[str, ...]) -> str:
    value: str = _take(line, name, str)
    if value not in values:
        raise ValueError(f"{name} is {value!r} and not one of {', '.join(values)}")
    return value


_WORDS: dict[Any, str] = {
    str: "text", int: "whole number", dict: "object", list: "list", bool: "true or false",
}  # fmt: skip
