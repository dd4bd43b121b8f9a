"""The HTTP API, mounted at /api/. The browser's client is generated from its OpenAPI schema.

Apps add their routers in config/urls.py under `/projects/{slug}`. Every operation declares its least role
(core.api.auth) and an `operation_id`; tests/core/test_routes.py fails on one that is not in the matrix.
"""

from django.contrib.admin.views.decorators import staff_member_required
from ninja import NinjaAPI

from core.api.activity import router as activity
from core.api.failures import handle_failures
from core.api.health import router as health
from core.api.jobs import router as jobs
from core.api.projects import router as projects
from core.api.session import router as session

api = NinjaAPI(
    title="Rushes",
    version="0.1.0",
    description="From site-camera footage to a trained action-recognition model, and back.",
    docs_decorator=staff_member_required,
)
handle_failures(api)
api.add_router("", health)
api.add_router("", session)
api.add_router("/projects", projects)
api.add_router("/projects/{slug}", jobs)
api.add_router("/projects/{slug}", activity)
