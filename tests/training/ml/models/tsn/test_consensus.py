"""What segments agree on, by hand, whole and a few at a time."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from training.ml.models.contract import WrongInput, WrongOption
from training.ml.models.tsn.consensus import Agreement, Consensus

SCORES_BKD = torch.tensor([[[1.0, 9.0], [4.0, -3.0], [2.0, 0.0], [7.0, 5.0]]])


def agreed(agreement: Agreement, x_BKD: Tensor = SCORES_BKD, *, segments: int = 4, top: int = 2) -> Tensor:
    said: Tensor = Consensus(agreement, segments=segments, top=top)(x_BKD)
    return said.detach()


@pytest.mark.parametrize(
    ("agreement", "expected"),
    [
        (Agreement.AVERAGE, [[3.5, 2.75]]),
        (Agreement.MAX, [[7.0, 9.0]]),
        (Agreement.TOP_K, [[5.5, 7.0]]),
        (Agreement.WEIGHTED, [[3.5, 2.75]]),  # even before anything was learned
        (Agreement.IDENTITY, SCORES_BKD.tolist()),
    ],
)
def test_it_is_what_its_name_says(agreement: Agreement, expected: list[object]) -> None:
    assert agreed(agreement).tolist() == expected


def test_learned_numbers_weigh_each_segment() -> None:
    consensus = Consensus(Agreement.WEIGHTED, segments=4, top=1)
    with torch.no_grad():
        consensus.weight.copy_(torch.tensor([1.0, 0.0, -2.0, 0.5]))
    said_BD = consensus(SCORES_BKD)
    assert said_BD.tolist() == [[0.5, 11.5]]
    said_BD.sum().backward()
    assert consensus.weight.grad is not None
    assert consensus.weight.grad.tolist() == SCORES_BKD[0].sum(1).tolist()


def test_for_more_segments_learned_numbers_are_read_off_the_line_between_them() -> None:
    consensus = Consensus(Agreement.WEIGHTED, segments=2, top=1)
    with torch.no_grad():
        consensus.weight.copy_(torch.tensor([0.2, 0.8]))
    assert consensus.weights(4).tolist() == pytest.approx([0.1, 0.175, 0.325, 0.4])
    assert consensus.weights(2).tolist() == pytest.approx([0.2, 0.8])


def test_only_the_weighted_one_has_parameters() -> None:
    counts = {
        each: sum(p.numel() for p in Consensus(each, segments=3, top=3).parameters()) for each in Agreement
    }
    assert counts == {**dict.fromkeys(Agreement, 0), Agreement.WEIGHTED: 3}


@settings(max_examples=40)
@given(st.sampled_from(Agreement), st.lists(st.integers(1, 4), min_size=1, max_size=6), st.integers(0, 99))
def test_a_few_at_a_time_are_as_all_at_once(agreement: Agreement, parts: list[int], seed: int) -> None:
    segments = sum(parts)
    generator = torch.Generator().manual_seed(seed)
    x_BKD = torch.randn(2, segments, 3, dtype=torch.float64, generator=generator)
    consensus = Consensus(agreement, segments=5, top=min(3, segments)).double()
    for each in consensus.parameters():
        torch.nn.init.normal_(each, generator=generator)
    kept, first = None, 0
    for part in parts:
        kept = consensus.heard(kept, x_BKD[:, first : first + part], first=first, segments=segments)
        first += part
        if agreement is not Agreement.IDENTITY:
            assert kept.shape[1] <= consensus.top
    assert kept is not None
    torch.testing.assert_close(consensus.concluded(kept, segments), consensus(x_BKD))


@pytest.mark.parametrize("top", [0, 4])
def test_more_than_there_are_cannot_be_the_top(top: int) -> None:
    with pytest.raises(WrongOption, match=f"The top {top} of 3 segments cannot be taken; take 1 to 3"):
        Consensus(Agreement.TOP_K, segments=3, top=top)
    with pytest.raises(WrongInput, match="The top 3 of 2 segments cannot be taken; read more frames"):
        agreed(Agreement.TOP_K, SCORES_BKD[:, :2], top=3)
