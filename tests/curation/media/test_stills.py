"""Frames by number equal those of a front-to-back decode."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.media.decode import decode_pass
from curation.media.errors import ProxyMismatch
from curation.media.proxies import ProxySink
from curation.media.stills import StillReader, frames_at
from tests.curation.media.sources import Picture, pictures, read, write_video

COUNT = 131


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stills")
    source = write_video(folder / "a.mp4", range(COUNT), pts=[n + n // 9 for n in range(COUNT)])
    decode_pass(source, [ProxySink(folder / "proxy.mp4", 720)])
    return folder / "proxy.mp4"


@pytest.fixture(scope="module")
def in_order(proxy: Path) -> list[Picture]:
    return list(pictures(proxy))


@given(ordinals=st.lists(st.integers(0, COUNT - 1), max_size=40))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_frames_equal_those_read_in_order(
    proxy: Path, in_order: list[Picture], ordinals: list[int]
) -> None:
    found = frames_at(proxy, ordinals)
    assert list(found) == sorted(set(ordinals))
    assert all(np.array_equal(picture, in_order[n]) for n, picture in found.items())


def test_all_frames_at_once_equal_those_read_in_order(proxy: Path, in_order: list[Picture]) -> None:
    found = frames_at(proxy, range(COUNT))
    assert all(np.array_equal(found[n], in_order[n]) for n in range(COUNT))
    assert [read(picture) for picture in found.values()] == list(range(COUNT))


def test_one_reader_answers_many_questions(proxy: Path) -> None:
    with StillReader(proxy) as reader:
        assert len(reader) == COUNT
        for wanted in ([130], [0], [64, 3], [15, 14, 16]):
            assert [n for n, _ in reader.frames(wanted)] == sorted(wanted)


def test_a_size_is_width_and_height(proxy: Path) -> None:
    found = frames_at(proxy, [40, 90], size=(160, 120))
    assert [picture.shape for picture in found.values()] == [(120, 160, 3)] * 2
    assert [read(picture) for picture in found.values()] == [40, 90]


@pytest.mark.parametrize("ordinal", [-1, COUNT])
def test_a_frame_outside_the_video_is_refused(proxy: Path, ordinal: int) -> None:
    with pytest.raises(IndexError):
        frames_at(proxy, [3, ordinal])


def test_what_is_no_proxy_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no proxy")
    with pytest.raises(ProxyMismatch, match="cannot be opened"):
        frames_at(tmp_path / "a.mp4", [0])
    truncated = write_video(
        tmp_path / "b.mp4", range(30), options={"bf": "0"}, muxer={"movflags": "faststart"}
    )
    truncated.write_bytes(truncated.read_bytes()[:-800])
    with pytest.raises(ProxyMismatch):
        frames_at(truncated, [29])
