"""The Celery application. A message carries a job's id and nothing else; losing one costs a delay."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rushes")
