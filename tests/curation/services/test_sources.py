import errno
import hashlib
import io
import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from curation.services.sources import HashingFile, source_store, source_take
from tests.curation.conftest import Disk


def test_a_copy_in_storage_has_the_bytes_and_the_hash_of_its_source(disk: Disk, tmp_path: Path) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"footage" * 1_000_000)
    stored = source_store(source)
    assert stored.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert stored.bytes == source.stat().st_size
    assert default_storage.open(stored.key).read() == source.read_bytes()


def test_the_name_in_storage_says_nothing_of_the_name_outside(disk: Disk, tmp_path: Path) -> None:
    source = tmp_path / "..%2f secret.mp4"
    source.write_bytes(b"x")
    assert "secret" not in source_store(source).key


def test_a_file_that_is_not_there_is_refused_in_words(disk: Disk, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"gone\.mp4 could not be read: No such file or directory\."):
        source_store(tmp_path / "gone.mp4")


def test_a_folder_is_refused_in_words(disk: Disk, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="directory"):
        source_store(tmp_path)


@pytest.mark.timeout(60)
def test_a_pipe_is_refused_in_words(disk: Disk, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(Invalid, match=r"pipe\.mp4 is a pipe or a device and no file\."):
        source_store(tmp_path / "pipe.mp4")


@pytest.mark.parametrize("mode", ["ab", "r+b"])
def test_a_file_that_somebody_still_writes_is_refused_in_words(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"x" * 100)
    os.utime(source, (0, 0))
    read = HashingFile.read

    def meanwhile(self: HashingFile, size: int = -1) -> bytes:
        if not self.hashed:
            with source.open(mode) as recorder:
                recorder.write(b"y")
        return read(self, size)

    monkeypatch.setattr(HashingFile, "read", meanwhile)
    with pytest.raises(Invalid, match=r"a\.mp4 changed while it was copied\. Bring it in when"):
        source_store(source)
    assert disk.stored() == []


def test_nothing_stays_in_storage_when_copying_breaks_off(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"x" * 100)

    def full(self: HashingFile) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr(HashingFile, "sha256", full)
    with pytest.raises(OSError, match="No space"):
        source_store(source)
    assert disk.stored() == []


def test_a_file_of_ours_gets_a_second_name_and_is_not_copied(disk: Disk, tmp_path: Path) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"footage" * 1_000)
    source.chmod(0o600)
    stored = source_take(source)
    kept = Path(default_storage.path(stored.key))
    assert kept.samefile(source)
    assert kept.stat().st_mode & 0o777 == 0o644, "nginx reads it too"
    assert (stored.sha256, stored.bytes) == (hashlib.sha256(source.read_bytes()).hexdigest(), 7_000)


def test_a_file_of_ours_on_another_disk_is_copied(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def far(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    source = tmp_path / "a.mp4"
    source.write_bytes(b"footage")
    monkeypatch.setattr(os, "link", far)
    stored = source_take(source)
    assert not Path(default_storage.path(stored.key)).samefile(source)
    assert default_storage.open(stored.key).read() == b"footage"


@given(st.binary(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(1, 50)), max_size=20))
def test_reading_back_and_forth_hashes_every_byte_once(data: bytes, jumps: list[tuple[int, int]]) -> None:
    file = HashingFile(io.BytesIO(data), "x")
    for at, size in jumps:
        file.inner.seek(min(at, file.hashed))
        file.read(size)
    file.inner.seek(file.hashed)
    file.read()
    assert file.hashed == len(data)
    assert file._digest.hexdigest() == hashlib.sha256(data).hexdigest()
