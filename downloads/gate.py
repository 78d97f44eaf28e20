"""What holds TAME from taking a choice by itself, and what it takes where the best is too large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from books.models import Book
from downloads.brakes import Obstacle, Room
from downloads.choices import Choice, as_choices, what_it_waits_for
from downloads.grab import NO_CLIENT
from downloads.models import Client
from indexers.models import Indexer, Search, Verdict
from indexers.verdicts import BEST_FIRST, open_verdicts
from tame.lib.sizes import readable


class Gate:
    """What holds TAME from taking a choice by itself. Rooms are read once and made anew by
    `forget`."""

    def __init__(self, books: Iterable[Book]) -> None:
        self.rooms: dict[int, Room] = {}
        self.clients: dict[int, Client | None] = {}  # by indexer
        open_ = Search.objects.filter(book__in=[b.pk for b in books], finished_at=None)
        self.searched = set(open_.values_list("book", flat=True))

    def obstacles(self, choice: Choice) -> list[Obstacle]:
        waits = what_it_waits_for(choice, searching=choice.book.pk in self.searched)
        client = self.client_for(choice.verdict.release.indexer)
        if client is None:
            return [*waits, Obstacle("client", NO_CLIENT)]
        if not client.is_usable:
            said = client.last_error or f"{client} is switched off."
            return [*waits, Obstacle("this client", said, client.off_until)]
        return [*waits, *self.room(client).obstacles(choice.verdict.release.size)]

    def client_for(self, indexer: Indexer) -> Client | None:
        if indexer.pk not in self.clients:
            self.clients[indexer.pk] = Client.chosen_for(indexer)
        return self.clients[indexer.pk]

    def room(self, client: Client) -> Room:
        if client.pk not in self.rooms:
            self.rooms[client.pk] = Room(client)
        return self.rooms[client.pk]

    def too_large(self, indexer: Indexer, size: int | None) -> str:
        """Why so many bytes will not fit today, however long TAME waits; empty: they do."""
        client = self.client_for(indexer)
        return self.room(client).too_large(size) if client and client.is_usable else ""

    def forget(self) -> None:
        self.rooms.clear()


# --- Too large ------------------------------------------------------------------------------------


def that_fit(found: Iterable[Choice], gate: Gate) -> list[Choice]:
    """In the place of a choice that is too large for the brakes the best one that is not. One that
    only has to wait stays. Costs a fixed number of queries, none where all fit."""
    found = list(found)
    large = [choice.book for choice in found if is_too_large(choice, gate)]
    smaller = {choice.book.pk: choice for choice in next_that_fit(large, gate)} if large else {}
    return [smaller.get(choice.book.pk, choice) for choice in found]


def is_too_large(choice: Choice, gate: Gate) -> bool:
    release = choice.verdict.release
    return choice.is_by_itself and bool(gate.too_large(release.indexer, release.size))


def next_that_fit(books: list[Book], gate: Gate) -> Iterator[Choice]:
    certain = open_verdicts().filter(book__in=books, outcome=Verdict.Outcome.TAKE)
    indexers = Indexer.objects.filter(enabled=True).defer("key").in_bulk()
    fits: dict[int, int] = {}  # book: verdict
    passed_by: dict[int, dict[str, str]] = {book.pk: {} for book in books}
    columns = ("book", "pk", "release__title", "release__size", "release__indexer")
    for book, verdict, title, size, indexer in certain.order_by(*BEST_FIRST).values_list(*columns):
        if book in fits or indexer not in indexers:
            continue
        if said := gate.too_large(indexers[indexer], size):
            passed_by[book][f"{title} ({readable(size)})" if size else title] = said
        else:
            fits[book] = verdict
    for choice in as_choices(books, Verdict.objects.filter(pk__in=fits.values())):
        yield replace(choice, passed_by=passed_by[choice.book.pk])
