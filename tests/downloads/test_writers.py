"""A book without an author is by whom its own files name, or its import asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books.crediting import credit
from books.models import Author, Book, Credit, Library
from books.origins import note_person, source_of
from downloads.by_hand import import_folder, preview
from downloads.importing import import_due
from downloads.reviewing import try_again
from downloads.states import ImportState
from tests.commanding import done
from tests.downloads.conftest import Complete, Files, now, shown
from tests.fakes.sounds import mp3

pytestmark = pytest.mark.django_db
GASKELL = "Elizabeth Gaskell"


@pytest.fixture
def nobody_s(book: Book) -> Book:
    credit(book, Credit.Role.AUTHOR, [])
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


@pytest.mark.parametrize("known", [[], ["Mrs. Gaskell"]], ids=["new", "called otherwise"])
def test_what_is_shown_before_is_the_folder_that_is_made(
    known: list[str], nobody_s: Book, library: Library, complete: Complete
) -> None:
    """Also where the author of the tags is one whom TAME knows by another name."""
    Author.objects.all().delete()
    for name in known:
        Author.objects.create(name=name, other_names=[GASKELL])
    row = complete(files(TAGGED, TAGGED))
    [told] = done("import_downloads", "--dry-run")["imports"]
    assert Book.objects.get().authors == ""
    assert told["folder"] == f"{(known or [GASKELL])[0]}/Cranford"
    import_due()
    assert now(row).final_folder == told["folder"]


def test_a_folder_by_hand_is_shown_with_the_author_that_its_files_name(
    nobody_s: Book, library: Library, tmp_path: Path
) -> None:
    incoming = tmp_path / "incoming" / "Cranford"
    incoming.mkdir(parents=True)
    for name, content in files(TAGGED, TAGGED).items():
        (incoming / Path(name).name).write_bytes(content)
    shown_before = preview(incoming)
    assert shown_before.plan
    assert shown_before.plan.folder == f"{GASKELL}/Cranford"
    row = import_folder(incoming, nobody_s, actor="ann")
    import_due()
    assert now(row).final_folder == shown_before.plan.folder


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
    credit(nobody_s, Credit.Role.AUTHOR, [GASKELL])
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
