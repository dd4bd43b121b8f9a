"""AIM against the equations written out pair by pair, and its loss against plain sums."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from tests.training.ml.models.skeleton.filling import filled, normed, skeletons
from training.ml.models.contract import WrongInput
from training.ml.models.skeleton.aim import (
    AIM,
    Guess,
    Relations,
    aim_loss,
    chosen,
    create_aim,
    sampled,
)

V = 14
PAIRS = [(sender, receiver) for sender in range(V) for receiver in range(V) if sender != receiver]


@pytest.fixture(scope="module")
def net() -> AIM:
    return filled(create_aim(graph="cpm14"))


def perceptron(s: dict[str, Tensor], at: str, x_RD: Tensor) -> Tensor:
    for layer in ("fc1", "fc2"):
        x_RD = functional.elu(x_RD @ s[f"{at}.{layer}.weight"].T + s[f"{at}.{layer}.bias"])
    return normed(s, f"{at}.bn", x_RD.T).T


def types_by_hand(net: AIM, x_VTC: Tensor) -> Tensor:
    s = {name.removeprefix("encoder."): each for name, each in net.state_dict().items()}
    one = perceptron(s, "mlp1", torch.stack([pose.reshape(-1) for pose in x_VTC]))
    two = perceptron(s, "mlp2", torch.stack([torch.cat([one[r], one[a]]) for a, r in PAIRS]))
    got = [sum((two[p] for p, (_, r) in enumerate(PAIRS) if r == v), torch.zeros(128)) / V for v in range(V)]
    three = perceptron(s, "mlp3", torch.stack(got))
    rows = [torch.cat([three[r], three[a], two[p]]) for p, (a, r) in enumerate(PAIRS)]
    logits_PK: Tensor = perceptron(s, "mlp4", torch.stack(rows)) @ s["fc_out.weight"].T + s["fc_out.bias"]
    return logits_PK


def step_by_hand(net: AIM, pose_VC: Tensor, memory_VD: Tensor, edges_PK: Tensor) -> tuple[Tensor, Tensor]:
    d = net.decoder
    heard = torch.zeros(V, 128, dtype=torch.float64)
    for p, (a, r) in enumerate(PAIRS):
        both = torch.cat([memory_VD[r], memory_VD[a]])
        for k in (1, 2):
            heard[r] += torch.tanh(d.msg_fc2[k](torch.tanh(d.msg_fc1[k](both)))) * edges_PK[p, k] / 2
    heard = heard / 3
    reset = torch.sigmoid(d.input_r(pose_VC) + d.hidden_r(heard))
    keep = torch.sigmoid(d.input_i(pose_VC) + d.hidden_i(heard))
    memory_VD = (1 - keep) * torch.tanh(d.input_n(pose_VC) + reset * d.hidden_n(heard)) + keep * memory_VD
    return pose_VC + d.out_fc3(d.out_fc2(d.out_fc1(memory_VD).relu()).relu()), memory_VD


def test_types_and_motion_are_those_of_the_equations(net: AIM) -> None:
    x_NCTVM = skeletons(1, 3, 50, V, 2)
    with torch.no_grad():
        guess = net(x_NCTVM)
        body_VTC = x_NCTVM[0, :, :, :, 1].permute(2, 1, 0)
        logits_PK = types_by_hand(net, body_VTC)
        torch.testing.assert_close(guess.logits_BPK[1], logits_PK, rtol=1e-9, atol=1e-11)
        edges_PK = functional.one_hot(torch.arange(len(PAIRS)) % 3, 3).double()
        predicted_VTC = net.decoder(guess.true_BVTC[1:], edges_PK[None], net.relations)[0]
        memory_VD = torch.zeros(V, 128, dtype=torch.float64)
        for t in range(2):
            pose_VC, memory_VD = step_by_hand(net, body_VTC[:, t], memory_VD, edges_PK)
            torch.testing.assert_close(predicted_VTC[:, t], pose_VC, rtol=1e-9, atol=1e-11)
    assert guess.predicted_BVTC.shape == (2, V, 49, 3)
    assert torch.equal(guess.true_BVTC[1], body_VTC)


def test_it_has_the_published_parameters_under_their_names() -> None:
    with torch.device("meta"):
        net = create_aim()
    assert sum(each.numel() for each in net.encoder.parameters()) == 185_475
    assert sum(each.numel() for each in net.decoder.parameters()) == 232_323
    shapes = {name: tuple(each.shape) for name, each in net.state_dict().items()}
    assert shapes["encoder.mlp1.fc1.weight"] == (128, 150)
    assert shapes["encoder.mlp4.bn.running_var"] == (128,)
    assert shapes["encoder.fc_out.weight"] == (3, 128)
    assert shapes["decoder.msg_fc1.2.weight"] == (128, 256)
    assert shapes["decoder.hidden_n.weight"] == (128, 128)
    assert shapes["decoder.input_n.bias"] == (128,)
    assert shapes["decoder.out_fc3.weight"] == (3, 128)
    assert {name.split(".")[0] for name in shapes} == {"encoder", "decoder"}, "relations are no weights"


def test_a_link_matrix_is_a_mean_over_senders_times_a_tenth() -> None:
    """(A + I) · D⁻¹ · 0.1, body by body and link by link."""
    edges_BPK = functional.one_hot(torch.randint(3, (3, len(PAIRS)), generator=torch.manual_seed(5)), 3)
    links = Relations(V).matrices(edges_BPK.float())
    assert links.shape == (3, 2, V, V)
    for b in range(3):
        for e in range(2):
            one = torch.eye(V)
            for p, (a, r) in enumerate(PAIRS):
                one[a, r] += edges_BPK[b, p, e + 1]
            torch.testing.assert_close(links[b, e], one @ torch.diag(1 / one.sum(0)) * 0.1)
    torch.testing.assert_close(links.sum(-2), torch.full((3, 2, V), 0.1))


def test_types_are_drawn_in_training_and_the_likeliest_in_evaluation(net: AIM) -> None:
    logits = torch.log(torch.tensor([[[0.6, 0.3, 0.1]]])).expand(1, 20_000, 3)
    torch.manual_seed(0)
    drawn = chosen(logits, draw=True)
    assert set(drawn.flatten().tolist()) <= {0.0, 1.0}
    assert drawn.mean((0, 1)).tolist() == pytest.approx([0.6, 0.3, 0.1], abs=0.02)
    assert torch.equal(chosen(logits, draw=False).mean((0, 1)), torch.tensor([1.0, 0, 0]))
    x = skeletons(1, 3, 50, V, 1)
    with torch.no_grad():
        assert torch.equal(net(x).predicted_BVTC, net(x).predicted_BVTC)


@pytest.mark.parametrize(
    ("frames", "at"), [(300, [0, 6, 294]), (290, [0, 5, 284]), (51, [0, 1, 49]), (4, [0, 1, 1])]
)
def test_fifty_frames_are_taken_at_even_steps_and_short_clips_repeat(frames: int, at: list[int]) -> None:
    x_NCTVM = torch.arange(1, frames + 1).view(1, 1, -1, 1, 1)
    assert (sampled(x_NCTVM)[0, 0, [0, 1, 49], 0] - 1).tolist() == at


def test_frames_after_the_last_in_which_anybody_is_are_not_taken() -> None:
    x_NCTVM = torch.zeros(2, 1, 300, 1, 2)
    x_NCTVM[0, 0, :100, 0, 1] = torch.arange(1, 101)
    x_NCTVM[1, 0, 299] = 300
    taken_BT = sampled(x_NCTVM)[:, 0, :, 0]
    assert taken_BT[1].tolist() == [2 * n + 1 for n in range(50)]
    assert not taken_BT[2:].any(), "each clip by its own length"
    assert sampled(torch.zeros(1, 3, 7, 1, 1)).shape == (1, 1, 50, 3)


def test_bodies_are_the_persons_of_one_clip_after_another() -> None:
    x_NCTVM = skeletons(2, 3, 50, V, 2)
    assert torch.equal(sampled(x_NCTVM)[2], x_NCTVM[1, :, :, :, 0].permute(2, 1, 0))


def test_the_loss_is_likelihood_and_divergence_a_joint() -> None:
    true = torch.zeros(2, 2, 3, 1)
    predicted = torch.zeros(2, 2, 2, 1)
    predicted[0, 1, 1, 0] = 0.1
    logits = torch.zeros(2, 2, 3)
    guess = Guess(torch.empty(0), logits, predicted, true, torch.tensor([True, False]))
    likelihood = 0.1**2 / (2 * 5e-4)
    divergence = 2 * (-math.log(3) - (math.log(0.95) + 2 * math.log(0.025)) / 3)
    assert float(aim_loss(guess)) == pytest.approx((likelihood + divergence) / 2, rel=1e-6)


def test_absent_persons_count_in_no_loss() -> None:
    net = create_aim(graph="cpm14", dropout=0).double().eval()
    x = skeletons(2, 3, 20, V, 1)
    with torch.no_grad():
        alone = aim_loss(net(x))
        padded = aim_loss(net(torch.cat([x, torch.zeros_like(x)], -1)))
        assert float(aim_loss(net(torch.zeros_like(x)))) == 0
    torch.testing.assert_close(padded, alone)


def test_it_learns_to_foretell_motion() -> None:
    torch.manual_seed(0)
    net = create_aim(graph="cpm14", dropout=0)
    optimiser = torch.optim.Adam([each for each in net.parameters() if each.requires_grad], 1e-3)
    t = torch.linspace(0, 6, 50)[None, None, :, None, None]
    x = torch.sin(t + torch.rand(1, 3, 1, V, 1))
    losses = []
    for _ in range(5):
        loss = aim_loss(net(x))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


def test_skeletons_of_another_graph_are_told(net: AIM) -> None:
    with pytest.raises(WrongInput, match=r"on cpm14 takes .*14 joints"):
        net(skeletons(1, 3, 50, 25, 1))
