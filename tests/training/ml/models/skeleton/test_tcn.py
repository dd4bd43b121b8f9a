"""The one-shot TCN sees 85 frames and none that is to come, and its embeddings have length one."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from tests.training.ml.models.skeleton.filling import skeletons
from training.ml.checkpoints import DoesNotFit, load
from training.ml.models.contract import WrongInput, WrongOption
from training.ml.models.skeleton.body_frame import features
from training.ml.models.skeleton.tcn import DILATIONS, RECEPTIVE_FIELD, OneShotTCN, create_tcn_one_shot


@pytest.fixture(scope="module")
def net() -> OneShotTCN:
    torch.manual_seed(0)
    return create_tcn_one_shot(num_classes=4, graph="utd20").double().eval()


def test_it_has_the_published_parameters() -> None:
    with torch.device("meta"):
        net = create_tcn_one_shot()
    assert sum(each.numel() for each in net.blocks.parameters()) == 3_428_352
    assert sum(each.numel() for each in net.fc.parameters()) == 30_840
    assert [name for name, _ in net.named_parameters() if "residual" in name] == [
        "blocks.0.residual.weight",
        "blocks.0.residual.bias",
    ]


def test_no_step_knows_what_is_to_come(net: OneShotTCN) -> None:
    x = skeletons(1, 3, 40, 20, 1)
    later = x.clone()
    later[:, 0, 25:, 5] += 1  # a hand: of the whole body's moving it knows nothing at all
    with torch.no_grad():
        before, after = net.steps(x), net.steps(later)
    assert torch.equal(before[..., :25], after[..., :25])
    assert not torch.allclose(before[..., 25], after[..., 25])


def test_a_step_knows_of_85_frames(net: OneShotTCN) -> None:
    assert RECEPTIVE_FIELD == 85
    x = skeletons(1, 3, 100, 20, 1)
    with torch.no_grad():
        last = net.steps(x)[..., -1]
        for back, knows in ((RECEPTIVE_FIELD, True), (RECEPTIVE_FIELD + 1, False)):
            other = x.clone()
            other[:, :, -back] += torch.linspace(0, 3, 20)[:, None]
            assert torch.allclose(net.steps(other)[..., -1], last, rtol=0, atol=0) is not knows


def by_hand(net: OneShotTCN, x_DT: Tensor) -> Tensor:
    """What is said at the last frame, with sums over the frames before written out."""
    state, said_D = net.state_dict(), torch.zeros(256, dtype=torch.float64)

    def conv(at: str, x: Tensor, dilation: int) -> Tensor:
        weight = state[f"{at}.weight"]
        out: Tensor = state[f"{at}.bias"][:, None].expand(-1, x.shape[1]).clone()
        for k in range(weight.shape[2]):
            back = (weight.shape[2] - 1 - k) * dilation
            out[:, back:] += weight[:, :, k] @ x[:, : x.shape[1] - back]
        return out

    for n, dilation in enumerate(DILATIONS * 2):
        y = conv(f"blocks.{n}.conv1", x_DT, dilation).relu()
        y = conv(f"blocks.{n}.conv2", y, dilation).relu()
        said_D = said_D + y[:, -1]
        x_DT = (y + (conv(f"blocks.{n}.residual", x_DT, 1) if n == 0 else x_DT)).relu()
    return said_D


def test_what_it_says_is_the_sum_of_its_blocks(net: OneShotTCN) -> None:
    x = skeletons(1, 3, 30, 20, 1)
    with torch.no_grad():
        said_D = by_hand(net, features(x[..., 0], net.marks)[0].T)
        torch.testing.assert_close(net.steps(x)[0, :, -1], said_D, rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(net.embed(x)[0], said_D / said_D.norm(), rtol=1e-9, atol=1e-12)
        torch.testing.assert_close(net(x)[0], net.fc(said_D), rtol=1e-9, atol=1e-9)


def test_embeddings_have_length_one_and_no_negative_number(net: OneShotTCN) -> None:
    with torch.no_grad():
        embedded = net.embed(skeletons(3, 3, 12, 20, 2))
    torch.testing.assert_close(embedded.norm(dim=1), torch.ones(3, dtype=torch.float64))
    assert (embedded >= 0).all()
    assert not net.embed(torch.zeros(1, 3, 4, 20, 1, dtype=torch.float64)).any()


def test_what_pads_a_clip_and_who_comes_first_change_nothing(net: OneShotTCN) -> None:
    x = skeletons(1, 3, 12, 20, 2)
    padded = functional.pad(x, (0, 1, 0, 0, 0, 9))
    with torch.no_grad():
        torch.testing.assert_close(net(padded), net(x), rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(net(x[..., [1, 0]]), net(x), rtol=1e-9, atol=1e-9)


def test_every_parameter_learns() -> None:
    torch.manual_seed(0)
    net = create_tcn_one_shot(num_classes=3, graph="utd20")
    functional.cross_entropy(net(torch.randn(2, 3, 8, 20, 1)), torch.tensor([0, 2])).backward()  # type: ignore[no-untyped-call]
    assert [name for name, each in net.named_parameters() if each.grad is None] == []


def test_other_skeletons_are_told(net: OneShotTCN) -> None:
    with pytest.raises(WrongInput, match=r"on utd20 takes .*20 joints"):
        net(skeletons(1, 3, 8, 25, 1))
    with pytest.raises(WrongOption, match="cpm14 has them not"):
        create_tcn_one_shot(graph="cpm14")


def test_weights_of_another_graph_are_found_out() -> None:
    state = create_tcn_one_shot(num_classes=3, graph="utd20").state_dict()
    with pytest.raises(DoesNotFit, match=r"of another graph: bones\."):
        load(create_tcn_one_shot(num_classes=3, graph="kinect20"), state)
