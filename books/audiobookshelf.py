"""Ask an Audiobookshelf, and tell it something: all that TAME knows of its interface.

What was measured decides: a scan answers at once and is dropped while another runs; a filter that
it does not know lists everything; authors as plain texts wipe all authors. Every verb raises
ServiceDownError, LoginRefusedError for a key that is refused.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
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
from tame.lib.http import Allowed, Answer, CallError, get
from tame.lib.redact import blotted, keep_out

T = TypeVar("T")
Timeout = tuple[float, float]
PAGE = 500  # books; 400 of them take 0.2 s and 400 KiB
MOST_BYTES = 64 * 2**20
LONGEST = 40  # seconds for a whole request: within a lease
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
UNREADABLE = object()
LISTS = ("authors", "narrators", "series", "genres", "tags")


@dataclass(frozen=True)
class Server:
    """`url`: with its base path, without a slash at the end. `key`: of an API key, or an older
    token."""

    name: str
    url: str
    key: str = field(default="", repr=False)
    timeout: Timeout = (5, 30)

    def __post_init__(self) -> None:
        keep_out(self.key)


# --- Looking --------------------------------------------------------------------------------------


def who_am_i(server: Server) -> Account:
    return _read(server, read_account, _json(server, _ask(server, "POST", "authorize")))


def libraries(server: Server) -> tuple[ShelfLibrary, ...]:
    document = _json(server, _ask(server, "GET", "libraries"))
    return _read(server, lambda d: tuple(map(read_library, d["libraries"])), document)


def is_scanning(server: Server, library_id: str) -> bool:
    """Whether it reads this library right now; a task that has ended vanishes at once."""
    document = _json(server, _ask(server, "GET", "tasks"))
    return _read(server, lambda d: any(is_scan_of(t, library_id) for t in d["tasks"]), document)


def last_scan(server: Server, library_id: str) -> datetime | None:
    """When its last scan ended; None for a library that was never scanned, or is not there."""
    known = {library.id: library.last_scan for library in libraries(server)}
    return known.get(library_id)


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
    path = f"items/{quote(book_id, safe='')}?expanded=1"
    answer = _ask(server, "GET", path, also=(404,))
    if answer.status == 404 and not _is_page(answer):
        return None
    return _read(server, read_book, _json(server, answer))


def path_exists(server: Server, folder: str, below: str) -> bool:
    """Whether it sees this path below one of its folders, hidden ones included."""
    body = {"folderPath": folder, "directory": below}
    answer = _ask(server, "POST", "filesystem/pathexists", body, need=UPLOAD)
    return _read(server, lambda d: bool(d["exists"]), _json(server, answer))


def unfinished(server: Server, *book_ids: str) -> tuple[int, int]:
    """How many people are in the middle of one of these books, and how many there are."""
    document = _json(server, _ask(server, "GET", "users", need=ADMIN))
    numbers = _read(server, lambda d: [str(user["id"]) for user in d["users"]], document)
    listening = 0
    for number in numbers:
        answer = _ask(server, "GET", f"users/{quote(number, safe='')}", need=ADMIN)
        begun = _read(server, read_listening, _json(server, answer))
        listening += any(begun.get(one) is False for one in book_ids)
    return listening, len(numbers)


def online_query(provider: str, title: str, author: str) -> str:
    """For `found_online`."""
    return f"search/books?{urlencode({'title': title, 'author': author, 'provider': provider})}"


def found_online(server: Server, query: str) -> list[Any]:
    """What one of the services that it asks has, as it lists it; `read_online` reads it. An empty
    list also when that service is down."""
    return _read(server, _listed, _json(server, _ask(server, "GET", query)))


def providers(server: Server) -> dict[str, str]:
    """The services that it asks about books, and what they are called; none told before 2.31."""
    answer = _ask(server, "GET", "search/providers", also=(404,))
    if answer.status == 404:
        return {}
    return _read(server, read_providers, _json(server, answer))


# --- Telling --------------------------------------------------------------------------------------


def scan(server: Server, library_id: str) -> None:
    """Ask for a scan. It says yes and forgets it when one is running: look before and after."""
    _ask(server, "POST", f"libraries/{quote(library_id, safe='')}/scan", need=ADMIN)


def scan_book(server: Server, book_id: str) -> None:
    """Have one book's files read anew, now. A book that is a single file cannot be."""
    _ask(server, "POST", f"items/{quote(book_id, safe='')}/scan", need=ADMIN)


