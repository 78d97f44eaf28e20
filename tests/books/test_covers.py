"""Covers are fetched by TAME, in advance, and shown from here; nothing waits for one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books.covers import due, fetch_due, picture_in
from books.describe import describe_due
from books.models import Book, Cover, Library, ShelfCopy
from books.origins import note, note_person
from books.sources import MetadataSource
from books.states import CopyState
from tests.factory import make_book, use_sources
from tests.fakes.sources import FakeSources, work
from tests.people import bob, browser, page_of

pytestmark = pytest.mark.django_db
JPEG, PNG = b"\xff\xd8\xff\xe0" + b"j" * 500, b"\x89PNG\r\n\x1a\n" + b"p" * 500
WEBP = b"RIFF\0\0\0\0WEBP" + b"w" * 500
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><title>Just a moment...</title>"
PATH = "/b/id/12345-L.jpg"


@pytest.fixture(autouse=True)
def in_a_hurry(settings: Any) -> None:
    settings.HURRY = 1000


@pytest.fixture
def fake() -> Iterator[FakeSources]:
    with FakeSources() as opened:
        use_sources(opened.url, "open_library")
        opened.pictures = {PATH: JPEG}
        yield opened


@pytest.fixture
def book(fake: FakeSources) -> Book:
    """Of whose cover a source has told."""
    made = make_book(cover_url=f"{fake.url}{PATH}")
    note(made, "cover_url", "open_library")
    made.save()
    return made


def kept(book: Book) -> tuple[bytes, str]:
    row = Cover.objects.get(book=book)
    return bytes(row.content), row.kind


def address_of(book: Book) -> str:
    return page_of(book).replace("/change/", "/cover/")


@pytest.mark.parametrize(
    ("content", "kind"), [(JPEG, "jpg"), (PNG, "png"), (WEBP, "webp")], ids=["jpg", "png", "webp"]
)
def test_a_cover_is_known_by_its_content(
    fake: FakeSources, book: Book, content: bytes, kind: str
) -> None:
    fake.pictures[PATH] = content
    assert fetch_due() == "1 cover fetched."
    assert kept(book) == (content, kind)
    assert fetch_due() == ""
    assert len(fake.paths) == 1
    answer = browser().get(address_of(book))
    assert answer["Content-Type"] == {"jpg": "image/jpeg"}.get(kind, f"image/{kind}")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content == content


@pytest.mark.parametrize(
    "content", [SVG, HTML, b"", b"GIF89a" + b"\0" * 40], ids=["svg", "page", "empty", "gif"]
)
def test_what_is_no_picture_is_not_taken_nor_asked_for_again(
    fake: FakeSources, book: Book, content: bytes
) -> None:
    fake.pictures[PATH] = content
    assert fetch_due() == fetch_due() == ""
    assert len(fake.paths) == 1
    assert "is no JPEG, PNG or WebP picture" in Cover.objects.get().last_error
    assert browser().get(address_of(book)).status_code == 404
    assert "tame-cover" not in browser().get(page_of(book)).content.decode()


def test_a_cover_that_is_too_large_is_left_there(fake: FakeSources, book: Book) -> None:
    fake.pictures[PATH] = JPEG + bytes(4 * 2**20)
    assert fetch_due() == ""
    assert "the answer is larger than 3 MiB" in Cover.objects.get().last_error


def test_a_cover_that_has_moved_is_followed_but_not_into_the_house(
    fake: FakeSources, book: Book
) -> None:
    fake.pictures = {PATH: f"{fake.url}/moved.jpg", "/moved.jpg": JPEG}
    assert fetch_due() == "1 cover fetched."
    with FakeSources() as other:
        other.pictures = {"/secret.jpg": PNG}
        for away in (f"{other.url}/secret.jpg", "file:///etc/passwd", "ftp://x.example/1.jpg"):
            fake.pictures = {PATH: away}
            Cover.objects.update(address="")
            assert fetch_due() == ""
        assert other.paths == []
    assert kept(book) == (JPEG, "jpg")  # the one before stays


def test_an_address_that_a_person_wrote_may_not_lead_into_the_house(fake: FakeSources) -> None:
    book = make_book(cover_url=f"{fake.url}{PATH}")
    note_person(book, ["cover_url"])
    assert fetch_due() == ""
    assert fake.paths == []
    assert "which TAME may not call" in Cover.objects.get().last_error


def test_a_source_that_is_down_is_asked_later_each_time(
    fake: FakeSources, book: Book, settings: Any
) -> None:
    settings.HURRY = 1
    fake.pictures, fake.trouble = {}, "failed"
    waits = []
    for _ in range(3):
        Cover.objects.update(next_try_at=timezone.now())
        fetch_due()
        again = Cover.objects.get().next_try_at
        assert again
        waits.append(round((again - timezone.now()) / timedelta(hours=1)))
    assert waits == [1, 6, 24]
    assert not due().exists()
    fake.pictures, fake.trouble = {PATH: JPEG}, ""
    Cover.objects.update(next_try_at=timezone.now())
    assert fetch_due() == "1 cover fetched."


def test_a_source_that_may_not_be_asked_is_not(fake: FakeSources, book: Book) -> None:
    MetadataSource.objects.update(enabled=False)
    assert fetch_due() == ""
    assert fake.paths == []


def test_another_cover_takes_the_place_of_the_first(fake: FakeSources, book: Book) -> None:
    fetch_due()
    fake.pictures["/other.png"] = PNG
    Book.objects.update(cover_url=f"{fake.url}/other.png")
    assert fetch_due() == "1 cover fetched."
    assert kept(book) == (PNG, "png")


def test_a_described_book_has_its_cover_at_once(fake: FakeSources) -> None:
    fake.works = [work("Cranford", "Elizabeth Gaskell")]
    book = make_book()
    describe_due()
    assert kept(book) == (JPEG, "jpg")


@pytest.mark.parametrize("books", [1, 30])
def test_nothing_to_fetch_costs_one_query(books: int, django_assert_num_queries: Any) -> None:
    for at in range(books):
        make_book(f"Book {at}")
    with django_assert_num_queries(1):
        fetch_due()


# --- On its page ----------------------------------------------------------------------------------


def test_the_page_shows_it_from_here(fake: FakeSources, book: Book) -> None:
    page = browser()
    assert "tame-cover" not in page.get(page_of(book)).content.decode()
    fetch_due()
    shown = page.get(page_of(book)).content.decode()
    assert f'class="tame-cover" src="{address_of(book)}?s' in shown
    assert f'src="{fake.url}' not in shown
    assert browser(bob()).get(address_of(book)).status_code == 403
    assert page.post(address_of(book)).status_code == 405


def test_the_cover_of_its_files_comes_first(fake: FakeSources, book: Book, tmp_path: Path) -> None:
    fetch_due()
    folder = tmp_path / "Cranford"
    folder.mkdir()
    (folder / "back.png").write_bytes(PNG)
    (folder / "Cover.jpeg").write_bytes(WEBP)  # whatever it is called
    library = Library.objects.create(name="Audiobooks", root=str(tmp_path))
    Book.objects.update(on_shelf=True)
    ShelfCopy.objects.create(book=book, library=library, folder="Cranford", state=CopyState.PROVED)
    answer = browser().get(address_of(book))
    assert (answer["Content-Type"], answer.content) == ("image/webp", WEBP)
    (folder / "Cover.jpeg").write_bytes(SVG)
    assert browser().get(address_of(book)).content == JPEG


def test_a_picture_s_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(JPEG)
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "cover.jpg").symlink_to(tmp_path / "secret")
    assert picture_in(folder) is None
    assert picture_in(tmp_path / "gone") is None
