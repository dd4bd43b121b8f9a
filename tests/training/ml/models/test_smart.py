"""SMART's two networks against the paper's equations, written out a second time with loops."""

import math
from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from training.ml.models import create_model
from training.ml.models.contract import WrongInput, WrongOption
from training.ml.models.smart import (
    GlobalSelector,
    SingleFrameSelector,
    Smart,
    classification_loss,
    drawn_partners,
    fixed_partners,
)

D, CLASSES, HIDDEN = 6, 3, 5


def parameters(network: nn.Module) -> int:
    return sum(each.numel() for each in network.parameters())


def selector(**changes: object) -> GlobalSelector:
    torch.manual_seed(7)
    numbers: dict[str, object] = {"dim": D, "classes": CLASSES, "project": None, "hidden": HIDDEN, **changes}
    return GlobalSelector(**numbers).double().eval()  # type: ignore[arg-type]


def clips(*lengths: int, seed: int = 3) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(len(lengths), max(lengths), D, generator=generator, dtype=torch.float64)
    return x, torch.tensor(lengths)


def weighted(weights: Sequence[Tensor], rows: Sequence[Tensor]) -> Tensor:
    return torch.stack([weight * row for weight, row in zip(weights, rows, strict=True)]).sum(0)


def by_hand(net: GlobalSelector, x_ND: Tensor, weigh_by_alpha: bool = False) -> tuple[list[float], Tensor]:
    """Equations (1) to (6), frame by frame, with i and N counted from 1 as in the paper."""
    n = len(x_ND)
    z = [torch.cat([x_ND[i - 1], x_ND[i + math.ceil((n - i) / 2) - 1]]) for i in range(1, n + 1)]
    alpha = [torch.sigmoid(net.attention(each)) for each in z]
    whole = weighted(alpha, z) / torch.stack(alpha).sum()  # (1)
    beta = [torch.sigmoid(net.relation(torch.cat([each, whole]))) for each in z]
    if weigh_by_alpha:
        beta = [a * b for a, b in zip(alpha, beta, strict=True)]
    omega = [weighted(beta[:t], z[:t]).div(t) for t in range(1, n + 1)]  # (2)
    h = net.memory(torch.stack(omega)[None])[0][0]  # (3)
    moment = torch.softmax(torch.stack([net.moment(each)[0] for each in h]), dim=0)  # (4)
    whole = weighted(list(moment), omega) / moment.sum()
    gamma = [torch.sigmoid(net.judgement(torch.cat([each, whole]))) for each in omega]  # (5)
    c = [weighted(gamma[:t], list(h[:t])).div(t) for t in range(1, n + 1)]  # (6)
    return torch.cat(gamma).tolist(), torch.stack([net.head(each) for each in c])


@pytest.mark.parametrize("frames", [1, 2, 5, 8])
def test_gamma_and_logits_are_those_of_the_equations(frames: int) -> None:
    net, (x, lengths) = selector(), clips(frames)
    gamma, logits = by_hand(net, x[0])
    out = net(x, lengths)
    assert out.gamma_BN[0].tolist() == pytest.approx(gamma, abs=1e-12)
    torch.testing.assert_close(out.logits_BNC[0], logits)


def test_the_variant_weighs_by_alpha_too() -> None:
    net, (x, lengths) = selector(weigh_by_alpha=True), clips(5)
    gamma, _ = by_hand(net, x[0], weigh_by_alpha=True)
    assert net(x, lengths).gamma_BN[0].tolist() == pytest.approx(gamma, abs=1e-12)


@pytest.mark.parametrize(("dim", "classes", "hidden"), [(6, 3, 5), (7, 2, 4), (12, 10, 24)])
def test_parameters_are_those_of_the_formula(dim: int, classes: int, hidden: int) -> None:
    attention, relation, judgement, moment = 2 * dim + 1, 4 * dim + 1, 4 * dim + 1, hidden + 1
    memory, head = 4 * hidden * (2 * dim + hidden + 2), (hidden + 1) * classes
    net = GlobalSelector(dim=dim, classes=classes, project=None, hidden=hidden)
    assert parameters(net) == attention + relation + judgement + moment + memory + head
    half = dim // 2
    assert parameters(SingleFrameSelector(dim=dim)) == dim * half + half + half + 1


def test_the_paper_s_size_is_eighty_million() -> None:
    with torch.device("meta"):
        net = GlobalSelector(dim=1580, classes=101, project=None, hidden=2 * 1580)
    assert 79e6 < parameters(net) < 81e6


def test_a_projection_makes_it_small() -> None:
    assert parameters(GlobalSelector(dim=1580, classes=8)) < 4e6


def test_padding_changes_nothing() -> None:
    net, (x, lengths) = selector(), clips(3, 8)
    garbage = x.clone()
    garbage[0, 3::2], garbage[0, 4::2] = 1e6, -1e6  # whatever its weights, one of them opens a gate
    alone, together = net(x[:1, :3], lengths[:1]), net(garbage, lengths)
    torch.testing.assert_close(together.gamma_BN[0, :3], alone.gamma_BN[0])
    torch.testing.assert_close(together.logits_BNC[0, :3], alone.logits_BNC[0])
    label, weight = torch.tensor([1]), torch.ones(CLASSES, dtype=torch.float64)
    torch.testing.assert_close(
        classification_loss(together.logits_BNC[:1], label, lengths[:1], weight),
        classification_loss(alone.logits_BNC, label, lengths[:1], weight),
    )


