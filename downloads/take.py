"""Take by itself what no rule objects to, where the profile says so and the brakes allow it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from books.models import Book
from books.profiles import Profile
from downloads.brakes import Obstacle, Room, look_at_space
from downloads.choices import Choice, certain_books, choices, what_it_waits_for
from downloads.grab import grab
from downloads.models import Client, Download
from indexers.models import Search
from tame.lib.errors import ServiceDownError, TameError

AT_A_TIME = 50  # books
TAME = "TAME"


def take_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Of every book that waits, the best release; the most important books first."""
    if not Profile.objects.filter(automatic=True).exists():
        return "Nothing is taken by itself: the choices wait for a person."
    taking = Taking(keep_going)
    pks = list(certain_books().values_list("pk", flat=True))
    for start in range(0, len(pks), AT_A_TIME):
        if taking.is_over:
            break
        taking.look_at(pks[start : start + AT_A_TIME])
    return taking.sentence


class Taking:
    """One pass over the books."""

    def __init__(self, keep_going: Callable[[], bool]) -> None:
        self.keep_going = keep_going
        self.rooms: dict[int, Room] = {}
        self.taken: list[Download] = []
        self.refused: list[str] = []
        self.held: Obstacle | None = None  # the first brake that held a book
        self.is_over = False

    def look_at(self, pks: list[int]) -> None:
        by_pk = Book.objects.in_bulk(pks)
        searched = set(
            Search.objects.filter(book__in=pks, finished_at=None).values_list("book", flat=True)
        )
        for choice in choices(by_pk[pk] for pk in pks if pk in by_pk):
            if self.is_over or not self.keep_going():
                self.is_over = True
                return
            is_ours = choice.profile.automatic and choice.is_certain
            is_searched = choice.book.pk in searched
            if is_ours and not what_it_waits_for(choice, searching=is_searched):
                self.take(choice)

    def take(self, choice: Choice) -> None:
        release = choice.verdict.release
        client = Client.chosen_for(release.indexer)
        if client is None:
            self.is_over = True
            return
        if held := self.room(client).obstacles(release.size):
            self.held = self.held or held[0]
            self.is_over = held[0].kind == "grabs a day"
            return
        try:
            self.taken.append(grab(choice.book, release, actor=TAME, client=client, automatic=True))
        except TameError as error:
            self.refused.append(str(error))
        self.rooms.clear()

    def room(self, client: Client) -> Room:
        if client.pk not in self.rooms:
            with suppress(ServiceDownError):  # push says so, and waits for it
                look_at_space(client)
            self.rooms[client.pk] = Room(client)
        return self.rooms[client.pk]

    @property
    def sentence(self) -> str:
        said = [f"{len(self.taken)} taken."]
        if self.held:
            said.append(f"The others wait: {self.held.sentence}")
        return " ".join(said + self.refused[:3])


def standing_by(choice: Choice) -> list[Obstacle]:
    """Why TAME has not taken it yet by itself; empty when it is about to."""
    client = Client.chosen_for(choice.verdict.release.indexer)
    brakes = Room(client).obstacles(choice.verdict.release.size) if client else []
    return [*what_it_waits_for(choice), *brakes]
