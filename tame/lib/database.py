"""`DATABASE_URL` as Django's settings of a database."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SCHEMES = ("sqlite", "postgres", "postgresql", "psql", "pgsql")


def read(url: str, sqlite: dict[str, Any]) -> dict[str, Any]:
    """ImproperlyConfigured when it cannot be; `sqlite` are its options there."""
    found = _parts(url)
    if "sqlite" in found["ENGINE"]:
        # CONN_MAX_AGE 0 would let django-q close the connection at every poll and every enqueue.
        return found | {
            "ENGINE": "tame.lib.sqlite",
            "CONN_MAX_AGE": None,
            "OPTIONS": sqlite,
        }
    if find_spec("psycopg") is None and find_spec("psycopg2") is None:
        raise ImproperlyConfigured(
            "DATABASE_URL names PostgreSQL, and its driver is not here. Install it once: "
            ".venv/bin/python -m pip install 'psycopg[binary]'"
        )
    return found | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def _parts(url: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with suppress(ValueError):  # a port that is no number
        if url.partition("://")[0] in SCHEMES:
            found = dict(environ.Env.db_url_config(url))
    if not found.get("NAME"):
        raise ImproperlyConfigured(  # the value may hold a password
            "DATABASE_URL cannot be read. It must be an address like "
            "postgres://user:password@localhost/tame, or sqlite:////folder/tame.sqlite3."
        )
    return found
