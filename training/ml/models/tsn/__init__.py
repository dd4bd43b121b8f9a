"""TSN, temporal segment networks: a network for pictures, on a few of a video, and what they agree on.

Wang, Xiong, Wang, Qiao, Lin, Tang, Van Gool: "Temporal Segment Networks: Towards Good Practices for Deep
Action Recognition" (ECCV 2016, arXiv 1608.00859; longer in TPAMI 2019, arXiv 1705.02953). Names are Xiong's
tsn-pytorch: the backbone without its last layer in `base_model.*`, the head in `new_fc.*`, so that those
checkpoints load by key once `module.` is taken off.

`training.ml.sampling` says which frames to read, `streaming` tests on more segments than memory holds, and
`groups` tells an optimiser how fast each part learns.

Known deviations from tsn-pytorch: VGG has a last layer of another name, which is found; TSN's dropout takes
the place of the backbone's own before the last layer, so that there are not two; the head is `new_fc` without
dropout too, where tsn-pytorch keeps it in the backbone; and the agreement "identity" keeps its axis of
segments where there is but one. The average of features, not of scores, is GluonCV's.
"""

from training.ml.models.contract import IMAGENET_DEVIATION, IMAGENET_MEAN, Network, Takes
from training.ml.models.tsn.network import TSN, create_tsn

__all__ = ["NETWORKS", "TSN", "create_tsn"]

NETWORKS = (
    Network(
        name="tsn",
        title="TSN on ResNet-50",
        build=create_tsn,
        takes=Takes.VIDEO,
        classes=101,
        parameters=23_714_981,
        source="Wang et al., ECCV 2016; tsn-pytorch without `module.`, or the backbone's for pictures",
        frames=3,
        stride=0,
        mean=IMAGENET_MEAN,
        deviation=IMAGENET_DEVIATION,
    ),
)
