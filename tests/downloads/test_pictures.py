"""A book that comes without a cover gets the one that was fetched; no other is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from books.marks import pictures_of
from books.models import Book, Cover, Library, ShelfCopy
from books.placing import Own, Root, Track, place
from books.replacing import replace
from books.trash import put_away, throw_away
from downloads.importing import import_due
from downloads.shelving import shelve_due
from downloads.states import ImportState
from tests.downloads.conftest import Complete, now, real, shown
from tests.fakes.sounds import mp3

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0" + b"j" * 500


@pytest.fixture
def fetched(book: Book) -> None:
    Cover.objects.create(
        book=book, address="https://covers.example/1.jpg", content=JPEG, kind="jpg",
        fetched_at=timezone.now(), next_try_at=None,
    )  # fmt: skip


def folder_of(library: Library) -> Path:
    return Path(library.root) / "Elizabeth Gaskell" / "Cranford"


@pytest.mark.usefixtures("fetched")
def test_a_book_without_a_cover_gets_the_one_that_was_fetched(
    library: Library, complete: Complete
) -> None:
    row = complete()
    assert import_due() == "1 imported."
    assert (folder_of(library) / "cover.jpg").read_bytes() == JPEG
    assert pictures_of(folder_of(library)) == {"cover.jpg": len(JPEG)}
    assert shelve_due() == "1 on the shelf."
    (folder_of(library) / "cover.jpg").write_bytes(JPEG[::-1])  # a person's own
    assert now(row).state == ImportState.SHELVED


@pytest.mark.usefixtures("fetched")
def test_a_cover_that_the_torrent_brings_stays_the_only_one(
    library: Library, complete: Complete
) -> None:
    complete({**real(), "Cranford/folder.png": b"\x89PNG\r\n\x1a\n"})
    import_due()
    assert "Elizabeth Gaskell/Cranford/folder.png" in shown(library)
    assert not (folder_of(library) / "cover.jpg").exists()


@pytest.mark.usefixtures("fetched")
def test_a_cover_within_the_sound_is_one(library: Library, complete: Complete) -> None:
    complete({"Cranford/1.mp3": mp3(3, picture=JPEG)})
    assert import_due() == "1 imported."
    assert shown(library) == ["Elizabeth Gaskell/Cranford/1.mp3"]


def test_without_one_a_book_comes_without(library: Library, complete: Complete) -> None:
    complete()
    Book.objects.update(cover_url="http://127.0.0.1:1/cover.jpg")
    assert import_due() == "1 imported."
    assert not (folder_of(library) / "cover.jpg").exists()
    assert ShelfCopy.objects.exists()


# --- Later ----------------------------------------------------------------------------------------


@pytest.fixture
def placed(tmp_path: Path) -> tuple[Path, list[Track]]:
    root, seed = tmp_path / "library", tmp_path / "1.mp3"
    root.mkdir()
    seed.write_bytes(b"a" * 99)
    tracks = [Track(seed, "1.mp3", 99)]
    place(Root(root), "A/B", "old", tracks, [Own("cover.jpg", JPEG, is_picture=True)])
    return root, tracks


def test_it_is_thrown_away_with_the_copy_unless_somebody_changed_it(
    placed: tuple[Path, list[Track]],
) -> None:
    root, _ = placed
    put_away(root, "A/B", "old")
    assert throw_away(root, "old", {"1.mp3": 99}) == []
    assert not (root / ".tame/trash/old").exists()


def test_what_a_person_put_in_its_place_is_kept(placed: tuple[Path, list[Track]]) -> None:
    root, _ = placed
    (root / "A/B/cover.jpg").write_bytes(b"mine")
    put_away(root, "A/B", "old")
    assert throw_away(root, "old", {"1.mp3": 99}) == ["cover.jpg"]


@pytest.mark.parametrize("content", [JPEG, b"mine"])
def test_a_better_copy_keeps_it(placed: tuple[Path, list[Track]], content: bytes) -> None:
    root, tracks = placed
    (root / "A/B/cover.jpg").write_bytes(content)
    replace(Root(root), "A/B", "new", "old", tracks)
    assert (root / "A/B/cover.jpg").read_bytes() == content
    assert pictures_of(root / "A/B") == ({"cover.jpg": len(JPEG)} if content == JPEG else {})
