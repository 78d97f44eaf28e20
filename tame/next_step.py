"""What to do next, computed from rows: one sentence and where it leads, on every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Case, Model, Q, When
from django.urls import reverse
from django.utils import timezone

from books.models import Book, Library, ShelfServer
from books.moving_in.again import waiting
from books.states import Wish
from downloads.choices import choices, open_books
from downloads.gate import Gate, that_fit
from downloads.models import Client, Download, Import
from downloads.states import IMPORT_LIVE, IMPORT_OFF_OR_BACK, UNFINISHED, ImportState, State
from indexers.models import Indexer
from tame import next_for_download
from tame.lib.moments import at, day
from tame.next_for_service import (
    HIDDEN,
    TO_LIBRARY,
    Sees,
    a_service,
    for_client,
    for_indexer,
    for_own_client,
    for_shelf_server,
)
from tame.next_links import Link, NextStep, do, link, page
from tame.runners import GO_ON, everything_is_paused

AT_ITS_PAGE = (ImportState.REVIEW, ImportState.FAILED)
SECRETS = [  # never loaded for a page: one that cannot be read would break it
    f"download__{column}" for column in ("client__password", "client__api_key", "indexer__key")
]
TO_CHOICES = link("To the choices", "admin:choices", "indexers.grab_release")
TO_MOVE_IN = link("Move in with those you have", "admin:books_movein_add", "books.add_movein")
TO_BOOK = link("Want a book", "admin:books_book_find", "books.add_book")


def next_step(row: Model | None, sees: Sees) -> NextStep | None:
    """The step that this row needs, else the step that TAME as a whole needs; of what the person
    may see. Whoever looks at a row's page may see the row."""
    if isinstance(row, Book):
        return for_book(row, sees)
    if isinstance(row, Download):
        return for_download(row, sees)
    if isinstance(row, Import) and row.state in AT_ITS_PAGE:
        return for_import(row)
    if isinstance(row, Client):
        return for_own_client(row) or for_client(row) or in_general(sees)
    if isinstance(row, Indexer):
        return for_indexer(row) or in_general(sees)
    if isinstance(row, ShelfServer):
        return for_shelf_server(row) or in_general(sees)
    return in_general(sees)


def in_general(sees: Sees) -> NextStep | None:
    looks: list[tuple[str, Callable[[], NextStep | None]]] = [
        ("books.view_book", a_book),
        ("downloads.view_download", what_waits),
        ("downloads.view_import", what_is_to_be_imported),
        ("books.view_movein", what_was_added),
        ("indexers.grab_release", what_was_found),
        ("downloads.view_download", what_is_coming),
        ("books.view_book", lambda: what_is_wanted(sees)),
        ("books.view_book", nothing),
    ]
    if waits_for := a_service(sees):
        return waits_for if waits_for is not HIDDEN or sees("books.view_book") else None
    steps = (look() for permission, look in looks if sees(permission))
    return next((step for step in steps if step), None)


def nothing() -> NextStep:
    return NextStep("All that you want is here or on its way.", (TO_BOOK(),))


# --- Books ----------------------------------------------------------------------------------------


def wanted() -> Q:
    return Q(wish=Wish.WANTED, on_shelf=False, coming=False)


def a_book() -> NextStep | None:
    if Book.objects.exists():
        return None
    if Library.objects.exists():
        said = "Everything is connected. Say which book you want."
        return NextStep(said, (TO_BOOK(), TO_MOVE_IN()))
    said = "TAME can search and download. Say where your audiobooks stand, or which book you want."
    return NextStep(said, (TO_LIBRARY(), TO_BOOK()))


def what_waits() -> NextStep | None:
    held = Download.objects.filter(state=State.HELD).count()
    if not held:
        return None
    said = f"{held} downloads wait for you." if held > 1 else "A download waits for you."
    target = reverse("admin:downloads_download_changelist") + f"?state__exact={State.HELD}"
    return NextStep(said, (Link("Look at it" if held == 1 else "Look at them", target),))


