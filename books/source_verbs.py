"""Which sources may be asked is a person's word; whether they answer is tested."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from books.asking import AT_ONCE, first_server, open_source
from books.audiobookshelf import providers
from books.bells import DESCRIBE
from books.models import Book
from books.shelf_servers import server_of
from books.sources import Kind, MetadataSource
from tame.lib import bell
from tame.lib.checked import Checked
from tame.lib.errors import ServiceDownError


def unanswered() -> list[MetadataSource]:
    """Of which nobody has said yet whether they may be asked."""
    return list(MetadataSource.objects.filter(answered=False))


def answer_sources(kinds: Iterable[str]) -> str:
    """Which of those that were asked about may be asked; the others are switched off."""
    rows, chosen = MetadataSource.objects.filter(answered=False), set(kinds)
    names = [str(row) for row in rows if row.kind in chosen]
    for row in list(rows):
        rows.filter(pk=row.pk).update(enabled=row.kind in chosen, answered=True)
    describe_all()
    if not names:
        return "No source is asked about books: their files and you say all there is."
    said = ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1]
    return f"{said} may be asked about books; you change that under Metadata sources."


def describe_all() -> None:
    """A source may be asked that could not be before."""
    Book.objects.filter(next_describe_at__gt=timezone.now()).update(
        next_describe_at=timezone.now(), describes=0
    )
    bell.ring(DESCRIBE)


def check_source(row: MetadataSource) -> list[Checked]:
    """Asks for a book that everybody knows. A good answer ends its pause."""
    source = open_source(row, fresh=AT_ONCE)
    if source is None:
        return [Checked(False, "No Audiobookshelf is connected: add one under its servers.")]
    row.reset()
    before = row.last_ok_at
    try:
        found = source.find("Cranford", "Elizabeth Gaskell") or source.by_asin("B000000000")
    except ServiceDownError as error:
        return [Checked(False, str(error))]
    row.refresh_from_db(fields=["last_ok_at", "last_error"])
    if row.last_ok_at == before:  # what was said before, in its place
        return [Checked(False, row.last_error)]
    if not found:
        return [Checked(True, f"{row} answers.")]
    first = found[0]
    return [
        Checked(True, f"{row} answers: it knows “{first.title}” by {', '.join(first.authors)}.")
    ]


def check_provider(row: MetadataSource) -> list[Checked]:
    """Which services the Audiobookshelf offers, kept for the choice, and whether the chosen one is
    among them. Nothing for the other sources, and for a server that is too old to say."""
    chosen = first_server() if row.kind == Kind.AUDIOBOOKSHELF else None
    if chosen is None:
        return []
    try:
        offered = providers(server_of(chosen))
    except ServiceDownError as error:
        return [Checked(False, str(error))]
    MetadataSource.objects.filter(pk=row.pk).update(offered=offered)
    if not offered or row.provider in offered:
        return []
    said = f"{chosen} offers no “{row.provider}”. Choose one of {', '.join(offered.values())}."
    return [Checked(False, said)]