def test_the_loss_is_the_mean_over_time_and_clips() -> None:
    logits, lengths = torch.randn(2, 4, CLASSES), torch.tensor([2, 4])
    label, weight = torch.tensor([0, 2]), torch.tensor([1.0, 1.0, 3.0])
    entropy = nn.CrossEntropyLoss()
    first = entropy(logits[0, :2], torch.tensor([0, 0]))
    second = entropy(logits[1], torch.tensor([2] * 4))
    torch.testing.assert_close(
        classification_loss(logits, label, lengths, weight), (first + 3 * second) / (1 + 3)
    )


def test_delta_is_a_chance_a_frame() -> None:
    net = SingleFrameSelector(dim=D)
    x = torch.randn(2, 9, D)
    delta = net(x)
    assert delta.shape == (2, 9)
    assert ((delta > 0) & (delta < 1)).all()
    hidden = (x[1, 4] @ net.hidden.weight.T + net.hidden.bias).clamp(min=0)
    torch.testing.assert_close(delta[1, 4], torch.sigmoid(hidden @ net.out.weight[0] + net.out.bias[0]))


@settings(max_examples=30)
@given(st.lists(st.integers(1, 32), min_size=1, max_size=4))
def test_fixed_partners_lie_half_way_to_the_end(lengths: list[int]) -> None:
    partners = fixed_partners(torch.tensor(lengths), max(lengths)).tolist()
    for n, row in zip(lengths, partners, strict=True):
        assert [r + 1 for r in row[:n]] == [i + math.ceil((n - i) / 2) for i in range(1, n + 1)]
        assert all(0 <= r < n for r in row)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 32), min_size=1, max_size=4), st.integers(0, 99))
def test_drawn_partners_are_never_earlier_and_never_padding(lengths: list[int], seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    partners = drawn_partners(torch.tensor(lengths), max(lengths), generator).tolist()
    for n, row in zip(lengths, partners, strict=True):
        assert all(i <= row[i] < n for i in range(n))
        assert all(0 <= r < n for r in row)


def test_partners_are_drawn_evenly() -> None:
    drawn = drawn_partners(torch.full((9000,), 4), 4, torch.Generator().manual_seed(0))
    assert torch.bincount(drawn[:, 1], minlength=4).tolist() == pytest.approx([0, 3000, 3000, 3000], abs=200)


def test_order_matters_to_gamma() -> None:
    net, (x, lengths) = selector(), clips(6)
    assert not torch.allclose(net(x, lengths).gamma_BN, net(x.flip(1), lengths).gamma_BN.flip(1))


def whole(**options: object) -> Smart:
    torch.manual_seed(5)
    net = create_model("smart", num_classes=CLASSES, dim=D, hidden=HIDDEN, **options)
    assert isinstance(net, Smart)
    return net.double().eval()


def test_by_its_name_it_has_both_selectors_and_the_formula_s_parameters() -> None:
    net = whole(project=None)
    half = D // 2
    single = D * half + half + half + 1
    memory, head = 4 * HIDDEN * (2 * D + HIDDEN + 2), (HIDDEN + 1) * CLASSES
    assert parameters(net) == single + (2 * D + 1) + 2 * (4 * D + 1) + (HIDDEN + 1) + memory + head


def test_its_logits_are_those_after_the_last_candidate() -> None:
    net, (x, lengths) = whole(project=4), clips(3, 8)
    every = net.whole(x, lengths).logits_BNC
    torch.testing.assert_close(net(x, lengths), torch.stack([every[0, 2], every[1, 7]]))
    torch.testing.assert_close(net(x[1:]), every[1:, 7])
    assert net(x).min() < 0 or net(x).max() > 1, "no activation follows the head"


def test_its_scores_are_those_of_the_selectors() -> None:
    net, (x, lengths) = whole(), clips(3, 8)
    delta, gamma = net.scores(x, lengths)
    torch.testing.assert_close(delta, net.single(x))
    torch.testing.assert_close(gamma, net.whole(x, lengths).gamma_BN)


def test_in_training_partners_are_drawn_and_in_evaluation_they_are_fixed() -> None:
    net, (x, _) = whole(dropout=0.0), clips(8)
    assert torch.equal(net(x), net(x))
    net.train()
    torch.manual_seed(0)
    assert not torch.equal(net(x), net(x))


def test_the_variant_can_be_asked_for_by_name() -> None:
    (x, _) = clips(5)
    assert not torch.equal(whole()(x), whole(weigh_by_alpha=True)(x))


@pytest.mark.parametrize("shape", [(2, 4, D + 1), (2, 0, D), (4, D)])
def test_frames_of_another_width_or_none_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(WrongInput, match=f"at least one frame with {D} numbers"):
        whole()(torch.zeros(shape, dtype=torch.float64))


@pytest.mark.parametrize("lengths", [[0, 3], [3, 9], [3]])
def test_lengths_that_no_clip_has_are_refused(lengths: list[int]) -> None:
    with pytest.raises(WrongInput, match="1 to 8 frames"):
        whole()(clips(8, 8)[0], torch.tensor(lengths))


def test_a_frame_of_one_number_is_refused() -> None:
    with pytest.raises(WrongOption, match="dim=1"):
        create_model("smart", num_classes=2, dim=1)
