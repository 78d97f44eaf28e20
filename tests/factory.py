"""People and things with names, for tests that need rows."""

from __future__ import annotations

from typing import Any

from books.crediting import credit
from books.models import Book, Credit
from books.profiles import Profile
from books.sources import MetadataSource
from books.template import TEMPLATE
from downloads.models import Client, Download, Import, Payload
from indexers.models import Indexer, Release, Verdict

PLAIN = TEMPLATE.replace("< {narrator}>", "")  # where a test is not about who reads


def make_book(title: str = "Cranford", author: str = "Elizabeth Gaskell", **columns: Any) -> Book:
    book = Book.objects.create(title=title, **columns)
    credit(book, Credit.Role.AUTHOR, [author])
    return book


def make_client(
    name: str = "seedbox", address: str = "http://127.0.0.1:1", **columns: Any
) -> Client:
    columns = {"username": "ann", "password": "rose garden"} | columns
    return Client.objects.create(name=name, address=address, **columns)


def make_indexer(
    name: str = "Gutenberg Tracker", address: str = "http://127.0.0.1:1/api", **columns: Any
) -> Indexer:
    columns = {"key": "k-indexer-1"} | columns
    return Indexer.objects.create(name=name, address=address, **columns)


def make_release(indexer: Indexer, book: Book | None = None, **columns: Any) -> Release:
    title = columns.pop("title", f"{book or 'Cranford'} by Elizabeth Gaskell [ENG / M4B]")
    columns = {"identity": title, "link": "http://127.0.0.1:1/dl", "seeders": 5} | columns
    release = Release.objects.create(indexer=indexer, title=title, **columns)
    if book is not None:
        Verdict.objects.create(book=book, release=release)
    return release


def make_download(
    client: Client | None = None, book: Book | None = None, **columns: Any
) -> Download:
    client = client or Client.objects.first() or make_client()
    columns = {"title": "Cranford by Elizabeth Gaskell [ENG / M4B]"} | columns
    download = Download.objects.create(client=client, **columns)
    Payload.objects.create(download=download)
    if book is not None:
        Import.objects.create(download=download, book=book)
        Book.objects.filter(pk=book.pk).update(coming=True)
    return download


def make_usual_rows() -> None:
    """Those of a new installation."""
    if Profile.objects.filter(default=True).exists():
        return
    Profile.objects.create(default=True, name="Default")
    for kind in ("open_library", "librivox", "audiobookshelf", "audnexus"):
        MetadataSource.objects.create(kind=kind, enabled=kind != "audnexus")


def use_sources(address: str, *kinds: str) -> None:
    """A person said that these may be asked, at that address; all others not."""
    MetadataSource.objects.update(address=address, answered=True, enabled=False)
    MetadataSource.objects.filter(kind__in=kinds).update(enabled=True)
