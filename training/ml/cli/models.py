"""`python -m training.ml models [NAME [--checkpoint FILE]]`: the networks, and what loads into them."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.ml import weights
from training.ml.checkpoints import Checkpoint, DoesNotFit, Fit, classes_of, load, load_but_classes, read
from training.ml.cli.answer import Answer
from training.ml.cli.reading import add_weights, fetching
from training.ml.engine.checkpoints import packed, put
from training.ml.errors import LearningError
from training.ml.models import NETWORKS, create_model, network_named
from training.ml.models.contract import Network
from training.ml.models.skeleton.as_gcn import ASGCN
from training.ml.models.skeleton.public import one_state
from training.ml.sources import Source, official

OFFICIAL = "official"
_FOLDER = Path("var") / "weights"
_DECODER = "AIM's decoder, which teaches its encoder and infers nothing"
_UNKNOWN = "Not known here: ask who gave you the file."


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="of a network; else all are listed")
    parser.add_argument(
        "--checkpoint",
        metavar="FILE",
        help="weights to load: a file, `official`, or the name of one that is published",
    )
    parser.add_argument(
        "--links", type=Path, metavar="FILE", help="of as_gcn: AIM's weights, which its authors keep apart"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="keep what was loaded as one .safetensors, as for `fit`"
    )
    parser.add_argument("--classes", type=int, metavar="N", help="make a new head where the file's differs")
    parser.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="of the network; may be repeated"
    )
    add_weights(parser)


def run(args: Namespace) -> Answer:
    """List, or tell of one network, or load. Raises LearningError."""
    of_a_file = bool(args.classes is not None or args.option or args.links or args.out)
    if args.name is None:
        if args.checkpoint or of_a_file:
            raise LearningError(
                "--checkpoint, --classes, --option, --links and --out are of one network: name it before "
                "them."
            )
        every = [_told(each) for each in NETWORKS.values()]
        return Answer({"networks": every}, "\n".join(_line(each) for each in every))
    network = network_named(args.name)
    if not args.checkpoint and of_a_file:
        raise LearningError(
            "--classes, --option, --links and --out say how weights are loaded: give them with --checkpoint."
        )
    if not args.checkpoint:
        facts = _told(network)
        return Answer(facts, "\n".join([_line(facts), *(_published(each) for each in _official(network))]))
    return _loaded(network, args)


def _told(network: Network) -> dict[str, Any]:
    return {
        "name": network.name,
        "title": network.title,
        "takes": str(network.takes),
        "shape": network.shape,
        "parameters": network.parameters,
        "classes": network.classes,
        "source": network.source,
        "mean": list(network.mean),
        "deviation": list(network.deviation),
        "colours": network.colours,
        "official": [
            {"file": each.name, "url": each.url, "licence": each.licence, "sha256": each.sha256}
            for each in _official(network)
        ],
    }


def _official(network: Network) -> tuple[Source, ...]:
    return official(network.name, weights.SOURCES)


def _line(facts: Mapping[str, Any]) -> str:
    return (
        f"{facts['name']}: {facts['title']}, {facts['parameters']:,} parameters at {facts['classes']} classes"
        f"\n  takes {facts['takes']}, {facts['shape']}\n  {facts['source']}"
    )


def _published(source: Source) -> str:
    return f"  {source.name}: {source.what}\n    {source.licence} {weights.certainty(source)}"


def _loaded(network: Network, args: Namespace) -> Answer:
    checkpoint, source = _checkpoint(network, args)
    meant = source.options if source and source.network == network.name else {}
    options = {**meant, **_options(args.option)}
    links = _links(network, args)
    state = one_state(checkpoint.state, links.state) if links else checkpoint.state
    with torch.device("meta"):
        like = _made(network, network.classes, options)
    classes = args.classes if args.classes is not None else classes_of(like, state)
    net = _made(network, network.classes if classes is None else classes, options)
    fit = _fitting(net, state, new_head=args.classes is not None)
    if args.out:
        put(args.out, packed(net.state_dict(), {}))
    facts = {
        **_told(network),
        "classes": network.classes if classes is None else classes,
        "parameters": sum(each.numel() for each in net.parameters()),
        "options": options,
        "checkpoint": {
            "file": str(checkpoint.path),
            "sha256": checkpoint.sha256,
            "licence": source.licence if source else _UNKNOWN,
            "known": weights.certainty(source) if source else "It is none of the files that are known here.",
            "under": checkpoint.wrapper,
            "facts": checkpoint.facts,
        },
        "links": {"file": str(links.path), "sha256": links.sha256} if links else None,
        "out": str(args.out) if args.out else None,
        "loaded": sorted(fit.state),
        "renamed": fit.renamed,
        "new_head": fit.classes,
        "left_out": fit.needless | _taught(links),
    }
    return Answer(facts, _text(facts, fit))


def _links(network: Network, args: Namespace) -> Checkpoint | None:
    if args.links is None:
        return None
    if network.name != "as_gcn":
        raise LearningError(f"--links are AIM's, which {network.name} has none of: leave them out.")
    return read(args.links)


def _taught(links: Checkpoint | None) -> dict[str, str]:
    names = links.state if links else ()
    return {name: _DECODER for name in names if name.removeprefix("module.").startswith("decoder.")}


def _fitting(net: nn.Module, state: Mapping[str, Tensor], *, new_head: bool) -> Fit:
    """Loads; where AS-GCN lacks nothing but AIM, says where its authors keep that."""
    try:
        return (load_but_classes if new_head else load)(net, state)
    except DoesNotFit as error:
        lost = error.fit.missing
        if not isinstance(net, ASGCN) or not lost or not all(name.startswith("aim.") for name in lost):
            raise
        raise LearningError(
            f"{error.sentence} Its authors keep AIM in a second file, epochN_model2.pt: give that by --links."
        ) from error


def _made(network: Network, classes: int, options: dict[str, Any]) -> nn.Module:
    """The network; what torch says of an option that cannot be is told as a sentence."""
    try:
        return create_model(network.name, num_classes=classes, **options)
    except (TypeError, ValueError, RuntimeError) as error:
        given = ", ".join(f"{name}={value}" for name, value in options.items())
        raise LearningError(
            f"{network.name} cannot be made with {given or 'no options'}: {error}."
        ) from error


def _text(facts: Mapping[str, Any], fit: Fit) -> str:
    file = facts["checkpoint"]
    into = f"{facts['name']} of {facts['classes']} classes"
    said = [
        f"{len(fit.state):,} tensors of {file['file']} are loaded into {into}.",
        f"{len(fit.renamed):,} of them have another name there.",
        f"SHA-256 {file['sha256']}. {file['known']}",
        f"Licence: {file['licence']}",
    ]
    if facts["links"]:
        said.append(f"Links are those of {facts['links']['file']}, SHA-256 {facts['links']['sha256']}.")
    if facts["out"]:
        said.append(f"Kept as {facts['out']}.")
    if fit.classes:
        named = ", ".join(f"{name} ({why})" for name, why in fit.classes.items())
        said.append(f"The head is new, for its classes are others: {named}.")
    if fit.needless:
        said.append("Left out: " + ", ".join(f"{name} ({why})" for name, why in fit.needless.items()) + ".")
    if rest := len(facts["left_out"]) - len(fit.needless):
        said.append(f"Left out: {rest} tensors of {_DECODER}.")
    return "\n".join(said)


def _checkpoint(network: Network, args: Namespace) -> tuple[Checkpoint, Source | None]:
    """The file that is meant, fetched if it is a published one that is not here."""
    known = {each.name: each for each in weights.SOURCES}
    source = known.get(args.checkpoint)
    if args.checkpoint == OFFICIAL:
        if not _official(network):
            raise LearningError(f"No weights are published for {network.name} that are known here.")
        source = _official(network)[0]
    if source is None:
        checkpoint = read(Path(args.checkpoint))
        told = (each for each in known.values() if each.sha256)
        return checkpoint, next((each for each in told if checkpoint.sha256.startswith(each.sha256)), None)
    with fetching(source.name) as report:
        found = weights.fetch(source, args.weights or _FOLDER, report=report)
    return read(found.path), source


def _options(given: list[str]) -> dict[str, Any]:
    """`NAME=VALUE` each; a value is a number, true or false where it reads as one, and else a word."""
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise LearningError(f"An option is given as NAME=VALUE, not as {each}.")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found
