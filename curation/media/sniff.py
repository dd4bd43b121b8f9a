"""What a file is, by its bytes: the format it may be opened with, or a sentence why not.

FFmpeg's own detection is not trusted with uploads: a playlist named `.mp4` would make it open
other files of this machine. A file is opened only with a format of this list, forced, and none of
these formats can point outside its own file.
"""

import re
import stat
from pathlib import Path

from curation.media.errors import Empty, NoVideo, Unreadable, Unsupported

HEAD_BYTES = 64 * 1024

FORMATS = frozenset(
    {"mov", "matroska", "avi", "flv", "asf", "ogg", "mpegts", "mpeg", "mpegvideo", "h264", "hevc", "m4v"}
    | {"dhav", "ivf"}
)

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, b"FLV\x01", "flv"),
    (0, bytes.fromhex("3026b2758e66cf11"), "asf"),
    (0, b"OggS", "ogg"),
    (0, b"DHAV", "dhav"),
    (0, b"DKIF", "ivf"),
    (0, b"\x00\x00\x01\xba", "mpeg"),
    (0, b"\x00\x00\x01\xb3", "mpegvideo"),
    (0, b"\x00\x00\x01\xb0", "m4v"),
    (8, b"AVI", "avi"),
)
_MOV_BOXES = frozenset(b"ftyp moov mdat free skip wide pnot styp sidx moof uuid junk".split())
_NOT_VIDEO: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"BM", "a bitmap picture"),
    (0, b"II*\x00", "a TIFF picture"),
    (0, b"MM\x00*", "a TIFF picture"),
    (8, b"WEBP", "a WebP picture"),
    (4, b"ftypheic", "a HEIC picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftypM4A", "a sound recording"),
    (8, b"WAVE", "a sound recording"),
    (0, b"ID3", "a sound recording"),
    (0, b"fLaC", "a sound recording"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
)
_LISTS = (b"#EXTM3U", b"ffconcat", b"<MPD", b"[playlist]", b"<SmoothStreamingMedia", b"v=0\r", b"v=0\n")


def sniff(path: Path) -> str:
    """The FFmpeg demuxer to force on this file. Raises Empty, NoVideo, Unsupported, Unreadable."""
    refuse_no_file(path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise _unread(error) from error
    if not head:
        raise Empty("The file is empty. Copy it from the recorder again, or remove it.")
    _refuse_text(head)
    for at, magic, what in _NOT_VIDEO:
        if head[at : at + len(magic)] == magic:
            kind = NoVideo if what == "a sound recording" else Unsupported
            raise kind(f"This is {what}, not a video. Only video files can be brought in.")
    name = _container(head) or _transport_stream(head) or _elementary(head)
    if name is None:
        if not head.strip(b"\x00"):
            start = "whole file is" if len(head) < HEAD_BYTES else f"first {size_in_words(HEAD_BYTES)} are"
            raise Unreadable(
                f"The {start} blank, as after a copy that broke off. "
                "Copy it from the recorder again, or remove it."
            )
        raise Unsupported(
            "This is not a video that can be read here. Export it from the recorder as MP4, or remove it."
        )
    return name


def refuse_no_file(path: Path) -> None:
    """Raises Unreadable for what is not there, for a folder, and for what would be read for ever: a pipe,
    a device."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _unread(error) from error
    if stat.S_ISDIR(mode):
        raise Unreadable("This is a folder. Name the recordings in it one by one.")
    if not stat.S_ISREG(mode):
        raise Unreadable("This is a pipe or a device and no file. Bring in the recording itself.")


def _unread(error: OSError) -> Unreadable:
    return Unreadable(
        f"The file could not be read from the disk ({error.strerror}). "
        "See that it is there and that you may read it."
    )


def _container(head: bytes) -> str | None:
    for at, magic, name in _MAGIC:
        if head[at : at + len(magic)] == magic and (name != "avi" or head[:4] == b"RIFF"):
            return name
    return "mov" if head[4:8] in _MOV_BOXES else None


def _transport_stream(head: bytes) -> str | None:
    """Sync bytes at 188, 192 (M2TS) or 204 bytes, from the first one found in the first packet."""
    for size in (188, 192, 204):
        for start in range(min(size, len(head))):
            marks = head[start::size]
            if len(marks) >= 4 and marks[:16].strip(b"G") == b"":
                return "mpegts"
    return None


def _elementary(head: bytes) -> str | None:
    """Raw H.264, HEVC or MPEG-4 by the header of the first unit behind a start code."""
    match = re.match(rb"\x00{2,3}\x01(.)(.)", head, re.DOTALL)
    if match is None:
        return None
    first, second = match.group(1)[0], match.group(2)[0]
    if first in (0x40, 0x42, 0x44, 0x46, 0x4E) and second == 1:
        return "hevc"
    if first & 0x80 == 0 and first & 0x1F in (1, 5, 6, 7, 8, 9):
        return "h264"
    return "m4v" if first <= 0x2F else None


def _refuse_text(head: bytes) -> None:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"version https://git-lfs"):
        raise Empty(
            "This is a pointer that Git LFS left in place of the recording. "
            "Fetch the recording itself (git lfs pull) and bring that in."
        )
    if any(text.startswith(mark) for mark in _LISTS) or (text.startswith(b"<?xml") and b"<MPD" in text):
        raise Unsupported(
            "This is a playlist, a text file that points to other files. Bring in the recording itself."
        )
    sample = head[:4096]
    if not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", sample):
        try:
            sample.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 3:
                return
        raise Unsupported("This is a text file, not a video. Bring in the recording itself, or remove it.")


def printable(name: str) -> str:
    """A file's name for a terminal: what would break the line, move the cursor or cannot be encoded is
    written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def size_in_words(count: int) -> str:
    """Bytes in words: "812 bytes", "4 KB", "1.5 MB"."""
    if count < 1024:
        return f"{count} byte{'s' if count != 1 else ''}"
    if count < 1024 * 1024:
        return f"{round(count / 1024)} KB"
    return f"{count / 1024 / 1024:.1f} MB"
