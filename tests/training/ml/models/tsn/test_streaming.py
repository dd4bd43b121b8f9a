"""Many segments in chunks give what they give together, in the memory of one chunk."""

import weakref
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.models.published import noise
from tests.training.ml.models.tsn.small import small
from training.ml.models.contract import WrongInput
from training.ml.models.tsn.consensus import Agreement
from training.ml.models.tsn.streaming import chunks, streamed


@pytest.mark.parametrize(
    ("consensus", "level"),
    [
        (Agreement.AVERAGE, "score"),
        (Agreement.TOP_K, "feature"),
        (Agreement.WEIGHTED, "score"),
        (Agreement.IDENTITY, "feature"),
    ],
)
def test_twenty_five_segments_give_the_same_logits_in_chunks(consensus: str, level: str) -> None:
    net = small(consensus=consensus, level=level)
    x_BCTHW = noise(1, 3, 25, 16, 16)
    with torch.inference_mode():
        whole = net(x_BCTHW)
    said = streamed(net, chunks(x_BCTHW, net.frames_a_segment, segments=4), segments=25)
    torch.testing.assert_close(said, whole, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("modality", "channels"), [("flow", 2), ("rgb_difference", 3)])
def test_stacks_are_not_cut(modality: str, channels: int) -> None:
    net = small(modality=modality)
    x_BCTHW = noise(1, channels, 5 * net.frames_a_segment, 24, 24)
    with torch.inference_mode():
        whole = net(x_BCTHW)
    said = streamed(net, chunks(x_BCTHW, net.frames_a_segment, segments=2), segments=5)
    torch.testing.assert_close(said, whole)


def test_one_chunk_is_held_at_a_time() -> None:
    net, given, sizes = small(), [], []

    def count(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        sizes.append(len(inputs[0]))

    def read() -> Iterator[Tensor]:
        for _ in range(10):
            x_BCTHW = torch.zeros(1, 3, 2, 8, 8, dtype=torch.float64)
            given.append(weakref.ref(x_BCTHW))
            yield x_BCTHW
            del x_BCTHW
            assert sum(each() is not None for each in given) <= 1

    net.base_model.register_forward_pre_hook(count)
    streamed(net, read(), segments=20)
    assert sizes == [2] * 10


@pytest.mark.parametrize("announced", [3, 5])
def test_another_number_of_segments_than_announced_is_refused(announced: int) -> None:
    net = small(consensus="weighted")
    with pytest.raises(WrongInput, match=f"There came 4 segments and not {announced}"):
        streamed(net, chunks(noise(1, 3, 4, 24, 24), 1, segments=2), segments=announced)


def test_nothing_says_nothing() -> None:
    with pytest.raises(WrongInput, match="There came 0 segments and not 25"):
        streamed(small(), [], segments=25)


def test_a_network_that_learns_is_refused() -> None:
    with pytest.raises(ValueError, match="call eval"):
        streamed(small().train(), [noise(1, 3, 1, 24, 24)], segments=1)
