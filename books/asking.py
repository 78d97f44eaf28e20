"""Ask the sources about a book: all at once, each at its own pace, from what it answered before.

Rows are read and written by `here`: a source is asked in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from time import sleep
from typing import Any

from django.conf import settings
from django.utils import timezone

from books.audiobookshelf import found_online
from books.metadata import Ask, Proposal, Source
from books.metadata.asking import ask_json
from books.metadata.audnexus import ADDRESS as AUDNEXUS
from books.metadata.audnexus import Audnexus
from books.metadata.librivox import ADDRESS as LIBRIVOX
from books.metadata.librivox import LibriVox
from books.metadata.open_library import ADDRESS as OPEN_LIBRARY
from books.metadata.open_library import OpenLibrary
from books.metadata.shelf import Shelf
from books.models import ShelfServer
from books.shelf_servers import server_of
from books.sources import Kind, MetadataSource, SourceAnswer
from tame.lib.errors import ServiceDownError
from tame.lib.moments import moment
from tame.lib.side_by_side import at_once, here

FRESH = timedelta(days=30)
AT_ONCE = timedelta(0)  # what was answered before counts only when the source is down
SOURCES: dict[str, tuple[type[Source], str]] = {
    Kind.OPEN_LIBRARY: (OpenLibrary, OPEN_LIBRARY),
    Kind.LIBRIVOX: (LibriVox, LIBRIVOX),
    Kind.AUDNEXUS: (Audnexus, AUDNEXUS),
}


@dataclass(frozen=True)
class Outcome:
    """What one source said to a question; `error`: why it said nothing."""

    kind: str
    name: str
    proposals: tuple[Proposal, ...] = ()
    error: str = ""

    @property
    def sentence(self) -> str:
        if self.error:
            return self.error
        many = f"{len(self.proposals)} books" if len(self.proposals) != 1 else "one book"
        return f"{self.name} knows {many if self.proposals else 'nothing'} of it."


def open_sources(*, fresh: timedelta = FRESH) -> list[Source]:
    """Those that a person wants asked; one that is left alone answers from what it said before."""
    return [source for row in MetadataSource.allowed() if (source := open_source(row, fresh=fresh))]


def open_source(row: MetadataSource, *, fresh: timedelta = FRESH) -> Source | None:
    """None for Audiobookshelf as long as there is none."""
    if row.kind == Kind.AUDIOBOOKSHELF:
        return open_shelf(row, fresh)
    kind, address = SOURCES.get(row.kind, (None, ""))
    if kind is None:
        return None
    return kind(str(row), (row.address or address).rstrip("/"), asker(row, fresh, fetcher(row)))


def fetcher(row: MetadataSource) -> Ask:
    return partial(ask_json, str(row), timeout=settings.SOURCE_TIMEOUT)


def open_shelf(row: MetadataSource, fresh: timedelta) -> Source | None:
    """The first that is switched on; its key goes nowhere else."""
    chosen = first_server()
    if chosen is None:
        return None
    server = replace(server_of(chosen), timeout=settings.SOURCE_TIMEOUT)

    def fetch(query: str) -> Any:
        if not chosen.is_usable:
            raise ServiceDownError(chosen.last_error)
        return found_online(server, query)

    ask = asker(row, fresh, fetch, about=server.url)
    return Shelf(str(row), server.url, ask, provider=row.provider)


def first_server() -> ShelfServer | None:
    return ShelfServer.objects.filter(enabled=True).order_by("pk").first()


def asker(row: MetadataSource, fresh: timedelta, fetch: Ask, about: str = "") -> Ask:
    """Asks at the source's pace, and keeps what it says. An outage is answered with what it said
    before, however old, if it did. An empty list is not kept: it may hide an outage. `fetch`: asks
    now. `about`: where, if the question does not say it."""

    def ask(url: str) -> Any:
        digest = sha256(f"{about}{url}".encode()).hexdigest()
        known = here(lambda: SourceAnswer.objects.filter(source=row, digest=digest).first())
        if known and known.asked_at > timezone.now() - fresh:
            return known.document
        try:
            document = ask_now(row, url, fetch)
        except ServiceDownError:
            if known is None:
                raise
            return known.document
        if document == []:
            return document
        here(lambda: keep(row, digest, document))
        return document

    return ask


def keep(row: MetadataSource, digest: str, document: Any) -> None:
    SourceAnswer.objects.update_or_create(
        source=row, digest=digest, defaults={"document": document, "asked_at": timezone.now()}
    )


def ask_now(row: MetadataSource, url: str, fetch: Ask) -> Any:
    here(lambda: row.refresh_from_db(fields=["failures", "off_until", "last_error"]))
    if row.is_off and row.off_until:
        until = moment(row.off_until)
        raise ServiceDownError(f"{row} is left alone until {until}: {row.last_error}")
    while wait := here(row.take_turn):
        sleep(wait.total_seconds())
    try:
        document = fetch(url)
    except ServiceDownError as error:
        here(partial(row.note_failure, error))
        raise
    here(row.note_success)
    return document


def patience() -> float:
    """Seconds that a person waits for all sources together: as long as one may take to answer."""
    return float(sum(settings.SOURCE_TIMEOUT))


def ask_each(
    sources: Iterable[Source],
    question: Callable[[Source], Sequence[Proposal]],
    seconds: float | None = None,
) -> list[Outcome]:
    """Side by side: one that is down delays no other, and says so. `seconds`: for all together."""
    asked = list(sources)
    ends = at_once([partial(question, source) for source in asked], seconds)
    return [outcome_of(source, end, seconds) for source, end in zip(asked, ends, strict=True)]


def outcome_of(source: Source, end: Future[Sequence[Proposal]], seconds: float | None) -> Outcome:
    try:
        return Outcome(source.kind, source.name, tuple(end.result(timeout=0)))
    except ServiceDownError as error:
        return Outcome(source.kind, source.name, error=str(error))
    except (TimeoutError, CancelledError):
        said = f"{source.name} has not answered within {seconds or 0:.0f} s. Look again later."
        return Outcome(source.kind, source.name, error=said)
