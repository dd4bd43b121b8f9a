"""What is made of a recording is made once, found by what the recording holds, and never half."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.training.ml.datasets.films import film, numbers_of, proxy_of
from training.ml.datasets.base import Holds, Sample
from training.ml.datasets.cache import Decoded, FeatureCache, FrameCache, made_once
from training.ml.datasets.content import content_of
from training.ml.datasets.frames import FrameRecipe
from training.ml.errors import BadFile
from training.ml.features.eyes import Eye
from training.ml.features.pack import ClipPack
from training.ml.recipes.networks import X3D

RECIPE = FrameRecipe(short=32)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("films") / "source.mp4", range(30))


def kept(folder: Path, what: str = "frames") -> list[Path]:
    return sorted((folder / what).rglob("*.safetensors"))


def test_a_recording_is_decoded_once(source: Path, tmp_path: Path) -> None:
    cache, sample = FrameCache(tmp_path, RECIPE), Sample(path=source, label="")
    first = cache.frames_of(sample).at([3, 11])
    (file,) = kept(tmp_path)
    made = file.stat().st_mtime_ns
    np.testing.assert_array_equal(cache.frames_of(sample).at([3, 11]), first)
    np.testing.assert_array_equal(Decoded(RECIPE).frames_of(sample).at([3, 11]), first)
    assert kept(tmp_path) == [file]
    assert file.stat().st_mtime_ns == made


def test_copies_share_a_file_and_another_recording_or_recipe_has_its_own(
    source: Path, tmp_path: Path
) -> None:
    cache, copy = FrameCache(tmp_path / "cache", RECIPE), tmp_path / "copy.mp4"
    shutil.copy(source, copy)
    for path in (source, copy):
        cache.frames_of(Sample(path=path, label=""))
    assert len(kept(tmp_path / "cache")) == 1
    film(copy, range(5))
    assert len(cache.frames_of(Sample(path=copy, label=""))) == 5, "a changed file is another recording"
    FrameCache(tmp_path / "cache", FrameRecipe(short=16)).frames_of(Sample(path=source, label=""))
    assert len(kept(tmp_path / "cache")) == 3


def test_a_proxy_is_read_as_it_is(source: Path, tmp_path: Path) -> None:
    proxy = proxy_of(source, tmp_path / "proxy.mp4")
    sample = Sample(path=proxy, label="", holds=Holds.PROXY)
    for made in (FrameCache(tmp_path, RECIPE), Decoded(RECIPE)):
        assert numbers_of(made.frames_of(sample).at([17])) == [17]
    assert not kept(tmp_path)


def test_joints_are_no_frames(tmp_path: Path) -> None:
    (tmp_path / "a.skeleton").touch()
    with pytest.raises(BadFile, match="holds no pictures, but joints"):
        Decoded().frames_of(Sample(path=tmp_path / "a.skeleton", label="", holds=Holds.SKELETON))


def test_what_was_broken_off_leaves_nothing(tmp_path: Path) -> None:
    def broken(part: Path) -> None:
        part.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made_once(tmp_path / "a" / "b.txt", broken)
    assert list((tmp_path / "a").iterdir()) == []


def test_content_names_files_and_folders(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.png").write_bytes(b"1")
    assert content_of(tmp_path / "one") == content_of(tmp_path / "two")
    (tmp_path / "two/1.png").rename(tmp_path / "two/2.png")
    assert content_of(tmp_path / "one") != content_of(tmp_path / "two")
    with pytest.raises(BadFile, match="gone cannot be read"):
        content_of(tmp_path / "gone")


def test_features_of_a_source_are_read_of_a_proxy_that_is_kept(source: Path, tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path, Eye(X3D))
    sample = Sample(path=source, label="", start=4, end=28)
    file = cache.file_of(sample)
    pack = ClipPack.load(file)
    assert pack.recipe == Eye(X3D).fingerprint
    assert pack.ordinals_P.min() >= 4
    assert pack.ordinals_P.max() < 28
    made = file.stat().st_mtime_ns
    again = Sample(path=source, label="other", seconds=(0.16, 1.12))
    assert cache.file_of(again) == file, "the same frames, said in seconds"
    assert file.stat().st_mtime_ns == made
    assert cache.file_of(Sample(path=source, label="")) != file
    assert len(list((tmp_path / "proxies").rglob("*.mp4"))) == 1


def test_features_of_a_proxy_are_read_of_itself(source: Path, tmp_path: Path) -> None:
    proxy = proxy_of(source, tmp_path / "proxy.mp4")
    cache = FeatureCache(tmp_path, Eye(X3D))
    assert cache.file_of(Sample(path=proxy, label="", holds=Holds.PROXY, start=0, end=30)).is_file()
    assert not (tmp_path / "proxies").exists()
    with pytest.raises(BadFile, match="is no video"):
        cache.file_of(Sample(path=proxy, label="", holds=Holds.SKELETON))
