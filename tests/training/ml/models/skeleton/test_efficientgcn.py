"""EfficientGCN-B0 is the published network: its names, its logits, and its weights know real actions."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.training.ml.models.published import noise
from tests.training.ml.models.skeleton.filling import published
from tests.training.ml.shortly import shortly
from training.ml.checkpoints import DoesNotFit, fitted, load, load_but_classes, read
from training.ml.datasets import read_dataset
from training.ml.datasets.readers.ntu import read_joints
from training.ml.layers import lies_in
from training.ml.models import create_model
from training.ml.models.contract import WrongInput
from training.ml.models.skeleton.efficientgcn import FRAMES, EfficientGCN, create_efficientgcn_b0
from training.ml.models.skeleton.graphs import GRAPHS, graph_named, partition
from training.ml.skeletons.bodies import fitted as framed
from training.ml.skeletons.bodies import main_bodies
from training.ml.weights import named

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[6] / "shared"))
WEIGHTS = SHARED / "weights/effgcn_b0_ntu_xsub.pth.tar"
SAMPLES = SHARED / "data/skeleton_ntu_samples/open"
LOGITS = [
    [-0.24785580822758202, 0.5106049107175452, 0.1722218735979186],
    [-0.24756305804151935, 0.5106901105696815, 0.1721327314522033],
]
"""Of the authors' modules put together anew from a port of theirs, float64, after `published.fill(net, 0.5)`
with the links left as they are, on their inputs of `noise(2, 3, 21, 25, 2)`."""


def test_its_logits_are_the_published_networks() -> None:
    net = published(create_efficientgcn_b0(num_classes=3), 0.5)
    with torch.no_grad():
        logits = net(noise(2, 3, 21, 25, 2)).tolist()
    assert logits == [pytest.approx(row, rel=1e-9) for row in LOGITS]


def test_it_has_the_published_names_and_parameters() -> None:
    with torch.device("meta"):
        net = create_efficientgcn_b0()
    assert sum(each.numel() for each in net.parameters()) == 345_333
    shapes = {name: tuple(each.shape) for name, each in net.state_dict().items()}
    assert len(shapes) == 398
    assert shapes["input_branches.2.stem_scn.conv.gcn.weight"] == (192, 6, 1, 1)
    assert shapes["input_branches.0.stem_tcn.conv.weight"] == (64, 64, 5, 1)
    assert shapes["input_branches.1.block-1_att.att.fcn.0.weight"] == (8, 32, 1, 1)
    assert shapes["main_stream.block-0_scn.residual.0.weight"] == (64, 96, 1, 1)
    assert shapes["main_stream.block-1_tcn-0.depth_conv.0.weight"] == (256, 1, 5, 1)
    assert shapes["main_stream.block-1_scn.conv.edge"] == (3, 25, 25)
    assert shapes["classifier.fc.weight"] == (60, 128, 1, 1, 1)


def test_links_are_shares_of_what_is_three_bones_away() -> None:
    net = create_efficientgcn_b0(num_classes=2)
    links_KVV = net.get_buffer("main_stream.block-0_scn.conv.A").double()
    torch.testing.assert_close(links_KVV, partition(graph_named("ntu25"), "distance", max_hop=3)[:3])
    assert float(links_KVV.sum((0, 1)).max()) <= 1


@pytest.mark.parametrize("graph", shortly(GRAPHS, "cpm14", "ntu25"))
def test_every_graph_gives_logits(graph: str) -> None:
    with torch.device("meta"):
        net = create_model("efficientgcn_b0", num_classes=4, graph=graph)
        assert net(torch.empty(2, 3, 20, len(graph_named(graph).joints), 1)).shape == (2, 4)


@pytest.mark.parametrize(("frames", "persons"), [(1, 1), (2, 3), (9, 2)])
def test_short_clips_and_any_number_of_persons_are_taken(frames: int, persons: int) -> None:
    net = create_efficientgcn_b0(num_classes=2, graph="cpm14").eval()
    with torch.no_grad():
        assert net(torch.randn(1, 3, frames, 14, persons)).isfinite().all()
        assert net.features(torch.randn(1, 3, frames, 14, persons)).shape[2] == -(-frames // 4)
    with pytest.raises(WrongInput, match=r"on cpm14 takes .*14 joints"):
        net(torch.randn(1, 3, 8, 25, 1))


def test_every_parameter_learns_and_lies_in_one_stage_or_the_head() -> None:
    torch.manual_seed(0)
    net = create_efficientgcn_b0(num_classes=3, graph="cpm14")
    functional.cross_entropy(net(torch.randn(2, 3, 8, 14, 1)), torch.tensor([0, 2])).backward()  # type: ignore[no-untyped-call]
    assert [name for name, each in net.named_parameters() if each.grad is None] == []
    layers = net.layers()
    for name, _ in net.named_parameters():
        assert sum(lies_in(name, part) for part in (*layers.stages, layers.head)) == 1, name
    assert len(layers.fixed) == 11


def test_links_of_another_graph_are_told_by_name() -> None:
    state = create_efficientgcn_b0(num_classes=3, graph="utd20").state_dict()
    links = "main_stream.block-1_scn.conv.A"
    other = {**state, links: state[links].flip(1)}
    fit = fitted(create_efficientgcn_b0(num_classes=3, graph="utd20"), other)
    assert list(fit.graph) == [links]
    with pytest.raises(DoesNotFit, match=r"of another graph: .*conv\.A"):
        load(create_efficientgcn_b0(num_classes=3, graph="cpm14"), state)


@pytest.fixture(scope="module")
def trained() -> EfficientGCN:
    if not WEIGHTS.is_file() or not SAMPLES.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no EfficientGCN and no skeletons of NTU RGB+D")
    net, held = create_efficientgcn_b0(), read(WEIGHTS)
    assert held.sha256 == named(WEIGHTS.name).sha256
    assert load(net, held.state).whole
    return net.eval()


@pytest.mark.footage
def test_trained_on_other_people_it_knows_real_actions(trained: EfficientGCN) -> None:
    found = read_dataset("ntu60", SAMPLES)
    for sample in found.samples:
        x_CTVM = framed(main_bodies(read_joints(sample.path)), FRAMES)
        with torch.no_grad():
            shares_C = trained(torch.from_numpy(np.ascontiguousarray(x_CTVM))[None]).softmax(1)[0]
        assert found.classes[int(shares_C.argmax())] == sample.label
        assert shares_C.max() > 0.99


@pytest.mark.footage
def test_its_norms_counted_what_real_skeletons_give(trained: EfficientGCN) -> None:
    """So inputs and activations are those that it was trained with, layer by layer."""
    x_CTVM = framed(main_bodies(read_joints(next(SAMPLES.glob("*A058.skeleton")))), FRAMES)
    with torch.no_grad():
        inputs = trained.inputs(torch.from_numpy(np.ascontiguousarray(x_CTVM))[None])
    for n, x_BCTV in enumerate(inputs.values()):
        norm = trained.get_submodule(f"input_branches.{n}.init_bn")
        assert isinstance(norm, torch.nn.BatchNorm2d)
        assert norm.running_mean is not None
        assert norm.running_var is not None
        off_C = (x_BCTV.mean((0, 2, 3)) - norm.running_mean).abs() / norm.running_var.sqrt()
        assert off_C.median() < 0.3


@pytest.mark.footage
def test_other_classes_are_told_and_only_loaded_when_asked_for(trained: EfficientGCN) -> None:
    five = create_efficientgcn_b0(num_classes=5)
    with pytest.raises(DoesNotFit, match=r"for other classes: classifier\.fc\.weight .* ask for a new head"):
        load(five, trained.state_dict())
    load_but_classes(five, trained.state_dict())
    name = "main_stream.block-0_scn.bn.weight"
    assert torch.equal(five.get_parameter(name), trained.get_parameter(name))
