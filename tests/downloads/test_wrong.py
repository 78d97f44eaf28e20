"""Wrong book: what is ticked is done, what was done can be taken back, and why is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book
from books.profiles import Profile
from books.states import Wish as BookWish
from downloads.grab import How
from downloads.models import Download, Import
from downloads.next_best import offers
from downloads.shelving import shelve_due
from downloads.states import ImportState, State, Then, Wish
from downloads.undoing import undo_due
from downloads.wrong import right_after_all, wrong_book
from indexers.models import Block, Label, Release, Verdict
from tame.lib.errors import BadInputError, ObstacleError
from tests.commanding import done, run
from tests.downloads.shelved import FILES, Shelved, look, shelved
from tests.factory import make_book, make_download, make_indexer, make_release
from tests.people import bob, browser, button_of, messages, page_of

pytestmark = pytest.mark.django_db
ABRIDGED = Label.Because.ABRIDGED


@pytest.fixture
def release(db: None) -> Release:
    return make_release(make_indexer(), title="Cranford by Elizabeth Gaskell [ENG / MP3]")


@pytest.fixture
def one(tmp_path: Path, release: Release) -> Shelved:
    """On the shelf, from a release that TAME chose; its indexer asks for nothing."""
    how = {"how": How.APPROVED}
    return shelved(tmp_path, release=release, decision=how)


@pytest.fixture
def better(one: Shelved) -> Release:
    title = "Cranford by Elizabeth Gaskell [ENG / M4B]"
    return make_release(make_indexer("Other", "http://127.0.0.1:2/api"),
                        one.book, title=title, info_hash="b" * 40)  # fmt: skip


@pytest.fixture
def waiting(release: Release) -> Import:
    """Complete, and a person has to decide."""
    download = make_download(
        book=make_book(), release=release, title=release.title, state=State.COMPLETED,
        hash_v1="a" * 40,
    )  # fmt: skip
    download.imports.update(state=ImportState.REVIEW, last_error="It lasts 40 min.")
    return download.imports.get()


def torrent() -> tuple[str, object]:
    row = Download.objects.order_by("pk")[0]
    return row.client_wish, row.client_agrees_at


# --- With every tick ------------------------------------------------------------------------------


def test_all_of_it_is_done(one: Shelved, better: Release) -> None:
    Profile.objects.update(approvals=7)
    said = wrong_book(one.now(), actor="ann", because=ABRIDGED)
    assert said.startswith("“Cranford” leaves the shelf")
    assert "is removed from seedbox with its files." in said
    assert torrent() == (Wish.GONE_WITH_FILES, None)
    assert Block.objects.get().reason == "Wrong book (abridged)."
    assert Profile.objects.get().approvals == 0
    undo_due()
    assert one.now().state == ImportState.UNDONE
    assert look(one.trash) == FILES
    assert Download.objects.get(release=better).asked_by == "ann"


def test_why_is_kept_as_a_label(one: Shelved) -> None:
    wrong_book(one.now(), actor="ann", because=ABRIDGED)
    label = Label.objects.get()
    assert (label.right, label.because, label.labelled_by) == (False, "abridged", "ann")
    code, out, _ = run("export_labels")
    line = json.loads(out)
    assert (code, line["is_match"], line["because"], line["title"]) == (
        0,
        0,
        "abridged",
        "Cranford",
    )


def test_a_damaged_one_has_the_right_name(one: Shelved) -> None:
    """The judge must not learn from it that the name was wrong."""
    wrong_book(one.now(), actor="ann", because=Label.Because.DAMAGED)
    assert Label.objects.get().right
    assert Block.objects.exists()


def test_a_torrent_given_by_hand_is_labelled_by_its_name(one: Shelved) -> None:
    Download.objects.update(release=None)
    wrong_book(one.now(), actor="ann", because=ABRIDGED)
    assert Label.objects.get().release_title == one.now().download.title  # type: ignore[union-attr]


def test_a_folder_is_labelled_without_its_path(one: Shelved) -> None:
    Import.objects.update(download=None, source_folder=str(one.seed))
    said = wrong_book(one.now(), actor="ann", because=ABRIDGED)
    assert Label.objects.get().release_title == "Cranford"
    assert f"The folder it came from, {one.seed}, is not touched." in said


def test_a_label_is_judged_again(one: Shelved, tmp_path: Path) -> None:
    wrong_book(one.now(), actor="ann", because=ABRIDGED)
    file = tmp_path / "labels.jsonl"
    file.write_text(run("export_labels")[1])
    code, _, err = run("judge", file)
    assert (code, err) == (0, "")


def test_without_a_reason_nothing_is_done(one: Shelved) -> None:
    for because in ("", "boring"):
        with pytest.raises(BadInputError, match="Say why"):
            wrong_book(one.now(), actor="ann", because=because)
    assert one.now().state == ImportState.SHELVED


# --- What a person unticks ------------------------------------------------------------------------


def test_the_torrent_may_stay(one: Shelved) -> None:
    said = wrong_book(one.now(), actor="ann", because=ABRIDGED, remove_torrent=False)
    assert said.endswith("Its torrent stays in seedbox and seeds on.")
    assert torrent() == (Wish.NONE, None)


def test_the_torrent_s_files_may_stay(one: Shelved) -> None:
    wrong_book(one.now(), actor="ann", because=ABRIDGED, with_files=False)
    assert torrent() == (Wish.GONE, None)


def test_it_may_stay_on_the_shelf(one: Shelved, better: Release) -> None:
    said = wrong_book(one.now(), actor="ann", because=ABRIDGED, off_shelf=False)
    assert "stays on the shelf, so no other release is taken" in said
    undo_due()
    assert (one.now().state, one.shown) == (ImportState.SHELVED, FILES)
    assert not Download.objects.filter(release=better).exists()
    assert Label.objects.exists()


def test_no_other_need_be_taken(one: Shelved, better: Release) -> None:
    wrong_book(one.now(), actor="ann", because=ABRIDGED, next_best=False)
    undo_due()
    assert Book.objects.get(pk=one.book.pk).status == "wanted"
    assert not Download.objects.filter(release=better).exists()


def test_unwanted_it_is_parked_or_it_would_be_searched_again(one: Shelved) -> None:
    wrong_book(one.now(), actor="ann", because=ABRIDGED, want=False, next_best=False)
    undo_due()
    assert Book.objects.get(pk=one.book.pk).status == "parked"
    right_after_all(one.now(), actor="ann")
    assert Book.objects.get(pk=one.book.pk).wish == BookWish.WANTED


def test_what_is_listed_without_its_hash_is_not_taken_again(
    one: Shelved, release: Release, better: Release
) -> None:
    """Many indexers tell no hash: the torrent has one, its listing does not."""
    Release.objects.filter(pk=release.pk).update(seeders=900)
    Verdict.objects.create(book=one.book, release=release)
    assert set(offers(one.book)) == {release, better}
    wrong_book(one.now(), actor="ann", because=ABRIDGED)
    assert list(offers(one.book)) == [better]
    undo_due()
    assert Download.objects.latest("pk").release == better
    assert Block.objects.get().book == one.book


def test_it_need_not_be_blocked(one: Shelved) -> None:
    wrong_book(one.now(), actor="ann", because=ABRIDGED, block=False)
    assert not Block.objects.exists()


# --- The torrent ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "stays"),
    [
        ({"ratio_goal": 1.0, "ratio": 0.4}, True),
        ({"ratio_goal": 1.0, "ratio": 1.1}, False),
        ({"seed_goal": 72 * 60, "seeding_seconds": 3600}, True),
        ({"seed_goal": 72 * 60, "seeding_seconds": 73 * 3600}, False),
        ({"adopted": True}, True),
        ({}, False),
    ],
)
def test_it_is_never_removed_below_its_indexer_s_minimum(
    one: Shelved, columns: dict[str, Any], stays: bool
) -> None:
    Download.objects.update(**columns)
    said = wrong_book(one.now(), actor="ann", because=ABRIDGED)
    assert torrent()[0] == (Wish.NONE if stays else Wish.GONE_WITH_FILES)
    assert ("Its torrent seeds on: its indexer asks for" in said) == (
        stays and "adopted" not in columns
    )


def test_it_stays_while_another_book_comes_by_it(one: Shelved) -> None:
    Import.objects.create(download=one.row.download, book=make_book("Ruth"))
    said = wrong_book(one.now(), actor="ann", because=ABRIDGED)
    assert "Its torrent stays: “Ruth” comes by it, too." in said
    assert torrent() == (Wish.NONE, None)


# --- Not imported yet -----------------------------------------------------------------------------


def test_what_waits_for_a_person_is_not_imported(waiting: Import) -> None:
    better = make_release(
        make_indexer("Other", "http://127.0.0.1:2/api"), waiting.book, info_hash="b" * 40
    )
    said = wrong_book(waiting, actor="ann", because=ABRIDGED)
    assert f"“{better}” of Other is queued instead." in said
    waiting.refresh_from_db()
    assert waiting.state == ImportState.DROPPED
    assert torrent() == (Wish.GONE_WITH_FILES, None)
    assert Download.objects.filter(release=better).exists()
    assert Label.objects.get().because == "abridged"


def test_what_is_still_coming_has_other_buttons(waiting: Import) -> None:
    Download.objects.update(state=State.DOWNLOADING)
    Import.objects.update(state=ImportState.PENDING)
    with pytest.raises(BadInputError, match="is cancelled, or replaced by the next best"):
        wrong_book(Import.objects.get(), actor="ann", because=ABRIDGED)


# --- Taken back -----------------------------------------------------------------------------------


def test_it_was_right_after_all(one: Shelved) -> None:
    wrong_book(one.now(), actor="ann", because=ABRIDGED)
    undo_due()
    right_after_all(one.now(), actor="ann")
    undo_due()
    shelve_due()
    assert (one.now().state, one.shown) == (ImportState.SHELVED, FILES)
    assert not Block.objects.exists()
    assert not Label.objects.exists()
    assert torrent() == (Wish.NONE, None)
    with pytest.raises(BadInputError, match="Nobody has called"):
        right_after_all(one.now(), actor="ann")


def test_a_torrent_that_is_out_already_stays_out(one: Shelved) -> None:
    wrong_book(one.now(), actor="ann", because=ABRIDGED)
    undo_due()
    Download.objects.update(client_agrees_at=timezone.now(), state=State.REMOVED)
    right_after_all(one.now(), actor="ann")
    assert torrent()[0] == Wish.GONE_WITH_FILES


def test_what_stayed_on_the_shelf_counts_as_right_again(one: Shelved) -> None:
    wrong_book(one.now(), actor="ann", because=ABRIDGED, off_shelf=False)
    said = right_after_all(one.now(), actor="ann")
    assert said == "“Cranford” counts as right again."
    assert not Label.objects.exists()


def test_what_was_not_imported_is_imported_after_all(waiting: Import) -> None:
    wrong_book(waiting, actor="ann", because=ABRIDGED, next_best=False)
    waiting.refresh_from_db()
    assert right_after_all(waiting, actor="ann") == "“Cranford” is imported after all."
    assert Import.objects.get(state=ImportState.PENDING).download == waiting.download
    assert torrent() == (Wish.NONE, None)


def test_beside_the_next_best_it_does_not_come_back(waiting: Import) -> None:
    make_release(make_indexer("Other", "http://127.0.0.1:2/api"), waiting.book, info_hash="b" * 40)
    wrong_book(waiting, actor="ann", because=ABRIDGED)
    waiting.refresh_from_db()
    with pytest.raises(ObstacleError, match="comes by another import"):
        right_after_all(waiting, actor="ann")
    assert Label.objects.exists()


# --- Page and command -----------------------------------------------------------------------------


def test_the_page_asks_why_with_everything_ticked(one: Shelved, better: Release) -> None:
    page = browser()
    shown = page.post(button_of(one.book, "wrong")).content.decode()
    for said in ("goes to the trash", "is removed from seedbox with its files", f"{better}",
                 "another narrator", "damaged", "is not taken for"):  # fmt: skip
        assert said in shown
    assert shown.count(" checked") == 6
    answer = page.post(button_of(one.book, "wrong"), {"confirmed": "1"}, follow=True)
    assert "This field is required." in answer.content.decode()
    assert one.now().state == ImportState.SHELVED
    sent = {"confirmed": "1", "because": "narrator", "off_shelf": "on", "want": "on"}
    answer = page.post(button_of(one.book, "wrong"), sent, follow=True)
    assert "leaves the shelf" in messages(answer)[0]
    assert (one.now().then, one.now().decided["because"]) == (Then.WANT, "narrator")
    assert "It was right after all" in page.get(page_of(one.row)).content.decode()


def test_without_the_permission_nobody_is_asked(one: Shelved) -> None:
    page = browser(bob("books.view_book", "downloads.view_import"))
    assert page.post(button_of(one.book, "wrong")).status_code == 403
    assert "Wrong book" not in page.get(page_of(one.book)).content.decode()


def test_the_command_does_it_and_takes_it_back(one: Shelved, better: Release) -> None:
    [row] = done("wrong_book", one.book.pk, "--because", "abridged", "--dry-run")["books"]
    assert "goes to the trash" in row["sentence"]
    assert (one.now().state, Label.objects.exists(), torrent()) == (
        ImportState.SHELVED, False, (Wish.NONE, None),
    )  # fmt: skip
    [row] = done("wrong_book", one.book.pk, "--because", "abridged", "--no-next-best")["books"]
    assert (row["on_shelf"], one.shown) == (False, {})
    [row] = done("wrong_book", one.book.pk, "--take-back")["books"]
    assert row["state"] == "placed"
    assert one.shown == FILES
    code, _, err = run("wrong_book", one.book.pk)
    assert (code, err.startswith("Say why with --because")) == (2, True)
