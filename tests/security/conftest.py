"""The story is told with long and with short secrets; then everybody looks what is left."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import override_settings

from books.models import Book
from downloads.models import Client, Download
from downloads.states import State
from tests.conftest import LOOPBACK, _loopback_only
from tests.factory import make_usual_rows
from tests.security import looking
from tests.security.markers import LONG, SHORT, Searcher, Secrets
from tests.security.story import Story, kept
from tests.security.trouble import tell
from tests.security.world import World

EVERY = 100_000  # rows of a list whose form is read
_lookup = socket.getaddrinfo


def loopback_names_only(host: Any, *more: Any, **named: Any) -> Any:
    if host is not None and not str(host).startswith(LOOPBACK):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _lookup(host, *more, **named)


@dataclass
class Seen:
    """What could be read, by the kind of place."""

    secrets: Secrets
    searcher: Searcher
    places: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    kept: str = ""
    raw_log: str = ""


def in_a_hurry(world: World) -> override_settings:
    return override_settings(
        BELLS=False,
        HURRY=1,
        QUERY_SECONDS=0,
        LOOK_AGAIN_SECONDS=0,
        CLIENT_WARM_SECONDS=0,
        SEED_SYNC_SECONDS=0,
        MAX_ATTEMPTS=1,
        INDEXER_TIMEOUT=(1, 2),
        FETCH_TIMEOUT=(1, 2),
        CLIENT_TIMEOUT=(1, 2),
        LISTED_WITHIN_SECONDS=0,
        QB_HOST=world.own.url.rpartition(":")[0],
        QB_PORT=world.own.port,
        QB_USERNAME=world.own.username,
        QB_PASSWORD=world.secrets.environment_password,
        INDEXER_URL=f"{world.declared.url}?apikey={world.secrets.environment_key}",
        INDEXER_KEY=world.secrets.environment_key,
        ABS_URL=f"{world.declared_shelf.url}/login?token={world.secrets.shelf_environment_key}",
        ABS_KEY=world.secrets.shelf_environment_key,
        SHELF_TIMEOUT=(1, 2),
        SOURCE_TIMEOUT=(1, 2),
        SOURCE_SECONDS=0,
        WATCHER_SECONDS=0,
    )


@pytest.fixture(scope="module", params=[LONG, SHORT], ids=["long", "short"])
def seen(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Seen:
    folder = tmp_path_factory.mktemp("logs")
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        World(request.param) as world,
        in_a_hurry(world),
        transaction.atomic(),
    ):
        patch.setattr(socket.socket, "connect", _loopback_only)
        patch.setattr(socket, "getaddrinfo", loopback_names_only)
        make_usual_rows()
        found = look(world, folder)
        transaction.set_rollback(True)
    return found


def look(world: World, folder: Path) -> Seen:
    log, raw = folder / "tame.log", folder / "raw.log"
    with looking.logging_to(raw, redacted=False), looking.logging_to(log):
        story = Story(world)
        tell(story)
        # They show what the tables hold, opened where it is sealed: once will do.
        pages, said = list[tuple[str, str]](), list[tuple[str, str]]()
        if world.secrets is LONG:
            pages += looking.pages(story.browser, EVERY)
            said += looking.commands(arguments(world.secrets, world, folder))
    cookies = {f"session cookie {n}": c for n, c in enumerate(sorted(world.cookies))}
    seen = Seen(world.secrets, Searcher(world.secrets.named | cookies))
    seen.places = {
        "told": story.told,
        "log": list(looking.lines(log)),
        "tables": list(looking.tables()),
        "pages": pages,
        "commands": said,
    }
    seen.kept, seen.raw_log = kept(), raw.read_text()
    return seen


def arguments(s: Secrets, world: World, folder: Path) -> dict[str, list[list[str]]]:
    """Of the commands that need some."""
    clients = [client.name for client in Client.objects.all()]
    downloads = list(Download.objects.values_list("pk", flat=True))
    states = [["--state", state] for state in State.values]
    book = str(Book.objects.latest("pk").pk)
    return {
        "show_download": [[str(pk)] for pk in downloads],
        "client_torrents": [[name] for name in clients],
        "list_downloads": [[], *states, ["--limit", "500"]],
        "list_releases": [["--limit", "500"]],
        "push_downloads": [["--state", "queued"]],
        "grab": [[book, "1"], ["1", book]],
        "recheck": [["--state", "downloading"]],
        "reannounce": [["--state", "completed"]],
        "next_best": [["--state", "failed"]],
        "fail_downloads": [["--state", "held", "--because", "It is broken."]],
        "set_category": [["--state", "pushed", "--category", "a//b"]],
        "retry_downloads": [["--state", "failed", "--dry-run"]],
        "search_books": [[book]],
        "look_up": [[book]],
        "scan_shelf": [[], ["Nowhere"]],
        "move_in": [["Audiobooks", "--kind", "shelf", "--dry-run"]],
        "test_mapping": [[name] for name in clients],
        **with_secrets_typed(s, world, folder),
    }


def with_secrets_typed(s: Secrets, world: World, folder: Path) -> dict[str, list[list[str]]]:
    """What a person types with a secret in it, where it does not belong."""
    answer, book = folder / "feed.xml", str(Book.objects.latest("pk").pk)
    answer.write_bytes(world.site.pages["/public/api"].body)
    key = quote(s.key, safe="")
    return {
        "add_indexer": [
            [f"http://ann:{s.key}@jackett:9117/torznab/pd"],
            [f"{world.jackett.url}?apikey={key}"],
            ["http://jackett:9117/torznab/pd", "--key", s.key],
            [f"http://jackett:9117/UI/Dashboard?apikey={key}"],
        ],
        "add_client": [[f"http://ann:{s.password}@h:1"], ["http://h:1", "--password", s.password]],
        "add_shelf_server": [
            [f"http://ann:{s.shelf_key}@h:1"],
            [f"{world.shelf.url}/?token={quote(s.shelf_key)}"],
            ["http://attic.example:13378", "--key", s.shelf_key],
        ],
        "import_indexers": [[f"{world.jackett.server}/?apikey={key}"]],
        "add_torrent": [
            [book, f"{world.site.url}/ok/dl?passkey={s.given_link}"],
            [book, f"ftp://tracker.example/{s.given_link}/a.torrent?passkey={s.given_link}"],
            [book, f"magnet:?dn=x&tr=http://t/{s.magnet}/announce"],
            [s.given_link, "magnet:"],
        ],
        "read_feed": [[str(answer)], [f"/nowhere?apikey={key}"]],
    }
