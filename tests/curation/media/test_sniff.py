"""What a file is, by its bytes."""

import os
from pathlib import Path

import av
import pytest

from curation.media.decode import decode_pass
from curation.media.errors import Empty, MediaError, NoVideo, Unreadable, Unsupported
from curation.media.sniff import FORMATS, printable, size_in_words, sniff
from tests.curation.media.sources import write_video


def made(folder: Path, content: bytes, name: str = "recording.mp4") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("suffix", "codec", "expected"),
    [
        ("mp4", "libx264", "mov"),
        ("mov", "libx264", "mov"),
        ("mkv", "libx264", "matroska"),
        ("ts", "libx264", "mpegts"),
        ("flv", "libx264", "flv"),
        ("h264", "libx264", "h264"),
        ("avi", "mpeg4", "avi"),
        ("m4v", "mpeg4", "m4v"),
        ("mpg", "mpeg2video", "mpeg"),
        ("m2v", "mpeg2video", "mpegvideo"),
        ("wmv", "wmv2", "asf"),
    ],
)
def test_the_bytes_decide_and_not_the_name(tmp_path: Path, suffix: str, codec: str, expected: str) -> None:
    container = "m4v" if suffix == "m4v" else None
    source = write_video(tmp_path / f"a.{suffix}", range(5), codec=codec, container=container)
    renamed = source.rename(tmp_path / "recording.jpg")
    assert sniff(renamed) == expected
    assert len(decode_pass(renamed).index) == 5


def test_every_format_of_the_list_can_be_opened_and_names_no_playlist() -> None:
    known = {part for name in av.formats_available for part in name.split(",")}
    assert known >= FORMATS
    assert not {"hls", "concat", "dash", "image2", "sdp", "rtsp"} & FORMATS


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nsecret.ts\n#EXT-X-ENDLIST\n",
        "\ufeff#EXTM3U\nfile:///etc/passwd\n",
        "ffconcat version 1.0\nfile '/etc/passwd'\n",
        "<?xml version='1.0'?><MPD><BaseURL>file:///etc/passwd</BaseURL></MPD>",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "[playlist]\nFile1=secret.mp4\n",
    ],
)
def test_a_playlist_named_mp4_never_opens_another_file(tmp_path: Path, text: str) -> None:
    write_video(tmp_path / "secret.ts", range(5))
    with pytest.raises(Unsupported, match="playlist"):
        decode_pass(made(tmp_path, text.encode()))


@pytest.mark.parametrize("name", ["concat:a.ts|b.ts", "http:x", "file with spaces.mp4", "100%25.mp4"])
def test_a_file_name_is_never_read_as_an_address(tmp_path: Path, name: str) -> None:
    path = write_video(tmp_path / "a.mp4", range(5)).rename(tmp_path / name)
    assert len(decode_pass(path).index) == 5


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", Empty, "The file is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n", Empty, "git lfs pull"),
        (b"\xff\xd8\xff\xe0" + bytes(99), Unsupported, "a JPEG picture"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", NoVideo, "a sound recording"),
        (b"PK\x03\x04" + bytes(99), Unsupported, "a ZIP archive"),
        (bytes(70_000), Unreadable, "The first 64 KB are blank"),
        (bytes(1), Unreadable, "The whole file is blank"),
        (b"file,label\na.mp4,cough\n", Unsupported, "a text file"),
        ("Grüße aus der Baustelle\n".encode() * 300, Unsupported, "a text file"),
        (b"\x07\x00garbage" * 99, Unsupported, "not a video"),
    ],
)
def test_what_is_no_video_is_told_in_a_sentence(
    tmp_path: Path, content: bytes, error: type[MediaError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        sniff(made(tmp_path, content))
    assert caught.value.sentence.endswith(".")
    assert caught.value.permanent


def test_a_file_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="could not be read from the disk"):
        sniff(tmp_path / "gone.mp4")


def test_a_pipe_a_device_and_a_folder_are_told_without_being_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    for path in (tmp_path / "pipe.mp4", Path("/dev/zero")):
        with pytest.raises(Unreadable, match=r"a pipe or a device and no file\. Bring in"):
            sniff(path)
    with pytest.raises(Unreadable, match=r"This is a folder\. Name the recordings"):
        sniff(tmp_path)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Tor 3 größer 录像.mp4", "Tor 3 größer 录像.mp4"),
        ("two\nlines\x1b[31m.mp4", r"two\nlines\x1b[31m.mp4"),
        (os.fsdecode(b"\xff.mp4"), r"\udcff.mp4"),
    ],
)
def test_a_name_for_a_terminal_is_one_line_that_can_be_written(name: str, shown: str) -> None:
    assert printable(name) == shown


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 byte"), (812, "812 bytes"), (4096, "4 KB"), (1_572_864, "1.5 MB")]
)
def test_sizes_are_said_in_words(count: int, words: str) -> None:
    assert size_in_words(count) == words
