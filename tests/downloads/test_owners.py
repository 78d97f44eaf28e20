"""Who moves a ripe row on: of all that the schedules run, only the owner of its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from books.models import Book, Library
from downloads.confirm import confirm_due
from downloads.grab import add_torrent
from downloads.models import Client, Download, Import, Seeding
from downloads.push import push_due
from downloads.states import (
    A_PERSON,
    IMPORT_ENDS,
    IMPORT_OWNERS,
    OWNERS,
    AtGoal,
    ImportState,
    State,
    Wish,
)
from downloads.sync import sync_due
from tame.schedules import SCHEDULES
from tests.downloads.conftest import Shop, again
from tests.fakes.qbittorrent import FakeQBittorrent

pytestmark = pytest.mark.django_db

Situation = Callable[[Download, FakeQBittorrent], object]
LONG_AGO = timedelta(days=40)
TRACKER = "http://tracker.example/announce"
SCHEDULED: dict[str, Callable[[], str]] = {
    name: import_string(path) for name, (path, _) in SCHEDULES.items()
}


def as_it_is(row: Download, fake: FakeQBittorrent) -> None: ...


def complete(row: Download, fake: FakeQBittorrent) -> None:
    whole = {"progress": 1.0, "amount_left": 0, "completion_on": 1_700_000_000}
    fake.set_state(row.hash_v1, "stalledUP", **whole)


def files_missing(row: Download, fake: FakeQBittorrent) -> None:
    fake.set_state(row.hash_v1, "missingFiles", progress=0.9, amount_left=5)


def not_listed(row: Download, fake: FakeQBittorrent) -> None:
    fake.vanish(row.hash_v1)


def no_try_left(row: Download, fake: FakeQBittorrent) -> None:
    Download.objects.update(attempts=99)


def unregistered(row: Download, fake: FakeQBittorrent) -> None:
    fake.say_tracker(row.hash_v1, "Torrent not registered with this tracker.")


def seeded_enough(row: Download, fake: FakeQBittorrent) -> None:
    Seeding.objects.create(pk=1, ratio_goal=1, when_met=AtGoal.REMOVE)
    Download.objects.update(ratio=2, client_wish=Wish.NONE)
    Import.objects.all().delete()
    fake.torrents[row.hash_v1].shown["ratio"] = 2


def wished_away(row: Download, fake: FakeQBittorrent) -> None:
    Download.objects.update(client_wish=Wish.GONE)


RIPE: list[tuple[State, Situation]] = [
    (State.QUEUED, as_it_is),
    (State.QUEUED, no_try_left),
    (State.PUSHED, as_it_is),
    (State.PUSHED, complete),
    (State.PUSHED, not_listed),
    (State.DOWNLOADING, complete),
    (State.DOWNLOADING, files_missing),
    (State.DOWNLOADING, unregistered),
    (State.COMPLETED, files_missing),
    (State.COMPLETED, not_listed),
    (State.COMPLETED, wished_away),
    (State.FAILED, as_it_is),
    (State.FAILED, complete),
    (State.FAILED, no_try_left),
    (State.HELD, complete),
    (State.HELD, unregistered),
    (State.HELD, wished_away),
]
# Two that move a row beside its owner, each for this one reason:
BESIDE_THE_OWNER: dict[tuple[State, Situation], str] = {
    (State.DOWNLOADING, unregistered): "trackers",
    (State.COMPLETED, wished_away): "tidy",
}
Ripen = Callable[[State, Situation], Download]


@pytest.fixture
def ripen(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent, settings: Any
) -> Ripen:
    """The way to a download in that state and situation, which nobody has looked at for long: it
    and its torrent tempt every verb."""
    settings.SEED_SYNC_SECONDS = 0

    def make(state: State, situation: Situation) -> Download:
        row = add_torrent(book, shop.torrent(trackers=[TRACKER]), actor="ann")
        if state != State.QUEUED:
            push_due()
        if state not in (State.QUEUED, State.PUSHED):
            confirm_due()
        if state == State.COMPLETED:
            complete(row, fake)
            sync_due()
        then = timezone.now() - LONG_AGO
        Client.objects.update(up_since=then)
        Download.objects.update(
            state=state, retry_at=then, state_since=then, last_progress_at=then, missing_since=then,
            client_wish=Wish.RUNNING, client_agrees_at=None, leased_until=None, leased_by="",
        )  # fmt: skip
        situation(row, fake)
        return row

    return make


def named(value: object) -> str:
    return getattr(value, "__name__", str(value))


def test_every_state_that_is_no_end_is_tried() -> None:
    assert {state for state, _ in RIPE} == set(OWNERS)


def movers(was_moved: Callable[[], bool], owner: str) -> list[str]:
    """Who moves the row. Each finds it as it was, and its owner comes last: the fake client keeps
    what was done to it."""
    found = []
    for name in sorted(SCHEDULED, key=lambda name: name == owner):
        with transaction.atomic():
            SCHEDULED[name]()
            if was_moved():
                found.append(name)
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(("state", "situation"), RIPE, ids=named)
def test_only_its_owner_moves_a_ripe_download(
    ripen: Ripen, state: State, situation: Situation
) -> None:
    row = ripen(state, situation)
    mover = BESIDE_THE_OWNER.get((state, situation), OWNERS[state])
    past = row.history.count()

    def was_moved() -> bool:
        has_moved, is_told = again(row).state != state, row.history.count() > past
        assert has_moved == is_told
        return has_moved

    assert movers(was_moved, mover) == ([] if mover == A_PERSON else [mover])


@pytest.mark.parametrize("state", IMPORT_OWNERS)
def test_only_its_owner_moves_a_ripe_import(ripen: Ripen, state: ImportState) -> None:
    row = ripen(State.COMPLETED, as_it_is)
    library = Library.objects.create(name="Books", root="/books")
    Import.objects.update(state=state, library=library, retry_at=timezone.now() - LONG_AGO)

    def was_moved() -> bool:
        assert again(row).state == State.COMPLETED
        return row.imports.get().state != state

    owner = IMPORT_OWNERS[state]
    assert movers(was_moved, owner) == ([] if owner == A_PERSON else [owner])


def test_every_open_state_of_an_import_has_an_owner() -> None:
    assert set(IMPORT_OWNERS) == set(ImportState) - IMPORT_ENDS


@pytest.mark.parametrize("name", SCHEDULES)
def test_only_seed_says_that_a_torrent_has_seeded_enough(ripen: Ripen, name: str) -> None:
    """It writes no state, only the wish, and what it rests on."""
    row = ripen(State.COMPLETED, seeded_enough)
    past = row.history.count()
    SCHEDULED[name]()
    assert again(row).state == State.COMPLETED
    assert (again(row).client_wish == Wish.GONE) == (name == "seed")
    assert (row.history.count() > past) == (name == "seed")
