"""What an Audiobookshelf answers, request by request."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from demo.audiobookshelf.documents import expanded, library, minified, person
from demo.audiobookshelf.folders import AUDIO, suffix
from demo.audiobookshelf.kept import Kept, now, patch, write_sidecar
from demo.audiobookshelf.overview import overview
from demo.audiobookshelf.state import (
    FORBIDDEN,
    HTML,
    NOT_FOUND,
    PLAIN,
    UNAUTHORIZED,
    Answer,
    Asked,
    State,
)


def answer(fake: State, asked: Asked) -> Answer:
    if fake.trouble is not None:
        return fake.trouble
    for path, answers in fake.next.items():
        if path in asked.path and answers:
            return answers.pop(0)
    if asked.path in ("", "/") and asked.method == "GET":
        fake.shelves.settle()
        return Answer(body=overview(fake.shelves), kind=HTML)
    if asked.path in ("/status", "/ping", "/healthcheck"):
        return Answer(body={"app": "audiobookshelf", "serverVersion": fake.version, "isInit": True})
    if asked.headers.get("Authorization", "").removeprefix("Bearer ") not in fake.keys:
        return UNAUTHORIZED
    fake.shelves.settle()
    for method, pattern, act in ROUTES:
        found = re.fullmatch(pattern, asked.path)
        if found and method == asked.method:
            return act(fake, asked, *map(unquote, found.groups()))
    return NOT_FOUND


def let_others_act(fake: State, asked: Asked) -> None:
    line = f"{asked.method} {asked.path}"
    for key in [key for key in fake.meanwhile if key in line]:
        fake.meanwhile.pop(key)()


def authorize(fake: State, asked: Asked) -> Answer:
    settings = {
        "id": "server-settings",
        "version": fake.version,
        "storeMetadataWithItem": fake.shelves.stores_with_book,
        "scannerDisableWatcher": False,
    }
    return Answer(body={"user": person(fake.me), "serverSettings": settings, "Source": "docker"})


def people(fake: State, asked: Asked) -> Answer:
    if fake.me.type == "user":
        return FORBIDDEN
    shown = [person(who) for who in fake.people]
    return Answer(body={"users": [{**who, "mediaProgress": []} for who in shown]})


def one_person(fake: State, asked: Asked, number: str) -> Answer:
    if fake.me.type == "user":
        return FORBIDDEN
    found = [who for who in fake.people if who.id == number]
    return Answer(body=person(found[0])) if found else NOT_FOUND


def libraries(fake: State, asked: Asked) -> Answer:
    return Answer(body={"libraries": [library(shelf) for shelf in fake.shelves.libraries]})


def scan(fake: State, asked: Asked, number: str) -> Answer:
    if fake.me.type == "user":
        return FORBIDDEN
    found = [shelf for shelf in fake.shelves.libraries if shelf.id == number]
    if not found:
        return NOT_FOUND
    fake.shelves.begin(found[0], force=asked.query.get("force") == "1")
    return Answer(body="OK", kind=PLAIN)


def tasks(fake: State, asked: Asked) -> Answer:
    running = [(scan.action, scan.shelf.id) for scan in fake.shelves.scans]
    running += [("watcher-scan", number) for number in fake.shelves.watching()]
    shown = [
        {"id": f"t{n}", "action": action, "data": {"libraryId": number}, "isFinished": False}
        for n, (action, number) in enumerate(running)
    ]
    return Answer(body={"tasks": shown})


def listing(fake: State, asked: Asked, number: str) -> Answer:
    if number not in [shelf.id for shelf in fake.shelves.libraries]:
        return NOT_FOUND
    books = [book for book in fake.shelves.books.values() if book.library == number]
    group, _, coded = asked.query.get("filter", "").partition(".")
    if group == "tags":  # any other is ignored, and everything is listed
        tag = read_filter(coded)
        books = [book for book in books if tag in book.tags]
    books.sort(key=lambda book: book.added_at, reverse=asked.query.get("desc") == "1")
    limit, page = int(asked.query.get("limit", 0)), int(asked.query.get("page", 0))
    shown = books[page * limit : (page + 1) * limit] if limit else books
    results = [minified(fake, book) for book in shown]
    return Answer(body={"results": results, "total": len(books), "limit": limit, "page": page})


def read_filter(coded: str) -> str:
    try:
        return base64.b64decode(unquote(coded)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def one_book(fake: State, asked: Asked, number: str) -> Answer:
    book = fake.shelves.books.get(number)
    return Answer(body=expanded(fake, book)) if book else NOT_FOUND


def change(
    act: Callable[[State, Asked, Kept], Answer], permission: str
) -> Callable[[State, Asked, str], Answer]:
    """What takes a permission and a book."""

    def checked(fake: State, asked: Asked, number: str) -> Answer:
        book = fake.shelves.books.get(number)
        if book is None:
            return NOT_FOUND
        if not fake.me.permissions[permission]:
            return FORBIDDEN
        return act(fake, asked, book)

    return checked


def patch_media(fake: State, asked: Asked, book: Kept) -> Answer:
    has_changed = patch(book, asked.body)
    if has_changed:
        book.updated_at = now()
        if fake.shelves.stores_with_book:
            write_sidecar(book, folder_of(fake, book))
    updated = {"updated": True} if has_changed else {}
    shown = expanded(fake, book)
    del shown["media"]["tracks"]  # they are only in what is asked for as expanded
    return Answer(body=updated | {"libraryItem": shown})


def folder_of(fake: State, book: Kept) -> Path:
    shelf = next(one for one in fake.shelves.libraries if one.id == book.library)
    return shelf.folder / book.path


def patch_tracks(fake: State, asked: Asked, book: Kept) -> Answer:
    names = {str(stat.st_ino): name for name, stat in book.files.items()}
    wanted = [names[one["ino"]] for one in asked.body["orderedFileData"] if one["ino"] in names]
    book.order = [name for name in wanted if suffix(name) in AUDIO and name in book.durations]
    return Answer(body=expanded(fake, book))


def scan_book(fake: State, asked: Asked, book: Kept) -> Answer:
    if fake.me.type == "user":
        return FORBIDDEN
    shelf = next(one for one in fake.shelves.libraries if one.id == book.library)
    seen = fake.shelves.look(shelf).get(book.path)
    if book.is_file or seen is None:
        return Answer(500, "Internal Server Error", kind=PLAIN)
    fake.shelves.refresh(shelf, book, seen, force=True)
    return Answer(body={"result": "UPDATED"})


def upload_cover(fake: State, asked: Asked, book: Kept) -> Answer:
    if b'name="cover"' not in asked.body:
        return Answer(400, "Invalid request no file or url", kind=PLAIN)
    fake.covers[book.id] = asked.body
    book.cover = f"/metadata/items/{book.id}/cover.jpg"
    return Answer(body={"success": True, "cover": book.cover})


def delete(fake: State, asked: Asked, book: Kept) -> Answer:
    del fake.shelves.books[book.id]
    return Answer(body="OK", kind=PLAIN)


def path_exists(fake: State, asked: Asked) -> Answer:
    """Below one of its folders, as it sees them; hidden folders are seen, too."""
    if not fake.me.permissions["upload"]:
        return FORBIDDEN
    folders = {shelf.full_path: shelf.folder for shelf in fake.shelves.libraries}
    folder = folders.get(asked.body.get("folderPath", ""))
    if folder is None:
        return NOT_FOUND
    return Answer(body={"exists": (folder / asked.body["directory"]).exists()})


def search(fake: State, asked: Asked) -> Answer:
    """Nothing is found by a service that it does not ask, as by one that is down."""
    if asked.query.get("provider", "google") not in fake.providers:
        return Answer(body=[])
    title = asked.query.get("title", "").lower()
    return Answer(body=[one for one in fake.online if title in one["title"].lower()])


def providers(fake: State, asked: Asked) -> Answer:
    books = [{"value": value, "text": text} for value, text in fake.providers.items()]
    return Answer(body={"providers": {"books": books, "booksCovers": [], "podcasts": []}})


def change_library(fake: State, asked: Asked, number: str) -> Answer:
    for shelf in fake.shelves.libraries:
        if shelf.id == number:
            shelf.watches = not asked.body["settings"]["disableWatcher"]
            return Answer(body=library(shelf))
    return NOT_FOUND


BOOK = "/api/items/([^/]+)"
ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("POST", "/api/authorize", authorize),
    ("GET", "/api/me", lambda fake, asked: Answer(body=person(fake.me))),
    ("GET", "/api/users", people),
    ("GET", "/api/users/([^/]+)", one_person),
    ("GET", "/api/libraries", libraries),
    ("PATCH", "/api/libraries/([^/]+)", change_library),
    ("POST", "/api/libraries/([^/]+)/scan", scan),
    ("GET", "/api/libraries/([^/]+)/items", listing),
    ("GET", "/api/tasks", tasks),
    ("GET", BOOK, one_book),
    ("PATCH", f"{BOOK}/media", change(patch_media, "update")),
    ("PATCH", f"{BOOK}/tracks", change(patch_tracks, "update")),
    ("POST", f"{BOOK}/scan", change(scan_book, "update")),
    ("POST", f"{BOOK}/cover", change(upload_cover, "upload")),
    ("DELETE", BOOK, change(delete, "delete")),
    ("POST", "/api/filesystem/pathexists", path_exists),
    ("GET", "/api/search/books", search),
    ("GET", "/api/search/providers", providers),
)
