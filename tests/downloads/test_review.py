"""What waits for a person says why, what was expected, and has the buttons that resolve it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from books.models import Book, Library
from downloads import reviewing
from downloads.giving import matching
from downloads.grab import deliver
from downloads.importing import import_due
from downloads.models import Import
from downloads.shelving import shelve_due
from downloads.states import Doubt, ImportState, State
from downloads.two_orders import two_orders
from tame.lib.errors import LostRaceError
from tests.commanding import done, run
from tests.downloads.conftest import PARTS, Complete, now, shown
from tests.factory import make_book, make_download
from tests.fakes.sounds import mp3
from tests.people import ann, bob, browser, button_of, list_of, messages, page_of

pytestmark = pytest.mark.django_db
LIST_QUERIES, PAGE_QUERIES = 6, 8


def press(row: Import, verb: str, **asked: Any) -> list[str]:
    sent = {"confirmed": "1", **asked} if asked or verb == "anyway" else {}
    return messages(browser().post(button_of(row, verb), sent, follow=True))


def page(row: Import) -> str:
    return browser().get(page_of(row)).content.decode()


def files_of(row: Import) -> str:
    return reverse("admin:downloads_import_files", args=[row.pk])


@pytest.fixture
def too_short(library: Library, complete: Complete) -> Import:
    row = complete(expected_seconds=9 * 3600)
    import_due()
    return now(row)


@pytest.fixture
def out_of_order(library: Library, complete: Complete) -> Import:
    row = complete({"Cranford/a.mp3": mp3(2, track=2), "Cranford/b.mp3": mp3(3, track=1)})
    import_due()
    return now(row)


# --- Why ------------------------------------------------------------------------------------------


def test_its_page_says_why_and_what_was_expected(too_short: Import) -> None:
    shown_ = page(too_short)
    assert "9 h 00 min were expected: it may be abridged" in shown_
    assert "Cranford by Elizabeth Gaskell" in shown_
    assert f"{too_short.measured['seconds'] // 60} min" in shown_
    assert f"Cranford/{PARTS[0].name}" in shown_
    for button in ("Try again", "Import anyway", "Another book", "These files are", "Do not"):
        assert button in shown_


def test_it_says_what_is_left_out_and_why(library: Library, complete: Complete) -> None:
    row = complete({"Cranford/1.mp3": mp3(3), "Cranford/a.exe": b"MZ"}, expected_seconds=99)
    import_due()
    assert "It is a program." in page(row)


def test_the_list_has_a_tab_of_what_waits(too_short: Import) -> None:
    listed = browser().get(list_of(Import)).content.decode()
    assert "Waits for you <small>1</small>" in listed


# --- Import anyway --------------------------------------------------------------------------------


def test_another_duration_is_imported_anyway(too_short: Import, library: Library) -> None:
    asked = browser().post(button_of(too_short, "anyway")).content.decode()
    assert "9 h 00 min were expected" in asked  # asks once
    assert now(too_short).state == ImportState.REVIEW
    [said] = press(too_short, "anyway")
    assert "is imported next, although: It lasts" in said
    import_due()
    assert now(too_short).state == ImportState.PLACED
    assert now(too_short).overruled == {Doubt.DURATION: "ann"}
    assert any(
        line.actor == "ann" and "imports it anyway. What was in doubt: It lasts" in line.sentence
        for line in too_short.history.all()
    )


@pytest.fixture
def damaged(library: Library, complete: Complete) -> Import:
    cut = {f"Cranford/{n:02}.mp3": mp3(5, album="Cranford", track=n)[:99] for n in (2, 3)}
    row = complete({"Cranford/01.mp3": mp3(2, album="Cranford", track=1), **cut})
    import_due()
    return now(row)


def test_what_cannot_be_played_is_named_and_may_be_overruled(damaged: Import) -> None:
    assert (damaged.state, damaged.doubt) == (ImportState.REVIEW, Doubt.DAMAGED)
    assert damaged.last_error.startswith(
        "2 files cannot be played: they are damaged, or no sound at all. They are "
        "Cranford/02.mp3, Cranford/03.mp3."
    )
    asked = browser().post(button_of(damaged, "anyway")).content.decode()
    assert "2 files cannot be played" in asked


def test_whoever_knows_better_imports_damaged_files_anyway(
    damaged: Import, library: Library
) -> None:
    """By whom is noted; its duration stays unknown, and is nothing to ask about either."""
    Book.objects.update(expected_seconds=9 * 3600)
    [said] = press(damaged, "anyway")
    assert "is imported next, although: 2 files cannot be played" in said
    import_due()
    row = now(damaged)
    assert (row.state, row.overruled) == (ImportState.PLACED, {Doubt.DAMAGED: "ann"})
    assert [path.rpartition("/")[2] for path in shown(library)] == ["01.mp3", "02.mp3", "03.mp3"]
    assert row.copy
    assert row.copy.seconds is None
    assert page(row)
    assert browser().get(page_of(row.copy)).status_code == 200
    shelve_due()
    assert now(row).state == ImportState.SHELVED


def test_a_book_of_one_file_that_cannot_be_played_is_imported_anyway(
    library: Library, complete: Complete
) -> None:
    row = complete({"Cranford/Cranford.m4b": PARTS[0].read_bytes()[:2000]})
    import_due()
    assert "Cranford.m4b cannot be played: it is damaged" in now(row).last_error
    assert run("resolve_imports", "anyway", row.pk)[0] == 0
    import_due()
    assert now(row).state == ImportState.PLACED
    assert [path.rpartition("/")[2] for path in shown(library)] == ["Cranford.m4b"]


def test_two_folders_of_damaged_files_are_not_the_book_twice(
    library: Library, complete: Complete
) -> None:
    row = complete({"Cranford/CD1/01.mp3": b"x" * 999, "Cranford/CD2/02.mp3": b"y" * 100})
    import_due()
    press(now(row), "anyway")
    import_due()
    assert now(row).state == ImportState.PLACED


def test_another_order_is_imported_anyway_by_its_names(
    out_of_order: Import, library: Library
) -> None:
    assert out_of_order.doubt == Doubt.ORDER
    press(out_of_order, "anyway")
    import_due()
    assert [path.rpartition("/")[2] for path in shown(library)] == ["a.mp3", "b.mp3"]


def test_the_two_orders_stand_side_by_side(out_of_order: Import) -> None:
    shown_ = page(out_of_order)
    first = shown_.index('data-label="By the names">a.mp3')
    assert shown_.index('data-label="By the track tags">b.mp3<br>', first) > first
    assert "becomes 001 - b.mp3" in shown_
    assert "Import anyway, by the names" in shown_
    assert "Import anyway, by the track tags" in shown_
    [told] = done("list_imports", "--state", "review")["imports"]
    assert told["orders"] == [
        {"number": 1, "by_names": "a.mp3", "by_tags": "b.mp3"},
        {"number": 2, "by_names": "b.mp3", "by_tags": "a.mp3"},
    ]


def test_files_in_the_same_place_are_not_shown(library: Library, complete: Complete) -> None:
    tracks = {"Cranford/a.mp3": 1, "Cranford/b.mp3": 3, "Cranford/c.mp3": 2}
    row = complete({name: mp3(2 + track, track=track) for name, track in tracks.items()})
    import_due()
    assert [place.differs for place in two_orders(now(row))] == [False, True, True]
    assert page(row).count('data-label="Place"') == 2


def test_another_order_is_imported_by_its_tags(out_of_order: Import, library: Library) -> None:
    asked = browser().post(button_of(out_of_order, "by_tags")).content.decode()
    assert "1. b.mp3 becomes 001 - b.mp3" in asked
    [said] = press(out_of_order, "by_tags", confirmed="1")
    assert said == "“Cranford” is imported next, in the order of the track tags."
    import_due()
    row = now(out_of_order)
    assert (row.state, row.overruled) == (ImportState.PLACED, {Doubt.ORDER: "ann"})
    assert [path.rpartition("/")[2] for path in shown(library)] == ["001 - b.mp3", "002 - a.mp3"]
    assert [line["path"] for line in row.manifest] == ["Cranford/b.mp3", "Cranford/a.mp3"]


def test_an_order_is_chosen_by_command(out_of_order: Import, library: Library) -> None:
    done("resolve_imports", "anyway-by-tags", out_of_order.pk)
    import_due()
    assert [path.rpartition("/")[2] for path in shown(library)] == ["001 - b.mp3", "002 - a.mp3"]


def test_the_order_chosen_last_counts(out_of_order: Import, library: Library) -> None:
    Book.objects.update(expected_seconds=9 * 3600)
    press(out_of_order, "by_tags", confirmed="1")
    import_due()
    assert now(out_of_order).doubt == Doubt.DURATION
    press(out_of_order, "anyway")
    import_due()
    assert shown(library)[0].endswith("001 - b.mp3")


def test_the_order_of_other_files_is_asked_anew(out_of_order: Import, library: Library) -> None:
    Import.objects.update(chosen_order=["Cranford/a.mp3"], overruled={Doubt.ORDER: "ann"})
    done("resolve_imports", "again", out_of_order.pk)
    import_due()
    assert (now(out_of_order).state, now(out_of_order).doubt) == ("review", Doubt.ORDER)


def test_what_is_not_in_doubt_has_no_other_order(too_short: Import) -> None:
    assert "by the track tags" not in page(too_short)
    assert "tell no other order" in press(too_short, "by_tags", confirmed="1")[0]


def test_what_was_overruled_holds_for_nothing_else(out_of_order: Import) -> None:
    Book.objects.update(expected_seconds=9 * 3600)
    press(out_of_order, "anyway")
    import_due()
    row = now(out_of_order)
    assert (row.state, row.doubt) == (ImportState.REVIEW, Doubt.DURATION)
    assert set(row.overruled) == {Doubt.ORDER}


# --- Another book ---------------------------------------------------------------------------------


def test_another_book_is_delivered_then(too_short: Import, library: Library) -> None:
    ruth = make_book("Ruth")
    [said] = press(too_short, "another", book=ruth.pk)
    assert said == "It is imported as “Ruth”. “Cranford” is wanted as before."
    import_due()
    assert shown(library)[0].startswith("Elizabeth Gaskell/Ruth/")
    assert now(too_short).state == ImportState.DROPPED
    assert [book.coming for book in Book.objects.order_by("pk")] == [False, True]


def test_a_book_that_comes_already_is_not_delivered_twice(too_short: Import) -> None:
    ruth = make_book("Ruth")
    make_download(too_short.download.client if too_short.download else None, ruth)
    assert "“Ruth” is coming already" in press(too_short, "another", book=ruth.pk)[0]
    assert now(too_short).state == ImportState.REVIEW


# --- These files are this book --------------------------------------------------------------------


@pytest.fixture
def two_books(library: Library, complete: Complete, book: Book) -> tuple[Import, Import]:
    files = {f"Set/{folder}/{n}.mp3": mp3(2 + n) for folder in ("x", "y") for n in (1, 2)}
    row = complete(files)
    assert row.download
    other = deliver(row.download, make_book("Ruth"), "ann")
    import_due()
    return now(row), now(other)


def test_a_person_says_which_folder_is_which_book(
    two_books: tuple[Import, Import], library: Library
) -> None:
    one, other = two_books
    assert {one.doubt, other.doubt} == {Doubt.FILES}
    assert "Import anyway" not in page(one)
    answer = browser().get(files_of(one))
    numbers = [piece.number for piece in answer.context["pieces"]]
    sent = {"stamp": answer.context["stamp"], f"folder-{numbers[0]}": one.pk}
    sent[f"folder-{numbers[1]}"] = other.pk
    said = messages(browser().post(files_of(one), sent, follow=True))
    assert said == ["2 books are imported next."]
    import_due()
    assert shown(library) == [
        "Elizabeth Gaskell/Cranford/1.mp3", "Elizabeth Gaskell/Cranford/2.mp3",
        "Elizabeth Gaskell/Ruth/1.mp3", "Elizabeth Gaskell/Ruth/2.mp3",
    ]  # fmt: skip
    left = [line["why"] for line in now(one).manifest if line["why"]]
    assert set(left) == {"A person gave it to no book, or to another one."}


def test_a_file_may_be_another_one_s_than_its_folder(
    two_books: tuple[Import, Import], library: Library
) -> None:
    one, _ = two_books
    answer = browser().get(files_of(one))
    first, second = answer.context["pieces"]
    sent = {
        "stamp": answer.context["stamp"],
        f"folder-{first.number}": one.pk,
        f"folder-{second.number}": 0,
        f"file-{second.files[0].number}": one.pk,
    }
    browser().post(files_of(one), sent)
    import_due()
    assert len(shown(library)) == 3


def test_files_are_given_to_all_books_or_to_none(
    two_books: tuple[Import, Import], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two_books
    back = reviewing.back

    def while_bob_drops_the_other(row: Import, *said: Any, **columns: Any) -> None:
        if row.pk == other.pk:
            now(other).move_to(ImportState.DROPPED, "Not wanted.", actor="bob")
        back(row, *said, **columns)

    monkeypatch.setattr(reviewing, "back", while_bob_drops_the_other)
    given = {one.pk: ["Set/x/1.mp3"], other.pk: ["Set/y/1.mp3"]}
    with pytest.raises(LostRaceError):
        reviewing.give_files(one, given, actor="ann")
    assert (now(one).state, now(one).chosen_files) == (ImportState.REVIEW, [])


def test_files_are_given_to_books_by_command(
    two_books: tuple[Import, Import], library: Library
) -> None:
    one, other = two_books
    given = ("--give", f"{one.pk}=x", "--give", f"{other.pk}=Set/y/?.mp3", "--by", "bob")
    told = done("import_downloads", *given, "--dry-run")["imports"]
    assert [row["id"] for row in told] == [one.pk, other.pk]
    assert [line["path"] for line in told[1]["files"] if line["name"]] == [
        "Set/y/1.mp3",
        "Set/y/2.mp3",
    ]
    assert not shown(library)
    told = done("import_downloads", *given)["imports"]
    assert {row["state"] for row in told} == {"shelved"}
    assert now(one).chosen_files == ["Set/x/1.mp3", "Set/x/2.mp3"]
    assert len(shown(library)) == 4
    assert one.history.filter(actor="bob", sentence__contains="files of it are this").exists()


def test_a_file_given_by_command_is_taken_from_the_other_book(
    two_books: tuple[Import, Import], library: Library
) -> None:
    one, other = two_books
    Import.objects.filter(pk=other.pk).update(chosen_files=["Set/x/1.mp3", "Set/y/1.mp3"])
    done("import_downloads", "--give", f"{one.pk}=x")
    assert now(other).chosen_files == ["Set/y/1.mp3"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["{one}=z"], "There is no file of sound “z”"),
        (["{one}=*", "{other}=y"], "was given to “"),
        (["{one}"], "Write “"),
        (["999=x"], "There is no import 999"),
    ],
)
def test_files_that_cannot_be_meant_are_refused(
    given: list[str], said: str, two_books: tuple[Import, Import], library: Library
) -> None:
    one, other = two_books
    words = [word.format(one=one.pk, other=other.pk) for word in given]
    options = [option for word in words for option in ("--give", word)]
    code, out, err = run("import_downloads", *options)
    assert (code, out) == (2, "")
    assert said in err
    assert not any(row.chosen_files for row in Import.objects.all())


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("Cranford [M4B]/1.mp3", 1),
        ("Cranford [M4B]", 2),
        ("CD 1", 1),
        ("CD 1/", 1),
        ("*.mp3", 2),
        ("?.mp3", 1),
    ],
)
def test_files_are_named_as_a_person_types_them(pattern: str, number: int) -> None:
    paths = ["Cranford [M4B]/1.mp3", "Cranford [M4B]/CD 1/2.mp3", "Cranford [M4B]/cover.jpg"]
    assert len(matching([pattern], paths)) == number


def test_files_that_changed_meanwhile_are_shown_again(two_books: tuple[Import, Import]) -> None:
    one, _ = two_books
    answer = browser().post(files_of(one), {"stamp": "old"})
    assert "look at them once more" in messages(answer)[0]
    assert now(one).chosen_files == []


def test_no_file_at_all_is_no_answer(two_books: tuple[Import, Import]) -> None:
    one, _ = two_books
    sent = {"stamp": browser().get(files_of(one)).context["stamp"]}
    assert "Choose for at least one file" in messages(browser().post(files_of(one), sent))[0]


def test_a_further_book_comes_by_the_same_torrent(two_books: tuple[Import, Import]) -> None:
    one, _ = two_books
    wives = make_book("Wives and Daughters")
    answer = browser().post(files_of(one), {"another": "1", "book": wives.pk}, follow=True)
    assert "comes by this torrent, too" in messages(answer)[0]
    assert "Wives and Daughters</option>" in answer.content.decode()
    assert Import.objects.filter(book=wives, download=one.download).exists()


def test_once_it_is_placed_no_file_is_given_away(too_short: Import) -> None:
    press(too_short, "anyway")
    import_due()
    answer = browser().get(files_of(too_short), follow=True)
    assert "“Cranford” waits no longer." in messages(answer)


def test_only_who_may_decide_sees_it(too_short: Import) -> None:
    reader = browser(bob("downloads.view_import"))
    assert reader.get(page_of(too_short)).status_code == 200
    assert "Import anyway" not in reader.get(page_of(too_short)).content.decode()
    assert reader.get(files_of(too_short)).status_code == 403
    assert reader.post(button_of(too_short, "anyway")).status_code == 403


# --- What it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_long_it_is(rows: int) -> None:
    for n in range(rows):
        make_download(book=make_book(f"Tale {n}"), state=State.COMPLETED)
    Import.objects.update(state=ImportState.REVIEW, last_error="It lasts 1 h 00 min.")
    open_page = browser(ann())
    open_page.get(list_of(Import))
    with CaptureQueriesContext(connection) as queries:
        open_page.get(list_of(Import))
    assert len(queries) == LIST_QUERIES


@pytest.mark.parametrize("files", [1, 218])
def test_a_page_costs_the_same_however_many_files_there_are(files: int) -> None:
    download = make_download(book=make_book(), state=State.COMPLETED)
    lines = [{"path": f"B/{n}.mp3", "size": 9, "name": f"{n}.mp3", "why": ""} for n in range(files)]
    Import.objects.update(state=ImportState.REVIEW, last_error="Odd.", manifest=lines)
    open_page = browser(ann())
    open_page.get(page_of(download.imports.get()))
    with CaptureQueriesContext(connection) as queries:
        open_page.get(page_of(download.imports.get()))
    assert len(queries) == PAGE_QUERIES
