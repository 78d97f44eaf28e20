"""A book without an author is by whom its own files name, or its import asks."""

from __future__ import annotations

from typing import Any

import pytest

from books.models import Book, Library
from books.origins import note_person, source_of
from downloads.importing import import_due
from downloads.reviewing import try_again
from downloads.states import ImportState
from tests.downloads.conftest import Complete, Files, now, shown
from tests.fakes.sounds import mp3

pytestmark = pytest.mark.django_db
GASKELL = "Elizabeth Gaskell"


@pytest.fixture
def nobody_s(book: Book) -> Book:
    book.set_authors([])
    return book


def files(*tags: dict[str, Any]) -> Files:
    """Of different lengths: they are no copies of each other."""
    return {f"Cranford/{n:02}.mp3": mp3(3 + n, **one) for n, one in enumerate(tags, 1)}


TAGGED = {"album": "Cranford (Unabridged)", "albumartist": "Gaskell, Elizabeth"}


@pytest.mark.parametrize(
    "tags",
    [TAGGED, {"album": "Cranford", "artist": GASKELL, "composer": "Ann Reader"}],
    ids=["album artist", "artist and reader"],
)
def test_the_author_is_whom_all_files_name(
    tags: dict[str, Any], nobody_s: Book, library: Library, complete: Complete
) -> None:
    row = complete(files(tags, tags))
    assert import_due() == "1 imported."
    assert now(row).final_folder == f"{GASKELL}/Cranford"
    known = Book.objects.get()
    assert (known.authors, source_of(known, "authors")) == (GASKELL, "tags")


@pytest.mark.parametrize(
    "tags",
    [
        (TAGGED, TAGGED | {"albumartist": "Jane Austen"}),
        (TAGGED | {"album": "Ruth"}, TAGGED | {"album": "Ruth"}),
        ({"album": "Cranford", "artist": GASKELL}, {"album": "Cranford", "artist": GASKELL}),
    ],
    ids=["two authors", "another title", "perhaps who reads"],
)
def test_what_they_leave_open_is_asked(
    tags: tuple[dict[str, Any], ...], nobody_s: Book, library: Library, complete: Complete
) -> None:
    row = complete(files(*tags))
    import_due()
    assert now(row).state == ImportState.REVIEW
    assert now(row).last_error.startswith("Nobody has said who wrote “Cranford”. Its files say “")
    assert shown(library) == []
    nobody_s.set_authors([GASKELL])
    try_again(now(row), actor="ann")
    assert import_due() == "1 imported."
    assert now(row).final_folder == f"{GASKELL}/Cranford"


def test_what_a_person_left_empty_stays_so(
    nobody_s: Book, library: Library, complete: Complete
) -> None:
    note_person(nobody_s, ["authors"])
    row = complete(files(TAGGED))
    import_due()
    assert now(row).final_folder == "Unknown author/Cranford"
    assert Book.objects.get().authors == ""


def test_a_person_s_author_is_not_changed(book: Book, library: Library, complete: Complete) -> None:
    row = complete(files(TAGGED | {"albumartist": "Jane Austen"}))
    import_due()
    assert now(row).final_folder == f"{GASKELL}/Cranford"
