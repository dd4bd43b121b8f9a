"""Pretrained weights: which there are, where they lie, and that they are what they say.

A file counts only under its known name and with its known SHA-256. Nothing is fetched unless somebody asks
(`manage.py weights fetch`). This module itself needs no torch: web processes only ask what is there.
"""

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from training.ml.errors import BadFile, LearningError

if TYPE_CHECKING:
    from training.ml.models.mobilenet_v2 import MobileNetV2

Progress = Callable[[int, int], None]
"""Called with the bytes so far and the bytes in all (0: unknown)."""

NONE_FOUND = (
    "No ImageNet weights were found: what single frames look like is read by a network of random numbers, "
    "so the model trains from scratch."
)
POSE_WEIGHTS = "cpm_pose14_192.tflite"
_SEED = 20180621
_CHUNK = 1 << 18
_TIMEOUT = 30.0


class NotFetched(LearningError):  # noqa: N818 - named after what happened
    """A file that did not arrive, or was not what it should be."""


@dataclass(frozen=True)
class Source:
    """A file with a name that is known here."""

    name: str
    what: str
    licence: str
    sha256: str
    """Of the whole file; fewer than 64 digits where its publisher tells only the first ones."""
    url: str = ""
    """Empty: it is published nowhere under this name, and comes with the installation."""
    network: bool = True
    """False for what `find` does not look for: the names of the classes, and the pose network."""


SOURCES = (
    Source(
        name="mobilenet_v2_tf_imagenet1001_fp16.pth",
        what="MobileNetV2 1.0 224, ImageNet, TensorFlow's weights of 1,001 classes, in half precision",
        licence="Apache-2.0 as TensorFlow Models, not verified for this copy; ImageNet's terms: research.",
        sha256="c9c5c8491e020f9db3fb8e5a58be3ef71078ac9190758bdf8d25315ecb46b727",
    ),
    Source(
        name="mobilenet_v2-b0353104.pth",
        what="MobileNetV2 1.0 224, ImageNet, torchvision's weights of 1,000 classes",
        licence="BSD-3-Clause (torchvision); ImageNet's terms: research.",
        # The publisher puts the first eight digits into the file's name; the others are not known here.
        sha256="b0353104",
        url="https://download.pytorch.org/models/mobilenet_v2-b0353104.pth",
    ),
    Source(
        name="imagenet_labels.txt",
        what="the names of the 1,001 classes, for word vectors (GloVe)",
        licence="As the weights beside it; not verified for this copy.",
        sha256="b8aaeb5630c62626a7d124a05c0e14230a7ffdd2136a31d0190a4fb71c1d82f1",
        network=False,
    ),
    Source(
        name=POSE_WEIGHTS,
        what="14 joints of a person: Convolutional Pose Machine on MobileNetV2, 192 px, AI Challenger",
        licence="Apache-2.0 as PoseEstimationForMobile, not verified for this copy; AI Challenger's terms: "
        "research.",
        sha256="2cc9d188e5d116a9d1cb08c86d743a3d2ad0a0c3052e6860a10bded18862da93",
        network=False,
    ),
)


@dataclass(frozen=True)
class Found:
    """A file that is there and is what its name says; `sha256` is measured, of the whole file."""

    source: Source
    path: Path
    sha256: str


