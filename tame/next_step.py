"""What to do next, computed from rows: one sentence and where it leads, on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from books.models import Book
from books.states import Wish
from downloads.models import Client, Download
from downloads.states import IMPORT_LIVE, UNFINISHED, State
from indexers.models import Indexer
from tame import next_for_download
from tame.next_links import Link, NextStep, do, link, page
from tame.runners import GO_ON, everything_is_paused

SECRETS = [  # never loaded for a page: one that cannot be read would break it
    f"download__{column}" for column in ("client__password", "client__api_key", "indexer__key")
]
TO_CLIENT = link("Connect my qBittorrent", "admin:downloads_client_add", "downloads.add_client")
TO_RUN_HERE = link("Run one here", "admin:run_here", "downloads.add_client")
TO_INDEXER = link("Add one indexer", "admin:indexers_indexer_add", "indexers.add_indexer")
TO_INDEXERS = link(
    "Add all of a Jackett or Prowlarr", "admin:indexers_indexer_add_all", "indexers.add_indexer"
)
TO_BOOK = link("Want a book", "admin:books_book_add", "books.add_book")


def next_step(row: Model | None = None) -> NextStep:
    """The step that this row needs, else the step that TAME as a whole needs."""
    if isinstance(row, Book):
        return for_book(row)
    if isinstance(row, Download):
        return next_for_download.next_step(row)
    if isinstance(row, Client):
        return for_client(row) or in_general()
    if isinstance(row, Indexer):
        return for_indexer(row) or in_general()
    return in_general()


def in_general() -> NextStep:
    looks: list[Callable[[], NextStep | None]] = [
        a_client, an_indexer, a_book, what_waits, what_was_found, what_is_coming, what_is_wanted,
    ]  # fmt: skip
    found = next((step for look in looks if (step := look())), None)
    return found or NextStep("All that you want is here or on its way.", (TO_BOOK(),))


# --- Services -------------------------------------------------------------------------------------


def a_client() -> NextStep | None:
    """A client that works, or what keeps it from working."""
    clients = list(Client.objects.defer("password", "api_key"))
    if not clients:
        said = "First connect the qBittorrent that shall download for you, or let TAME run one."
        return NextStep(said, (TO_CLIENT(), TO_RUN_HERE()))
    enabled = [client for client in clients if client.enabled]
    if not enabled:
        off = clients[0]
        return NextStep(f"{off} is switched off: nothing is downloaded.", (page(off),))
    if any(for_client(client) is None for client in enabled):
        return None
    return for_client(enabled[0])


def for_client(client: Client) -> NextStep | None:
    test = do(client, "test", f"Test {client}", "downloads.test_client")
    if not client.enabled:
        return NextStep(f"{client} is switched off.", (page(client),))
    if client.refused_credentials:
        said = client.last_error or f"{client} refused the login."
        return NextStep(f"{said} Correct it, save, then test.", (page(client), test))
    if client.last_error:
        return NextStep(client.last_error, (test, page(client)))
    if client.last_ok_at is None:
        return NextStep(f"Nothing is known of {client} yet: test it.", (test,))
    return NextStep(client.problem, (page(client),)) if client.problem else None


def an_indexer() -> NextStep | None:
    indexers = list(Indexer.objects.defer("key"))
    if not indexers:
        said = "Next tell TAME where to search: add an indexer, or all that you have at once."
        return NextStep(said, (TO_INDEXERS(), TO_INDEXER()))
    enabled = [indexer for indexer in indexers if indexer.enabled]
    if not enabled:
        return NextStep("Every indexer is switched off: nothing is found.", (to_indexers(),))
    if any(for_indexer(indexer) is None for indexer in enabled):
        return None
    if len(enabled) > 1 and all(is_untested(indexer) for indexer in enabled):
        said = f"Test your {len(enabled)} indexers: tick them in the list and choose Test."
        return NextStep(said, (to_indexers(),))
    return for_indexer(enabled[0])


def to_indexers() -> Link:
    return link("To the indexers", "admin:indexers_indexer_changelist")()


def is_untested(indexer: Indexer) -> bool:
    return indexer.last_ok_at is None and not indexer.last_error


def for_indexer(indexer: Indexer) -> NextStep | None:
    test = do(indexer, "test", f"Test {indexer}", "indexers.test_indexer")
    if not indexer.enabled:
        return NextStep(f"{indexer} is switched off.", (page(indexer),))
    if indexer.key_was_refused:
        said = f"{indexer.last_error} Correct it, save, then test."
        return NextStep(said, (page(indexer), test))
    if indexer.last_error:
        return NextStep(indexer.last_error, (test, page(indexer)))
    if indexer.last_ok_at is None:
        return NextStep(f"Nothing is known of {indexer} yet: test it.", (test,))
    return None


# --- Books ----------------------------------------------------------------------------------------


def wanted() -> Q:
    return Q(wish=Wish.WANTED, on_shelf=False, coming=False)


def is_open_offer() -> Q:
    now = timezone.now()
    return Q(verdicts__isnull=False) & (
        Q(verdicts__passed_over_until=None) | Q(verdicts__passed_over_until__lte=now)
    )


def a_book() -> NextStep | None:
    if Book.objects.exists():
        return None
    return NextStep("Everything is connected. Say which book you want.", (TO_BOOK(),))


def what_waits() -> NextStep | None:
    held = Download.objects.filter(state=State.HELD).count()
    if not held:
        return None
    said = f"{held} downloads wait for you." if held > 1 else "A download waits for you."
    target = reverse("admin:downloads_download_changelist") + f"?state__exact={State.HELD}"
    return NextStep(said, (Link("Look at it" if held == 1 else "Look at them", target),))


def what_was_found() -> NextStep | None:
    book = Book.objects.filter(wanted(), is_open_offer()).first()
    if book is None:
        return None
    said = f"Releases were found for “{book}”: choose one and press Grab."
    return NextStep(said, (page(book, "Choose a release"),))


def what_is_coming() -> NextStep | None:
    under_way = Download.objects.filter(state__in=UNFINISHED).count()
    if not under_way:
        return None
    if everything_is_paused():
        return NextStep(GO_ON)
    said = "A download is under way" if under_way == 1 else f"{under_way} downloads are under way"
    look = link("Look at the downloads", "admin:downloads_download_changelist")()
    return NextStep(f"{said}: nothing to do.", (look, TO_BOOK()))


def what_is_wanted() -> NextStep | None:
    book = Book.objects.filter(wanted()).first()
    return for_wanted(book) if book else None


def for_book(book: Book) -> NextStep:
    if book.on_shelf:
        return NextStep(f"“{book}” is on the shelf.", (TO_BOOK(),))
    if book.coming:
        return for_coming(book)
    if book.wish != Wish.WANTED:
        want = do(book, "want", "Want it", "books.change_book")
        return NextStep(f"“{book}” is {book.get_wish_display()}: it is not searched.", (want,))
    return a_client() or an_indexer() or for_wanted(book)


def for_wanted(book: Book) -> NextStep:
    search = do(book, "search", "Search", "books.search_book")
    if book.searched.filter(finished_at=None).exists():
        said = f"“{book}” is being searched. The answers appear on its page."
        return NextStep(said, (page(book),))
    if Book.objects.filter(wanted(), is_open_offer(), pk=book.pk).exists():
        return NextStep(f"Choose a release of “{book}” below and press Grab.")
    if everything_is_paused():
        return NextStep(f"“{book}” is not searched. {GO_ON}", (page(book),))
    if book.next_search_at <= timezone.now():
        said = f"“{book}” is searched within a minute; what is found appears on its page."
        return NextStep(said, (search, page(book)))
    if not book.searches:
        return NextStep(f"“{book}” was not searched yet.", (search, page(book)))
    return NextStep(
        f"Nothing usable was found for “{book}”. It is searched again {when(book.next_search_at)}. "
        "You can also give a .torrent, a magnet or a link on its page.",
        (search, page(book)),
    )


def for_coming(book: Book) -> NextStep:
    coming = book.imports.filter(state__in=IMPORT_LIVE)
    live = coming.select_related("download__client", "download__indexer").defer(*SECRETS).first()
    if live is None or live.download is None:
        return NextStep(f"“{book}” is coming.")
    step = next_for_download.next_step(live.download)
    return NextStep(step.sentence, (page(live.download, "Look at the download"), *step.links))


def when(moment: datetime) -> str:
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localdate()
    return f"at {date_format(local, 'H:i')}" if is_today else f"on {date_format(local, 'j M, H:i')}"
