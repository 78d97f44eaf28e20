"""What was edited in Audiobookshelf is noticed at night and told; what was shelved without a server
gets its entry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books.correcting import correct_due
from books.differences import TOUCHED
from books.drift import look_for_edits
from books.models import Book, Library, ShelfCopy
from books.shelf import tag_of
from books.sidecar import SIDECAR
from books.states import CopyState
from demo.audiobookshelf.state import BROKEN
from tests.books.conftest import put_chapters
from tests.factory import make_book
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.people import browser, page_of

pytestmark = pytest.mark.django_db
NONE, ONE = (f"{n} to be compared with Audiobookshelf again." for n in (0, 1))


@pytest.fixture
def unjoined(library: Library, abs_fake: FakeAudiobookshelf, shelf_root: Path) -> ShelfCopy:
    """Shelved while the server was switched off: proved by its files, its sidecar beside it."""
    copy = ShelfCopy.objects.create(
        book=make_book(), library=library, folder="Cranford", origin="import"
    )
    folder = put_chapters(shelf_root, "Cranford")
    (folder / SIDECAR).write_text(json.dumps({"tags": [tag_of(copy)], "title": "Cranford"}))
    copy.move_to(CopyState.PROVED, "By its files.", actor="TAME", proved_at=timezone.now())
    abs_fake.scan()
    return copy


@pytest.fixture
def copy(unjoined: ShelfCopy) -> ShelfCopy:
    look_for_edits()
    correct_due()
    unjoined.refresh_from_db()
    assert unjoined.corrected_at
    return unjoined


def edit(fake: FakeAudiobookshelf, **fields: Any) -> None:
    [entry] = fake.books
    entry.metadata |= fields
    entry.updated_at += 1000


def test_what_was_shelved_without_the_server_gets_its_entry(
    unjoined: ShelfCopy, abs_fake: FakeAudiobookshelf, shelf_root: Path
) -> None:
    assert correct_due() == "0 fields corrected."
    assert look_for_edits() == ONE
    Book.objects.update(subtitle="Of a small town")
    assert correct_due() == "1 fields corrected."
    unjoined.refresh_from_db()
    assert unjoined.shelf_id == abs_fake.books[0].id
    assert not (shelf_root / "Cranford" / SIDECAR).exists(), "it would undo later edits"


def test_what_a_person_had_in_it_by_then_stays(
    unjoined: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    edit(abs_fake, title="Cranford, as I like it", subtitle="My own")
    abs_fake.books[0].updated_at += 3600_000
    look_for_edits()
    Book.objects.update(subtitle="Of a small town")
    correct_due()
    shown = abs_fake.books[0].metadata
    assert (shown["title"], shown["subtitle"]) == ("Cranford, as I like it", "My own")


def test_the_entry_of_another_copy_is_not_taken(
    unjoined: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    abs_fake.books[0].tags = ["tame:another"]
    assert look_for_edits() == NONE


def test_an_edit_is_told_and_stays(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    edit(abs_fake, title="Cranford, as I like it")
    assert look_for_edits() == ONE
    assert correct_due() == "0 fields corrected."
    copy.refresh_from_db()
    assert copy.written["theirs"] == [["title", "Cranford, as I like it", "Cranford", TOUCHED]]
    assert "as I like it" in browser().get(page_of(copy)).content.decode()
    assert abs_fake.books[0].metadata["title"] == "Cranford, as I like it"
    assert look_for_edits() == NONE, "it is told once"


def test_nothing_is_compared_where_nothing_was_edited(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    before = len(abs_fake.asked)
    assert look_for_edits() == NONE
    assert len(abs_fake.asked) - before == 1
    Book.objects.update(subtitle="Of a small town")
    ShelfCopy.objects.update(corrected_at=None)
    correct_due()
    assert look_for_edits() == NONE, "what TAME wrote itself is no edit"


def test_what_tame_did_not_import_is_not_asked_for(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    ShelfCopy.objects.update(origin="moved in")
    before = len(abs_fake.asked)
    assert look_for_edits() == NONE
    assert len(abs_fake.asked) == before


def test_a_server_that_is_down_is_said(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    abs_fake.trouble = BROKEN
    assert "did not carry the request out" in look_for_edits()
    assert ShelfCopy.objects.get().corrected_at
