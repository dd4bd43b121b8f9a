import pytest

from config.storage_url import storage_backend


def test_a_folder_may_hold_spaces_and_signs() -> None:
    assert storage_backend("file:///srv/my media #1")["OPTIONS"] == {"location": "/srv/my media #1"}


def test_a_bucket_of_amazon() -> None:
    backend = storage_backend("s3:///footage")
    assert backend["BACKEND"] == "storages.backends.s3.S3Storage"
    assert backend["OPTIONS"] == {"bucket_name": "footage", "querystring_auth": True}


def test_a_bucket_of_another_server_with_a_key_that_has_signs_in_it() -> None:
    options = storage_backend("s3://me:a%2Fb%40c@minio.local:9000/footage?scheme=http")["OPTIONS"]
    assert options["endpoint_url"] == "http://minio.local:9000"
    assert (options["access_key"], options["secret_key"]) == ("me", "a/b@c")


def test_a_bucket_is_reached_over_tls_unless_told_otherwise() -> None:
    assert storage_backend("s3://minio.local/footage")["OPTIONS"]["endpoint_url"] == "https://minio.local"


def test_an_unknown_scheme_is_named() -> None:
    with pytest.raises(ValueError, match="'ftp'"):
        storage_backend("ftp://host/folder")
