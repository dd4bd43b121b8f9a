"""From one URL to Django's storage settings: `file:///folder` or `s3://key:secret@host/bucket`."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def storage_backend(url: str) -> dict[str, Any]:
    """Return the STORAGES entry for `url`. Raises ValueError for a scheme that is not known."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": url.removeprefix("file://")},
        }
    if parts.scheme == "s3":
        query = parse_qs(parts.query)
        options: dict[str, Any] = {"bucket_name": parts.path.strip("/"), "querystring_auth": True}
        if parts.username:
            options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
        if parts.hostname:
            scheme = query.get("scheme", ["https"])[0]
            port = f":{parts.port}" if parts.port else ""
            options["endpoint_url"] = f"{scheme}://{parts.hostname}{port}"
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    raise ValueError(f"STORAGE_URL starts with {parts.scheme!r}; Rushes knows file:// and s3://.")


def storage_origins(url: str) -> list[str]:
    """The origins to which signed addresses of this storage point; none where Rushes serves the files."""
    entry = storage_backend(url)["OPTIONS"]
    if "bucket_name" not in entry:
        return []
    return [entry.get("endpoint_url", f"https://{entry['bucket_name']}.s3.amazonaws.com")]
