"""Libraries are read again: nothing is called gone that may only be out of sight."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from books.models import Book, Library, MoveIn, ShelfCopy
from books.moving_in import reading, storing
from books.moving_in.again import read_again, read_library, waiting
from books.moving_models import Action
from books.states import CopyState, Wish
from books.want import want_this
from tame.next_step import what_was_added
from tests.books.moving_in import sources
from tests.people import browser, button_of, list_of, messages, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(library: Library) -> Path:
    """Of a library that moved in; its files are old enough."""
    root = Path(library.root)
    age(root)
    run = reading.begin_with_folder(library.root, by="ann")
    reading.read_due()
    storing.confirm(run, actor="ann")
    storing.store_due()
    assert ShelfCopy.objects.count() == 4
    return root


def age(root: Path) -> None:
    for path in root.rglob("*"):
        os.utime(path, (1_600_000_000, 1_600_000_000))


def states() -> dict[str, str]:
    return dict(ShelfCopy.objects.values_list("book__title", "state"))


def test_nothing_new_changes_nothing(root: Path) -> None:
    before = [*ShelfCopy.objects.values(), *Book.objects.values()]
    assert read_again() == "Audiobooks: 0 new, 0 missing, 0 there again, 0 moved."
    assert [*ShelfCopy.objects.values(), *Book.objects.values()] == before
    assert MoveIn.objects.count() == 1


def test_what_was_added_by_hand_waits_for_a_person(root: Path) -> None:
    sources.put(root, "Charles Dickens/Bleak House/1.mp3")
    age(root)
    read_again()
    read_again()
    run = MoveIn.objects.get(by="TAME")
    assert run.lines.get().title == "Bleak House"
    assert [one["added"] for one in waiting()] == [1]
    assert not Book.objects.filter(title="Bleak House").exists()
    assert "A book was added to your libraries by hand" in next_step()
    run.lines.update(action=Action.SKIP)
    storing.confirm(run, actor="ann")
    storing.store_due()
    read_again()
    assert MoveIn.objects.filter(by="TAME").count() == 1  # left out is not asked again


def test_a_library_that_nobody_moved_in_is_no_books_added_by_hand(library: Library) -> None:
    """It stood there before TAME: moving in is offered, and nothing is kept of it."""
    root = Path(library.root)
    age(root)
    assert "4 books stand there that nobody moved in." in read_again()
    assert not MoveIn.objects.exists()
    assert next_step() == (
        "4 books stand in Audiobooks that TAME does not know yet: move in with them."
    )
    start = browser().get(f"{reverse('admin:books_movein_add')}?library={library.pk}")
    assert f'<option value="{library.pk}" selected>Audiobooks' in start.content.decode()
    reading.begin_with_folder(library.root, by="ann")
    reading.read_due()
    assert next_step() == ""
    storing.store_due()
    sources.put(root, "Charles Dickens/Bleak House/1.mp3")
    age(root)
    read_again()
    assert next_step() == "A book was added to your libraries by hand: look it over."


def test_what_comes_into_an_empty_library_was_added_by_hand(library: Library) -> None:
    root = Path(library.root)
    for path in root.iterdir():
        path.rename(root.parent / path.name)
    read_again()
    sources.put(root, "Charles Dickens/Bleak House/1.mp3")
    age(root)
    read_again()
    assert next_step() == "A book was added to your libraries by hand: look it over."


def test_a_part_of_a_library_that_moved_in_is_not_the_whole(library: Library) -> None:
    age(Path(library.root))
    reading.begin_with_folder(f"{library.root}/Jane Austen", by="ann")
    reading.read_due()
    read_again()
    assert Library.objects.get().strangers == 3


def test_a_library_may_take_it_in_by_itself(root: Path) -> None:
    Library.objects.update(takes_in=True)
    sources.put(root, "Charles Dickens/Bleak House/1.mp3", "Loose.mp3")
    age(root)
    read_again()
    storing.store_due()
    assert Book.objects.get(title="Bleak House").on_shelf
    assert MoveIn.objects.get(by="TAME").lines.get(done_at=None).why == "No author is known."


def test_what_is_still_being_copied_is_left_alone(root: Path) -> None:
    sources.put(root, "Charles Dickens/Bleak House/1.mp3")
    read_again()
    assert not MoveIn.objects.filter(by="TAME").exists()


def test_what_is_gone_is_missing_and_wanted_again_only_by_a_person(root: Path) -> None:
    Book.objects.update(wish=Wish.WANTED)
    shutil.rmtree(root / "Jane Austen/Emma")
    read_again()
    assert states()["Emma"] == CopyState.MISSING
    emma = Book.objects.get(title="Emma")
    assert (emma.status, emma.missing) == ("missing", True)
    assert emma not in Book.searchable()
    assert "is not seen there any more" in browser().get(page_of(emma)).content.decode()
    assert "Missing" in browser().get(list_of(Book)).content.decode()
    want_this(emma, actor="ann")
    assert emma in Book.searchable()
    assert states()["Emma"] == CopyState.GONE


def test_a_copy_that_reappears_is_proved_again(root: Path, tmp_path: Path) -> None:
    shutil.move(root / "Jane Austen/Emma", tmp_path / "away")
    read_again()
    shutil.move(tmp_path / "away", root / "Jane Austen/Emma")
    read_again()
    assert states()["Emma"] == CopyState.PROVED
    assert Book.objects.get(title="Emma").status == "available"


def unmount(root: Path) -> None:
    root.rename(root.with_name("away"))


def empty_mount_point(root: Path) -> None:
    root.rename(root.with_name("away"))
    root.mkdir()


def lose_most(root: Path) -> None:
    for folder in ("Jane Austen", "Anthony Trollope", "Elizabeth Gaskell"):
        shutil.rmtree(root / folder)


@pytest.mark.parametrize(
    ("lose", "sentence"),
    [
        (unmount, "TAME sees no folder"),
        (empty_mount_point, "is empty. Is its disk mounted?"),
        (lose_most, "3 of 4 books are gone"),
    ],
)
def test_a_partial_answer_marks_nothing_missing(
    root: Path, lose: Callable[[Path], None], sentence: str
) -> None:
    lose(root)
    assert sentence in read_again()
    assert set(states().values()) == {CopyState.PROVED}
    library = Library.objects.get()
    assert sentence in library.problem
    assert sentence in browser().get(page_of(library)).content.decode()
    assert sentence in next_step()


def next_step() -> str:
    """What the first page says, once clients and indexers need nothing."""
    step = what_was_added()
    return step.sentence if step else ""


def test_a_folder_that_may_not_be_read_marks_nothing_missing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(root / "Jane Austen/Emma")
    listing = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("Elizabeth Gaskell"):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert "TAME may not look into" in read_again()
    assert set(states().values()) == {CopyState.PROVED}


def test_a_file_that_cannot_be_seen_changes_nothing(root: Path) -> None:
    """Half of a listing is no listing: nothing is missing, changed, moved or new by it."""
    before = [*ShelfCopy.objects.values(), *MoveIn.objects.values()]
    (root / "Jane Austen/Emma").rename(root / "Jane Austen/Emma (1815)")
    sources.put(root, "Charles Dickens/Bleak House/1.mp3", "Elizabeth Gaskell/Cranford/CD 3/1.mp3")
    age(root)
    loop = root / "Charles Dickens/Bleak House/2.mp3"
    loop.symlink_to(loop)
    assert f"TAME may not look into {loop}" in read_again()
    assert [*ShelfCopy.objects.values(), *MoveIn.objects.values()] == before
    assert f"TAME may not look into {loop}" in reading.read_run(
        reading.begin_with_folder(library_root(), by="ann")
    )
    loop.unlink()
    assert "1 new, 0 missing, 0 there again, 1 moved" in read_again()


def library_root() -> str:
    return Library.objects.get().root


def test_a_person_may_say_that_they_are_gone(root: Path) -> None:
    lose_most(root)
    read_again()
    library = Library.objects.get()
    said = messages(browser().post(button_of(library, "believe"), follow=True))
    assert said == ["Audiobooks: 0 new, 3 missing, 0 there again, 0 moved."]
    assert list(states().values()).count(CopyState.MISSING) == 3
    assert Library.objects.get().problem == ""


def test_a_folder_that_was_renamed_is_the_same_copy(root: Path) -> None:
    (root / "Jane Austen/Emma/extra.mp3").write_bytes(b"only in this one")
    age(root)
    read_again()
    (root / "Jane Austen/Emma").rename(root / "Jane Austen/Emma (1815)")
    assert "1 moved" in read_again()
    copy = ShelfCopy.objects.get(book__title="Emma")
    assert (copy.state, copy.folder) == (CopyState.PROVED, "Jane Austen/Emma (1815)")
    said = copy.history.values_list("sentence", flat=True)[0]
    assert said == "Somebody moved it from Jane Austen/Emma to Jane Austen/Emma (1815)."
    assert not MoveIn.objects.filter(by="TAME").exists()


def test_a_book_that_another_folder_swallows_still_stands(root: Path) -> None:
    """A loose file beside it makes one book of all that its author wrote, for Audiobookshelf."""
    sources.put(root, "Jane Austen/interview.mp3")
    age(root)
    read_again()
    assert states()["Emma"] == CopyState.PROVED


def test_not_one_byte_changes(root: Path) -> None:
    before = sources.snapshot(root)
    for _ in range(3):
        read_again()
    assert sources.snapshot(root) == before


def test_what_is_on_its_way_to_the_trash_is_no_question(root: Path) -> None:
    copy = ShelfCopy.objects.get(book__title="Emma")
    (root / ".tame/trash").mkdir(parents=True)
    (root / "Jane Austen/Emma").rename(root / f".tame/trash/{copy.uuid}")
    read_library(Library.objects.get())
    assert states()["Emma"] == CopyState.PROVED
