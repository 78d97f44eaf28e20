"""The shelf and the sources in the story: an Audiobookshelf that gives its keys away."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.urls import reverse

from books import placing
from books.correcting import compare, correct_due
from books.describe import describe
from books.libraries import check_library, root_of
from books.models import Book, Library, ShelfCopy, ShelfServer
from books.moving_in.shelf import read
from books.placing import Track
from books.scanning import scan_now
from books.shelf_servers import add_shelf_server, check_server
from books.source_verbs import check_source
from books.sources import MetadataSource, SourceAnswer
from demo.audiobookshelf.state import HTML, NO_GATEWAY, PLAIN, Answer
from demo.catalogue import books
from downloads.importing import sidecar_for
from downloads.models import Import
from downloads.shelving import shelve_due
from downloads.states import ImportState, State
from downloads.undo import undo
from downloads.undoing import undo_due
from tests.factory import PLAIN as TEMPLATE
from tests.factory import make_download
from tests.fakes.sources import TROUBLES
from tests.security.markers import Secrets
from tests.security.story import Story
from tests.shelves import shown_library

CHAPTER = next(book.files[0] for book in books() if book.title == "Cranford")
NOW = {"failures": 0, "off_until": None, "last_error": ""}


def shelve(story: Story) -> None:
    """A book goes onto the shelf; then the server does what it can do wrong, step by step."""
    connect(story)
    row = place(story)
    for _ in range(2):
        story.attempt("shelve", shelve_due)
    story.attempt("correct", correct_due)
    row.refresh_from_db()
    assert row.state == ImportState.SHELVED, story.told[-3:]
    place(story)  # it waits all the time
    for name, answer in answers(story.secrets).items():
        misbehave(story, name, answer, row)
    take_off(story, row)
    ask_sources(story)


def connect(story: Story) -> None:
    """By an API key and by an older token, at the two paths where the server answers."""
    s, world, add = story.secrets, story.world, reverse("admin:books_shelfserver_add")
    story.post(add, name="keyed", address=world.shelf.url, new_key=s.shelf_key)
    older = f"{world.shelf.url}/audiobookshelf"
    story.post(add, name="older", address=f"{older}?token={s.shelf_token}", new_key=s.shelf_token)
    for wrong in (f"http://ann:{s.shelf_key}@h:1", f"ftp://h/?token={quote(s.shelf_key)}"):
        story.post(add, name="wrong", address=wrong, new_key=s.shelf_key)
        story.attempt("add a server", add_shelf_server, wrong, key=s.shelf_key)
    for server in ShelfServer.objects.all():
        story.press(server, "test")
    ShelfServer.objects.exclude(name="keyed").update(enabled=False)  # the others have been asked
    refused = ShelfServer.objects.get(name="older")
    refused.key = s.shelf_said
    story.attempt("a refused key", check_server, refused)
    keyed = ShelfServer.objects.get(name="keyed")
    library = shown_library(world.shelf, keyed, template=TEMPLATE)
    story.press(library, "test")


def place(story: Story) -> Import:
    """A real chapter, placed as an import does it."""
    library, book = Library.objects.get(name="Audiobooks"), story.wanted("Tale")
    number = f"{story.books:x}".rjust(40, "5")
    row: Import = make_download(book=book, state=State.COMPLETED, hash_v1=number).imports.get()
    folder, size = f"Elizabeth Gaskell/{book.title}", CHAPTER.stat().st_size
    line = {"path": CHAPTER.name, "name": CHAPTER.name, "size": size, "why": ""}
    tracks = [Track(CHAPTER, CHAPTER.name, size)]
    placing.place(root_of(library), folder, str(row.uuid), tracks, sidecar_for(row, library))
    copy = ShelfCopy.objects.create(
        uuid=row.uuid, book=book, library=library, folder=folder, manifest=[line],
        format="m4b", origin="import",
    )  # fmt: skip
    row.move_to(
        ImportState.PLACED, "Placed.", actor="TAME", copy=copy, library=library,
        final_folder=folder, manifest=[line],
    )  # fmt: skip
    return row


# --- What it does wrong ---------------------------------------------------------------------------


def answers(s: Secrets) -> dict[str, Answer]:
    """In the place of every answer."""
    said = f"Bearer {s.shelf_key} of tame, whose token is {s.shelf_forever}; see ?token={s.said}"
    there = f"token={s.shelf_location}&key={quote(s.shelf_key, safe='')}"
    page = f"<html><form action='/in?{there}'><input name='token' value='{s.shelf_forever}'></html>"
    key = f"asked with {s.shelf_key}"
    named = {"id": key, "name": key, "title": key, "version": key, "path": key}
    echo = {name: [named] for name in ("libraries", "tasks", "results", "users")}
    return {
        "401": Answer(401, f"Unauthorized: {said}", kind=PLAIN),
        "403": Answer(403, f"Forbidden: {said}", kind=PLAIN),
        "404": Answer(404, f"Cannot GET /api?{there}", kind=PLAIN),
        "429": Answer(429, {"error": f"Too many requests: {said}"}, {"Retry-After": "600"}),
        "500": Answer(500, f"Error: {said}\n at Server.js:17", kind=PLAIN),
        "502": NO_GATEWAY,
        "page": Answer(200, page, kind=HTML),
        "half": Answer(200, f'{{"user": {{"token": "{s.shelf_forever}"', kind="application/json"),
        "echo": Answer(200, {**echo, "user": named, "serverSettings": named, "total": 1}),
        "to a log-in": Answer(302, "", {"Location": f"/login?{there}"}),
        "to a host": Answer(
            307, "", {"Location": f"http://cdn.example:1/{s.location_path}?{there}"}
        ),
        "hang up": Answer(hang_up=True),
    }


def misbehave(story: Story, name: str, answer: Answer, row: Import) -> None:
    """Whatever TAME asks it for, with a way to go on after each."""
    fake, copies = story.world.shelf, ShelfCopy.objects.filter(made_by=row)
    acts: dict[str, Callable[[Library], object]] = {
        "test the server": lambda _: check_server(ShelfServer.objects.get(name="keyed")),
        "test the library": check_library,
        "shelve": lambda _: shelve_due(),
        "correct": lambda _: correct_due(),
        "scan": scan_now,
        "compare": lambda _: compare(copies.get()),
        "move in": read,
        "search": lambda _: check_source(MetadataSource.objects.get(kind="audiobookshelf")),
    }
    fake.trouble = answer
    library = Library.objects.filter(name="Audiobooks")
    for act, verb in acts.items():
        ShelfServer.objects.update(**NOW)
        copies.update(corrected_at=None, retry_at=None, last_error="")
        before = len(fake.asked)
        story.attempt(f"{act}, {name}", verb, library.get())
        assert len(fake.asked) > before, (act, name, story.told[-1])
    fake.trouble = None


def take_off(story: Story, row: Import) -> None:
    """The server does not let go of the book, then it does."""
    ShelfServer.objects.update(**NOW)
    story.attempt("undo", undo, row, actor="ann")
    for trouble in (answers(story.secrets)["500"], None):
        story.world.shelf.trouble = trouble
        ShelfServer.objects.update(**NOW)
        Import.objects.filter(pk=row.pk).update(retry_at=None)
        story.attempt("undo", undo_due)


# --- Sources --------------------------------------------------------------------------------------


def ask_sources(story: Story) -> None:
    world, s = story.world, story.secrets
    kinds = list(MetadataSource.objects.values_list("kind", flat=True))
    story.post(reverse("admin:sources"), source=kinds)
    MetadataSource.objects.update(address=world.sources.url)
    book = story.wanted("Cranford")
    look_up(story, book, "well")
    for name, page in pages(s).items():
        world.sources.instead = page
        look_up(story, book, name)
    world.sources.instead = None
    change = reverse(
        "admin:books_metadatasource_change",
        args=[MetadataSource.objects.get(kind="audnexus").pk],
    )
    for wrong in (f"{world.sources.url}/?token={s.source_key}", f"http://ann:{s.source_key}@h:1"):
        story.post(change, address=wrong, enabled="on")


def look_up(story: Story, book: Book, name: str) -> None:
    MetadataSource.objects.update(**NOW)
    SourceAnswer.objects.all().delete()
    story.attempt(f"describe, {name}", describe, book)
    for source in MetadataSource.objects.all():
        MetadataSource.objects.update(**NOW)
        story.attempt(f"ask {source}, {name}", check_source, source)
    MetadataSource.objects.update(**NOW)
    story.post(reverse("admin:books_book_find"), text=f"Cranford {name}")


def pages(s: Secrets) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """What a source answers, or somebody in its place."""
    there = f"{s.location_path}?token={s.location}"
    return {
        **{name: TROUBLES[name] for name in ("too many", "not ready", "half")},
        "error": (500, {}, f"Error: GET /search.json?token={s.said} for {s.cookie}".encode()),
        "page": (200, {"Content-Type": "text/html"}, f"<html>passkey={s.page}</html>".encode()),
        "to a host": (302, {"Location": f"http://cdn.example:1/{there}"}, b""),
        "here": (302, {"Location": f"/{there}"}, b""),
    }
