"""What a person does with books, from their list or the page of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from books.describe import look_up_again
from books.models import Book
from books.states import Wish
from books.want import park, search_soon, want_this
from downloads.forms import UndoForm, WrongForm
from downloads.models import Import
from downloads.off_shelf import in_trash, on_shelf, put_on_shelf, take_off_shelf
from downloads.undo import about_listeners, what_undo_does
from downloads.wrong import meant, what_wrong_does, wrong_book
from indexers.models import Indexer
from tame.lib.admin.verbs import Verb
from tame.lib.errors import ObstacleError
from tame.runners import GO_ON
from tame.runners import everything_is_paused as is_paused

EXAMPLES = 8  # books


def search(book: Book, *, actor: str) -> str:
    if not Indexer.usable().exists():
        raise ObstacleError("No indexer can be asked right now: add one, or test those you have.")
    said = search_soon(book, actor=actor)
    return f"“{book}” is searched first, once TAME goes on. {GO_ON}" if is_paused() else said


def may_be_searched(book: Book) -> bool:
    return not (book.on_shelf or book.coming)


def preview(
    row_of: Callable[[Book], Import | None], does: Callable[[Import], Sequence[str]]
) -> Callable[[QuerySet[Book]], str]:
    """Says what a verb would do to the first of these books."""

    def caution(books: QuerySet[Book]) -> str:
        rows = [row for book in books[:EXAMPLES] if (row := row_of(book))]
        return "\n".join(line for row in rows for line in (*does(row), *about_listeners(row)))

    return caution


def this_is_wrong(book: Book, *, actor: str, **asked: Any) -> str:
    row = meant(book)
    if row is None:
        raise ObstacleError(f"Nothing of “{book}” is here that could be wrong.")
    return wrong_book(row, actor=actor, **asked)


VERBS = [
    Verb("search", "Search", "books.search_book", search, "searched", fits=may_be_searched),
    Verb(
        "want",
        "Want",
        "books.change_book",
        want_this,
        "wanted",
        fits=lambda book: book.wish != Wish.WANTED or book.missing,
    ),
    Verb(
        "look_up",
        "Look up again",
        "books.change_book",
        look_up_again,
        "looked up",
    ),
    Verb(
        "park",
        "Park",
        "books.change_book",
        park,
        "parked",
        fits=lambda book: book.wish == Wish.WANTED,
    ),
    Verb(
        "take_off",
        "Take off the shelf",
        "downloads.undo_import",
        take_off_shelf,
        "leaving the shelf",
        fits=lambda book: book.on_shelf and on_shelf(book) is not None,
        form=UndoForm,
        caution=preview(on_shelf, what_undo_does),
    ),
    Verb(
        "put_back",
        "Put it back on the shelf",
        "downloads.undo_import",
        put_on_shelf,
        "put back",
        fits=lambda book: not (book.on_shelf or book.coming) and in_trash(book) is not None,
    ),
    Verb(
        "wrong",
        "Wrong book",
        "downloads.wrong_import",
        this_is_wrong,
        "said to be wrong",
        fits=lambda book: (book.on_shelf or book.coming) and meant(book) is not None,
        form=WrongForm,
        caution=preview(meant, what_wrong_does),
        in_list=False,
    ),
]
