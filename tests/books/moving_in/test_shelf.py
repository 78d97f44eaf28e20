"""An Audiobookshelf library moves in as a person curated it, and is asked twice for 800 books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from books import audiobookshelf
from books.models import Book, Library, MoveIn, ShelfCopy, ShelfServer
from books.moving_in import reading, storing
from books.moving_in.again import read_again
from books.moving_models import Action, Status
from demo.audiobookshelf.documents import minified
from demo.audiobookshelf.kept import Kept
from demo.audiobookshelf.state import Answer
from tests.books.moving_in import sources
from tests.commanding import done, run
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.people import browser, page_of
from tests.shelves import shown_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(library: Library) -> Iterator[FakeAudiobookshelf]:
    """It sees the library's folder as /audiobooks."""
    with FakeAudiobookshelf() as fake:
        fake.add_library(Path(library.root), "Audiobooks", seen_as="/audiobooks")
        fake.scan()
        Library.objects.filter(pk=library.pk).update(**shown_by(fake))
        library.refresh_from_db()
        yield fake


def moved_in(library: Library) -> MoveIn:
    begun = reading.begin_with_shelf(library, by="ann")
    reading.read_due()
    begun.refresh_from_db()
    return begun


def test_what_a_person_curated_there_is_taken_over(
    library: Library, server: FakeAudiobookshelf
) -> None:
    emma = called(server, "Emma")
    emma.metadata |= {"title": "Emma Woodhouse", "series": [("Tales", "3")]}
    begun = moved_in(library)
    storing.confirm(begun, actor="ann")
    storing.store_due()
    copy = ShelfCopy.objects.get(folder="Jane Austen/Emma")
    assert (copy.book.title, str(copy.book.places.get())) == ("Emma Woodhouse", "Tales 3")
    assert (copy.shelf_id, copy.state) == (emma.id, "proved")
    assert ShelfCopy.objects.count() == 3
    loose = begun.lines.get(title__contains="Time Machine")
    assert (loose.action, loose.why) == (Action.UNDECIDED, "No author is known.")
    assert not server.writes


def test_what_is_missing_there_is_not_believed(
    library: Library, server: FakeAudiobookshelf
) -> None:
    for path in (Path(library.root) / "Jane Austen/Emma").iterdir():
        path.unlink()
    server.scan()
    line = moved_in(library).lines.get(title="Emma")
    assert (line.status, line.action) == (Status.KNOWN, Action.SKIP)
    assert line.notes == "Attic misses its files."


def test_a_server_that_is_down_is_asked_again(library: Library, server: FakeAudiobookshelf) -> None:
    server.down()
    begun = moved_in(library)
    assert (begun.read_at, "shelf" in begun.problem) == (None, True)
    assert begun.problem in browser().get(page_of(begun)).content.decode()
    server.up()
    ShelfServer.objects.update(off_until=None, failures=0)
    reading.read_due()
    begun.refresh_from_db()
    assert (begun.lines.count(), begun.problem) == (4, "")


def test_the_command_moves_a_shelf_in(library: Library, server: FakeAudiobookshelf) -> None:
    assert len(done("move_in", "Audiobooks", "--kind", "shelf")["lines"]) == 4
    assert Book.objects.filter(on_shelf=True).count() == 3
    code, _, err = run("move_in", "Nowhere", "--kind", "shelf")
    assert (code, err) == (2, "There is no one library “Nowhere”. Give its number.\n")
    server.down()
    assert run("move_in", "Audiobooks", "--kind", "shelf")[0] == 3


def test_many_books_are_few_requests(library: Library, server: FakeAudiobookshelf) -> None:
    root = Path(library.root)
    for number in range(60):
        sources.put(root, f"Author {number}/Tale {number}/1.mp3")
    server.scan()
    before = len(server.asked)
    assert moved_in(library).lines.count() == 64
    assert len(server.asked) - before == 1


BROKEN = Answer(500, {"error": "x"})
PARTIAL = {
    "an error half-way": [None, BROKEN],
    "a page that is cut": [None, Answer(body='{"results": [')],
    "fewer than it counts": [Answer(body={"results": [], "total": 4})],
    "a page of a proxy": [Answer(body="<html>Sign in</html>", kind="text/html")],
}


@pytest.mark.parametrize("answers", PARTIAL.values(), ids=PARTIAL)
def test_a_partial_list_is_no_list(
    library: Library,
    server: FakeAudiobookshelf,
    answers: list[Answer | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two books to a page; what was read before it broke is not kept, and it is asked again."""
    monkeypatch.setattr(audiobookshelf, "PAGE", 2)
    if answers[0] is None:  # the first page is a true one
        two = [minified(server, book) for book in server.books[:2]]
        answers = [Answer(body={"results": two, "total": 4}), *answers[1:]]
    server.next["/items"] = [one for one in answers if one]
    begun = moved_in(library)
    assert (begun.read_at, begun.lines.count()) == (None, 0)
    assert begun.problem
    ShelfServer.objects.update(off_until=None, failures=0)
    reading.read_due()
    assert begun.lines.count() == 4


def test_an_empty_list_is_a_sentence(library: Library, server: FakeAudiobookshelf) -> None:
    server.next["/items"] = [Answer(body={"results": [], "total": 0})]
    begun = moved_in(library)
    assert begun.problem == "Attic lists no book in this library. Was it scanned?"
    assert not ShelfCopy.objects.exists()


def test_whatever_the_shelf_says_no_copy_is_called_missing(
    library: Library, server: FakeAudiobookshelf
) -> None:
    """Only the disk is believed about that, and only as a whole."""
    storing.confirm(moved_in(library), actor="ann")
    storing.store_due()
    before = list(ShelfCopy.objects.values())
    for answer in (Answer(body={"results": [], "total": 0}), BROKEN):
        server.next["/items"] = [answer]
        moved_in(library)
        read_again()
    assert list(ShelfCopy.objects.values()) == before


def called(server: FakeAudiobookshelf, title: str) -> Kept:
    return next(book for book in server.books if book.path.endswith(title))
