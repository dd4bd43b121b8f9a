import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from core.services import stage as module
from core.services.stage import WrongContentError, stage


def put(key: str, content: bytes) -> str:
    """Store it; its hash."""
    default_storage.save(key, ContentFile(content))
    return hashlib.sha256(content).hexdigest()


def entries(stage_dir: Path) -> set[str]:
    return {path.name for path in (stage_dir / "entries").iterdir()}


class TestOnDisk:
    def test_the_file_itself_is_handed_out(self, media: Path, stage_dir: Path) -> None:
        with stage("v/a.mp4", put("v/a.mp4", b"abc")) as path:
            assert path == media / "v/a.mp4"

    def test_its_hash_is_taken_once(
        self, media: Path, stage_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sha256 = put("v/a.mp4", b"abc")
        with stage("v/a.mp4", sha256):
            pass
        monkeypatch.setattr(hashlib, "file_digest", None)
        with stage("v/a.mp4", sha256) as path:
            assert path.read_bytes() == b"abc"

    def test_a_file_that_was_changed_is_refused_also_with_its_size_and_time_kept(
        self, media: Path, stage_dir: Path
    ) -> None:
        sha256 = put("v/a.mp4", b"abc")
        with stage("v/a.mp4", sha256) as path:
            before = path.stat()
        path.write_bytes(b"abd")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(WrongContentError, match="its hash is another"), stage("v/a.mp4", sha256):
            pass

    def test_two_keys_with_the_same_content_are_checked_each(self, media: Path, stage_dir: Path) -> None:
        sha256 = put("v/a.mp4", b"abc")
        put("v/b.mp4", b"not abc")
        with stage("v/a.mp4", sha256):
            pass
        with pytest.raises(WrongContentError), stage("v/b.mp4", sha256):
            pass

    def test_a_file_that_is_gone_is_said_so(self, media: Path, stage_dir: Path) -> None:
        with pytest.raises(WrongContentError, match=r"v/a.mp4 is gone"), stage("v/a.mp4", "0" * 64):
            pass

    @pytest.mark.parametrize("sha256", ["", "abc", "../" * 21 + "x", "G" * 64])
    def test_what_is_no_hash_is_refused(self, media: Path, stage_dir: Path, sha256: str) -> None:
        with pytest.raises(ValueError, match="not a SHA-256"), stage("v/a.mp4", sha256):
            pass


class TestCopy:
    def test_it_is_copied_once(self, s3: str, stage_dir: Path) -> None:
        sha256 = put("v/a.mp4", b"abc" * 10**6)
        with stage("v/a.mp4", sha256) as path:
            assert path.read_bytes() == b"abc" * 10**6
        default_storage.delete("v/a.mp4")
        with stage("v/a.mp4", sha256) as again:
            assert again == path

    def test_wrong_content_is_refused_and_leaves_nothing(self, s3: str, stage_dir: Path) -> None:
        put("v/a.mp4", b"abc")
        with pytest.raises(WrongContentError, match="its hash is another"), stage("v/a.mp4", "0" * 64):
            pass
        assert entries(stage_dir) == set()

    def test_a_file_that_is_gone_is_said_so(self, s3: str, stage_dir: Path) -> None:
        with pytest.raises(WrongContentError, match="gone"), stage("v/a.mp4", "0" * 64):
            pass

    def test_a_half_written_copy_is_never_seen_and_made_anew(self, s3: str, stage_dir: Path) -> None:
        sha256 = put("v/a.mp4", b"abc")
        (stage_dir / "entries").mkdir(parents=True)
        (stage_dir / "entries" / f"{sha256}.part").write_bytes(b"ab\0")
        with stage("v/a.mp4", sha256) as path:
            assert path.read_bytes() == b"abc"
        assert entries(stage_dir) == {sha256}


class TestRoom:
    @pytest.fixture(autouse=True)
    def _small(self, settings: Settings) -> None:
        settings.STAGE_MAX_BYTES = 250

    def use(self, name: str) -> str:
        sha256 = put(name, name.encode() * 100)
        with stage(name, sha256):
            pass
        return sha256

    def test_the_least_recently_used_makes_room(self, s3: str, stage_dir: Path) -> None:
        first, second = self.use("a"), self.use("b")
        with stage("a", first):
            pass
        third = self.use("c")
        assert entries(stage_dir) == {first, third}
        assert second not in entries(stage_dir)

    def test_one_in_use_stays_whatever_the_cap(self, s3: str, stage_dir: Path) -> None:
        with ExitStack() as stack:
            staged = [stage(name, put(name, name.encode() * 100)) for name in "abcd"]
            paths = [stack.enter_context(one) for one in staged]
            assert [path.read_bytes()[:1] for path in paths] == [b"a", b"b", b"c", b"d"]
        last = self.use("e")
        assert len(entries(stage_dir)) == 2
        assert last in entries(stage_dir)

    def test_a_copy_that_a_dead_process_left_makes_room(self, s3: str, stage_dir: Path) -> None:
        (stage_dir / "entries").mkdir(parents=True)
        (stage_dir / "entries" / f"{'0' * 64}.part").write_bytes(b"x" * 200)
        used = self.use("a")
        assert entries(stage_dir) == {used}

    def test_a_copy_under_way_counts_in_full(self, s3: str, stage_dir: Path) -> None:
        old = self.use("a")
        part = stage_dir / "entries" / f"{'0' * 64}.part"
        part.write_bytes(b"")
        os.truncate(part, 200)
        with (stage_dir / "locks" / ("0" * 64)).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            new = self.use("b")
            assert entries(stage_dir) == {new, part.name}
        assert old not in entries(stage_dir)


CHILD = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.conf import settings
settings.STAGE_DIR = sys.argv[1]
from django.core.files.storage import storages
from storages.backends.s3 import S3Storage
from core.services import stage as module
reads = []
storage = S3Storage(bucket_name="footage", endpoint_url=sys.argv[2], access_key="key", secret_key="secret",
                    region_name="us-east-1")
module.default_storage = storage
content = module._content
def told(key):
    print("READ", flush=True)
    for chunk in content(key):
        yield chunk
        if sys.argv[5] == "hang":
            sys.stdin.readline()
module._content = told
with module.stage(sys.argv[3], sys.argv[4]) as path:
    print("HAS", len(path.read_bytes()), flush=True)
"""


class TestProcesses:
    @pytest.fixture
    def start(self, s3: str, stage_dir: Path) -> Iterator[Any]:
        started: list[subprocess.Popen[str]] = []

        def run(key: str, sha256: str, how: str = "") -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-c", CHILD, str(stage_dir), s3, key, sha256, how],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            started.append(process)
            return process

        yield run
        for process in started:
            process.kill()
            process.communicate()

    def test_of_two_at_once_one_copies_and_both_have_it(self, start: Any, stage_dir: Path) -> None:
        sha256 = put("v/a.mp4", b"abc" * 10**6)
        both = [start("v/a.mp4", sha256), start("v/a.mp4", sha256)]
        said = [process.communicate(timeout=60)[0] for process in both]
        assert sorted(said) == ["HAS 3000000\n", "READ\nHAS 3000000\n"]

    def test_one_that_is_killed_in_the_middle_leaves_nothing_that_counts(
        self, start: Any, stage_dir: Path
    ) -> None:
        sha256 = put("v/a.mp4", b"abc" * 10**6)
        process = start("v/a.mp4", sha256, "hang")
        assert process.stdout.readline() == "READ\n"
        deadline = time.monotonic() + 10
        while entries(stage_dir) != {f"{sha256}.part"} and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert entries(stage_dir) == {f"{sha256}.part"}
        with stage("v/a.mp4", sha256) as path:
            assert path.read_bytes() == b"abc" * 10**6
        assert entries(stage_dir) == {sha256}


def test_many_threads_that_fight_for_little_room_all_read_the_truth(
    s3: str, stage_dir: Path, settings: Settings
) -> None:
    settings.STAGE_MAX_BYTES = 250
    hashes = {name: put(name, name.encode() * 100) for name in "abcd"}
    wrong: list[str] = []

    def read(names: str) -> None:
        for name in names:
            with module.stage(name, hashes[name]) as path:
                if path.read_bytes() != name.encode() * 100:
                    wrong.append(name)

    threads = [threading.Thread(target=read, args=(names * 5,)) for names in ("abcd", "dcba", "bdac")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert wrong == []
