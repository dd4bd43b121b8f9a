"""Storages of their own for tests that write files."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from pytest_django import Settings

BUCKET = "footage"


def use_storage(settings: Settings, backend: str, **options: object) -> None:
    """Make this the default storage for one test."""
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": options}}


@pytest.fixture
def fresh_cache(servers: None, settings: Settings) -> None:
    """A cache with nothing in it, beside whatever else is in this Redis."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid4().hex}}


@pytest.fixture
def stage_dir(tmp_path: Path, settings: Settings) -> Path:
    """An empty stage."""
    settings.STAGE_DIR = tmp_path / "stage"
    return tmp_path / "stage"


@pytest.fixture
def media(tmp_path: Path, settings: Settings) -> Path:
    """The folder of an empty file-system storage."""
    use_storage(settings, "django.core.files.storage.FileSystemStorage", location=str(tmp_path / "media"))
    return tmp_path / "media"


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """A server that speaks S3's protocol over HTTP, on a port of its own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_url: str, settings: Settings) -> Iterator[str]:
    """An empty bucket as the default storage; its address."""
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    bucket = boto3.resource("s3", endpoint_url=s3_url, **keys).Bucket(BUCKET)
    bucket.create()
    use_storage(
        settings,
        "storages.backends.s3.S3Storage",
        bucket_name=BUCKET,
        endpoint_url=s3_url,
        access_key="key",
        secret_key="secret",
        region_name="us-east-1",
    )
    assert default_storage.listdir("")[1] == []
    yield s3_url
    bucket.objects.all().delete()
