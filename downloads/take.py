"""Take by itself what no rule objects to, where the profile says so and the brakes allow it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from books.profiles import Profile
from downloads.brakes import Obstacle, look_at_space
from downloads.choices import Choice, certain_books, choices, open_books
from downloads.gate import Gate, that_fit
from downloads.grab import How, grab
from downloads.models import Client, Download
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
        for choice in that_fit(choices(books), gate):
            if self.is_over or not self.keep_going():
                self.is_over = True
                return
            if choice.is_by_itself:
                self.take(choice, gate)

    def take(self, choice: Choice, gate: Gate) -> None:
        if held := gate.obstacles(choice):
            self.held = self.held or held[0]
            self.is_over = any(obstacle.kind in ("grabs a day", "client") for obstacle in held)
            return
        try:
            release, passed_by = choice.verdict.release, choice.passed_by
            self.taken.append(
                grab(choice.book, release, actor=TAME, how=How.BY_ITSELF, passed_by=passed_by)
            )
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
