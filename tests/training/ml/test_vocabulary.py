"""Words of motion: learned from few or many descriptors, summed over candidates, the same from a file."""

import numpy as np
import pytest
import torch

from tests.training.ml.house import drawn
from training.ml.features.motion import nothing
from training.ml.vocabulary import Sizes, Vocabulary

SIZES = Sizes(components=4, words=3, latent=5, sample=1000, rounds=3)
CLIPS = [drawn(f"clip {n}", n % 3) for n in range(6)]


def fitted(clips: list[object] | None = None, seed: int = 0) -> Vocabulary:
    generator = torch.Generator().manual_seed(seed)
    return Vocabulary.fit(clips or CLIPS, SIZES, generator)  # type: ignore[arg-type]


WORDS = fitted()


def test_a_word_tells_of_means_and_deviations_of_every_component_and_of_the_place() -> None:
    assert WORDS.width == 4 * 2 * 3 * (4 + 3)
    assert WORDS.fisher(CLIPS[0]).shape == (6, WORDS.width)
    assert WORDS.latent(WORDS.fisher(CLIPS[0])).shape == (6, 5)


def test_each_channel_is_as_heavy_as_the_others() -> None:
    normal_NF = WORDS.normalised(WORDS.fisher(CLIPS[0]))
    lengths = torch.linalg.vector_norm(normal_NF.reshape(6, 4, -1), dim=2)
    torch.testing.assert_close(lengths, torch.full((6, 4), 0.5), rtol=1e-4, atol=1e-4)


def test_few_descriptors_teach_few_words_and_none_teach_none() -> None:
    few = fitted([drawn("a", 1, each=6)])
    assert few.width == 4 * 2 * 1 * (4 + 3), "36 descriptors are enough for one"
    none = fitted([nothing(np.arange(4))])
    assert (none.width, none.latent_width) == (0, 0)
    assert none.fisher(CLIPS[0]).shape == none.latent(torch.zeros(6, 0)).shape == (6, 0)


@pytest.mark.parametrize("vocabulary", [WORDS, fitted([nothing(np.arange(4))])], ids=["words", "none"])
def test_what_is_stored_tells_as_before(vocabulary: Vocabulary) -> None:
    again = Vocabulary.from_tensors(vocabulary.to_tensors())
    fisher_NF = vocabulary.fisher(CLIPS[1])
    assert torch.equal(again.fisher(CLIPS[1]), fisher_NF)
    assert torch.equal(again.latent(fisher_NF), vocabulary.latent(fisher_NF))


def test_another_seed_learns_other_words() -> None:
    one, other = (fitted(seed=seed).to_tensors()["channel0.mean_KD"] for seed in (0, 1))
    assert not torch.equal(one, other)