def what_is_to_be_imported() -> NextStep | None:
    """Complete, and no library yet; or a person has to decide, or to help."""
    stuck = Q(state__in=(*IMPORT_OFF_OR_BACK, ImportState.FAILED)) & ~Q(last_error="")
    rows = Import.objects.filter(Q(state=ImportState.REVIEW) | stuck)
    for_a_person = Case(When(state=ImportState.REVIEW, then=0), default=1)
    if row := rows.select_related("book").order_by(for_a_person, "pk").first():
        how = row.get_state_display() if row.state in IMPORT_OFF_OR_BACK else "complete"
        label = "Decide" if row.state == ImportState.REVIEW else "Look at it"
        return NextStep(f"“{row.book}” is {how}, but: {row.last_error}", (page(row, label),))
    complete = Import.objects.filter(
        state=ImportState.PENDING, download__state=State.COMPLETED, library=None
    )
    if complete.exists() and not Library.objects.exists():
        said = "A download is complete. Say where your audiobooks stand, and it is put there."
        return NextStep(said, (TO_LIBRARY(),))
    return None


def what_was_added() -> NextStep | None:
    """Into a library, by hand; or a library that cannot be read."""
    libraries = waiting()
    for one in libraries:
        if one["problem"]:
            url = reverse("admin:books_library_change", args=[one["pk"]])
            return NextStep(
                one["problem"], (Link(f"Open {one['name']}", url, "books.view_library"),)
            )
    if step := who_stands_there([one for one in libraries if one["strangers"]]):
        return step
    number = sum(one["added"] for one in libraries)
    if not number:
        return None
    said = f"{number} books were added to your libraries by hand: look them over."
    if number == 1:
        said = "A book was added to your libraries by hand: look it over."
    return NextStep(said, (link("Look", "admin:books_movein_changelist")(),))


def who_stands_there(libraries: list[dict[str, Any]]) -> NextStep | None:
    """Before TAME, and nobody moved in with them."""
    for one in libraries:
        number, where = one["strangers"], one["name"]
        said = f"{number} books stand in {where} that TAME does not know yet: move in with them."
        if number == 1:
            said = f"A book stands in {where} that TAME does not know yet: move in with it."
        url = f"{reverse('admin:books_movein_add')}?library={one['pk']}"
        return NextStep(said, (Link(f"Move in with {where}", url, "books.add_movein"),))
    return None


def what_was_found() -> NextStep | None:
    number = open_books().count()
    if not number:
        return None
    said = f"Releases were found for {number} books: look at the choices and take them."
    if number == 1:
        said = f"A release was found for “{open_books()[0]}”: look at the choice and take it."
    return NextStep(said, (TO_CHOICES(),))


def what_is_coming() -> NextStep | None:
    under_way = Download.objects.filter(state__in=UNFINISHED).count()
    if not under_way:
        return None
    if everything_is_paused():
        return NextStep(GO_ON)
    said = "A download is under way" if under_way == 1 else f"{under_way} downloads are under way"
    look = link("Look at the downloads", "admin:downloads_download_changelist")()
    return NextStep(f"{said}: nothing to do.", (look, TO_BOOK()))


def what_is_wanted(sees: Sees) -> NextStep | None:
    book = Book.objects.filter(wanted()).first()
    return for_wanted(book, sees) if book else None


def for_book(book: Book, sees: Sees) -> NextStep:
    if book.missing:
        want = do(book, "want", "Want it", "books.change_book")
        said = f"“{book}” was on the shelf and is not seen there any more. It is not searched."
        return NextStep(said, (want,))
    if book.on_shelf:
        return NextStep(f"“{book}” is on the shelf.{about_better(book)}", (TO_BOOK(),))
    if book.coming:
        return for_coming(book, sees)
    if book.wish != Wish.WANTED:
        want = do(book, "want", "Want it", "books.change_book")
        return NextStep(f"“{book}” is {book.get_wish_display()}: it is not searched.", (want,))
    return a_service(sees) or for_wanted(book, sees)


