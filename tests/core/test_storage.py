import errno
import os
import threading
import time
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st

from core.services import storage
from core.services.storage import PASSAGE, UNOWNED, discard, discard_unowned, public_name, publish_tree

PREFIX = "curation.ingest/a1/2"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """What a job made: two files, one of them in a folder."""
    out = tmp_path / "work" / "out"
    (out / "sheets").mkdir(parents=True)
    (out / "proxy720.mp4").write_bytes(b"video")
    (out / "sheets" / "0.jpg").write_bytes(b"picture")
    return out


def stored(media: Path) -> list[str]:
    return sorted(path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file())


class TestPublicName:
    @pytest.mark.parametrize("name", ["curation.ingest/a-1/2/proxy_720.mp4", "a", "A1"])
    def test_what_the_server_makes_is_kept(self, name: str) -> None:
        assert public_name(name) == name

    def test_parts_are_joined(self) -> None:
        assert public_name("a/b", "c") == "a/b/c"

    @pytest.mark.parametrize(
        "name",
        ["", ".", "..", "a/../b", "/a", "a/", "a//b", ".hidden", "a b", "ä", "a\n", "a\\b", "a\0", "-rf"],
    )
    def test_anything_else_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="not a name"):
            public_name(name)

    @given(st.text(max_size=20))
    def test_a_name_never_leads_out_of_its_folder(self, name: str) -> None:
        try:
            key = public_name("base", name)
        except ValueError:
            return
        assert os.path.normpath(f"/root/{key}") == f"/root/base/{name}"


