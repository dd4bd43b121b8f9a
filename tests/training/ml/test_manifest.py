"""The frozen dataset as a file: the same labels give the same bytes, and a bad line is named."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.errors import BadManifest
from training.ml.manifest import (
    Annotation,
    Manifest,
    ManifestClass,
    ManifestClip,
    ManifestSplit,
    Proxy,
    is_even,
    parse,
    read,
    write,
)

DIG, WALK = ManifestClass("c-2", "digging"), ManifestClass("c-1", "Walking")
SPLIT = ManifestSplit("subject", {"train": 2, "val": 1, "test": 1}, ("1 of 3 recordings is shared.",), "")


def clip(number: int, **changes: Any) -> ManifestClip:
    made = ManifestClip(
        clip=f"clip-{number}",
        video=f"video-{number}",
        name=f"gäte {number}.mp4",
        content_sha256=f"{number:064x}",
        index_sha256="b" * 64,
        frames=300,
        fps=29.97,
        proxy=Proxy(f"proxies/{number}.mp4", "c" * 64),
        start=0,
        end=150,
        label=WALK.id,
        subject="S01",
        camera="gate",
        day="2026-03-01",
        group="subject:S01",
        split="train",
        annotation=Annotation(1, "ann", "person"),
    )
    return replace(made, **changes)


def frozen(*clips: ManifestClip) -> Manifest:
    return Manifest((WALK, DIG), SPLIT, True, clips)


def lines_of(manifest: Manifest) -> list[dict[str, Any]]:
    return [json.loads(line) for line in write(manifest).splitlines()]


def file_of(lines: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


@given(st.permutations(range(6)))
def test_the_order_in_which_clips_are_given_changes_no_byte(order: list[int]) -> None:
    clips = [clip(number) for number in range(6)]
    given_so = Manifest((DIG, WALK), SPLIT, True, tuple(clips[at] for at in order))
    assert write(given_so) == write(frozen(*clips))


@given(st.permutations(range(4)))
def test_ids_of_a_database_do_not_decide_the_order(ids: list[int]) -> None:
    renamed = frozen(*(clip(number, clip=f"x{ids[number]}", video=f"y{ids[number]}") for number in range(4)))
    assert [each.content_sha256 for each in renamed.clips] == [f"{number:064x}" for number in range(4)]


def test_clips_of_one_video_lie_in_the_order_of_their_frames() -> None:
    late, early = clip(1, clip="a", start=100), clip(1, clip="b", start=20)
    assert [each.start for each in frozen(late, early).clips] == [20, 100]


def test_classes_are_numbered_by_their_names() -> None:
    assert frozen().index == {"c-2": 0, "c-1": 1}, "digging before Walking, though its id is later"


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    manifest = frozen(clip(1), clip(2, split="test", label=DIG.id, subject="", day=""))
    (tmp_path / "m.jsonl").write_bytes(write(manifest))
    assert read(tmp_path / "m.jsonl") == manifest
    assert read(tmp_path / "m.jsonl").sha256 == manifest.sha256


def test_the_file_is_compact_utf8_with_a_line_a_clip() -> None:
    data = write(frozen(clip(1), clip(2)))
    assert data.count(b"\n") == 3
    assert data.endswith(b"}\n")
    assert b": " not in data
    assert "gäte".encode() in data


def test_a_side_holds_its_own_clips() -> None:
    manifest = frozen(clip(1), clip(2, split="val"), clip(3, split="test"))
    assert [each.clip for each in manifest.side("val")] == ["clip-2"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("label", "c-9", "the first line does not list"),
        ("split", "holdout", "not one of train, val, test"),
        ("start", 150, r"frames \[150, 150\) do not lie in a video of 300"),
        ("end", 301, "do not lie in a video of 300"),
        ("start", -1, "do not lie in a video"),
        ("fps", "25", "fps is missing or is no number"),
        ("frames", True, "frames is missing or is no whole number"),
        ("proxy", {"key": "k"}, "sha256 is missing"),
        ("annotation", None, "annotation is missing or is no object"),
        ("rejected", 3, "rejected is missing or is no list"),
        ("rejected", [[1, 2, 3]], "rejected is no list of pairs"),
        ("rejected", [[1, 2.5]], "rejected is no list of pairs"),
        ("rejected", [[90, 80]], "out of order or outside"),
        ("rejected", [[140, 151]], "out of order or outside"),
    ],
)
def test_a_bad_clip_names_its_line(field: str, value: object, says: str) -> None:
    lines = lines_of(frozen(clip(1), clip(2)))
    lines[2][field] = value
    with pytest.raises(BadManifest, match=f"^Line 3 of the manifest .*{says}"):
        parse(file_of(lines))


@pytest.mark.parametrize("field", sorted(lines_of(frozen(clip(1)))[1]))
def test_no_field_of_a_clip_may_be_missing(field: str) -> None:
    lines = lines_of(frozen(clip(1)))
    del lines[1][field]
    with pytest.raises(BadManifest, match=rf"Line 2 .*: {field} is"):
        parse(file_of(lines))


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ({"rushes_manifest": 2}, "format 1"),
        ({"classes": [{"id": "a"}]}, "name is missing"),
        ({"classes": [{"id": "a", "name": "x"}, {"id": "a", "name": "y"}]}, "a class twice"),
        ({"split": {"by": "weather", "groups": {"train": 1, "val": 1, "test": 1}}}, "by is|leakage is"),
        ({"split": {"by": "subject", "groups": {"train": 1}}}, "val is missing"),
        ({"even": 1}, "even is missing or is no true or false"),
    ],
)
def test_a_bad_header_is_line_one(header: dict[str, Any], says: str) -> None:
    first = lines_of(frozen())[0]
    with pytest.raises(BadManifest, match=f"^Line 1 of the manifest .*({says})"):
        parse(file_of([{**first, **header}]))


@pytest.mark.parametrize("line", [b"{", b"[1]", b"\xff", b"null", b""])
def test_a_line_that_is_no_object_is_named(line: bytes) -> None:
    with pytest.raises(BadManifest, match=r"^Line 2 of the manifest"):
        parse(write(frozen()) + line + b"\n" + write(frozen(clip(1))).splitlines()[1])


def test_an_empty_file_is_no_manifest() -> None:
    with pytest.raises(BadManifest, match="empty"):
        parse(b"")


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadManifest, match="cannot be read: No such file"):
        read(tmp_path / "none.jsonl")


@pytest.mark.parametrize("same", [{"clip": "clip-1"}, {"content_sha256": f"{1:064x}"}])
def test_a_clip_may_not_be_there_twice(same: dict[str, str]) -> None:
    with pytest.raises(BadManifest, match="Lines 2 and 3 of the manifest are the same clip"):
        parse(write(frozen(clip(1), clip(2, **same))))


def test_a_verdict_on_a_manifest_is_final() -> None:
    with pytest.raises(BadManifest) as caught:
        parse(b"")
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("counts", "even"), [([4, 4], True), ([6, 4], True), ([7, 4], False), ([3, 0], False), ([], False)]
)
def test_classes_are_even_up_to_half_as_many_again(counts: list[int], even: bool) -> None:
    assert is_even(counts) is even


def test_what_is_rejected_inside_a_clip_is_kept() -> None:
    manifest = frozen(clip(1, rejected=((10, 20), (30, 31))))
    assert parse(write(manifest)) == manifest
    assert lines_of(manifest)[1]["rejected"] == [[10, 20], [30, 31]]


def test_a_clip_without_rejections_is_written_as_before_there_were_any() -> None:
    assert "rejected" not in lines_of(frozen(clip(1)))[1]
