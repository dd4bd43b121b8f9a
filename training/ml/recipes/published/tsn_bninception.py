"""TSN on BN-Inception, UCF101, all four modalities, tested on 25 segments with one crop each."""

from dataclasses import replace

from training.ml.augment.clips import Kind
from training.ml.augment.presets import CENTRE, TSN, TSN_FLOW
from training.ml.fit.recipe import Data, FitRecipe, Sight
from training.ml.optim import SGD, MultiStep
from training.ml.sampling import Segments

RGB = FitRecipe(
    name="tsn_bninception_ucf101",
    title="TSN, BN-Inception, UCF101, 25 x 1",
    source=(
        "Wang et al. (ECCV 2016) as in tsn-pytorch; the edge-devices paper tests 25 segments x 1 centre "
        "crop: 84.54 % at 1.8 GB, with 25 x 10 crops 84.48 % at 17 GB."
    ),
    network="tsn",
    options={"backbone": "bninception", "segments": 3, "dropout": 0.8},
    data=Data(reader="ucf101", protocol="split1"),
    sees=Sight(
        sampler=Segments(segments=3), tested=Segments(segments=25), pipeline=TSN, test_pipeline=CENTRE
    ),
    optimizer=SGD(rate=1e-3, momentum=0.9, weight_decay=5e-4),
    schedule=MultiStep(after=(30, 60)),
    clip_norm=20.0,
    epochs=80,
    batch=128,
)
_FLOW_SEEN = Sight(
    kind=Kind.FLOW,
    sampler=Segments(segments=3, each=5),
    tested=Segments(segments=25, each=5),
    pipeline=TSN_FLOW,
    test_pipeline=CENTRE,
)
FLOW = FitRecipe(
    name="tsn_bninception_flow_ucf101",
    title="TSN, BN-Inception, optical flow, UCF101, 25 x 1",
    source="As for pictures, with tsn-pytorch's numbers for flow, which is measured by DIS and not by TV-L1.",
    network="tsn",
    options={
        "backbone": "bninception",
        "segments": 3,
        "modality": "flow",
        "length": 5,
        "dropout": 0.7,
    },
    data=Data(reader="ucf101", protocol="split1"),
    sees=_FLOW_SEEN,
    optimizer=SGD(rate=1e-3, momentum=0.9, weight_decay=5e-4),
    schedule=MultiStep(after=(190, 300)),
    clip_norm=20.0,
    epochs=340,
    batch=128,
)
WARPED_FLOW = replace(
    FLOW,
    name="tsn_bninception_warped_flow_ucf101",
    title="TSN, BN-Inception, warped flow, UCF101, 25 x 1",
    source="As for flow, of which the camera's is taken off first (Wang et al., ECCV 2016, section 3.2).",
    options={**FLOW.options, "modality": "warped_flow"},
    sees=replace(_FLOW_SEEN, warp=True),
)
RGB_DIFFERENCE = replace(
    RGB,
    name="tsn_bninception_rgb_difference_ucf101",
    title="TSN, BN-Inception, differences of pictures, UCF101, 25 x 1",
    source="As for pictures, with tsn-pytorch's numbers for RGBDiff: 7 segments, each 5 differences of 6.",
    options={**RGB.options, "segments": 7, "modality": "rgb_difference", "length": 5},
    sees=Sight(
        sampler=Segments(segments=7, each=6),
        tested=Segments(segments=25, each=6),
        pipeline=TSN_FLOW,
        test_pipeline=CENTRE,
    ),
    schedule=MultiStep(after=(80, 160)),
    clip_norm=40.0,
    epochs=180,
)
RECIPES = (RGB, FLOW, WARPED_FLOW, RGB_DIFFERENCE)