def named(name: str) -> Source:
    """The source of that name. Raises NotFetched, with the names there are."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise NotFetched(f"No weights are named {name}; there are: {', '.join(one.name for one in SOURCES)}.")


def find(folder: Path) -> Found | None:
    """The first network of SOURCES whose file lies in `folder`, checked; None where there is none.

    Raises BadFile for a file that is not what its name says: damaged weights must not pass for none.
    """
    for source in SOURCES:
        if source.network and (folder / source.name).is_file():
            return checked(source, folder)
    return None


def no_pose_weights() -> str:
    """What to do where the pose network is not here."""
    return (
        f"Poses need the weights {POSE_WEIGHTS}, which are not here: bring a copy with "
        f"`manage.py weights fetch {POSE_WEIGHTS} --from FILE`."
    )


def checked(source: Source, folder: Path) -> Found:
    """The file of a source in `folder`. Raises BadFile where it is missing or has another SHA-256."""
    path = folder / source.name
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(f"The weights {source.name} cannot be read: {error.strerror}.") from error
    if not digest.startswith(source.sha256):
        raise BadFile(f"The weights {source.name} are damaged, or others: their SHA-256 is {digest}.")
    return Found(source, path, digest)


def load(folder: Path | None) -> "tuple[MobileNetV2, Found | None]":
    """The appearance network with the weights of `folder`; with random numbers, always the same, without any.

    Raises BadFile for a file that is damaged or holds another network.
    """
    import torch

    from training.ml.models.mobilenet_v2 import create_mobilenet_v2, from_state

    found = find(folder) if folder is not None else None
    if found is None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(_SEED)
            return create_mobilenet_v2().eval(), None
    try:
        state = torch.load(found.path, map_location="cpu", weights_only=True)
        return from_state(state).eval(), found
    except Exception as error:
        raise BadFile(f"The weights {found.source.name} hold another network: {error}.") from error


def class_names(folder: Path, classes: int) -> tuple[str, ...]:
    """The names of a network's ImageNet classes, in order; 1,000 or 1,001 (with "background" first).

    Raises BadFile where the list is missing or has another number of names.
    """
    path = checked(named("imagenet_labels.txt"), folder).path
    names = tuple(path.read_text("utf-8").splitlines())
    if classes not in (len(names), len(names) - 1):
        raise BadFile(f"The list of ImageNet classes has {len(names)} names, the network {classes} classes.")
    return names[len(names) - classes :]


def fetch(source: Source, folder: Path, *, report: Progress | None = None) -> Found:
    """Bring a source's file into `folder` from its address, unless it is there.

    It is written beside its place, checked, and moved there only then. Raises NotFetched with a sentence.
    """
    if (folder / source.name).is_file():
        return checked(source, folder)
    if not source.url:
        raise NotFetched(f"{source.name} is published nowhere: take a copy that you have (--from FILE).")
    _refuse_plain(source.url)
    try:
        opener = urllib.request.build_opener(_Redirects)
        with opener.open(source.url, timeout=_TIMEOUT) as answer:
            return _kept(source, folder, answer, int(answer.headers.get("Content-Length") or 0), report)
    except (OSError, HTTPException) as error:
        raise NotFetched(f"{source.name} could not be fetched from {source.url}: {error}.") from error


def take(source: Source, file: Path, folder: Path, *, report: Progress | None = None) -> Found:
    """Copy a file from this machine into `folder`, under the source's name. Raises NotFetched."""
    try:
        with file.open("rb") as stream:
            return _kept(source, folder, stream, file.stat().st_size, report)
    except OSError as error:
        raise NotFetched(f"{file} could not be copied: {error.strerror}.") from error


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never down to plain http."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _refuse_plain(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _refuse_plain(url: str) -> None:
    """Only https; http from this machine itself, for tests."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname == "127.0.0.1"):
        raise NotFetched(f"Weights are fetched over https only, not from {url}.")


def _kept(source: Source, folder: Path, stream: BinaryIO, total: int, report: Progress | None) -> Found:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{source.name}.part"
    digest, done = hashlib.sha256(), 0
    try:
        with part.open("wb") as file:
            while chunk := stream.read(_CHUNK):
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                if report is not None:
                    report(done, total)
            file.flush()
            os.fsync(file.fileno())
        if total and done != total:
            raise NotFetched(f"{source.name} broke off after {done:,} of {total:,} bytes; nothing was kept.")
        if not digest.hexdigest().startswith(source.sha256):
            raise NotFetched(
                f"{source.name} has the SHA-256 {digest.hexdigest()}, which is wrong; it was thrown away."
            )
        part.replace(folder / source.name)
    finally:
        part.unlink(missing_ok=True)
    return Found(source, folder / source.name, digest.hexdigest())
