"""Weights come over https or from a file, whole and as told, or not at all."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import torch

from training.ml import weights
from training.ml.errors import BadFile
from training.ml.models import NETWORKS, hub
from training.ml.models.mobilenet_v2 import create_mobilenet_v2
from training.ml.sources import official
from training.ml.weights import NotFetched, Source

CONTENT = bytes(range(256)) * 2000
SHA = hashlib.sha256(CONTENT).hexdigest()


class Shelf(BaseHTTPRequestHandler):
    """/file gives the content, /short breaks off, /moved and /down point elsewhere."""

    def do_GET(self) -> None:
        if self.path in ("/moved", "/down"):
            self.send_response(302)
            self.send_header("Location", "/file" if self.path == "/moved" else "http://example.invalid/file")
            self.end_headers()
        elif self.path in ("/file", "/short"):
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT if self.path == "/file" else CONTENT[:1000])
        else:
            self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Shelf) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def source(url: str = "", sha256: str = SHA) -> Source:
    return Source(
        name="net.pth", what="a network", licence="none", sha256=sha256, url=url, network="mobilenet_v2"
    )


@pytest.mark.parametrize("path", ["/file", "/moved"])
def test_a_file_is_fetched_and_checked(tmp_path: Path, address: str, path: str) -> None:
    steps: list[tuple[int, int]] = []
    found = weights.fetch(source(address + path), tmp_path / "new", report=lambda *step: steps.append(step))
    assert found.path.read_bytes() == CONTENT
    assert found.sha256 == SHA
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert len(steps) > 1
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["net.pth"]


def test_the_first_digits_of_a_hash_are_enough_where_no_more_are_known(tmp_path: Path, address: str) -> None:
    assert weights.fetch(source(f"{address}/file", SHA[:8]), tmp_path).sha256 == SHA


@pytest.mark.parametrize("known", ["", SHA[:8]])
def test_a_hash_that_nobody_tells_is_pinned_when_the_file_first_comes(
    tmp_path: Path, address: str, known: str
) -> None:
    weights.fetch(source(f"{address}/file", known), tmp_path)
    assert (tmp_path / "net.pth.sha256").read_text() == f"{SHA}  net.pth\n"
    assert weights.checked(source(sha256=known), tmp_path).sha256 == SHA
    (tmp_path / "net.pth.sha256").write_text(f"{SHA[:8]}{'0' * 56}  net.pth\n")
    with pytest.raises(BadFile, match=r"not those that came first: their SHA-256 is .* is pinned in"):
        weights.checked(source(sha256=known), tmp_path)
    (tmp_path / "net.pth").unlink()
    with pytest.raises(NotFetched, match=r"pinned in .*net\.pth\.sha256 since it first came"):
        weights.fetch(source(f"{address}/file", known), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["net.pth.sha256"]


def test_a_file_of_which_no_hash_is_known_does_not_count_until_it_is_pinned(tmp_path: Path) -> None:
    (tmp_path / "net.pth").write_bytes(CONTENT)
    with pytest.raises(BadFile, match=r"Nothing tells which SHA-256 .*\.sha256 is missing"):
        weights.checked(source(sha256=""), tmp_path)
    weights.take(source(sha256=""), tmp_path / "net.pth", tmp_path)
    assert weights.checked(source(sha256=""), tmp_path).sha256 == SHA
    (tmp_path / "net.pth.sha256").write_text("?")
    with pytest.raises(BadFile, match="does not begin with a SHA-256"):
        weights.checked(source(sha256=""), tmp_path)


@pytest.mark.parametrize(
    ("sha256", "said"),
    [
        ("", "Its publisher tells no SHA-256. The one of the first file"),
        ("1234abcd", "Only the first 8"),
        (SHA, "Its whole SHA-256 is known."),
    ],
)
def test_it_is_told_how_far_a_hash_proves_anything(sha256: str, said: str) -> None:
    assert said in weights.certainty(source("https://example.invalid/net.pth", sha256))


@pytest.mark.parametrize(
    ("path", "sha256", "said"),
    [
        ("/file", "0" * 64, f"has the SHA-256 {SHA}, which is wrong; it was thrown away"),
        ("/short", SHA, "broke off after 1,000 of 512,000 bytes"),
        ("/gone", SHA, "could not be fetched from .*404"),
        ("/down", SHA, "over https only, not from http://example.invalid"),
    ],
)
def test_what_is_not_as_told_is_not_kept(
    tmp_path: Path, address: str, path: str, sha256: str, said: str
) -> None:
    with pytest.raises(NotFetched, match=said):
        weights.fetch(source(address + path, sha256), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["http://example.invalid/net.pth", "ftp://127.0.0.1/net.pth", "file:///etc/passwd"]
)
def test_nothing_comes_but_over_https(tmp_path: Path, url: str) -> None:
    with pytest.raises(NotFetched, match="over https only"):
        weights.fetch(source(url), tmp_path)


def test_what_is_published_nowhere_has_to_be_brought(tmp_path: Path) -> None:
    with pytest.raises(NotFetched, match=r"published nowhere: take a copy"):
        weights.fetch(source(), tmp_path)
    (tmp_path / "mine").write_bytes(CONTENT)
    found = weights.take(source(), tmp_path / "mine", tmp_path / "weights")
    assert found.path.read_bytes() == CONTENT
    assert weights.fetch(source(), tmp_path / "weights") == found, "it is there"


def test_a_file_that_is_another_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"other")
    with pytest.raises(NotFetched, match="which is wrong"):
        weights.take(source(), tmp_path / "mine", tmp_path / "weights")
    with pytest.raises(NotFetched, match="could not be copied"):
        weights.take(source(), tmp_path / "gone", tmp_path / "weights")
    assert list((tmp_path / "weights").iterdir()) == []


def test_known_names_are_found_and_others_named() -> None:
    assert weights.named("imagenet_labels.txt").network == ""
    with pytest.raises(NotFetched, match=r"No weights are named x; there are: mobilenet_v2_tf"):
        weights.named("x")


def test_every_source_says_its_licence_and_how_it_is_checked() -> None:
    for one in weights.SOURCES:
        assert one.what
        assert one.licence.endswith(".")
        assert len(one.sha256) in (0, 8, 9, 64)
        assert one.url == "" or one.url.startswith("https://")
        assert one.network in {"", *NETWORKS, *(each.name for each in hub.NETWORKS)}


@pytest.mark.parametrize(
    "name", ["resnet152", "vgg16", "bninception", "tsn", "x3d_l", "slow_r50", "i3d_inception", "mvit_v2_s"]
)
def test_what_is_published_for_a_network_is_known(name: str) -> None:
    first, *_ = official(name, weights.SOURCES)
    assert first.url.startswith("https://")
    assert first.classes in (400, 1000)
    create = NETWORKS[name].build
    with torch.device("meta"):
        assert create(num_classes=first.classes, **first.options)


def test_the_first_of_several_is_the_one_to_take() -> None:
    first, second = official("resnet50", weights.SOURCES)
    assert (first.sha256, second.sha256) == ("0676ba61", "11ad3fa6")
    assert official("as_gcn", weights.SOURCES) == ()


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a network of random numbers under a name that is known for it."""
    torch.manual_seed(3)
    torch.save(create_mobilenet_v2(num_classes=5).state_dict(), tmp_path / "net.pth")
    sha256 = hashlib.sha256((tmp_path / "net.pth").read_bytes()).hexdigest()
    monkeypatch.setattr(weights, "SOURCES", (source(sha256=sha256),))
    return tmp_path


