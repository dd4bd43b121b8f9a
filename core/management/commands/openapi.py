"""Print the API's OpenAPI schema as JSON, for the generated browser client."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import get_resolver

from core.api import api


class Command(BaseCommand):
    """`manage.py openapi > openapi.json`"""

    help = "Print the OpenAPI schema of the HTTP API as JSON."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Write the schema to stdout. The address book is loaded first: apps add their routers there."""
        get_resolver().url_patterns  # noqa: B018
        self.stdout.write(json.dumps(api.get_openapi_schema(), cls=DjangoJSONEncoder, indent=1))
