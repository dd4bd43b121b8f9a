"""Why a file gave no picture, found by looking at its boxes, in a sentence with something to do."""

import struct
from pathlib import Path

from curation.media.errors import Encrypted, MediaError, NoVideo, Unreadable, Unsupported
from curation.media.sniff import size_in_words

_AGAIN = "Copy it from the recorder again, or remove it."
_SCAN_BYTES = 4 * 1024 * 1024
_LOCKS = (b"encv", b"cenc", b"cbcs", b"pssh", b"drmi")


def why_unopened(path: Path, name: str) -> MediaError:
    """The error for a file of a known format whose header FFmpeg refuses."""
    if _locked(path, name):
        return _encrypted()
    size = path.stat().st_size
    if name == "mov":
        boxes = _top_boxes(path)
        kinds = [kind for kind, _ in boxes]
        if boxes and not boxes[-1][1]:
            return _stops(path, name)
        if b"moov" not in kinds and b"moof" not in kinds:
            return Unreadable(
                "The file has no table of contents: the recorder did not finish writing it. "
                "Let the recorder repair or export it again, or remove it."
            )
    if size < 1024:
        return _stops(path, name)
    return Unreadable(f"The header of the file is damaged and cannot be read. {_AGAIN}")


def why_without_picture(path: Path, name: str, *, has_audio: bool = False) -> MediaError:
    """The error for a file that opens but has no picture track at all."""
    if _locked(path, name):
        return _encrypted()
    if _broken_off(path, name):
        return _stops(path, name)
    if has_audio:
        return NoVideo("The file holds sound only, without a picture. Bring in the video, or remove it.")
    return NoVideo("The file has no picture track. Bring in the video itself, or remove it.")


def why_undecodable(path: Path, name: str) -> MediaError:
    """The error for a picture track that FFmpeg has no decoder for."""
    if _locked(path, name):
        return _encrypted()
    if _broken_off(path, name):  # in the middle of the table that says how the pictures are stored
        return _stops(path, name)
    return Unsupported(
        "The pictures are stored in a way that cannot be decoded here. "
        "Export the recording as H.264 in MP4, and bring that in."
    )


def why_no_frame(path: Path, name: str, *, packets: int, locked: bool, codec: str) -> MediaError:
    """The error for a picture track out of which not one frame was decoded."""
    size = path.stat().st_size
    if locked or _locked(path, name):
        return _encrypted()
    if name == "mov":
        boxes = _top_boxes(path)
        if not any(kind in (b"mdat", b"moof") for kind, _ in boxes):
            return NoVideo(f"The file is only the header of a recording, without its pictures. {_AGAIN}")
        if not all(whole for _, whole in boxes):
            return _stops(path, name)
    if packets:
        return Unreadable(
            f"Not one picture could be decoded: the {codec.upper()} data in the file is damaged. {_AGAIN}"
        )
    if size <= 64 * 1024:
        return _stops(path, name)
    return NoVideo(f"The picture track of the file is empty. {_AGAIN}")


def cut_short(path: Path, name: str) -> bool:
    """Whether a Matroska or AVI file is shorter than its own outermost element says."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
    if name == "avi":
        return struct.unpack("<I", head[4:8])[0] + 8 > size if len(head) >= 8 else True
    if name == "matroska" and (at := head.find(b"\x18\x53\x80\x67")) >= 0 and len(head) > at + 12:
        at += 4
        width = 9 - head[at].bit_length()
        if not 1 <= width <= 8:
            return False
        length = int.from_bytes(head[at : at + width]) & ((1 << 7 * width) - 1)
        unknown = (1 << 7 * width) - 1  # a live recording that never wrote its length
        return length != unknown and at + width + length > size
    return False


def _broken_off(path: Path, name: str) -> bool:
    """Whether an MP4 ends in the middle of one of its boxes."""
    return name == "mov" and not all(whole for _, whole in _top_boxes(path))


def _stops(path: Path, name: str) -> MediaError:
    boxes = _top_boxes(path) if name == "mov" else []
    whole = {kind for kind, is_whole in boxes if is_whole}
    before = "its first picture"
    if any(kind == b"mdat" for kind, _ in boxes) and not whole & {b"moov", b"moof"}:
        before = "the table of contents at its end, without which no picture can be found"
    return Unreadable(f"The file stops after {size_in_words(path.stat().st_size)}, before {before}. {_AGAIN}")


def _encrypted() -> MediaError:
    return Encrypted(
        "The pictures in this file are encrypted. Export it without protection, and bring that in."
    )


def _locked(path: Path, name: str) -> bool:
    """Whether an MP4 declares a protected picture track; pictures cannot be told from noise otherwise."""
    if name != "mov":
        return False
    with path.open("rb") as file:
        head = file.read(_SCAN_BYTES)
        file.seek(max(0, path.stat().st_size - _SCAN_BYTES))
        tail = file.read(_SCAN_BYTES)
    sample_entry = b"encv" in head or b"encv" in tail
    return sample_entry and any(mark in head or mark in tail for mark in _LOCKS[1:])


def _top_boxes(path: Path) -> list[tuple[bytes, bool]]:
    """Top-level MP4 boxes in order, each with whether the file holds it to its end."""
    size = path.stat().st_size
    boxes: list[tuple[bytes, bool]] = []
    at = 0
    with path.open("rb") as file:
        while at + 8 <= size and len(boxes) < 10_000:
            file.seek(at)
            length, kind = struct.unpack(">I4s", file.read(8))
            if length == 1:
                wide = file.read(8)
                length = struct.unpack(">Q", wide)[0] if len(wide) == 8 else size
            elif length == 0:
                length = size - at
            if length < 8:
                break
            boxes.append((kind, at + length <= size))
            at += length
    return boxes