def test_weights_that_are_there_are_loaded(saved: Path) -> None:
    net, found = weights.load(saved)
    assert found is not None
    assert found.sha256 == hashlib.sha256((saved / "net.pth").read_bytes()).hexdigest()
    assert net.classifier[1].weight.shape == (5, 1280)
    assert not net.training


def test_without_weights_there_are_always_the_same_random_numbers(tmp_path: Path) -> None:
    state = torch.random.get_rng_state()
    (one, found), (other, _) = weights.load(tmp_path), weights.load(None)
    assert found is None
    assert torch.equal(one.features[0][0].weight, other.features[0][0].weight)  # type: ignore[index]
    assert torch.equal(torch.random.get_rng_state(), state), "nobody else's randomness is touched"
    assert weights.NONE_FOUND.startswith("No ImageNet weights were found")


def test_damaged_weights_do_not_pass_for_none(saved: Path) -> None:
    (saved / "net.pth").write_bytes(b"damaged")
    with pytest.raises(BadFile, match=r"net\.pth are damaged, or others"):
        weights.load(saved)


def test_a_file_with_another_network_is_refused(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.save({"classifier.1.bias": torch.zeros(3)}, saved / "net.pth")
    sha256 = hashlib.sha256((saved / "net.pth").read_bytes()).hexdigest()
    monkeypatch.setattr(weights, "SOURCES", (replace(source(), sha256=sha256),))
    with pytest.raises(BadFile, match=r"net\.pth hold another network"):
        weights.load(saved)


def test_class_names_fit_their_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"background\ncat, house cat\ndog\n"
    (tmp_path / "imagenet_labels.txt").write_bytes(content)
    labels = replace(
        source(sha256=hashlib.sha256(content).hexdigest()), name="imagenet_labels.txt", network=""
    )
    monkeypatch.setattr(weights, "SOURCES", (labels,))
    assert weights.class_names(tmp_path, 3) == ("background", "cat, house cat", "dog")
    assert weights.class_names(tmp_path, 2) == ("cat, house cat", "dog")
    assert weights.find(tmp_path) is None, "names are no network"
    with pytest.raises(BadFile, match="3 names, the network 7 classes"):
        weights.class_names(tmp_path, 7)
    with pytest.raises(BadFile, match=r"imagenet_labels\.txt cannot be read"):
        weights.class_names(tmp_path / "elsewhere", 3)
