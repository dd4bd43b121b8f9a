"""The real settings with the kinds of the kill suite, the database of the test run, and core only."""

import json
import os

from config.settings import *  # noqa: F403

JOB_MODULES = ["tests.chaos.kinds"]
PROJECT_MODULES = []
DATABASES = {"default": json.loads(os.environ["CHAOS_DATABASE"])}
ROOT_URLCONF = "tests.chaos.settings"
urlpatterns: list[object] = []
# Workers are started some forty times: they need not load what the suite does not use.
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "core"]
