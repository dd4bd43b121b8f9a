"""AIM, AS-GCN and ST-GCN say what the authors' code says, with its numbers under its names.

What is printed here came from that code in float64, after `published.fill` of its own modules (the adjacency
left as it is) and on `published.noise`; links are the likeliest, without the noise that it adds.
"""

import pytest
import torch
from torch import Tensor

from tests.training.ml.models.published import noise
from tests.training.ml.models.skeleton.filling import published
from training.ml.models.contract import WrongOption
from training.ml.models.skeleton.aim import AIM, create_aim
from training.ml.models.skeleton.as_gcn import ASGCN, Heads, create_as_gcn
from training.ml.models.skeleton.st_gcn import create_st_gcn

TYPES = [
    [-0.7087586886202535, 0.37339766362283333, 0.6469984366855843],
    [-0.12801637549014455, -0.8136177142875912, 0.34349994333660416],
    [-0.43261661549766195, -0.2669331298423149, 0.5793068049306058],
]
"""Of the pairs 0, 300 and 599."""
LINKS = [[0.0, 0.0], [0.004166666676666667, 0.00400000001]]
"""Of either active type from joint 0 to 3 and from joint 7 to 20; with 1e-10 added to each 1 / D."""
TOLD = [
    [0.45666609874430375, 1.4507396755191724, -0.943886329220577],
    [1.3016550951644306, 1.0850610409698183, -0.8265238562447391],
]
"""Joint 0 in the first and joint 24 in the last of the 49 poses."""
LOGITS = [-0.1843256010298725, 0.18011102230561654, 0.263071189802375]
FUTURE = [
    [-1.0150777843793435, 0.07973683667795982],
    [0.1058236708899556, 2.0435496223329213],
    [0.7392815146892088, 1.0950774811132986],
]
"""x, y and z of joint 3 in the first and of joint 24 in the last of the ten poses."""
LOGITS_OF_ST_GCN = [
    [0.9524498298692243, 0.06835008370122202, -0.3561006065315494],
    [0.9540335304832254, 0.06804305412032426, -0.3540471246067047],
]


@pytest.fixture(scope="module")
def aim() -> AIM:
    return published(create_aim(), 0.5)


@pytest.fixture(scope="module")
def net() -> ASGCN:
    made = create_as_gcn(num_classes=3)
    links = made.aim
    del made.aim  # the authors' network holds no links
    published(made, 0.5).aim = links.double()
    return made


@pytest.fixture(scope="module")
def clip() -> Tensor:
    return noise(1, 3, 257, 25, 1)


def near(value: float, rel: float = 1e-12) -> object:
    return pytest.approx(value, rel=rel, abs=1e-13)


def test_aim_infers_the_same_links_and_tells_the_same_motion(aim: AIM, clip: Tensor) -> None:
    with torch.no_grad():
        guess = aim(clip)
    assert [[near(each) for each in row] for row in TYPES] == guess.logits_BPK[0, [0, 300, 599]].tolist()
    assert [[near(each, 1e-7) for each in row] for row in LINKS] == guess.links_BEVV[
        0, :, [0, 7], [3, 20]
    ].tolist()
    assert [[near(each) for each in row] for row in TOLD] == guess.predicted_BVTC[
        0, [0, 24], [0, 48]
    ].tolist()


def test_as_gcn_recognises_and_foretells_the_same(net: ASGCN, aim: AIM, clip: Tensor) -> None:
    net.take_links(aim)
    net.anchor = "public"
    heads = heads_of(net, clip)
    assert [near(each, 1e-9) for each in LOGITS] == heads.logits_NC[0].tolist()
    assert [[near(each, 1e-9) for each in row] for row in FUTURE] == heads.future_NCFVM[
        0, :, [0, 9], [3, 24], 0
    ].tolist()


def heads_of(net: ASGCN, x_NCTVM: Tensor) -> Heads:
    with torch.no_grad():
        return net.heads(x_NCTVM, noise(1, 3, 25, 1), net.links(x_NCTVM))


def test_anchors_differ_by_where_poses_start_and_in_nothing_else(net: ASGCN) -> None:
    last_NCVM, x_NCTVM = noise(1, 3, 25, 1), noise(1, 3, 5, 25, 1)
    futures = {}
    for anchor in ("pose", "public"):
        net.anchor = anchor
        futures[anchor] = heads_of(net, x_NCTVM).future_NCFVM
    off_NCFVM = futures["public"] - futures["pose"]
    for c in range(3):
        for f in range(10):
            mixed = last_NCVM[:, (10 * c + f) % 3] - last_NCVM[:, c]
            torch.testing.assert_close(off_NCFVM[:, c, f], mixed, rtol=0, atol=1e-12)
    with pytest.raises(WrongOption, match="not at 'first'"):
        create_as_gcn(anchor="first")  # type: ignore[arg-type]


def test_its_state_has_the_authors_names_and_links_beside_them(net: ASGCN) -> None:
    names = {name for name in net.state_dict() if not name.startswith("aim.")}
    assert len(names) == 299
    assert {"recon_layer_6.gcn_recon.deconv.weight", "recon_layer_6.gcn_recon.deconv.bias"} <= names
    assert {name.split(".")[0] for name in names} == {
        *("A", "data_bn", "fcn", "edge_importance", "edge_importance_recon"),
        *(f"class_layer_{n}" for n in range(9)),
        *(f"recon_layer_{n}" for n in range(7)),
    }


def test_st_gcn_says_the_same() -> None:
    net = published(create_st_gcn(num_classes=3), 1)
    with torch.no_grad():
        logits = net(noise(2, 3, 21, 25, 2)).tolist()
    assert [[near(each, 1e-9) for each in row] for row in LOGITS_OF_ST_GCN] == logits