def correct(server: Server, book_id: str, changes: Mapping[str, Any]) -> Written:
    """Write these fields of a book, and say what became of them. ValueError for one that would be
    emptied. Fields: those of `Details`, and tags."""
    if emptied := [name for name, value in changes.items() if not value]:
        raise ValueError(f"{emptied[0]} would be emptied")
    return restore(server, book_id, changes)


def restore(server: Server, book_id: str, values: Mapping[str, Any]) -> Written:
    """As `correct`; what was empty before is emptied again."""
    path = f"items/{quote(book_id, safe='')}/media"
    answer = _ask(server, "PATCH", path, _payload(values), need=UPDATE)
    return _read(server, read_written, _json(server, answer))


def order_tracks(server: Server, book_id: str, numbers: Sequence[str]) -> None:
    """Play the files with these numbers in this order."""
    body = {"orderedFileData": [{"ino": number, "exclude": False} for number in numbers]}
    path = f"items/{quote(book_id, safe='')}/tracks"
    _ask(server, "PATCH", path, body, need=UPDATE)


def remove(server: Server, book_id: str) -> bool:
    """Take the book out of its list; no file is touched. False when it was not there."""
    answer = _ask(server, "DELETE", f"items/{quote(book_id, safe='')}", need=DELETE, also=(404,))
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


# --- Requests -------------------------------------------------------------------------------------


def _page(
    server: Server, library_id: str, asked: Mapping[str, object]
) -> tuple[tuple[ListedBook, ...], int]:
    path = f"libraries/{quote(library_id, safe='')}/items?{urlencode({**asked, 'minified': 1})}"
    answer = _ask(server, "GET", path, also=(404,))
    if answer.status == 404 and not _is_page(answer):
        raise errors.no_library(server.name)
    document = _json(server, answer)
    return _read(
        server, lambda d: (tuple(map(read_listed, d["results"])), int(d["total"])), document
    )


def _ask(
    server: Server,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    need: str = "the right to see this library",
    also: tuple[int, ...] = (),
) -> Answer:
    """`also`: further answers that the caller understands."""
    headers = {"Authorization": f"Bearer {server.key}", "Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    sent = None if body is None else json.dumps(body).encode()
    try:
        answer = get(
            f"{server.url}/api/{path}",
            allowed=Allowed(server.url, public=False),
            timeout=server.timeout,
            cap=MOST_BYTES,
            headers=headers,
            total=LONGEST,
            method=method,
            body=sent,
        )
    except CallError as error:
        raise errors.of_call(server.name, server.url, error) from error
    if answer.status == 200 or answer.status in also:
        return answer
    raise errors.of_answer(server.name, server.url, answer, need)


def _listed(document: Any) -> list[Any]:
    if not isinstance(document, list):
        raise TypeError("no list")
    return document


def _is_page(answer: Answer) -> bool:
    kind = answer.headers.get("Content-Type", "").lower()
    return "html" in kind or answer.body.lstrip()[:1] == b"<"


def _json(server: Server, answer: Answer) -> Any:
    if _is_page(answer):
        raise errors.web_page(server.name, server.url)
    document = _parsed(blotted(answer.body, server.key))
    if document is UNREADABLE:
        raise errors.unreadable(server.name)
    return document


def _parsed(body: bytes) -> Any:
    """Its error holds what could not be read, and that holds a token: it goes no further."""
    try:
        return json.loads(body)
    except ValueError:
        return UNREADABLE


def _read(server: Server, read: Callable[[Any], T], document: Any) -> T:
    try:
        return read(document)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise errors.unreadable(server.name) from error
