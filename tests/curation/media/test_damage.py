"""Damaged files: what can be had is numbered the same way every time, what cannot is told in a sentence."""

from pathlib import Path

import av
import numpy as np
import pytest

from curation.media.decode import MAX_FRAMES, _Pass, decode_pass
from curation.media.errors import Encrypted, MediaError, NoVideo, Unreadable
from tests.curation.media.sources import reference, write_video
from tests.curation.media.test_decode import decoded

N = range(60)
FRONT = {"movflags": "faststart"}


def cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def scratched(path: Path, seed: int) -> Path:
    """Ten stretches of the second half are overwritten with noise."""
    rng = np.random.default_rng(seed)
    content = bytearray(path.read_bytes())
    for at in rng.integers(len(content) // 2, len(content) - 60, 10):
        content[at : at + 40] = rng.bytes(40)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["a.ts", "a.mkv", "a.mp4", "a.avi"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_scratched_file_is_numbered_as_one_thread_sees_it(tmp_path: Path, name: str, seed: int) -> None:
    made = write_video(tmp_path / name, N, muxer=FRONT if name == "a.mp4" else None)
    path = scratched(made, seed)
    results = [decode_pass(path) for _ in range(3)]
    times, _ = reference(path)
    assert {len(result.index) for result in results} == {len(times)}
    assert len({result.index.hash for result in results}) == 1
    assert len({str(result.damage) for result in results}) == 1
    assert all(result.passes == 2 for result in results if result.damage)


def test_the_threaded_pass_takes_no_concealed_error_for_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What marks a frame as corrupt comes too late now and then, so that it would count as sound."""
    path = write_video(tmp_path / "a.mp4", N, muxer=FRONT, options={"bf": "0"})
    content = bytearray(path.read_bytes())
    content[-100:-70] = bytes(30)
    path.write_bytes(content)
    assert [(damage.kind, damage.count) for damage in decode_pass(path).damage] == [("corrupt", 1)]
    monkeypatch.setattr(_Pass, "_flaw", lambda self, kind: kind.append(self.tally.frames))
    threaded = _Pass(path, [], None, MAX_FRAMES, threaded=True)
    threaded.result(1)
    assert threaded.tally.frames < threaded.tally.packets


def test_sinks_start_over_when_the_threaded_pass_meets_damage(tmp_path: Path) -> None:
    result, reader = decoded(cut(write_video(tmp_path / "a.mp4", N, muxer=FRONT), 0.6))
    assert (reader.opened, result.passes) == (2, 2)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_cut_mp4_says_how_many_pictures_are_missing(tmp_path: Path, share: float) -> None:
    result, reader = decoded(cut(write_video(tmp_path / "a.mp4", N, muxer=FRONT), share))
    counts = {damage.kind: damage.count for damage in result.damage}
    assert counts["truncated"] + counts.get("undecodable", 0) + len(result.index) == len(N)
    assert [number for _, _, number in reader.seen[:-1]] == list(range(len(result.index) - 1))


@pytest.mark.parametrize("name", ["a.mkv", "a.avi"])
def test_a_cut_file_of_another_kind_says_about_how_many(tmp_path: Path, name: str) -> None:
    codec = "mjpeg" if name == "a.avi" else "libx264"
    pix_fmt = "yuvj420p" if name == "a.avi" else "yuv420p"
    path = cut(write_video(tmp_path / name, N, codec=codec, pix_fmt=pix_fmt), 0.5)
    result = decode_pass(path)
    missing = next(damage for damage in result.damage if damage.kind == "truncated")
    assert len(result.index) + missing.count == pytest.approx(len(N), abs=2)


def box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + kind + content


def headers_only(path: Path) -> bytes:
    """The boxes of an MP4 without the one that holds the pictures."""
    content, kept, at = path.read_bytes(), b"", 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 4])
        if content[at + 4 : at + 8] != b"mdat":
            kept += content[at : at + length]
        at += length
    return kept


def test_each_hopeless_file_has_its_own_sentence(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4", N).read_bytes()
    front = write_video(tmp_path / "front.mp4", N, muxer=FRONT)
    cases: dict[str, tuple[bytes, type[MediaError], str]] = {
        "cut before the table": (whole[: len(whole) // 2], Unreadable, "before the table of contents at its"),
        "cut in the table": (whole[:-200], Unreadable, "before the table of contents at its end"),
        "cut in the header": (
            front.read_bytes()[:300],
            Unreadable,
            "stops after 300 bytes, before its first",
        ),
        "cut in the table in front": (
            front.read_bytes()[:500],
            Unreadable,
            "bytes, before its first picture",
        ),
        "no table": (box(b"ftyp", b"isom\0\0\0\0") + box(b"mdat", bytes(9000)), Unreadable, "did not finish"),
        "header only": (headers_only(front), NoVideo, "only the header of a recording"),
        "locked": (front.read_bytes().replace(b"avc1", b"encv") + b"cenc", Encrypted, "encrypted"),
        "empty table": (box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", b""), NoVideo, "no picture track"),
    }
    for name, (content, error, words) in cases.items():
        path = tmp_path / "case.mp4"
        path.write_bytes(content)
        with pytest.raises(error, match=words) as caught:
            decode_pass(path)
        sentence = caught.value.sentence
        assert sentence.endswith(("remove it.", "bring that in.")), name
        assert "!" not in sentence
        assert "lease" not in sentence


def test_a_file_whose_pictures_are_all_noise_says_so(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", N, muxer=FRONT)
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + 4
    content[start:] = np.random.default_rng(5).bytes(len(content) - start)
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="Not one picture could be decoded: the H264 data"):
        decode_pass(path)


def test_a_file_with_sound_only_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as out:
        audio = out.add_stream("aac", rate=8000)
        assert isinstance(audio, av.AudioStream)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        sound.rate = 8000
        for noise in (sound, None):
            out.mux(audio.encode(noise))
    with pytest.raises(NoVideo, match="sound only"):
        decode_pass(path)
