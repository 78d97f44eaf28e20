"""Ask an Audiobookshelf, and tell it something: all that TAME knows of its interface.

What was measured decides: a scan answers at once and is dropped while another runs; a filter that
it does not know lists everything; authors as plain texts wipe all authors. Every verb raises
ServiceDownError, LoginRefusedError for a key that is refused.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from books import audiobookshelf_errors as errors
from books.audiobookshelf_answers import (
    Account,
    ListedBook,
    ShelfBook,
    ShelfLibrary,
    Written,
)
from books.audiobookshelf_reading import (
    is_scan_of,
    read_account,
    read_book,
    read_library,
    read_listed,
    read_listening,
    read_providers,
    read_written,
)
from books.audiobookshelf_requests import Server as Server
from books.audiobookshelf_requests import ask, is_page, read

PAGE = 500  # books; 400 of them take 0.2 s and 400 KiB
ADMIN, UPDATE, UPLOAD, DELETE = (
    "the type admin",
    "the permission to update",
    "the permission to upload",
    "the permission to delete",
)
TEXTS = {  # what we call it: what the server calls it
    "title": "title",
    "subtitle": "subtitle",
    "year": "publishedYear",
    "publisher": "publisher",
    "description": "description",
    "language": "language",
    "asin": "asin",
    "isbn": "isbn",
}
LISTS = ("narrators", "tags")


# --- Looking --------------------------------------------------------------------------------------


def who_am_i(server: Server) -> Account:
    return read(server, ask(server, "POST", "authorize"), read_account)


def libraries(server: Server) -> tuple[ShelfLibrary, ...]:
    answer = ask(server, "GET", "libraries")
    return read(server, answer, lambda d: tuple(map(read_library, d["libraries"])))


def is_scanning(server: Server, library_id: str) -> bool:
    """Whether it reads this library right now; a task that has ended vanishes at once."""
    answer = ask(server, "GET", "tasks")
    return read(server, answer, lambda d: any(is_scan_of(t, library_id) for t in d["tasks"]))


def tagged(server: Server, library_id: str, tag: str) -> tuple[ListedBook, ...]:
    """The books that carry this tag."""
    coded = f"tags.{b64encode(tag.encode()).decode()}"
    listed = _page(server, library_id, {"filter": coded, "limit": PAGE})[0]
    return tuple(book for book in listed if tag in book.tags)


def newest(server: Server, library_id: str, limit: int) -> tuple[ListedBook, ...]:
    return _page(server, library_id, {"sort": "addedAt", "desc": 1, "limit": limit})[0]


def all_books(server: Server, library_id: str) -> tuple[ListedBook, ...]:
    """The whole list, one request for 500 books. A list that is not whole is an error."""
    found: dict[str, ListedBook] = {}
    number, total = 0, 1
    while number * PAGE < total:
        asked = {"limit": PAGE, "page": number, "sort": "addedAt"}
        listed, total = _page(server, library_id, asked)
        found |= {book.id: book for book in listed}
        number += 1
    if len(found) != total:
        raise errors.too_few(server.name, len(found), total)
    return tuple(found.values())


def book(server: Server, book_id: str) -> ShelfBook | None:
    """None when there is no such book any more."""
    path = f"{_of_book(book_id)}?expanded=1"
    answer = ask(server, "GET", path, also=(404,))
    if answer.status == 404 and not is_page(answer):
        return None
    return read(server, answer, read_book)


def path_exists(server: Server, folder: str, below: str) -> bool:
    """Whether it sees this path below one of its folders, hidden ones included."""
    body = {"folderPath": folder, "directory": below}
    answer = ask(server, "POST", "filesystem/pathexists", body, need=UPLOAD)
    return read(server, answer, lambda d: bool(d["exists"]))


def unfinished(server: Server, *book_ids: str) -> tuple[int, int]:
    """How many people are in the middle of one of these books, and how many there are."""
    answer = ask(server, "GET", "users", need=ADMIN)
    numbers = read(server, answer, lambda d: [str(user["id"]) for user in d["users"]])
    listening = 0
    for number in numbers:
        answer = ask(server, "GET", f"users/{quote(number, safe='')}", need=ADMIN)
        begun = read(server, answer, read_listening)
        listening += any(begun.get(one) is False for one in book_ids)
    return listening, len(numbers)


def online_query(provider: str, title: str, author: str) -> str:
    """For `found_online`."""
    return f"search/books?{urlencode({'title': title, 'author': author, 'provider': provider})}"


def found_online(server: Server, query: str) -> list[Any]:
    """What one of the services that it asks has, as it lists it; `read_online` reads it. An empty
    list also when that service is down."""
    return read(server, ask(server, "GET", query), _listed)


def providers(server: Server) -> dict[str, str]:
    """The services that it asks about books, and what they are called; none told before 2.31."""
    answer = ask(server, "GET", "search/providers", also=(404,))
    if answer.status == 404:
        return {}
    return read(server, answer, read_providers)


def _of_library(library_id: str) -> str:
    return f"libraries/{quote(library_id, safe='')}"


def _of_book(book_id: str) -> str:
    return f"items/{quote(book_id, safe='')}"


def _page(
    server: Server, library_id: str, asked: Mapping[str, object]
) -> tuple[tuple[ListedBook, ...], int]:
    path = f"{_of_library(library_id)}/items?{urlencode({**asked, 'minified': 1})}"
    answer = ask(server, "GET", path, also=(404,))
    if answer.status == 404 and not is_page(answer):
        raise errors.no_library(server.name)
    return read(server, answer, lambda d: (tuple(map(read_listed, d["results"])), int(d["total"])))


def _listed(document: Any) -> list[Any]:
    if not isinstance(document, list):
        raise TypeError("no list")
    return document


# --- Telling --------------------------------------------------------------------------------------


def scan(server: Server, library_id: str) -> None:
    """Ask for a scan. It says yes and forgets it when one is running: look before and after."""
    ask(server, "POST", f"{_of_library(library_id)}/scan", need=ADMIN)


def scan_book(server: Server, book_id: str) -> None:
    """Have one book's files read anew, now. A book that is a single file cannot be."""
    ask(server, "POST", f"{_of_book(book_id)}/scan", need=ADMIN)


