"""Only what differs is corrected, what a person touched stays, and everything can be undone."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books import audiobookshelf, correcting
from books.correcting import compare, correct, correct_due
from books.corrections import Correction
from books.details import identical, known, same
from books.differences import NOT_OURS, TOUCHED, UNDONE, digest_of
from books.models import Author, Book, Credit, Library, SeriesPlace, ShelfCopy, ShelfServer
from books.people import Series
from books.shelf import tag_of
from books.sidecar import SIDECAR, as_sidecar, digest
from books.states import CopyState
from books.taking_back import undo, undo_run
from demo.audiobookshelf.kept import Kept
from demo.audiobookshelf.state import BROKEN, Answer
from downloads.merging import merge
from tame.lib.errors import BadInputError, ObstacleError, ServiceDownError
from tests.books.conftest import put_chapters
from tests.commanding import done, run, run_json
from tests.factory import make_book
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.people import (
    ann,
    bob,
    browser,
    button_of,
    choose,
    filled_in,
    leads_back,
    list_of,
    messages,
    page_of,
)

pytestmark = pytest.mark.django_db
FOLDER = "Elizabeth Gaskell/Cranford"


@pytest.fixture
def copy(library: Library, abs_fake: FakeAudiobookshelf, shelf_root: Path) -> ShelfCopy:
    """Imported and proved; its sidecar told title and author."""
    book = make_book()
    row = ShelfCopy.objects.create(book=book, library=library, folder=FOLDER, origin="import")
    folder = put_chapters(shelf_root, FOLDER)
    (folder / SIDECAR).write_bytes(as_sidecar(known(book), tag_of(row)))
    abs_fake.scan()
    [entry] = abs_fake.books
    found = {"title": "Cranford", "authors": ["Elizabeth Gaskell"], "year": "1853"}
    written = {
        "fields": {"title": "Cranford", "authors": ["Elizabeth Gaskell"]},
        "found": found | {"narrators": ["eSpeak NG"], "series": [], "asin": "", "isbn": "",
                          "subtitle": "", "language": "", "publisher": "", "description": ""},
        "sidecar": digest(folder, tag_of(row)),
    }  # fmt: skip
    row.move_to(
        CopyState.PROVED, "Proved.", actor="TAME", shelf_id=entry.id, proved_at=timezone.now(),
        written=written,
    )  # fmt: skip
    return row


def again(copy: ShelfCopy) -> ShelfCopy:
    return ShelfCopy.objects.select_related("library__server", "book").get(pk=copy.pk)


def know(copy: ShelfCopy, **columns: Any) -> None:
    """TAME learns something of the book."""
    Book.objects.filter(pk=copy.book_id).update(**columns)
    ShelfCopy.objects.update(corrected_at=None)


def entry(fake: FakeAudiobookshelf) -> Kept:
    [only] = fake.books
    return only


def patches(fake: FakeAudiobookshelf) -> list[dict[str, Any]]:
    return [asked.body["metadata"] for asked in fake.calls("PATCH", "/media")]


# --- What is written ------------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["German", "de", "ger", "deu", "de-AT", "DE"])
def test_a_language_is_the_same_however_it_is_called(told: str) -> None:
    assert identical("language", told, "German")
    assert not same("language", told, "Klingon")
    assert identical("language", "Klingon", "klingon")


def test_only_what_differs_is_written(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town", year=1853, asin="B000000001", language="eng")
    series = Series.objects.create(name="Tales")
    SeriesPlace.objects.create(book=copy.book, series=series, position="2")
    assert correct_due() == "4 fields corrected."
    assert patches(abs_fake) == [
        {
            "subtitle": "Of a small town",
            "series": [{"name": "Tales", "sequence": "2"}],
            "language": "English",
            "asin": "B000000001",
        }
    ]
    assert entry(abs_fake).metadata["series"] == [("Tales", "2")]
    assert again(copy).corrected_at
    assert {row.field: row.old for row in Correction.objects.all()} == {
        "subtitle": "", "series": [], "language": "", "asin": "",
    }  # fmt: skip


def test_a_book_that_is_right_gets_no_write(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    assert correct_due() == "0 fields corrected."
    assert abs_fake.writes == []
    before = len(abs_fake.asked)
    assert correct_due() == "0 fields corrected."
    assert len(abs_fake.asked) == before  # and is not asked for again


def test_a_narrator_that_is_only_preferred_is_not_written(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    reader = Author.objects.create(name="Ann Reader")
    Credit.objects.create(book=copy.book, author=reader, role=Credit.Role.NARRATOR)
    correct_due()
    assert abs_fake.writes == []
    know(copy, narrator_required=True)
    correct_due()
    assert entry(abs_fake).metadata["narrators"] == ["Ann Reader"]


def test_a_hostile_description_converges(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, description="A tale. <script>steal()</script>")
    correct_due()
    assert len(patches(abs_fake)) <= correcting.ROUNDS
    row = Correction.objects.get()
    assert row.seen_at
    know(copy)
    correct_due()
    assert len(patches(abs_fake)) <= correcting.ROUNDS


def test_what_does_not_hold_is_said_after_two_rounds(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    know(copy, subtitle="Of a small town")
    abs_fake.next["/media"] = [Answer(body={}), Answer(body={}), Answer(body={})]
    assert correct_due() == "0 fields corrected."
    assert len(patches(abs_fake)) == 2
    assert again(copy).last_error == "Attic did not keep what TAME wrote: subtitle."
    assert not Correction.objects.exists()
    assert again(copy).corrected_at


def test_the_sidecar_goes_and_later_edits_stay(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, shelf_root: Path
) -> None:
    correct_due()
    assert not (shelf_root / FOLDER / SIDECAR).exists()
    entry(abs_fake).metadata["title"] = "Cranford, as I like it"
    time.sleep(0.02)
    file = next((shelf_root / FOLDER).glob("*.m4b"))
    file.with_suffix(".twin").hardlink_to(file)
    file.with_suffix(".twin").unlink()
    abs_fake.scan()
    assert entry(abs_fake).metadata["title"] == "Cranford, as I like it"


def test_a_server_that_keeps_it_beside_the_books_keeps_it(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, shelf_root: Path
) -> None:
    abs_fake.shelves.stores_with_book = True
    correct_due()
    assert (shelf_root / FOLDER / SIDECAR).exists()


def test_a_sidecar_that_somebody_changed_stays(copy: ShelfCopy, shelf_root: Path) -> None:
    path = shelf_root / FOLDER / SIDECAR
    path.write_text(json.dumps({"tags": [tag_of(copy)], "title": "Mine"}))
    correct_due()
    assert path.exists()


# --- What is a person's ---------------------------------------------------------------------------


def test_what_was_changed_after_tame_wrote_it_stays(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    entry(abs_fake).metadata["title"] = "Cranford, as I like it"
    know(copy, subtitle="Of a small town")
    assert correct_due() == "1 fields corrected."
    assert entry(abs_fake).metadata["title"] == "Cranford, as I like it"
    assert again(copy).written["theirs"] == [
        ["title", "Cranford, as I like it", "Cranford", TOUCHED]
    ]
    assert "as I like it" in browser().get(page_of(copy)).content.decode()


def test_a_field_that_tame_never_wrote_and_a_person_filled_stays(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    correct_due()
    entry(abs_fake).metadata["subtitle"] = "My own"
    know(copy, subtitle="Of a small town")
    assert correct_due() == "0 fields corrected."
    assert entry(abs_fake).metadata["subtitle"] == "My own"


def test_what_a_person_emptied_stays_empty(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town")
    correct_due()
    entry(abs_fake).metadata["subtitle"] = None
    know(copy)
    assert correct_due() == "0 fields corrected."
    assert not entry(abs_fake).metadata["subtitle"]


def test_a_book_that_tame_did_not_import_is_not_written(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    ShelfCopy.objects.update(origin="moved in")
    know(copy, subtitle="Of a small town")
    assert correct_due() == "0 fields corrected."
    assert correct(again(copy), actor="TAME") == []
    assert abs_fake.writes == []
    assert [one.held for one in compare(again(copy))] == [NOT_OURS]


def test_confirmed_it_is_written(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    ShelfCopy.objects.update(origin="moved in")
    know(copy, subtitle="Of a small town", publisher="Chapman")
    seen = digest_of(compare(again(copy)))
    done = correct(again(copy), actor="ann", confirmed=seen, only=["subtitle"])
    assert [row.field for row in done] == ["subtitle"]
    assert entry(abs_fake).metadata["subtitle"] == "Of a small town"
    assert not entry(abs_fake).metadata.get("publisher")


def test_what_changed_since_it_was_seen_is_not_written(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    know(copy, subtitle="Of a small town")
    seen = digest_of(compare(again(copy)))
    entry(abs_fake).metadata["subtitle"] = "My own"
    with pytest.raises(ObstacleError, match="was changed meanwhile"):
        correct(again(copy), actor="ann", confirmed=seen)
    assert abs_fake.writes == []


# --- Undo -----------------------------------------------------------------------------------------


def test_one_is_undone_and_stays_so(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town", publisher="Chapman")
    correct_due()
    row = Correction.objects.get(field="subtitle")
    assert undo(row, actor="ann") == "The subtitle of “Cranford” is “” again."
    assert not entry(abs_fake).metadata["subtitle"]
    assert entry(abs_fake).metadata["publisher"] == "Chapman"
    row.refresh_from_db()
    assert (row.undone_by, bool(row.undone_at)) == ("ann", True)
    know(copy)
    assert correct_due() == "0 fields corrected."
    assert [one.held for one in compare(again(copy))] == [UNDONE]
    with pytest.raises(BadInputError, match="undone already"):
        undo(row, actor="ann")


def test_a_whole_run_is_undone(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    before = dict(entry(abs_fake).metadata)
    know(copy, title="Cranford, a Tale", subtitle="Of a small town", publisher="Chapman", year=1854)
    correct_due()
    [run] = set(Correction.objects.values_list("run", flat=True))
    told = undo_run(run, actor="ann")
    assert [is_undone for _, _, is_undone in told] == [True] * 4
    after = entry(abs_fake).metadata
    assert {name: after.get(name) or None for name in before} == {
        name: value or None for name, value in before.items()
    }


def test_what_was_changed_since_is_not_undone(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    know(copy, subtitle="Of a small town")
    correct_due()
    entry(abs_fake).metadata["subtitle"] = "My own"
    with pytest.raises(BadInputError, match="was changed since: it is “My own” now"):
        undo(Correction.objects.get(), actor="ann")
    assert entry(abs_fake).metadata["subtitle"] == "My own"


# --- Crashes and outages --------------------------------------------------------------------------


@pytest.mark.parametrize("has_written", [True, False])
def test_a_killed_worker_leaves_what_can_be_undone(
    copy: ShelfCopy,
    abs_fake: FakeAudiobookshelf,
    monkeypatch: pytest.MonkeyPatch,
    has_written: bool,
) -> None:
    """Killed right before or right after the field was written."""
    know(copy, subtitle="Of a small town")

    class Killed(BaseException):
        pass

    def die(server: Any, number: str, changes: Any) -> bool:
        if has_written:
            real(server, number, changes)
        raise Killed

    real = audiobookshelf.correct
    monkeypatch.setattr(audiobookshelf, "correct", die)
    with pytest.raises(Killed):
        correct(again(copy), actor="TAME")
    monkeypatch.setattr(audiobookshelf, "correct", real)
    ShelfCopy.objects.update(leased_until=None)
    correct_due()
    [row] = Correction.objects.all()
    assert (row.old, row.new, bool(row.seen_at)) == ("", "Of a small town", True)
    undo(row, actor="ann")
    assert not entry(abs_fake).metadata["subtitle"]


def test_a_server_that_is_down_is_waited_for(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town")
    abs_fake.trouble = BROKEN
    assert "did not carry the request out" in correct_due()
    assert (again(copy).corrected_at, again(copy).attempts) == (None, 0)
    before = len(abs_fake.asked)
    assert correct_due() == "0 fields corrected."
    assert len(abs_fake.asked) == before
    abs_fake.trouble = None
    ShelfServer.objects.get().reset()
    assert correct_due() == "1 fields corrected."


def test_without_the_permission_it_is_said(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town")
    abs_fake.me.permissions["update"] = False
    assert "lacks the permission to update" in correct_due()
    with pytest.raises(ServiceDownError):
        correct(again(copy), actor="ann")


def test_an_entry_that_has_gone_is_said(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    abs_fake.shelves.books.clear()
    assert correct_due() == "0 fields corrected."
    assert "does not list “Cranford”" in again(copy).last_error
    assert again(copy).retry_at


def test_requests_for_a_copy_are_few(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town")
    before = len(abs_fake.asked)
    correct_due()
    assert len(abs_fake.asked) - before == 4  # look, write, read back, whose sidecar


# --- Admin ----------------------------------------------------------------------------------------


def compare_page(copy: ShelfCopy, **data: Any) -> Any:
    return browser().post(f"/admin/books/shelfcopy/{copy.pk}/compare/", data, follow=True)


def test_a_person_sees_old_and_new_and_writes_what_is_ticked(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    entry(abs_fake).metadata["title"] = "Cranford, as I like it"
    know(copy, subtitle="Of a small town")
    page = compare_page(copy)
    shown = page.content.decode()
    assert "Cranford, as I like it" in shown
    assert "Of a small town" in shown
    assert TOUCHED.replace("'", "&#x27;") in shown
    assert abs_fake.writes == []
    answer = compare_page(copy, seen=page.context["seen"], field=["title"])
    assert messages(answer) == ["Written to Audiobookshelf: title."]
    assert entry(abs_fake).metadata["title"] == "Cranford"
    assert not entry(abs_fake).metadata.get("subtitle")
    assert Correction.objects.get().by == "ann"


def test_nothing_ticked_writes_nothing(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town")
    page = compare_page(copy)
    assert "No field was ticked" in messages(compare_page(copy, seen=page.context["seen"]))[0]
    assert abs_fake.writes == []


def test_only_who_may_correct_does(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    page = browser(bob("books.view_shelfcopy"))
    url = f"/admin/books/shelfcopy/{copy.pk}/compare/"
    assert leads_back(url, to=page_of(copy))
    assert page.post(url).status_code == 403
    assert "Compare with" not in page.get(page_of(copy)).content.decode()
    assert not abs_fake.calls("GET", "/items/")


def test_undo_is_asked_once(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town", publisher="Chapman")
    correct_due()
    ann()
    row = Correction.objects.get(field="subtitle")
    page = browser()
    asked = page.post(button_of(row, "undo"))
    assert "<h2>subtitle of Cranford</h2>" in asked.content.decode()
    assert entry(abs_fake).metadata["subtitle"] == "Of a small town"
    said = messages(page.post(button_of(row, "undo"), {"confirmed": "1"}, follow=True))
    assert said == ["The subtitle of “Cranford” is “” again."]
    other = Correction.objects.get(field="publisher")
    asked = page.post(button_of(other, "undo_run"))
    assert "1 field was written together" in asked.content.decode()
    page.post(button_of(other, "undo_run"), {"confirmed": "1"})
    assert not entry(abs_fake).metadata["publisher"]


def test_several_are_undone_from_the_list(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town", publisher="Chapman")
    correct_due()
    said = messages(choose("undo", *Correction.objects.all(), confirmed="2"))
    assert said == ["2 undone."]
    assert "Chapman" in browser().get(list_of(Correction)).content.decode()
    assert "Chapman" in browser().get(f"{list_of(Correction)}?undone=yes").content.decode()
    assert "Chapman" not in browser().get(f"{list_of(Correction)}?undone=no").content.decode()


def test_a_book_edited_in_tame_is_compared_again(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    correct_due()
    page = browser()
    page.post(page_of(copy.book), filled_in(page.get(page_of(copy.book)), subtitle="Of a town"))
    assert correct_due() == "1 fields corrected."
    assert entry(abs_fake).metadata["subtitle"] == "Of a town"


# --- Commands -------------------------------------------------------------------------------------


def test_a_command_shows_corrects_and_undoes(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(copy, subtitle="Of a small town", publisher="Chapman")
    told = done("correct_metadata", "--dry-run")["copies"][0]
    assert [one["field"] for one in told["differences"]] == ["subtitle", "publisher"]
    assert abs_fake.writes == []
    told = done("correct_metadata", copy.book_id, "--by", "ann")
    assert [row["field"] for row in told["copies"][0]["corrections"]] == ["subtitle", "publisher"]
    first = told["copies"][0]["corrections"][0]["id"]
    assert done("correct_metadata", "--undo", first, "--dry-run")["corrections"][0]["id"] == first
    assert done("correct_metadata", "--undo", first)["corrections"][0]["undone_at"]
    done("correct_metadata", "--undo-run", told["run"])
    assert not entry(abs_fake).metadata["publisher"]
    assert run("correct_metadata", "--undo-run", told["run"])[0] == 2


def test_a_command_writes_what_was_confirmed(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    ShelfCopy.objects.update(origin="moved in")
    know(copy, subtitle="Of a small town")
    seen = done("correct_metadata", copy.book_id, "--dry-run")["copies"][0]["seen"]
    assert done("correct_metadata", copy.book_id)["copies"][0]["corrections"] == []
    done("correct_metadata", copy.book_id, "--confirm", seen)
    assert entry(abs_fake).metadata["subtitle"] == "Of a small town"


def test_a_dry_run_says_what_would_be(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    entry(abs_fake).metadata["title"] = "Cranford, as I like it"
    know(copy, subtitle="Of a small town")
    out = run("correct_metadata", "--dry-run")[1]
    assert "Cranford: title stays “Cranford, as I like it” (TAME has “Cranford”)" in out
    assert "Cranford: subtitle: “—” → “Of a small town”." in out
    seen = done("correct_metadata", copy.book_id, "--dry-run")["copies"][0]["seen"]
    out = run("correct_metadata", str(copy.book_id), "--confirm", seen, "--dry-run")[1]
    assert "Cranford: title: “Cranford, as I like it” → “Cranford”." in out
    code, told = run_json("correct_metadata", str(copy.book_id), "--confirm", "old", "--dry-run")
    assert (code, "was changed meanwhile" in str(told)) == (4, True)
    assert abs_fake.writes == []


def test_a_dry_run_of_an_undo_says_what_would_stay(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    know(copy, subtitle="Of a small town", publisher="Chapman")
    correct_due()
    entry(abs_fake).metadata["subtitle"] = "My own"
    rows = {row.field: row for row in Correction.objects.all()}
    writes = len(abs_fake.writes)
    out = run("correct_metadata", "--undo", str(rows["publisher"].pk), "--dry-run")[1]
    assert "The publisher of “Cranford” would be “” again." in out
    code, told = run_json("correct_metadata", "--undo-run", rows["subtitle"].run, "--dry-run")
    assert (code, [one["ok"] for one in told["corrections"]]) == (1, [True, False])
    assert "is “My own” now, and stays so" in told["error"]
    code, told = run_json("correct_metadata", "--undo", "999", "--dry-run")
    assert (code, "The page Corrections shows all" in told["error"]) == (2, True)
    assert (len(abs_fake.writes), Correction.objects.filter(undone_at=None).count()) == (writes, 2)


def test_of_two_books_that_became_one_the_shelf_follows(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    correct_due()
    keep = make_book("Cranford, a Tale", subtitle="Of a small town")
    merge(keep, Book.objects.get(pk=copy.book_id), actor="ann")
    correct_due()
    assert entry(abs_fake).metadata["title"] == "Cranford, a Tale"


def test_a_command_asks_for_a_scan(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    assert "scans “Audiobooks” for new books" in str(done("scan_shelf", "--dry-run"))
    assert not abs_fake.calls("POST", "/scan")
    abs_fake.shelves.scan_seconds = 60
    done("scan_shelf", "Audiobooks")
    code, document = run_json("scan_shelf")
    assert (code, len(abs_fake.calls("POST", "/scan"))) == (4, 1)
    assert "is scanning “Audiobooks” already" in str(document)
    code, document = run_json("scan_shelf", "Attics")
    assert (code, document["error"]) == (
        2, "There is no library “Attics”. The page Libraries shows all.",
    )  # fmt: skip
