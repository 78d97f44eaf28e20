"""A book is taken off the shelf before its files go, and nobody who listens is disturbed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from books.models import Library, ShelfCopy, ShelfServer
from books.shelf import Listening, has_listener, tag_of, take_off, who_listens
from demo.audiobookshelf.state import BROKEN, FORBIDDEN, UNAUTHORIZED, Answer, Person
from tame.lib.errors import ServiceDownError
from tests.books.conftest import put_chapters
from tests.factory import make_book
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.shelves import shown_library

pytestmark = pytest.mark.django_db
FOLDER = "Elizabeth Gaskell/Cranford"


@pytest.fixture
def library(abs_fake: FakeAudiobookshelf) -> Library:
    """The server calls its folder otherwise."""
    abs_fake.shelf.seen_as = "/books"
    return shown_library(abs_fake)


@pytest.fixture
def copy(library: Library, shelf_root: Path, abs_fake: FakeAudiobookshelf) -> ShelfCopy:
    """On the shelf, with our tag."""
    row = ShelfCopy.objects.create(book=make_book(), library=library, folder=FOLDER)
    folder = put_chapters(shelf_root, FOLDER)
    (folder / "metadata.json").write_text(json.dumps({"tags": [tag_of(row)]}))
    abs_fake.scan()
    row.shelf_id = abs_fake.books[0].id
    row.save()
    return row


def test_it_is_taken_off_and_its_files_stay(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, shelf_root: Path
) -> None:
    assert "off the list of Attic" in take_off(copy)
    assert abs_fake.books == []
    assert len(list((shelf_root / FOLDER).iterdir())) == 3
    assert take_off(copy) == "Attic does not list it."


def test_then_a_new_book_with_its_inode_is_new(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, shelf_root: Path
) -> None:
    take_off(copy)
    new = shelf_root / "Jane Austen" / "Emma"
    new.parent.mkdir()
    (shelf_root / FOLDER).rename(new)  # its files keep their numbers
    (new / "metadata.json").write_text(json.dumps({"title": "Emma"}))
    abs_fake.scan()
    [book] = abs_fake.books
    assert (book.id == copy.shelf_id, book.metadata["title"]) == (False, "Emma")


def test_twins_go_together(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    shelves = abs_fake.shelves
    shelves.add(abs_fake.shelf, shelves.look(abs_fake.shelf)[FOLDER])
    assert len(abs_fake.books) == 2
    take_off(copy)
    assert abs_fake.books == []


def test_without_our_tag_it_is_found_by_its_number(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    abs_fake.books[0].tags = []
    take_off(copy)
    assert abs_fake.books == []


def test_what_stands_elsewhere_is_left_alone(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, shelf_root: Path
) -> None:
    """The person moved it: it is not about our folder any more."""
    moved = shelf_root / "Favourites" / "Cranford"
    moved.parent.mkdir()
    shutil.move(shelf_root / FOLDER, moved)
    abs_fake.scan()
    assert take_off(copy) == "Attic does not list it."
    assert len(abs_fake.books) == 1


@pytest.mark.parametrize("said", [FORBIDDEN, BROKEN, UNAUTHORIZED])
def test_a_server_that_cannot_is_an_outage(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, said: Answer
) -> None:
    abs_fake.trouble = said
    with pytest.raises(ServiceDownError):
        take_off(copy)
    abs_fake.trouble = None
    assert len(abs_fake.books) == 1
    assert ShelfServer.objects.get().last_error


def test_the_permission_to_delete_is_named(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    abs_fake.me.permissions["delete"] = False
    with pytest.raises(ServiceDownError, match="lacks the permission to delete"):
        take_off(copy)


def test_without_a_server_there_is_nothing_to_do(shelf_root: Path) -> None:
    library = Library.objects.create(name="Audiobooks", root=str(shelf_root))
    copy = ShelfCopy.objects.create(book=make_book(), library=library, folder=FOLDER)
    assert take_off(copy) == ""
    assert who_listens(copy) is Listening.NOBODY


@pytest.mark.parametrize(
    ("share", "listening"),
    [(None, Listening.NOBODY), (0.3, Listening.SOMEBODY), (1.0, Listening.NOBODY)],
)
def test_who_listens_is_asked_of_every_user(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, share: float | None, listening: Listening
) -> None:
    heard = {copy.shelf_id: share} if share is not None else {}
    abs_fake.people.append(Person("u2", "ann", listens=heard))
    assert who_listens(copy) is listening


def test_what_is_not_known_counts_as_yes(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    abs_fake.me.type = "user"
    assert who_listens(copy) is Listening.UNKNOWN
    assert has_listener(copy)


# --- Which entry it is ----------------------------------------------------------------------------


@pytest.fixture
def before(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> ShelfCopy:
    """Shelved before there was a server: no entry is known, and none has our tag."""
    ShelfCopy.objects.update(shelf_id="")
    abs_fake.books[0].tags = ["mine"]
    return ShelfCopy.objects.get()


def test_who_listens_to_a_book_from_before_the_server_is_seen(
    before: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    abs_fake.people.append(Person("u2", "ann", listens={abs_fake.books[0].id: 0.3}))
    assert who_listens(before) is Listening.SOMEBODY


def test_a_book_from_before_the_server_is_taken_off(
    before: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    assert "off the list of Attic" in take_off(before)
    assert abs_fake.books == []


def test_who_listens_at_a_new_server_is_seen(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    """It gave every entry another number."""
    abs_fake.shelves.books.clear()
    abs_fake.scan()
    abs_fake.people.append(Person("u2", "ann", listens={abs_fake.books[0].id: 0.3}))
    assert who_listens(copy) is Listening.SOMEBODY


def test_who_listens_to_one_of_two_entries_is_seen(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    shelves = abs_fake.shelves
    shelves.add(abs_fake.shelf, shelves.look(abs_fake.shelf)[FOLDER])
    abs_fake.people.append(Person("u2", "ann", listens={abs_fake.books[1].id: 0.3}))
    assert who_listens(copy) is Listening.SOMEBODY
