"""What a process needs to start, read from the environment and `.env`. All else is rows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from tame.lib import addresses, data_folder, database, variables
from tame.pace import *  # noqa: F403 - every wait, a setting like those below

BASE_DIR = Path(__file__).resolve().parent.parent
_env_file = os.environ.get("ENV_FILE", str(BASE_DIR / ".env"))
try:
    environ.Env.read_env(_env_file)
except UnicodeDecodeError as error:
    raise ImproperlyConfigured(f"{_env_file} is not written in UTF-8. Save it as UTF-8.") from error

DATA_DIR = data_folder.made(variables.text("TAME_DATA", "data"), below=BASE_DIR)
SECRET_KEY = variables.text("SECRET_KEY") or data_folder.secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = variables.words("SECRET_KEY_FALLBACKS")
DEBUG = variables.switch("DEBUG")

# --- The address people type decides hosts, cookies, HSTS, prefix and links -----------------------

LAN = variables.switch("TAME_LAN")
_own_port = variables.port("TAME_PORT", 0)
TAME_URL = addresses.checked(
    variables.word("TAME_URL") or addresses.default_url(_own_port, lan=LAN)
)
PORT = addresses.listening_port(TAME_URL, _own_port)
WITH_QBITTORRENT = variables.switch("TAME_WITH_QBITTORRENT")
BIND = "0.0.0.0" if LAN else "127.0.0.1"  # noqa: S104 - only when a person asked for it
_address = urlsplit(TAME_URL)
IS_HTTPS = _address.scheme == "https"
ALLOWED_HOSTS = [_address.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += addresses.own_names() if LAN else []
OTHER_HOSTS = variables.words("TAME_HOSTS")
ALLOWED_HOSTS += OTHER_HOSTS
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]
FORCE_SCRIPT_NAME = _address.path or None
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = _address.path or "/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "tame_session", "tame_csrf"
SILENCED_SYSTEM_CHECKS = []
if IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^(.*/)?healthz$"]  # also below a path; the supervisor asks it
else:
    # Over plain http these four would lock people out of their own server:
    SILENCED_SYSTEM_CHECKS = [
        "security.W004",  # HSTS: a browser that was told once refuses http for a year
        "security.W008",  # redirect to https: nothing answers there
        "security.W012",  # secure session cookie: never sent back, nobody can log in
        "security.W016",  # secure CSRF cookie: every form is refused
    ]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Parts ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "tame.apps.TameAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_q",
    "tame.apps.TameConfig",
    "books.apps.BooksConfig",
    "indexers.apps.IndexersConfig",
    "downloads.apps.DownloadsConfig",
]
MIDDLEWARE = [
    "tame.middleware.SubPath",
    "tame.middleware.WrongHost",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tame.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tame.urls"
WSGI_APPLICATION = "tame.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
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
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Rows -----------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",  # DEFERRED fails at once when a reader wants to write
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;",
}
_own_file = f"sqlite:///{DATA_DIR / 'tame.sqlite3'}"
DATABASES = {"default": database.read(variables.word("DATABASE_URL", _own_file), SQLITE_OPTIONS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Time, language, files ------------------------------------------------------------------------

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "tame.formats"  # one way to write a day, in tables as in sentences
TIME_ZONE = variables.time_zone("TZ", "UTC")
USE_TZ = True
STATIC_URL = f"{_address.path}/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Tasks ----------------------------------------------------------------------------------------

Q_CLUSTER: dict[str, Any] = {
    "name": "tame",
    "label": "Task queue (raw)",
    "orm": "default",  # the alias of the Schedule table; another one breaks the scheduler
    "workers": 5,  # four runners of long work at most; one is free for canary, bells and confirm
    "queue_limit": 1,
    "bulk": 1,  # one bad message harms no other
    "timeout": 180,  # a runner's time and one more call; an int, + 3 a multiple of guard_cycle
    "retry": 4200,  # counted from dequeue: far above every task, a safety net only
    "ack_failures": True,
    "max_attempts": 1,  # django-q repeats nothing; our rows do, with back-off
    "catch_up": False,  # a laptop that slept must not run 480 syncs
    "poll": 0.2,
    "guard_cycle": 0.5,
    "save_limit": 20,
    "save_limit_per": "func",
    "recycle": 500,
    "max_rss": 300_000,  # KB
    "log_level": "INFO",
}

WORKERS_AT_REST = 2  # the cluster begins with these and grows to the five above
TASK_SECONDS = {"downloads.tasks.import_": 3600}  # a book may be copied; any other: `timeout`
BELLS = variables.switch("TAME_BELLS", default=True)  # off: the schedules alone carry the work
HURRY = variables.factor("TAME_HURRY", 1.0)  # tests and the demo raise it

# --- Rows that the environment owns: written by `declare`, their secrets read at use --------------

QB_HOST = variables.word("QB_HOST")
QB_PORT = variables.port("QB_PORT", 8080)
QB_USERNAME = variables.text("QB_USERNAME")
QB_PASSWORD = variables.text("QB_PASSWORD")
QB_API_KEY = variables.text("QB_API_KEY")
INDEXER_URL = variables.word("INDEXER_URL")
INDEXER_KEY = variables.text("INDEXER_KEY")
ABS_URL = variables.word("ABS_URL")
ABS_KEY = variables.text("ABS_KEY")

# --- Lines ----------------------------------------------------------------------------------------

LOG_LEVEL = variables.one_of("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "tame.lib.redact.RedactFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["redact"],
        }
    },
    "loggers": {
        "django-q": {"level": "WARNING"},  # it tells of every task, the canary included
        "urllib3": {"level": "INFO"},  # at DEBUG it writes every address, with what is in its path
        "django": {"handlers": []},  # with DEBUG its own handler would write, and redact nothing
        "django.server": {"handlers": ["console"], "propagate": False},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
