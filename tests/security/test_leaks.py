"""No secret comes out again: not in logs, tables, pages, messages, history or commands."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from django.db import connection

from downloads.models import Client, Download
from indexers.models import Indexer
from tests.factory import make_client, make_download, make_indexer
from tests.people import browser
from tests.security import looking
from tests.security.conftest import Seen
from tests.security.markers import LONG, SHORT, Searcher

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]  # telling the story takes a while
LINK = f"http://jackett:9117/dl/pd/?jackett_apikey={quote(LONG.key, safe='')}&path=Q2ZE"


def refuse_leaks(seen: Seen, *kinds: str) -> None:
    found = [leak for kind in kinds for leak in seen.searcher.leaks(seen.places[kind])]
    assert not found, f"{len(found)} leaks:\n" + "\n".join(found[:60])


@pytest.mark.wide
def test_secrets_never_logged(seen: Seen) -> None:
    refuse_leaks(seen, "log")


@pytest.mark.wide
def test_secrets_never_returned(seen: Seen) -> None:
    """By a verb or its error, a page or its message, a command, for people and for programs."""
    refuse_leaks(seen, "told", "pages", "commands")


@pytest.mark.wide
def test_secrets_are_sealed_in_every_table(seen: Seen) -> None:
    refuse_leaks(seen, "tables")


# --- The tests above can fail ---------------------------------------------------------------------


@pytest.mark.wide
def test_the_secrets_came_in(seen: Seen) -> None:
    """They are all there, behind the seals; and what was logged in clear was redacted."""
    s = seen.secrets
    for secret in (
        s.key, s.other_key, s.password, s.api_key, s.magnet, s.announce_path, s.announce_query,
        s.web_seed, s.given_link, s.shelf_key, s.shelf_token,
    ):  # fmt: skip
        assert secret in seen.kept
    assert len(seen.searcher.forms) > len(s.named), "no session's cookie is looked for"
    assert "Traceback" in dict(seen.places["told"])["result of a failed task"]
    assert any("it failed" in line for _, line in seen.places["log"])
    for secret in (quote(s.key, safe=""), s.said, s.other_key):
        assert secret in seen.raw_log


@pytest.mark.parametrize("secrets", [LONG, SHORT], ids=["long", "short"])
@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda secret: quote(secret, safe=""),
        quote_plus,
        lambda secret: quote(quote(secret, safe=""), safe=""),
        lambda secret: base64.b64encode(f"ann:{secret}".encode()).decode(),
        lambda secret: base64.b64encode(f"{secret};".encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(f"é {secret}".encode()).decode(),
        str.upper,
    ],
    ids=["plain", "percent", "plus", "twice", "basic", "base64", "base64url", "capitals"],
)
def test_every_way_of_writing_is_found(write: Callable[[str], str], secrets: object) -> None:
    named = vars(secrets)
    searcher = Searcher(named)
    for name, secret in named.items():
        assert name in " ".join(searcher.leaks([("here", f"<{write(secret)}>")]))


def plant_in_a_column() -> looking.Places:
    make_download(make_client(), warning=LINK)
    return looking.tables()


def plant_in_a_page() -> looking.Places:
    make_indexer(last_error=f"It answered {LINK}.")
    return looking.pages(browser(), 3, [Indexer])


def plant_in_a_command() -> looking.Places:
    make_client(name=LONG.key)
    return looking.commands({})


def plant_unsealed() -> looking.Places:
    row = make_indexer(key=LONG.key)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE indexers_indexer SET key = %s WHERE id = %s", [LONG.key, row.pk])
    return looking.tables()


@pytest.mark.parametrize(
    "plant", [plant_in_a_column, plant_in_a_page, plant_in_a_command, plant_unsealed]
)
def test_a_leak_on_purpose_is_found(plant: Callable[[], looking.Places]) -> None:
    found = Searcher({"key": LONG.key}).leaks(plant())
    assert found
    Download.objects.all().delete()
    Client.objects.all().delete()
    Indexer.objects.all().delete()
    assert not Searcher({"key": LONG.key}).leaks(looking.tables())


@pytest.mark.parametrize("redacted", [True, False])
def test_a_logged_link_is_found_where_nothing_redacts(tmp_path: Path, redacted: bool) -> None:
    path = tmp_path / "log"
    with looking.logging_to(path, redacted=redacted):
        logging.getLogger("tame").warning("asked %s", LINK)
    assert bool(Searcher({"key": LONG.key}).leaks(looking.lines(path))) is not redacted
    assert "asked http://jackett:9117/dl/pd/?jackett_apikey=" in path.read_text()
