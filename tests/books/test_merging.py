"""Two rows of one book become one: what goes over, what is refused, and that nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from books import merging as of_books
from books.models import Book, Credit, Library, MoveInLine, Request, Series, SeriesPlace, ShelfCopy
from books.states import CopyState, Wish
from downloads.merging import KINDS, merge, plan
from downloads.models import Import
from downloads.states import ImportState
from indexers import merging as of_indexers
from indexers.labels import labelled, this_is_right
from indexers.models import Block, Search, Verdict
from tame.lib.errors import LostRaceError, ObstacleError
from tests.commanding import done, run
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.people import ann, bob, browser, messages

pytestmark = pytest.mark.django_db


def pair(**columns: Any) -> tuple[Book, Book]:
    """The one that stays, and the one that goes."""
    return make_book(), make_book("Cranford: A Novel", "E. Gaskell", **columns)


def again(book: Book) -> Book:
    return Book.objects.get(pk=book.pk)


def page(keep: Book, gone: Book | None = None) -> str:
    return f"/admin/books/book/{keep.pk}/merge/" + (f"?other={gone.pk}" if gone else "")


# --- What goes over -------------------------------------------------------------------------------


def test_every_row_of_the_other_goes_over() -> None:
    keep, gone = pair()
    library = Library.objects.create(name="Audiobooks", root="/srv/audiobooks")
    copy = ShelfCopy.objects.create(
        book=gone, library=library, folder="Cranford", state=CopyState.PROVED
    )
    Book.objects.filter(pk=gone.pk).update(on_shelf=True)
    download = make_download(make_client(), gone)
    place = SeriesPlace.objects.create(book=gone, series=Series.objects.create(name="Tales"))
    release = make_release(make_indexer(), gone)
    search = Search.objects.create(book=gone, finished_at=timezone.now())
    block = Block.objects.create(info_hash="a" * 40, book=gone, reason="Bad.", blocked_by="ann")
    asked = Request.objects.create(book=gone, person=ann())
    said = merge(keep, gone, actor="ann")
    assert said.startswith(f"“Cranford: A Novel” ({gone.pk}) was merged into “Cranford”")
    assert not Book.objects.filter(pk=gone.pk).exists()
    for row in (copy, download.imports.get(), place, release.verdicts.get(), search, block, asked):
        row.refresh_from_db()
        assert row.book_id == keep.pk, row
    now = again(keep)
    assert (now.on_shelf, now.coming, now.missing) == (True, True, False)
    assert release.verdicts.get().digest == ""


def test_no_kind_of_row_that_points_to_a_book_is_forgotten() -> None:
    """Whoever adds one says what becomes of it in a merge."""
    known = {kind.model for kind in (*of_books.KINDS, *of_indexers.KINDS, *KINDS)} | {Credit}
    pointing = {relation.related_model for relation in Book._meta.related_objects}
    assert pointing <= known


def test_what_the_other_has_too_is_dropped_with_it() -> None:
    keep, gone = pair()
    release = make_release(make_indexer(), keep)
    Verdict.objects.create(book=gone, release=release)
    series = Series.objects.create(name="Tales")
    for book in (keep, gone):
        SeriesPlace.objects.create(book=book, series=series)
        Block.objects.create(info_hash="a" * 40, book=book, reason="Bad.", blocked_by="ann")
        Request.objects.create(book=book, person=ann())
    assert {one.what: one.left for one in plan(keep, gone).moves if one.left} == {
        "people": 1, "places in series": 1, "requests": 1, "verdicts": 1, "blocks": 1,
    }  # fmt: skip
    merge(keep, gone, actor="ann")
    assert keep.verdicts.count() == keep.places.count() == Block.objects.count() == 1


def test_two_spellings_of_an_author_are_not_two_authors() -> None:
    keep, gone = pair()
    merge(keep, gone, actor="ann")
    assert again(keep).authors == "Elizabeth Gaskell"
    nobody = Book.objects.create(title="Ruth")
    merge(nobody, make_book("Ruth"), actor="ann")
    assert again(nobody).authors == "Elizabeth Gaskell"


def test_empty_columns_are_filled_and_others_kept() -> None:
    keep, gone = pair(
        year=1853, asin="B002V1A0WE", priority=5, language="eng", wish=Wish.WANTED,
        sources={"year": {"source": "open_library", "at": "", "locked": False}},
    )  # fmt: skip
    Book.objects.filter(pk=keep.pk).update(language="ger", wish=Wish.PARKED)
    merge(again(keep), gone, actor="ann")
    now = again(keep)
    assert (now.year, now.asin, now.language) == (1853, "B002V1A0WE", "ger")
    assert (now.priority, now.wish) == (5, Wish.WANTED)
    assert now.sources["year"]["source"] == "open_library"


def test_what_was_said_of_a_release_counts_for_the_book_that_stays() -> None:
    keep, gone = pair()
    release = make_release(make_indexer(), gone)
    this_is_right(gone, release, actor="ann")
    merge(keep, gone, actor="ann")
    assert labelled(again(keep), [release]) == {release.title: True}


# --- What is refused ------------------------------------------------------------------------------


def both_on_the_shelf(keep: Book, gone: Book) -> None:
    library = Library.objects.create(name="Audiobooks", root="/srv/audiobooks")
    for book in (keep, gone):
        ShelfCopy.objects.create(book=book, library=library, folder=book.title)


def both_coming(keep: Book, gone: Book) -> None:
    for book in (keep, gone):
        make_download(make_client(f"of {book}"), book)


def searched(keep: Book, gone: Book) -> None:
    Search.objects.create(book=gone)


def imported(keep: Book, gone: Book) -> None:
    make_download(make_client(), gone).imports.update(leased_until=timezone.now() + timedelta(1))


def moved_by_a_worker(keep: Book, gone: Book) -> None:
    library = Library.objects.create(name="Audiobooks", root="/srv/audiobooks")
    ends = timezone.now() + timedelta(1)
    ShelfCopy.objects.create(book=gone, library=library, folder="x", leased_until=ends)


def one_box_set(keep: Book, gone: Book) -> None:
    download = make_download(make_client(), keep)
    library = Library.objects.create(name="Audiobooks", root="/srv/audiobooks")
    shelved = {"state": ImportState.SHELVED, "library": library}
    Import.objects.update(**shelved)
    Import.objects.create(download=download, book=gone, **shelved)


SITUATIONS = [
    (both_on_the_shelf, "Both have a copy in Audiobooks: take one of them off the shelf first."),
    (both_coming, "Both are coming: cancel one of the downloads, or drop its import, first."),
    (searched, "One of them is being searched right now: merge them when that has ended."),
    (imported, "One of them is being imported right now: merge them when that has ended."),
    (moved_by_a_worker, "A copy of one is being worked on right now: merge them when that has"),
    (one_box_set, "delivers both: drop one of its imports first."),
]


@pytest.mark.parametrize(("situation", "sentence"), SITUATIONS)
def test_what_would_break_is_refused_with_a_sentence(situation: Any, sentence: str) -> None:
    keep, gone = pair()
    situation(keep, gone)
    with pytest.raises(ObstacleError) as raised:
        merge(keep, gone, actor="ann")
    assert sentence in str(raised.value)
    assert sentence in browser().get(page(keep, gone)).content.decode()
    code, dry, _ = run("merge_books", keep.pk, gone.pk, "--dry-run")
    assert code == 4
    assert "would be merged" in dry
    assert Book.objects.count() == 2


def test_a_book_is_not_merged_with_itself() -> None:
    keep = make_book()
    with pytest.raises(ObstacleError, match="cannot be merged with itself"):
        merge(keep, keep, actor="ann")
    assert Book.objects.exists()


def test_who_comes_second_finds_it_done() -> None:
    keep, gone = pair()
    merge(keep, again(gone), actor="ann")
    with pytest.raises(LostRaceError, match="was deleted meanwhile"):
        merge(keep, gone, actor="bob")


# --- Page and command -----------------------------------------------------------------------------


def test_the_page_lists_what_is_called_alike_and_shows_both() -> None:
    keep, gone = pair(year=1853)
    make_book("Ruth")
    shown = browser().get(page(keep)).content.decode()
    assert f'<a href="?other={gone.pk}">Cranford: A Novel</a> by E. Gaskell' in shown
    assert "Ruth" not in shown
    both = browser().get(page(keep, gone)).content.decode()
    assert "1853 <small>(taken over)</small>" in both
    assert "The other way round" in both
    answer = browser().post(page(keep), {"other": gone.pk}, follow=True)
    assert "was merged into" in messages(answer)[0]
    assert again(keep).year == 1853


@pytest.mark.parametrize("other", ["", "0", "x", "9" * 30, "²"])
def test_a_book_that_is_not_there_is_no_crash(other: str) -> None:
    keep = make_book()
    assert browser().get(page(keep) + f"?other={other}").status_code == 200
    assert browser().post(page(keep), {"other": other}).status_code == 200


def test_only_who_may_delete_books_merges() -> None:
    keep, gone = pair()
    who = bob("books.view_book", "books.change_book")
    assert browser(who).get(page(keep, gone)).status_code == 403
    assert browser(who).post(page(keep), {"other": gone.pk}).status_code == 403
    assert "Merge" not in browser(User.objects.get(pk=who.pk)).get(
        f"/admin/books/book/{keep.pk}/change/"
    ).content.decode()  # fmt: skip


def test_the_command_merges() -> None:
    keep, gone = pair(year=1853)
    dry = done("merge_books", keep.pk, gone.pk, "--dry-run")
    assert dry["filled"] == ["year"]
    assert Book.objects.count() == 2
    document = done("merge_books", keep.pk, gone.pk)
    assert document["book"]["year"] == 1853
    assert run("merge_books", keep.pk, gone.pk)[0] == 2
    assert not MoveInLine.objects.exists()
