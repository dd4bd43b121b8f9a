"""AS-GCN as its authors keep it, in two files: `epochN_model1.pt` the network, `epochN_model2.pt` AIM."""

from collections.abc import Mapping

from torch import Tensor

from training.ml.errors import BadFile

_REPLICA = "module."
_ENCODER = "encoder."


def one_state(network: Mapping[str, Tensor], aim: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict of `as_gcn` that both files make together, for `training.ml.checkpoints.load`.

    DataParallel's prefix is taken off either. Of AIM only the encoder is taken, which infers the links; its
    decoder is there to teach it. Raises BadFile where the second has no encoder.
    """
    plain = {name.removeprefix(_REPLICA): each for name, each in network.items()}
    links = {name.removeprefix(_REPLICA): each for name, each in aim.items()}
    encoder = {f"aim.{name}": each for name, each in links.items() if name.startswith(_ENCODER)}
    if not encoder:
        raise BadFile(
            "The second file of AS-GCN has no encoder.* in it: give the network's file first, then that of "
            "AIM, which the authors call model2."
        )
    return plain | encoder