def about_better(book: Book) -> str:
    """What is to take its place; not what was just placed and is still to be shown there."""
    live = book.imports.filter(state__in=IMPORT_LIVE, copy=None) if book.coming else ()
    return "".join(f" Something better is coming. {better.last_error}".rstrip() for better in live)


def for_wanted(book: Book, sees: Sees) -> NextStep:
    if not book.is_out and book.published_on:
        said = f"“{book}” is out on {day(book.published_on)}: it is searched from then on."
        return NextStep(said, (page(book),))
    search = do(book, "search", "Search", "books.search_book")
    if book.searched.filter(finished_at=None).exists():
        said = f"“{book}” is being searched. The answers appear on its page."
        return NextStep(said, (page(book),))
    if open_books().filter(pk=book.pk).exists():
        if not sees("indexers.grab_release"):
            return NextStep(f"Releases of “{book}” were found, for somebody else to choose from.")
        return choose(book)
    if everything_is_paused():
        return NextStep(f"“{book}” is not searched. {GO_ON}", (page(book),))
    if book.verdicts.filter(digest="").exists():
        return NextStep(f"Releases of “{book}” were found and are judged within a minute.")
    if book.next_search_at <= timezone.now():
        said = f"“{book}” is searched within a minute; what is found appears on its page."
        return NextStep(said, (search, page(book)))
    if not book.searches:
        return NextStep(f"“{book}” was not searched yet.", (search, page(book)))
    return NextStep(
        f"Nothing usable was found for “{book}”. It is searched again {at(book.next_search_at)}. "
        "You can also give a .torrent, a magnet or a link on its page.",
        (search, page(book)),
    )


def choose(book: Book) -> NextStep:
    """What TAME takes by itself says what it waits for."""
    gate = Gate([book])
    choice = next((one for one in that_fit(choices([book]), gate) if one.is_certain), None)
    if choice is None or not choice.profile.automatic:
        return NextStep(f"Choose a release of “{book}” under “Releases found” and press Grab.")
    held = gate.obstacles(choice)
    said = held[0].sentence if held else "It does so within a minute."
    return NextStep(f"TAME takes “{choice.verdict.release}” by itself. {said}")


def for_coming(book: Book, sees: Sees) -> NextStep:
    coming = book.imports.filter(state__in=IMPORT_LIVE)
    live = coming.select_related("download__client", "download__indexer").defer(*SECRETS).first()
    if live is not None and live.state == ImportState.REDOING:
        return NextStep(f"“{book}” is being put back on the shelf. {live.last_error}".rstrip())
    if live is None or live.download is None or not sees("downloads.view_download"):
        return NextStep(f"“{book}” is coming.")
    step = for_download(live.download, sees) or NextStep(f"“{book}” is coming.")
    return NextStep(step.sentence, (page(live.download, "Look at the download"), *step.links))


def for_import(row: Import) -> NextStep:
    """Of one whose page shows why it waits; what decides stands there as buttons."""
    if row.state == ImportState.REVIEW:
        return NextStep("It waits for you: say with a button below what is right.")
    again = do(row, "again", "Try again", "downloads.retry_import")
    due = f" {at(row.retry_at)}" if row.retry_at and row.retry_at > timezone.now() else " soon"
    return NextStep(f"It is tried again{due}. When its cause is gone, do so at once.", (again,))


def for_download(download: Download, sees: Sees) -> NextStep | None:
    """What it waits for may be the sentence of a client or an indexer."""
    waits = download.state in (State.QUEUED, State.DOWNLOADING)
    if waits and not (sees("downloads.view_client") and sees("indexers.view_indexer")):
        return None
    return next_for_download.next_step(download)
