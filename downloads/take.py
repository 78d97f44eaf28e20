"""Take by itself what no rule objects to, where the profile says so and the brakes allow it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from books.models import Book
from books.profiles import Profile
from downloads.brakes import Obstacle, Room, look_at_space
from downloads.choices import Choice, certain_books, choices, open_books, what_it_waits_for
from downloads.grab import NO_CLIENT, How, grab
from downloads.models import Client, Download
from indexers.models import Indexer, Search
from tame.lib.errors import ServiceDownError, TameError

AT_A_TIME = 50  # books
TAME = "TAME"


def take_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Of every book that waits, the best release; the most important books first."""
    look_at_spaces()  # a person's grabs are measured by it, too
    if not Profile.objects.filter(automatic=True).exists():
        return "Nothing is taken by itself: the choices wait for a person."
    taking = Taking(keep_going)
    pks = list(certain_books().values_list("pk", flat=True))
    for start in range(0, len(pks), AT_A_TIME):
        if taking.is_over:
            break
        taking.look_at(pks[start : start + AT_A_TIME])
    return taking.sentence


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

    def forget(self) -> None:
        self.rooms.clear()


class Taking:
    """One pass over the books."""

    def __init__(self, keep_going: Callable[[], bool]) -> None:
        self.keep_going = keep_going
        self.taken: list[Download] = []
        self.refused: list[str] = []
        self.held: Obstacle | None = None  # the first that held a book
        self.is_over = False

    def look_at(self, pks: list[int]) -> None:
        books = list(open_books().filter(pk__in=pks))  # as they are by now
        gate = Gate(books)
        for choice in choices(books):
            if self.is_over or not self.keep_going():
                self.is_over = True
                return
            if choice.profile.automatic and choice.is_certain:
                self.take(choice, gate)

    def take(self, choice: Choice, gate: Gate) -> None:
        if held := gate.obstacles(choice):
            self.held = self.held or held[0]
            self.is_over = any(obstacle.kind in ("grabs a day", "client") for obstacle in held)
            return
        try:
            download = grab(choice.book, choice.verdict.release, actor=TAME, how=How.BY_ITSELF)
            self.taken.append(download)
        except TameError as error:
            self.refused.append(str(error))
        gate.forget()

    @property
    def sentence(self) -> str:
        said = [f"{len(self.taken)} taken."]
        if self.held:
            said.append(f"The others wait: {self.held.sentence}")
        return " ".join(said + self.refused[:3])


def look_at_spaces() -> None:
    """What is free may have changed since; who does not answer is asked by push anyway."""
    for client in Client.usable():
        with suppress(ServiceDownError):
            look_at_space(client)