def correct(server: Server, book_id: str, changes: Mapping[str, Any]) -> Written:
    """Write these fields of a book, and say what became of them. ValueError for one that would be
    emptied. Fields: those of `Details`, and tags."""
    if emptied := [name for name, value in changes.items() if not value]:
        raise ValueError(f"{emptied[0]} would be emptied")
    return restore(server, book_id, changes)


def restore(server: Server, book_id: str, values: Mapping[str, Any]) -> Written:
    """As `correct`; what was empty before is emptied again."""
    path = f"{_of_book(book_id)}/media"
    answer = ask(server, "PATCH", path, _payload(values), need=UPDATE)
    return read(server, answer, read_written)


def order_tracks(server: Server, book_id: str, numbers: Sequence[str]) -> None:
    """Play the files with these numbers in this order."""
    body = {"orderedFileData": [{"ino": number, "exclude": False} for number in numbers]}
    path = f"{_of_book(book_id)}/tracks"
    ask(server, "PATCH", path, body, need=UPDATE)


def remove(server: Server, book_id: str) -> bool:
    """Take the book out of its list; no file is touched. False when it was not there."""
    answer = ask(server, "DELETE", _of_book(book_id), need=DELETE, also=(404,))
    return answer.status != 404


def _payload(values: Mapping[str, Any]) -> dict[str, Any]:
    """In the only shapes that the server takes: others are ignored, or wipe the field."""
    known: dict[str, Any] = {}
    for name, value in values.items():
        if name in TEXTS:
            known[TEXTS[name]] = str(value) if value else None
        elif name == "authors":
            known[name] = [{"name": str(one)} for one in value]
        elif name == "series":
            known[name] = [{"name": one, "sequence": str(place) or None} for one, place in value]
        elif name in LISTS:
            known[name] = [str(one) for one in value]
        else:
            raise ValueError(f"there is no field {name}")
    tags = {"tags": known.pop("tags")} if "tags" in known else {}
    return tags | ({"metadata": known} if known else {})
