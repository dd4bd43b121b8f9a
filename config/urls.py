"""Every address of the application."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, re_path
from django.utils.http import urlencode

from core.api import api
from core.views import spa
from curation.api import ROUTERS as CURATION
from labelling.api import ROUTERS as LABELLING
from training.api import ROUTERS as TRAINING

for router in (*CURATION, *LABELLING, *TRAINING):
    api.add_router("/projects/{slug}", router)


def sign_in(request: HttpRequest) -> HttpResponse:
    """There is one door, with one lockout: the app's own sign-in page, for the admin too."""
    return redirect(f"/?{urlencode({'next': request.GET.get('next', '/admin/')})}")


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("admin/login/", sign_in),
    path("admin/", admin.site.urls),
    re_path(r"^(?!api/|static/|admin/)", spa),
]
handler404 = "core.views.not_found"
