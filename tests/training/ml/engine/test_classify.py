"""By which measure the epoch of a classifier is chosen."""

from pathlib import Path

import numpy as np
import pytest
import torch

from training.ml.encoder import EncodedClip, Encoder
from training.ml.engine.checkpoints import Slot
from training.ml.engine.classify import Lesson, Pool, class_weights, train
from training.ml.features.clip import APPEARANCE_DIM
from training.ml.recipes.motion import SMART_MOTION
from training.ml.vocabulary import Vocabulary

SEED = (
    108  # of this noise the epoch with the best top-1 and the one with the best macro-F1 are different ones
)


def noise(rng: np.random.Generator) -> EncodedClip:
    x_ND = rng.normal(size=(1, APPEARANCE_DIM)).astype(np.float32)
    fisher_NF, motion_N = np.zeros((1, 0), np.float32), np.zeros(1, np.float32)
    return EncodedClip(np.zeros(1, np.int32), x_ND, x_ND, fisher_NF, motion_N)


@pytest.mark.parametrize(("even", "score"), [(True, "val_top1"), (False, "val_macro_f1")])
def test_even_classes_choose_by_top1_and_uneven_ones_by_macro_f1(
    tmp_path: Path, even: bool, score: str
) -> None:
    rng = np.random.default_rng(SEED)
    learned = Pool([noise(rng) for _ in range(12)], torch.tensor([0] * 6 + [1] * 6))
    val = Pool([noise(rng) for _ in range(20)], torch.tensor([0] * 15 + [1] * 5))
    encoder = Encoder(Vocabulary((), None), torch.zeros(APPEARANCE_DIM), None, 1.0, 16.0)
    lesson = Lesson(encoder, SMART_MOTION, torch.ones(2), SEED, even)
    _, fitted = train(lesson, learned, "x", epochs=12, slot=Slot(tmp_path, "x"), val=val)
    lines = fitted.history
    best = {
        name: max(lines, key=lambda line: (line[name], -line["val_loss"], -line["epoch"]))["epoch"]
        for name in ("val_top1", "val_macro_f1")
    }
    assert best["val_top1"] != best["val_macro_f1"]
    assert fitted.best_epoch == best[score]


def test_uneven_classes_weigh_the_same_in_sum_and_even_ones_one_each() -> None:
    label_N = torch.tensor([0, 0, 0, 1])
    assert class_weights(label_N, 3, even=False).tolist() == pytest.approx([4 / 6, 4 / 2, 1.0])
    assert class_weights(label_N, 3, even=True).tolist() == [1.0, 1.0, 1.0]
