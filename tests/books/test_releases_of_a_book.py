"""On a book's page a person takes a release against the rules, blocks it, or says what it is."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from books.models import Book, Library, ShelfCopy
from books.profiles import Profile
from downloads.choices import choices, open_books
from downloads.import_models import recompute_coming
from downloads.models import Brakes, Client, Download, Import
from indexers.decide import decide_due
from indexers.labels import as_line, label
from indexers.models import Block, Indexer, Label, Rejection, Release, Verdict
from tests.commanding import done, run
from tests.factory import make_book, make_client, make_indexer, make_release
from tests.indexers.judging import judged
from tests.people import bob, browser, leads_back, messages, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexer(db: None) -> Indexer:
    make_client()
    return make_indexer()


@pytest.fixture
def book(indexer: Indexer) -> Book:
    return make_book()


@pytest.fixture
def right(indexer: Indexer, book: Book) -> Release:
    release = make_release(indexer, book)
    decide_due()
    return release


@pytest.fixture
def abridged(indexer: Indexer, book: Book) -> Release:
    title = "Elizabeth Gaskell - Cranford (Abridged) [MP3 64kbps]"
    release = make_release(indexer, book, title=title)
    decide_due()
    return release


def url(what: str, book: Book, release: Release) -> str:
    return reverse(f"admin:books_book_{what}", args=[book.pk, release.pk])


def shown(book: Book) -> str:
    return browser().get(page_of(book)).content.decode()


def say(word: str, book: Book, release: Release) -> Any:
    return browser().post(url("label", book, release), {"word": word}, follow=True)


def test_each_release_shows_format_and_score_with_its_parts(book: Book, right: Release) -> None:
    page = shown(book)
    assert 'data-label="Format">m4b<' in page
    assert "title 4" in page
    assert "author 3" in page


def test_what_is_not_judged_yet_says_so(book: Book, indexer: Indexer) -> None:
    make_release(indexer, book)
    assert "not judged yet" in shown(book)


def test_a_book_over_a_brake_says_which_and_until_when(book: Book, right: Release) -> None:
    Profile.objects.update(automatic=True)
    for model in (Client, Indexer):
        model.objects.update(last_ok_at=timezone.now())
    assert "by itself. It does so within a minute." in shown(book)
    Brakes.objects.create(pk=1, grabs_a_day=0)
    assert "by itself. 0 of 0 automatic grabs a day are used." in shown(book)


def test_what_is_not_on_the_page_is_said(
    book: Book, right: Release, abridged: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tame.found.MAX_RELEASES", 1)
    assert "1 more</a> were found" in shown(book)


# --- Grab anyway ----------------------------------------------------------------------------------


def test_what_the_rules_reject_is_taken_only_after_a_question(
    book: Book, abridged: Release
) -> None:
    assert "Grab anyway…" in shown(book)
    answer = browser().post(url("grab", book, abridged), follow=True)
    assert "<li>It is abridged.</li>" in answer.content.decode()
    assert not Download.objects.exists()


def test_who_overruled_which_rules_is_kept(book: Book, abridged: Release) -> None:
    browser().post(url("anyway", book, abridged))
    download = Download.objects.get()
    assert download.asked_by == "ann"
    assert download.decision["how"] == "anyway"
    assert download.decision["objections"] == {"abridged": "It is abridged."}
    assert download.decision["overruled"] == ["It is abridged."]
    said = browser().get(page_of(download)).content.decode()
    assert "ann took this for “Cranford”, although: It is abridged." in said
    assert "<dd>reject, with a score of " in said
    assert "<dd>although that stood in the way, by ann</dd>" in said


def test_looking_at_the_question_stores_nothing(book: Book, abridged: Release) -> None:
    """Its seeders went since it was judged: the page says so, and the stored verdict stays."""
    Release.objects.update(seeders=0)
    before = list(Verdict.objects.values()), list(Rejection.objects.values())
    answer = browser().get(url("anyway", book, abridged))
    assert "<li>Nobody seeds it.</li>" in answer.content.decode()
    assert (list(Verdict.objects.values()), list(Rejection.objects.values())) == before


def test_a_release_that_was_not_found_for_the_book_is_asked_about(
    indexer: Indexer, book: Book
) -> None:
    other = make_release(indexer, title="Summary of Cranford by Elizabeth Gaskell")
    assert "about the book" in browser().get(url("anyway", book, other)).content.decode()
    assert not Verdict.objects.exists()


def test_no_room_is_asked_about_too(book: Book, right: Release) -> None:
    Client.objects.update(free_bytes=0, free_seen_at=timezone.now())
    answer = browser().post(url("grab", book, right), follow=True)
    assert "no room for 500.0 MB" in answer.content.decode()
    browser().post(url("anyway", book, right))
    assert Download.objects.count() == 1


def test_the_command_asks_for_anyway(book: Book, abridged: Release) -> None:
    code, _, err = run("grab", book.pk, abridged.pk)
    assert (code, err.strip()) == (4, "It is abridged.")
    assert run("grab", book.pk, abridged.pk, "--anyway")[0] == 0


# --- Block ----------------------------------------------------------------------------------------


def test_a_release_is_blocked_for_this_book(book: Book, right: Release) -> None:
    sent = {"reason": "Half of it is missing.", "days": "30"}
    answer = browser().post(url("block", book, right), sent, follow=True)
    assert messages(answer)[0].startswith(f"“{right}” is blocked for “Cranford” until ")
    block = Block.objects.get()
    assert (block.book, block.blocked_by, block.reason) == (book, "ann", "Half of it is missing.")
    until = f"{timezone.localtime(block.until):%-d %b %Y}"
    assert f"Blocked for this book by ann until {until}: Half of it is missing." in shown(book)
    assert choices(open_books()) == []


def test_a_release_is_blocked_for_every_book(book: Book, right: Release) -> None:
    sent = {"reason": "Noise.", "everywhere": "on"}
    browser().post(url("block", book, right), sent)
    assert (Block.objects.get().book, Block.objects.get().until) == (None, None)


def test_blocked_twice_the_last_word_counts(book: Book, right: Release) -> None:
    for reason in ("Noise.", "Worse than noise."):
        browser().post(url("block", book, right), {"reason": reason})
    assert Block.objects.get().reason == "Worse than noise."


def test_a_block_needs_a_reason(book: Book, right: Release) -> None:
    answer = browser().post(url("block", book, right), {"reason": " "})
    assert "This field is required." in answer.content.decode()
    assert not Block.objects.exists()


def unblock(book: Book, user: Any = None) -> Any:
    where = reverse("admin:books_book_unblock", args=[book.pk, Block.objects.get().pk])
    return browser(user).post(where, follow=True)


@pytest.mark.parametrize(("everywhere", "whose"), [("", "“Cranford”"), ("on", "every book")])
def test_what_is_blocked_is_unblocked_where_it_is_seen(
    book: Book, right: Release, everywhere: str, whose: str
) -> None:
    browser().post(url("block", book, right), {"reason": "Noise.", "everywhere": everywhere})
    page = shown(book)
    assert ">Unblock for every book<" in page if everywhere else ">Unblock<" in page
    assert url("grab", book, right) not in page
    assert messages(unblock(book)) == [f"“{right}” may be taken for {whose} again."]
    assert LogEntry.objects.filter(object_id=book.pk, change_message__contains="again").exists()
    assert url("grab", book, right) in shown(book)
    assert len(choices(open_books())) == 1


def test_unblocked_twice_is_unblocked_once(book: Book, right: Release) -> None:
    browser().post(url("block", book, right), {"reason": "Noise."})
    where = reverse("admin:books_book_unblock", args=[book.pk, Block.objects.get().pk])
    Block.objects.all().delete()
    answer = browser().post(where, follow=True)
    assert messages(answer) == ["It is blocked no longer."]


def test_another_book_s_block_is_not_unblocked_here(book: Book, right: Release) -> None:
    browser().post(url("block", book, right), {"reason": "Noise."})
    unblock(make_book("Ruth"))
    assert Block.objects.exists()


def test_unblocked_it_is_not_called_wrong_any_more(book: Book, right: Release) -> None:
    say("wrong", book, right)
    unblock(book)
    assert not Label.objects.exists()
    assert "a person said" not in shown(book)


def test_whoever_may_not_unblock_sees_no_button(book: Book, right: Release) -> None:
    browser().post(url("block", book, right), {"reason": "Noise."})
    other = bob("books.view_book", "indexers.grab_release")
    assert ">Unblock" not in browser(other).get(page_of(book)).content.decode()
    assert unblock(book, other).status_code == 403
    assert Block.objects.exists()


def test_blocks_in_a_book_s_way_are_listed_and_lifted_by_command(
    book: Book, right: Release, indexer: Indexer
) -> None:
    browser().post(url("block", book, right), {"reason": "Noise."})
    ruth = make_book("Ruth")
    browser().post(url("block", ruth, make_release(indexer, ruth)), {"reason": "Static."})
    [row] = done("list_blocks", "--book", book.pk)["blocks"]
    assert row["reason"] == "Noise."
    assert run("unblock", row["id"])[1] == f"“{right}” may be taken for “Cranford” again.\n"
    assert done("list_blocks", "--book", book.pk)["blocks"] == []
    assert Block.objects.get().reason == "Static."


# --- What is here already -------------------------------------------------------------------------


def grabbed(book: Book, release: Release) -> Import:
    browser().post(url("grab", book, release))
    return Import.objects.get(book=book)


def test_a_release_that_is_coming_says_where_it_is(
    book: Book, right: Release, abridged: Release
) -> None:
    row = grabbed(book, right)
    assert row.download
    page = shown(book)
    where = f'<a href="{page_of(row.download)}">queued</a>'
    assert f"<strong>Coming</strong>: {where}" in page
    assert "Another release can be grabbed once that is cancelled." in page
    for release in (right, abridged):
        assert url("grab", book, release) not in page
        assert url("anyway", book, release) not in page


def test_the_same_torrent_of_another_indexer_is_coming_too(book: Book, right: Release) -> None:
    Release.objects.update(info_hash="a" * 40)
    other = make_indexer("Gutenberg", "http://127.0.0.1:2/api")
    make_release(other, book, info_hash="a" * 40)
    decide_due()
    grabbed(book, right)
    assert shown(book).count("<strong>Coming</strong>") == 2


def test_whoever_sees_no_downloads_gets_no_link(book: Book, right: Release) -> None:
    grabbed(book, right)
    other = browser(bob("books.view_book", "indexers.grab_release"))
    page = other.get(page_of(book)).content.decode()
    assert "<strong>Coming</strong>: queued" in page
    assert "/downloads/download/" not in page


def test_a_release_on_the_shelf_leads_to_its_copy(book: Book, right: Release) -> None:
    row = grabbed(book, right)
    library = Library.objects.create(name="Audiobooks", root="/srv/audiobooks")
    copy = ShelfCopy.objects.create(book=book, library=library, folder="x", state="proved")
    Import.objects.update(state="shelved", copy=copy, library=library)
    recompute_coming(book.pk)
    page = shown(book)
    assert f'<strong>On the shelf</strong>: <a href="{page_of(copy)}">its copy</a>' in page
    assert url("grab", book, right) not in page
    copy.move_to("trashed", "Off.", actor="ann")
    Import.objects.filter(pk=row.pk).update(state="undone")
    page = shown(book)
    assert "Was taken before: " in page
    assert url("grab", book, right) in page


def test_a_book_s_page_asks_as_often_for_thirty_releases(book: Book, indexer: Indexer) -> None:
    counts = []
    for number in (1, 29):
        for n in range(number):
            release = make_release(indexer, book, identity=f"{number}-{n}", info_hash=f"{n:040x}")
            browser().post(url("block", book, release), {"reason": "Noise."})
        page = browser()
        with CaptureQueriesContext(connection) as asked:
            page.get(page_of(book))
        counts.append(len(asked))
    assert counts[1] <= counts[0]


# --- Right or wrong -------------------------------------------------------------------------------


def test_not_this_one_is_never_taken_for_the_book_again(book: Book, right: Release) -> None:
    answer = say("wrong", book, right)
    assert messages(answer) == [f"“{right}” is not “Cranford”: it is not taken for it any more."]
    assert "Not this one, a person said." in shown(book)
    assert choices(open_books()) == []
    assert LogEntry.objects.filter(object_id=book.pk).exists()


def test_this_is_right_takes_it_back(book: Book, right: Release) -> None:
    say("wrong", book, right)
    say("right", book, right)
    assert not Block.objects.exists()
    assert Label.objects.get().right
    assert len(choices(open_books())) == 1


def test_what_is_right_is_passed_over_no_longer(book: Book, right: Release) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    book.verdicts.update(passed_over_until=tomorrow, why="Its link gave no torrent.")
    assert choices(open_books()) == []
    say("right", book, right)
    assert len(choices(open_books())) == 1


def test_what_is_passed_over_may_be_taken_again_at_once(book: Book, right: Release) -> None:
    """A word about its link, none about the book that it is."""
    assert "Pass over no longer" not in shown(book)
    tomorrow = timezone.now() + timedelta(days=1)
    book.verdicts.update(passed_over_until=tomorrow, why="Its link gave no torrent.")
    assert "Pass over no longer" in shown(book)
    say("again", book, right)
    assert len(choices(open_books())) == 1
    assert not Label.objects.exists()


def test_a_block_of_another_kind_stays(book: Book, right: Release) -> None:
    browser().post(url("block", book, right), {"reason": "Noise."})
    say("right", book, right)
    assert Block.objects.get().reason == "Noise."


def test_labels_are_lines_that_are_judged_again(book: Book, right: Release) -> None:
    label(book, right, right=True, actor="ann")
    line = as_line(Label.objects.get())
    assert (line["is_match"], line["author"]) == (1, ["Elizabeth Gaskell"])
    assert judged(line).outcome == "take"


def test_labels_are_exported(book: Book, right: Release, abridged: Release, tmp_path: Any) -> None:
    label(book, right, right=True, actor="ann")
    label(book, abridged, right=False, actor="ann")
    code, out, _ = run("export_labels")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["is_match"] for line in lines] == [1, 0]
    file = tmp_path / "labels.jsonl"
    file.write_text(out)
    code, out, _ = run("judge", file, "--json")
    assert [json.loads(line)["decision"] for line in out.splitlines()] == ["take", "reject"]


def test_the_last_word_counts_also_when_more_is_known_of_the_book(
    book: Book, right: Release
) -> None:
    say("wrong", book, right)
    Book.objects.update(language="eng")
    unblock(book)
    assert not Label.objects.exists()
    say("wrong", book, right)
    Book.objects.update(language="ger")
    say("right", book, right)
    assert Label.objects.get().right


def test_a_word_is_about_one_book_of_that_title(book: Book, right: Release) -> None:
    other = make_book("Cranford", "Jane Austen")
    other.verdicts.create(release=right)
    say("wrong", book, right)
    assert "Not this one, a person said." in shown(book)
    assert "Not this one, a person said." not in shown(other)


def test_a_label_outlives_book_and_release(book: Book, right: Release) -> None:
    label(book, right, right=False, actor="ann")
    Release.objects.all().delete()
    Book.objects.all().delete()
    assert str(Label.objects.get()) == f"wrong: {right.title}"


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "permission"),
    [
        ("grab", "indexers.grab_release"),
        ("anyway", "indexers.grab_release"),
        ("block", "indexers.add_block"),
        ("label", "indexers.label_release"),
    ],
)
def test_each_needs_its_permission(what: str, permission: str, book: Book, right: Release) -> None:
    others = {"indexers.grab_release", "indexers.add_block", "indexers.label_release"}
    page = browser(bob("books.view_book", *(others - {permission})))
    sent = {"word": "wrong", "reason": "Noise."}
    assert page.post(url(what, book, right), sent).status_code == 403
    assert not any(model.objects.exists() for model in (Download, Block, Label))


def test_no_word_is_said_by_get(book: Book, right: Release) -> None:
    for what in ("grab", "label"):
        assert leads_back(url(what, book, right), to=page_of(book))
    assert browser().get(url("block", book, right)).status_code == 200
    assert not Block.objects.exists()
