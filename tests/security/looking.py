"""Everywhere that something may be read: tables, pages, commands, logs."""

from __future__ import annotations

import base64
import copy
import logging
import logging.config
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.management import get_commands, load_command_class
from django.db import connection
from django.db.models import Model
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse

from tests.commanding import run

Places = Iterator[tuple[str, str]]
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
OURS = ("tame", "books", "indexers", "downloads")
SLOW = ("search_books", "test_indexers")  # they ask everybody, and say the same to all
OTHERS = ("history", "delete", "live", "one_live")  # pages of a row, beside its form
SHOWING = (
    "list_", "show_", "client_", "test_", "sync_", "push_", "tidy_", "retry_", "search_", "add_",
    "import_", "read_", "grab", "re", "next_", "fail_", "set_", "look_", "scan_", "correct_",
    "move_", "undo_", "wrong_", "preview_",
)  # fmt: skip


# --- Tables ---------------------------------------------------------------------------------------


def tables() -> Places:
    """Every column of every row of every table, as the database has it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the database's own name
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield from opened(f"{table}.{column} of {row[0]}", value)


def opened(place: str, value: object) -> Places:
    """The value, and what is packed in it: sessions, tasks and their results are."""
    data = bytes(value) if isinstance(value, memoryview) else value
    text = data.decode("latin-1") if isinstance(data, bytes) else str(data)
    yield place, text
    for packed in BASE64.findall(text):
        with suppress(ValueError, zlib.error):
            inner = base64.b64decode(packed + "==", altchars="-_" if "/" not in packed else None)
            yield f"{place}, opened", inner.decode("latin-1")
            yield f"{place}, unpacked", zlib.decompress(inner).decode("latin-1")


# --- Pages ----------------------------------------------------------------------------------------


def pages(browser: Browser, most: int, models: Sequence[type[Model]] = ()) -> Places:
    """Every list; of what the admin shows the form of so many rows, and every page of some. Of
    these models, or of all."""
    for url in ["/", "/healthz", reverse("admin:index"), reverse("admin:run_here")]:
        yield from read(browser, url)
    request = browser.get(reverse("admin:index")).wsgi_request
    for model, shown in admin.site._registry.items():
        if models and model not in models:
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from read(browser, reverse(f"{name}_changelist") + "?all=")
        yield from read(browser, reverse(f"{name}_add"))
        rows = list(shown.get_queryset(request))
        for page, number in (("change", most), *[(page, most // 3) for page in OTHERS]):
            for row in rows[:: max(len(rows) // number, 1)]:
                with suppress(NoReverseMatch):
                    yield from read(browser, reverse(f"{name}_{page}", args=[row.pk]))
    yield from read(browser, reverse("admin:downloads_download_live") + "?ids=1,2,3,4,5,6")


def read(browser: Browser, url: str) -> Places:
    answer = browser.get(url, follow=True)
    assert answer.status_code in (200, 403), (url, answer.status_code)
    body = b"".join(answer) if answer.streaming else answer.content
    yield url, f"{answer.headers} {browser.cookies} {body.decode()}"


# --- Commands -------------------------------------------------------------------------------------


def commands(arguments: dict[str, list[list[str]]]) -> Places:
    """What every command of ours says, to programs and, for some of many rows, to people."""
    for name, app in sorted(get_commands().items()):
        if str(app).split(".")[0] in OURS and name.startswith(SHOWING):
            load_command_class(str(app), name)
            for number, given in enumerate(arguments.get(name, [[]])):
                is_slow = name in SLOW or (number > 4 and number % 10)
                for how in [["--json"]] if is_slow else [[], ["--json"]]:
                    code, out, err = run(name, *given, *how)
                    yield " ".join(["manage.py", name, *given, *how]), f"{code} {out} {err}"


# --- Log ------------------------------------------------------------------------------------------


@contextmanager
def logging_to(path: Path, *, redacted: bool = True) -> Iterator[None]:
    """Everything that is logged, at DEBUG, as the project's own LOGGING would write it; or, before
    any other handler has seen it, in clear."""
    config: dict[str, Any] = copy.deepcopy(settings.LOGGING)
    maker = logging.config.DictConfigurator(config)
    handler = logging.FileHandler(path)
    handler.setFormatter(maker.configure_formatter(config["formatters"]["line"]))
    if redacted:
        for name in config["handlers"]["console"]["filters"]:
            handler.addFilter(maker.configure_filter(config["filters"][name]))
    root = logging.getLogger()
    level = root.level
    root.handlers.insert(len(root.handlers) if redacted else 0, handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()


def lines(path: Path) -> Places:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        yield f"line {number} of the log", line