class TestPublishOnDisk:
    def test_the_folder_is_moved_into_place(self, media: Path, out: Path) -> None:
        assert publish_tree(out, PREFIX) == {
            "proxy720.mp4": f"{PREFIX}/proxy720.mp4",
            "sheets/0.jpg": f"{PREFIX}/sheets/0.jpg",
        }
        assert (media / PREFIX / "sheets" / "0.jpg").read_bytes() == b"picture"
        assert not out.exists()

    def test_every_file_and_folder_is_synced_before_the_rename_and_the_parent_after(
        self, media: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order: list[str] = []
        sync, rename = storage._sync, storage._rename_new

        def noted_sync(path: Path, flags: int) -> None:
            order.append(path.name)
            sync(path, flags)

        def noted_rename(source: Path, target: Path) -> None:
            order.append("RENAME")
            rename(source, target)

        monkeypatch.setattr(storage, "_sync", noted_sync)
        monkeypatch.setattr(storage, "_rename_new", noted_rename)
        publish_tree(out, PREFIX)
        before, after = order[: order.index("RENAME")], order[order.index("RENAME") + 1 :]
        assert {"proxy720.mp4", "0.jpg", "sheets", "out"} <= set(before)
        assert before.index("0.jpg") < before.index("sheets") < before.index("out")
        assert after == ["a1"]

    def test_the_disk_itself_is_told_in_this_order(
        self, media: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[str] = []
        fsync, rename = os.fsync, Path.rename
        names = {path.stat().st_ino: path.name for path in (out, *out.rglob("*"))}

        def noted_fsync(fd: int) -> None:
            names.update({path.stat().st_ino: path.name for path in (media, *media.rglob("*"))})
            told.append(names[os.fstat(fd).st_ino])
            fsync(fd)

        def noted_rename(source: Path, target: Path) -> Path:
            told.append(f"{source.name} -> {target.name}")
            return rename(source, target)

        monkeypatch.setattr(os, "fsync", noted_fsync)
        monkeypatch.setattr(Path, "rename", noted_rename)
        media.mkdir(exist_ok=True)
        publish_tree(out, PREFIX)
        made, shown = ["0.jpg", "sheets", "proxy720.mp4", "out"], "out -> 2"
        assert told == [*made, media.name, "curation.ingest", shown, "a1"]

    def test_another_disk_is_copied_to_first(
        self, media: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rename = storage._rename_new

        def far(source: Path, target: Path) -> None:
            if not source.is_relative_to(media):
                raise OSError(errno.EXDEV, "Invalid cross-device link")
            rename(source, target)

        monkeypatch.setattr(storage, "_rename_new", far)
        publish_tree(out, PREFIX)
        assert stored(media) == [f"{PREFIX}/proxy720.mp4", f"{PREFIX}/sheets/0.jpg"]
        assert not out.exists()

    def test_dying_before_the_rename_publishes_nothing(
        self, media: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def die(source: Path, target: Path) -> None:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(storage, "_rename_new", die)
        with pytest.raises(OSError, match="Input/output"):
            publish_tree(out, PREFIX)
        assert stored(media) == []

    def test_what_is_published_is_not_replaced(self, media: Path, out: Path, tmp_path: Path) -> None:
        publish_tree(out, PREFIX)
        again = tmp_path / "again"
        again.mkdir()
        (again / "proxy720.mp4").write_bytes(b"other")
        with pytest.raises(FileExistsError):
            publish_tree(again, PREFIX)
        assert (media / PREFIX / "proxy720.mp4").read_bytes() == b"video"

    @pytest.mark.parametrize("target", ["/etc/passwd", "proxy720.mp4", "."])
    def test_a_link_is_refused(self, media: Path, out: Path, target: str) -> None:
        (out / "link").symlink_to(target)
        with pytest.raises(ValueError, match="neither a plain file"):
            publish_tree(out, PREFIX)
        assert stored(media) == []

    def test_a_name_that_the_server_does_not_make_is_refused(self, media: Path, out: Path) -> None:
        (out / "my holiday.mp4").touch()
        with pytest.raises(ValueError, match="not a name"):
            publish_tree(out, PREFIX)

    def test_nothing_made_is_nothing_published(self, media: Path, tmp_path: Path) -> None:
        assert publish_tree(tmp_path, PREFIX) == {}
        assert not (media / PREFIX).exists()


class TestDiscardOnDisk:
    def test_the_folder_is_gone_and_its_empty_parents_too(self, media: Path, out: Path) -> None:
        publish_tree(out, PREFIX)
        discard(PREFIX)
        assert [path.name for path in media.iterdir()] == [PASSAGE]
        assert list((media / PASSAGE).iterdir()) == []

    def test_what_lies_beside_it_stays(self, media: Path, out: Path) -> None:
        publish_tree(out, PREFIX)
        default_storage.save("curation.ingest/a1/22/x", ContentFile(b"x"))
        discard(PREFIX)
        assert stored(media) == ["curation.ingest/a1/22/x"]

    def test_one_file_can_be_named(self, media: Path, out: Path) -> None:
        publish_tree(out, PREFIX)
        discard(f"{PREFIX}/proxy720.mp4")
        assert stored(media) == [f"{PREFIX}/sheets/0.jpg"]

    def test_nothing_there_is_fine_and_touches_nothing_else(self, media: Path, out: Path) -> None:
        publish_tree(out, PREFIX)
        before = stored(media)
        discard(f"{PREFIX}9")
        assert stored(media) == before

    @pytest.mark.parametrize("prefix", ["", "/", ".", "..", PASSAGE])
    def test_everything_cannot_be_named(self, media: Path, prefix: str) -> None:
        with pytest.raises(ValueError, match="not a name"):
            discard(prefix)

    def test_publishing_beside_it_at_the_same_time_goes_well(self, media: Path, tmp_path: Path) -> None:
        published: list[int] = []

        def churn(who: int) -> None:
            for n in range(40):
                out = tmp_path / f"out{who}.{n}"
                out.mkdir()
                (out / "x").write_bytes(b"x")
                published.append(len(publish_tree(out, f"k/j/{who}.{n}")))
                discard(f"k/j/{who}.{n}")

        threads = [threading.Thread(target=churn, args=(who,)) for who in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert published == [1] * 120
        assert stored(media) == []


class TestDiscardUnowned:
    def test_old_files_and_folders_that_nobody_names_go(self, media: Path) -> None:
        old = time.time() - UNOWNED.total_seconds() - 60
        for key in ("made/a", "made/b", "made/c/x.txt", "made/d/x.txt", "made/e/x.txt", "beside/a"):
            default_storage.save(key, ContentFile(b"x"))
            if key != "made/e/x.txt":
                os.utime(default_storage.path(key), (old, old))
        discard_unowned("made", lambda _: {"made/b", "made/c"})
        assert stored(media) == ["beside/a", "made/b", "made/c/x.txt", "made/e/x.txt"]

    def test_it_asks_about_what_is_there_and_nothing_else(self, media: Path) -> None:
        asked: list[str] = []

        def all_of(keys: Collection[str]) -> Collection[str]:
            asked.extend(keys)
            return keys

        discard_unowned("made", all_of)
        default_storage.save("made/a", ContentFile(b"x"))
        discard_unowned("made", all_of)
        assert asked == ["made/a"]

    def test_what_somebody_else_removes_meanwhile_is_passed_over(self, media: Path) -> None:
        def raced(keys: Collection[str]) -> Collection[str]:
            for key in keys:
                default_storage.delete(key)
            return ()

        default_storage.save("made/a", ContentFile(b"x"))
        discard_unowned("made", raced)
        assert stored(media) == []


class TestObjectStore:
    def test_files_are_uploaded_under_the_prefix(self, s3: str, out: Path) -> None:
        files = publish_tree(out, PREFIX)
        with default_storage.open(files["sheets/0.jpg"]) as file:
            assert file.read() == b"picture"

    def test_what_is_published_is_not_replaced(self, s3: str, out: Path) -> None:
        publish_tree(out, PREFIX)
        with pytest.raises(FileExistsError):
            publish_tree(out, PREFIX)

    def test_what_nobody_names_goes(self, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(storage, "UNOWNED", -timedelta(minutes=1))  # its clock cannot be put back
        for key in ("made/a", "made/b", "made/c/x.txt", "made/d/x.txt"):
            default_storage.save(key, ContentFile(b"x"))
        discard_unowned("made", lambda _: {"made/b", "made/c"})
        left = [key for key in ("a", "b", "c/x.txt", "d/x.txt") if default_storage.exists(f"made/{key}")]
        assert left == ["b", "c/x.txt"]

    def test_discard_takes_all_below_and_nothing_beside(self, s3: str, out: Path) -> None:
        publish_tree(out, PREFIX)
        default_storage.save("curation.ingest/a1/22/x", ContentFile(b"x"))
        discard(PREFIX)
        discard(PREFIX)
        assert default_storage.listdir("curation.ingest/a1") == (["22"], [])
