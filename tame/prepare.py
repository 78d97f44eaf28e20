"""What has to be true before TAME runs: database, static files, schedules, one admin user."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic, sleep

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.crypto import get_random_string

from tame import environment, local_qbittorrent, schedules
from tame.lib.errors import LocalError
from tame.models import LocalClient

COPIES_KEPT = 5
DATABASE_PATIENCE = 60  # seconds; a database server may start after us
Tell = Callable[[str], None]


def prepare(tell: Tell) -> None:
    """Every step says one line if it did something, and does nothing the second time."""
    steps = (_wait, _migrate, _compare, _collect, _sync, _declare, _run_qbittorrent, _create_admin)
    for step in steps:
        began = monotonic()
        for sentence in step():
            tell(f"{sentence} ({monotonic() - began:.1f} s)")
    connection.close()


def _wait() -> Iterator[str]:
    deadline = monotonic() + DATABASE_PATIENCE
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as error:
            if connection.vendor == "sqlite" or monotonic() > deadline:
                raise LocalError(f"The database cannot be opened: {error}") from error
        yield "Waiting for the database"
        sleep(2)


def _migrate() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    is_new = not executor.loader.applied_migrations
    if not is_new and connection.vendor == "sqlite":
        yield f"Copied the database to {copy_database()}"
    call_command("migrate", interactive=False, verbosity=0)
    steps = "1 step" if len(plan) == 1 else f"{len(plan)} steps"
    yield "Made the database" if is_new else f"Changed the database in {steps}"


def _compare() -> tuple[str, ...]:
    """Until the first release migrations are made anew: a database from before one was seems whole
    to Django, and every page and task would fail."""
    if lacks := next(_lacking(), ""):
        raise LocalError(
            f"This database was made by an earlier TAME, and there is no way from its tables to "
            f"today's: {lacks} is not there. To begin anew, move the folder {settings.DATA_DIR} "
            "away or name another database, and start TAME again. Move in takes over a library "
            "that stands."
        )
    return ()


def _lacking() -> Iterator[str]:
    """Tables and columns of ours that the database does not have."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models():
            table = model._meta.db_table
            if table not in tables:
                yield table
                continue
            described = connection.introspection.get_table_description(cursor, table)
            found = {column.name for column in described}
            columns = [field.column for field in model._meta.concrete_fields]
            yield from (f"{table}.{column}" for column in columns if column not in found)


def copy_database() -> Path:
    """A consistent copy in the backups folder; the oldest beyond COPIES_KEPT are removed."""
    folder: Path = settings.DATA_DIR / "backups"
    copy = folder / f"before-migrate-{timezone.now():%Y-%m-%d-%H%M%S-%f}.sqlite3"
    partial = copy.with_suffix(".partial")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        partial.touch(mode=0o600)
        source = settings.DATABASES["default"]["NAME"]
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new)
        partial.rename(copy)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise LocalError(
            f"The database could not be copied to {folder} ({error}), so it was not changed. "
            "Make room there and start TAME again."
        ) from error
    for outdated in sorted(folder.glob("before-migrate-*.sqlite3"))[:-COPIES_KEPT]:
        outdated.unlink()
    return copy


def _collect() -> Iterator[str]:
    """Skipped as long as no static file of ours or of a package has changed."""
    mark = settings.STATIC_ROOT / ".collected"
    digest = _static_digest()
    if mark.exists() and mark.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(digest)
    yield "Collected the static files"


def _static_digest() -> str:
    digest = hashlib.sha256(f"{django.VERSION} {settings.STATIC_URL}".encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _sync() -> Iterator[str]:
    yield f"Synced {schedules.sync()}"


def _declare() -> Iterator[str]:
    yield from environment.declare()


def _run_qbittorrent() -> Iterator[str]:
    """Only where it was asked for, and only the first time: later the row says what is wanted."""
    if settings.WITH_QBITTORRENT and not LocalClient.objects.filter(wanted=True).exists():
        local_qbittorrent.want()
        yield "A qBittorrent of our own is wanted, on loopback until you choose a network"


def _create_admin() -> Iterator[str]:
    """With a password that is shown this once, or with the one from the environment."""
    users = get_user_model()._default_manager
    if users.filter(is_superuser=True).exists():
        return
    name = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "admin"
    given = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
    password = given or get_random_string(16)
    users.create_superuser(name, os.environ.get("DJANGO_SUPERUSER_EMAIL", ""), password)
    if given:
        yield f"Made the user {name} with the password from the environment"
    else:
        yield f"Made the user {name}, password {password} - it is not shown again"
