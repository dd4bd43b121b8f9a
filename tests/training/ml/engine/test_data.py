"""What a run reads: encoded clips come back as they were, and the test side's labels stay away."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.ml.house import usual
from training.ml.encoder import Encoder
from training.ml.engine import data
from training.ml.engine.data import UNKNOWN, Dataset, Features, dataset_of, encoded
from training.ml.recipes.motion import SMART_MOTION

SMALL = replace(SMART_MOTION, components=4, words=2, rounds=2, latent=4)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    made = usual(tmp_path / "house", classes=2, train=2)
    return dataset_of(made.manifest, made.features, {})


def test_samples_of_the_test_side_have_no_label(dataset: Dataset) -> None:
    assert {sample.label for sample in dataset.test} == {UNKNOWN}
    assert {sample.label for sample in (*dataset.train, *dataset.val)} == {0, 1}
    assert sorted(dataset.truth("test").values()) == [0, 0, 1, 1]


def test_a_clip_that_nobody_speaks_of_is_missing(tmp_path: Path) -> None:
    made = usual(tmp_path / "house", classes=2, train=2)
    del made.features["clip-000"]
    assert dataset_of(made.manifest, made.features, {}).missing == {"clip-000": "Its features were not made."}


def test_encoded_clips_come_back_as_they_were_and_are_not_made_twice(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "CLIPS_A_FILE", 3)
    encoder = Encoder.fit(Features(dataset.train), recipe=SMALL, seed=1)
    told: list[float] = []
    encoded(encoder, dataset.samples, tmp_path, told.append)
    files = {path: path.stat().st_mtime_ns for path in tmp_path.glob("encoded-*")}
    assert len(files) == 8, "two for each three of twelve clips"
    again = encoded(encoder, dataset.samples, tmp_path, told.append)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("encoded-*")} == files
    assert told[-1] == 1.0
    for clip, features in zip(again, Features(dataset.samples), strict=True):
        direct = encoder.encode(features)
        for name in ("ordinals_N", "x_ND", "appearance_ND", "fisher_NF", "motion_N"):
            np.testing.assert_array_equal(getattr(clip, name), getattr(direct, name))
