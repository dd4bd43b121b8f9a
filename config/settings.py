"""All settings, from the environment; with none set, everything runs on this machine out of `var/`."""

import os
from pathlib import Path

import dj_database_url
from csp import constants as csp

from config import embedded
from config.secret import secret_key
from config.storage_url import storage_backend, storage_origins
from config.weights import weights_folder

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.var_folder()
DEBUG = os.environ.get("DEBUG", "") == "1"
SECRET_KEY = secret_key(VAR_DIR)
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "ninja",  # for the docs page and `export_openapi_schema`; it has no tables
    "core",
    "curation",
    "labelling",
    "training",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- data: real servers where a URL names them, the embedded ones otherwise (config/embedded.py) ---
EMBEDDED = embedded.addresses(VAR_DIR)
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or EMBEDDED.database_url, conn_max_age=60, conn_health_checks=True
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL") or EMBEDDED.redis_url
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
STORAGE_URL = os.environ.get("STORAGE_URL") or f"file://{VAR_DIR}/media"
STORAGES = {
    "default": storage_backend(STORAGE_URL),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
X_ACCEL_PREFIX = os.environ.get("X_ACCEL_PREFIX", "")  # nginx's internal address of the media folder
STAGE_DIR = VAR_DIR / "stage"
STAGE_MAX_BYTES = int(os.environ.get("STAGE_MAX_BYTES", 20 * 2**30))
UPLOAD_MAX_BYTES = int(os.environ.get("UPLOAD_MAX_BYTES", 20 * 2**30))
UPLOAD_DIR = VAR_DIR / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 9 * 2**20  # one upload chunk of 8 MiB and its headers

# --- people ---
AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
LOGIN_FAILURES_BEFORE_LOCKOUT = 10
LOGIN_LOCKOUT_SECONDS = 15 * 60

# --- security headers; Mantine's style tags carry the nonce ---
HTTPS = os.environ.get("HTTPS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", 0))  # how many of ours append to X-Forwarded-For
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.SELF],
        "script-src": [csp.SELF],
        "style-src": [csp.SELF, csp.NONCE],
        "img-src": [csp.SELF, "blob:", "data:", *storage_origins(STORAGE_URL)],
        "media-src": [csp.SELF, "blob:", *storage_origins(STORAGE_URL)],
        "connect-src": [csp.SELF, *storage_origins(STORAGE_URL)],
        "worker-src": [csp.SELF, "blob:"],
        "frame-ancestors": [csp.NONE],
        "form-action": [csp.SELF],
        "object-src": [csp.NONE],
        "base-uri": [csp.SELF],
    }
}

# --- jobs: the row is the truth, Celery is the muscle, Redis is the doorbell (docs/architecture.md) ---
JOB_MODULES = ["core.jobs.maintenance", "curation.jobs", "labelling.jobs", "training.jobs"]
AFTER_INGEST_JOBS = ["labelling.cut"]  # kinds asked for, with {"video": id}, when a video is ready
AFTER_CUT_JOBS = ["training.suggest_video"]  # the same, when a video was cut into clips
PROJECT_MODULES = [  # what each app keeps of a project, and how it goes; who builds on others comes first
    "training.services.projects",
    "labelling.services.projects",
    "curation.services.projects",
]
JOB_LEASE_SECONDS = float(os.environ.get("JOB_LEASE_SECONDS", 60))
JOB_HEARTBEAT_SECONDS = float(os.environ.get("JOB_HEARTBEAT_SECONDS", 15))
JOB_SWEEP_SECONDS = float(os.environ.get("JOB_SWEEP_SECONDS", 10))
JOB_CANCEL_GRACE_SECONDS = float(os.environ.get("JOB_CANCEL_GRACE_SECONDS", 30))
JOB_MAX_ATTEMPTS = 3
JOB_BACKOFF_SECONDS = float(os.environ.get("JOB_BACKOFF_SECONDS", 5))  # times 4 for each later attempt
JOB_RING_SECONDS = float(os.environ.get("JOB_RING_SECONDS", 30))  # how long a bell may go unanswered
JOB_ORPHAN_SECONDS = float(os.environ.get("JOB_ORPHAN_SECONDS", 24 * 3600))  # files that no job committed
JOB_WORK_DIR = VAR_DIR / "work"  # where attempts write; best on the same disk as a file:// storage

# --- training ---
WEIGHTS_DIR = weights_folder(os.environ.get("WEIGHTS_DIR", ""), VAR_DIR, BASE_DIR)
GLOVE_PATH = os.environ.get("GLOVE_PATH", "")  # word vectors, `token v1 .. vd` a line; none: visual only
CHECKPOINT_DIR = Path(os.environ.get("CHECKPOINT_DIR") or VAR_DIR / "checkpoints")

# --- the rest ---
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_DIR") or VAR_DIR / "static")
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
