"""Every setting of the pace, and every one of a client, an indexer and a schedule, matters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, time
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from books import tasks as book_tasks
from books.asking import ask_now, fetcher
from books.audiobookshelf import libraries
from books.audiobookshelf_answers import ShelfLibrary
from books.models import Book, Library, MetadataSource, ShelfCopy, ShelfServer
from books.moving_in.again import unknown
from books.moving_in.found import FoundFile
from books.moving_in.scan import BookFolder
from books.scanning import Look, has_ended, waits_for_watcher
from books.shelf_servers import talking_to
from demo.audiobookshelf.state import API_KEY
from downloads import tasks
from downloads.confirm import confirm_due
from downloads.models import Client, Download, Import, Route
from downloads.push import push_due
from downloads.retry import retry_due
from downloads.states import ImportState, State
from downloads.sync import sync_due
from indexers.models import Block, Indexer, Query
from indexers.search import search_book, search_due
from tame import schedules
from tame.lib.backoff import retry_time
from tame.lib.errors import ServiceDownError
from tame.lib.lease import claim
from tame.models import NamedLease, SchedulePreference
from tame.runners import Runner, note_watcher, run_alone
from tame.turns import FILES
from tests.commanding import run
from tests.factory import make_book, make_client, make_download, make_indexer, use_sources
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of, magnet_of
from tests.matrix.conftest import (
    again,
    behind,
    client_of,
    given,
    grabbed,
    payload_of,
    through,
)
from tests.shelves import shown_library

WAITS = Path(__file__).resolve().parents[2] / "tame" / "pace.py"
PAYLOAD = payload_of()
FEED = Page(body=b"<rss><channel></channel></rss>")


class World:
    """Made when it is asked for."""

    def __init__(self, fake: FakeQBittorrent, site: Site) -> None:
        self.fake, self.site = fake, site

    @property
    def indexer(self) -> Indexer:
        return make_indexer(address=f"{self.site.url}/api/v2.0/indexers/pd/results/torznab/")

    def listed(self) -> Download:
        client_of(self.fake)
        return through(given(make_book(), PAYLOAD))


def seconds_until(when: datetime | None) -> int:
    return round((when - timezone.now()).total_seconds()) if when else 0


# --- What each setting changes, as something that can be compared ---------------------------------


def hurry(world: World) -> int:
    return seconds_until(retry_time(3)) // 300


def lease_seconds(world: World) -> int:
    row = make_download(make_client())
    claim(Download.objects.all(), row.pk)
    found: Download = again(row)
    return seconds_until(found.leased_until)


def query_seconds(world: World) -> int:
    row = world.indexer
    row.take_turn()
    wait = row.take_turn()
    return round(wait.total_seconds()) if wait else 0


def indexer_timeout(world: World) -> str:
    indexer = world.indexer
    world.site.put("/api/v2.0/indexers/pd/results/torznab/", Page(body=FEED.body, drip=0.02))
    (query,) = search_book(make_book(), asked_by="test").queries.filter(indexer=indexer)
    return str(query.outcome)


def fetch_timeout(world: World) -> str:
    client_of(world.fake)
    page = Page(302, b" " * 30, {"Location": magnet_of(PAYLOAD)}, drip=0.03)
    return str(through(grabbed(world.indexer, make_book(), behind(world.site, page))).state)


def client_timeout(world: World) -> bool:
    world.listed()
    world.fake.hang_next("torrents/info", 0.7)
    sync_due()
    return bool(Client.objects.get().last_error)


def listed_within_seconds(world: World) -> str:
    client_of(world.fake)
    world.fake.swallow_adds()
    return str(through(given(make_book(), PAYLOAD)).state)


def vanished(world: World) -> str:
    row = world.listed()
    world.fake.vanish(row.client_hash)
    long_ago = timezone.now() - timedelta(seconds=100)
    Client.objects.update(up_since=long_ago)
    Download.objects.update(missing_since=long_ago)
    sync_due()
    return str(again(row).state)


def quiet(world: World, state: str, **more: Any) -> Download:
    row = world.listed()
    Download.objects.update(last_progress_at=timezone.now() - timedelta(seconds=100))
    still = {"progress": 0.0, "amount_left": 9, "downloaded": 0, "num_seeds": 0}
    world.fake.set_state(row.client_hash, state, **(still | more))
    sync_due()
    found: Download = again(row)
    return found


def stalled_seconds(world: World) -> str:
    return quiet(world, "stalledDL").warning[:7]


def hopeless_seconds(world: World) -> str:
    return str(quiet(world, "metaDL", total_size=-1).state)


def seed_sync_seconds(world: World) -> float:
    row = world.listed()
    whole = {"progress": 1.0, "amount_left": 0, "completion_on": 1_700_000_000}
    world.fake.set_state(row.client_hash, "stalledUP", **whole)
    sync_due()
    world.fake.set_state(row.client_hash, "stalledUP", **whole, ratio=2.0)
    sync_due()
    found: Download = again(row)
    return found.ratio


def runner_seconds(world: World) -> bool:
    runner = Runner("push")
    runner.take()
    return runner.has_time


def turn_seconds(world: World) -> bool:
    holder = Runner("tick")
    holder.take()
    began = monotonic()
    tasks.sync()
    return monotonic() - began > 0.3


def command_turn_seconds(world: World) -> bool:
    Runner(FILES).take()
    began = monotonic()
    run("import_downloads")
    return monotonic() - began > 0.3


def again_seconds(world: World) -> int:
    world.fake.list_late(60)
    client_of(world.fake)
    given(make_book(), PAYLOAD)
    push_due()
    connection.run_on_commit.clear()  # what was rung so far waits for the end of the test
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.confirm()
    return seconds_until(OrmQ.objects.order_by("-lock").first().lock)


def followed(world: World) -> int:
    """How often a watched download was looked at."""
    world.listed()
    note_watcher()
    return int(re.findall(r"\d+", tasks.tick())[0])


def tick_seconds(world: World) -> bool:
    return followed(world) > 1


def tick_run_seconds(world: World) -> bool:
    began = monotonic()
    followed(world)
    return monotonic() - began > 0.5


def books_per_pass(world: World) -> int:
    world.site.put("/api/v2.0/indexers/pd/results/torznab/", FEED)
    make_indexer(address=f"{world.site.url}/api/v2.0/indexers/pd/results/torznab/")
    for number in range(3):
        make_book(f"Tale {number}")
    return len(search_due(lambda: True))


def max_attempts(world: World) -> str:
    client_of(world.fake)
    world.fake.swallow_adds()
    row = through(given(make_book(), PAYLOAD))
    retry_due()
    return str(again(row).state)


def ask_a_source(world: World, answer: Page) -> MetadataSource:
    world.site.put("/search.json", answer)
    use_sources(world.site.url, "open_library")
    MetadataSource.objects.update(failures=0, off_until=None, next_query_at=timezone.now())
    return MetadataSource.objects.get(kind="open_library")


def source_timeout(world: World) -> str:
    row = ask_a_source(world, Page(body=b'{"docs": []}'.ljust(40), drip=0.03))
    try:
        return str(ask_now(row, f"{world.site.url}/search.json", fetcher(row)))
    except ServiceDownError as error:
        return type(error).__name__


def source_seconds(world: World) -> int:
    row = ask_a_source(world, Page())
    row.take_turn()
    wait = row.take_turn()
    return round(wait.total_seconds()) if wait else 0


def shelf_timeout(world: World) -> str:
    world.site.put("/api/libraries", Page(body=b'{"libraries": []}', drip=0.15))
    row = ShelfServer.objects.create(name="Attic", address=world.site.url, key=API_KEY)
    try:
        with talking_to(row) as server:
            return str(libraries(server))
    except ServiceDownError as error:
        return type(error).__name__


def folder_settled_seconds(world: World) -> bool:
    """Whether a folder whose files are 100 seconds old is read."""
    library = Library.objects.create(name="Books", root="/books")
    book = BookFolder("A/B", (FoundFile("01.mp3", 9),), changed_at=time() - 100)
    return bool(unknown(library, [], {book.folder: book}))


def describe_seconds(world: World) -> str:
    ask_a_source(world, Page(body=b'{"docs": []}'))
    for number in range(3):
        make_book(f"Tale {number}", wish="parked", next_search_at=timezone.now())
    runner = Runner("search")
    runner.take()
    return book_tasks.describe_for_a_while(runner)


def seen_now(**more: Any) -> Look:
    shelf = ShelfLibrary("lib", "Books", ("/books",), holds_books=True, is_watched=True, **more)
    return Look(shelf, is_scanning=False, newest=())


def scan_lost_seconds(world: World) -> bool:
    asked = timezone.now() - timedelta(seconds=100)
    return has_ended(Library(scan_asked_at=asked, scan_before=None), seen_now())


def watcher_seconds(world: World) -> bool:
    return waits_for_watcher(seen_now(), [timezone.now() - timedelta(seconds=100)])


def scan_look_seconds(world: World) -> int:
    """When a scan is looked after that has still to find a book."""
    with TemporaryDirectory() as root, FakeAudiobookshelf(Path(root)) as fake:
        library = shown_library(fake)
        book = make_book()
        copy = ShelfCopy.objects.create(book=book, library=library, folder="A/B")
        Import.objects.create(
            book=book, library=library, copy=copy, source_folder=root, state=ImportState.PLACED
        )
        connection.run_on_commit.clear()
        with TestCase.captureOnCommitCallbacks(execute=True):
            tasks.shelve()
    return seconds_until(OrmQ.objects.order_by("-lock").first().lock)


Observe = Callable[[World], Any]
PACE: dict[str, tuple[Observe, Any, Any, dict[str, Any]]] = {  # two values, and what else to set
    "HURRY": (hurry, 1, 10, {}),
    "LEASE_SECONDS": (lease_seconds, 60, 600, {}),
    "QUERY_SECONDS": (query_seconds, 2, 9, {}),
    "INDEXER_TIMEOUT": (indexer_timeout, (0.2, 0.1), (2, 5), {}),
    "CLIENT_TIMEOUT": (client_timeout, (1, 0.2), (1, 5), {}),
    "FETCH_TIMEOUT": (fetch_timeout, (0.1, 0.1), (2, 5), {}),
    "LISTED_WITHIN_SECONDS": (listed_within_seconds, 0, 60, {}),
    "LOOK_AGAIN_SECONDS": (vanished, 60, 3600, {"CLIENT_WARM_SECONDS": 1}),
    "CLIENT_WARM_SECONDS": (vanished, 60, 3600, {"LOOK_AGAIN_SECONDS": 1}),
    "STALLED_SECONDS": (stalled_seconds, 60, 3600, {}),
    "HOPELESS_SECONDS": (hopeless_seconds, 60, 3600, {}),
    "SEED_SYNC_SECONDS": (seed_sync_seconds, 0, 3600, {}),
    "RUNNER_SECONDS": (runner_seconds, 0, 60, {}),
    "TURN_SECONDS": (turn_seconds, 0, 0.4, {}),
    "COMMAND_TURN_SECONDS": (command_turn_seconds, 0, 0.4, {}),
    "AGAIN_SECONDS": (again_seconds, 5, 50, {"BELLS": True, "LISTED_WITHIN_SECONDS": 60}),
    "TICK_SECONDS": (tick_seconds, 0.05, 1, {"TICK_RUN_SECONDS": 0.4}),
    "TICK_RUN_SECONDS": (tick_run_seconds, 0.05, 0.6, {"TICK_SECONDS": 0.05}),
    "BOOKS_PER_PASS": (books_per_pass, 1, 2, {"QUERY_SECONDS": 0}),
    "MAX_ATTEMPTS": (max_attempts, 1, 9, {}),
    "SOURCE_TIMEOUT": (source_timeout, (0.1, 0.1), (2, 5), {}),
    "SOURCE_SECONDS": (source_seconds, 2, 9, {}),
    "SHELF_TIMEOUT": (shelf_timeout, (0.1, 0.1), (2, 5), {}),
    "FOLDER_SETTLED_SECONDS": (folder_settled_seconds, 60, 600, {"HURRY": 1}),
    "DESCRIBE_SECONDS": (describe_seconds, 0, 20, {}),
    "SCAN_LOOK_SECONDS": (scan_look_seconds, 5, 50, {"BELLS": True, "WATCHER_SECONDS": 0}),
    "SCAN_LOST_SECONDS": (scan_lost_seconds, 60, 3600, {}),
    "WATCHER_SECONDS": (watcher_seconds, 60, 3600, {}),
}


@pytest.mark.parametrize("name", PACE)
def test_settings_take_effect(name: str, fake: FakeQBittorrent, site: Site, settings: Any) -> None:
    observe, one, other, more = PACE[name]
    for also, value in more.items():
        setattr(settings, also, value)
    found = []
    for value in (one, other):
        setattr(settings, name, value)
        found.append(observe(World(fake, site)))
        forget(fake)
    assert found[0] != found[1]


def forget(fake: FakeQBittorrent) -> None:
    """All rows and torrents, for the second value."""
    for model in (Block, Route, Query, NamedLease, OrmQ):
        model._default_manager.all().delete()
    Import.objects.all().delete()
    ShelfCopy.objects.all().delete()
    Library.objects.all().delete()
    ShelfServer.objects.all().delete()
    Download.objects.all().delete()
    Client.objects.all().delete()
    Indexer.objects.all().delete()
    Book.objects.all().delete()
    fake.torrents.clear()
    fake.swallow_adds(False)
    fake.list_late(0)
    fake.restart()


def test_every_setting_of_the_pace_is_tried() -> None:
    ours, _, _ = WAITS.read_text().partition("# --- The supervisor")
    assert {"HURRY", *re.findall(r"^([A-Z_]+) = ", ours, re.MULTILINE)} == set(PACE)


# --- Settings that are columns --------------------------------------------------------------------


def test_a_client_takes_so_many_at_a_time(fake: FakeQBittorrent) -> None:
    row = client_of(fake, unfinished_limit=1)
    for number in range(3):
        given(make_book(f"Tale {number}"), payload_of(f"Tale {number}"))
    assert push_due() == "1 pushed."
    Client.objects.filter(pk=row.pk).update(unfinished_limit=2)
    assert push_due() == "1 pushed."


def test_what_is_switched_off_is_not_asked(fake: FakeQBittorrent, site: Site) -> None:
    row, indexer = client_of(fake, enabled=False), make_indexer(address=site.put("/api", FEED))
    make_download(row, state=State.DOWNLOADING, hash_v1=hashes_of(PAYLOAD)[0])
    Indexer.objects.update(enabled=False)
    (query,) = search_book(make_book(), asked_by="test").queries.all()
    assert (query.outcome, query.sentence) == ("skipped", f"{indexer} is switched off.")
    for step in (push_due, confirm_due, sync_due):
        step()
    assert not fake.requests
    assert not site.asked


def test_the_default_client_and_a_route_choose(fake: FakeQBittorrent, indexer: Indexer) -> None:
    first, second = make_client("attic"), make_client("cellar", default=True)
    assert Client.chosen_for(indexer) == second
    Route.objects.create(indexer=indexer, client=first)
    assert Client.chosen_for(indexer) == first


def test_an_indexers_categories_are_asked_for(site: Site) -> None:
    make_indexer(address=site.put("/api", FEED), categories=[3030, 100013])
    search_book(make_book(), asked_by="test")
    assert "cat=3030%2C100013" in site.paths[0]


@pytest.mark.parametrize(("column", "value"), [("minutes", 17), ("paused", True)])
def test_a_persons_timing_of_a_schedule_counts(column: str, value: Any) -> None:
    schedules.sync()
    SchedulePreference.objects.filter(name="sync").update(**{column: value})
    schedules.sync()
    row = Schedule.objects.get(name="tame:sync")
    assert (row.minutes, row.repeats) == ((17, -1) if column == "minutes" else (1, 0))


def test_a_runner_is_alone(settings: Any) -> None:
    settings.LEASE_SECONDS = 60
    assert run_alone("push", lambda runner: run_alone("push", lambda inner: "both")).startswith(
        "busy"
    )
