"""Books are found at the sources by one box, and wanted with one press."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from books.crediting import credit
from books.describe import describe, describe_due
from books.finding import Way, read_box
from books.models import Book, Credit
from books.origins import note_person
from books.sources import MetadataSource
from tame.lib.errors import BadInputError
from tests.commanding import done, run
from tests.factory import make_book, use_sources
from tests.fakes.sources import FakeSources, edition, recording, work
from tests.people import bob, browser, messages, page_of

pytestmark = pytest.mark.django_db
FIND = "/admin/books/book/find/"
ASIN, ISBN = "B002V1A0WE", "9780141439884"
AUDIBLE = f"https://www.audible.com/pd/Cranford-Audiobook/{ASIN}?ref=a_search"
LIBRIVOX = "https://librivox.org/cranford-by-elizabeth-gaskell/"


@pytest.fixture(autouse=True)
def in_a_hurry(settings: Any) -> None:
    settings.HURRY = 1000


@pytest.fixture
def fake() -> Iterator[FakeSources]:
    with FakeSources() as opened:
        opened.works = [work("Cranford", "Elizabeth Gaskell", key="/works/OL1W", _isbn=[ISBN])]
        opened.recordings = [recording("Cranford", "Elizabeth", "Gaskell")]
        opened.editions = {ASIN: edition(ASIN, "Cranford", "Elizabeth Gaskell")}
        use_sources(opened.url, "open_library", "librivox", "audnexus")
        yield opened


def look(text: str, **more: str) -> Any:
    return browser().post(FIND, {"text": text} | more, follow=True)


def seals(answer: Any) -> dict[str, str]:
    """What the buttons send, by source."""
    return {o.kind: found[0][1] for o, found in answer.context["outcomes"] if found}


@pytest.mark.parametrize(
    ("text", "way"),
    [("Cranford", Way.WORDS), (" b002v1a0we ", Way.ASIN), ("978-0-14-143988-4", Way.ISBN),
     (AUDIBLE, Way.LINK), ("1984", Way.WORDS),
     ("ISBN-13: 978-0-14-143988-4", Way.ISBN), ("ISBN 0-14-143988-2", Way.ISBN),
     ("urn:isbn:9780141439884", Way.ISBN), ("ASIN: B002V1A0WE", Way.ASIN),
     (f"Cranford {AUDIBLE}", Way.LINK), ("St. Ives", Way.WORDS), ("Either/Or", Way.WORDS)],
)  # fmt: skip
def test_a_box_takes_words_numbers_and_links(text: str, way: Way) -> None:
    assert read_box(text).way == way


@pytest.mark.parametrize("text", ["", "  ", "x" * 501])
def test_a_box_without_a_question_says_what_it_takes(text: str) -> None:
    with pytest.raises(BadInputError, match="Give words of the title, an ASIN, an ISBN or a link"):
        read_box(text)
    assert "Give words of the title" in look(text).content.decode()


@pytest.mark.parametrize("text", ["9780141439885", "ISBN 978-0-14-143988-5", "0-14-143988-3"])
def test_an_isbn_with_a_slip_in_it_is_said(text: str, fake: FakeSources) -> None:
    assert "is no ISBN: its last digit does not fit the others" in look(text).content.decode()
    assert fake.paths == []


def test_a_look_at_the_page_asks_nobody(fake: FakeSources) -> None:
    assert browser().get(FIND).status_code == 200
    assert fake.paths == []


@pytest.mark.parametrize("text", ["Cranford", "Cranford by Elizabeth Gaskell"])
def test_words_are_asked_of_every_source(fake: FakeSources, text: str) -> None:
    answer = look(text)
    shown = answer.content.decode()
    assert set(seals(answer)) == {"open_library", "librivox"}
    assert "Audnexus knows nothing of it." in shown
    assert "Read by Clare Wille, 7 h 02 min" in shown
    assert not Book.objects.exists()


def test_who_does_not_find_it_says_title_and_author(db: None) -> None:
    use_sources("http://127.0.0.1:1")
    answer = look("Cranford by Elizabeth Gaskell")
    assert "No source may be asked." in answer.content.decode()
    form = browser().get(answer.context["by_hand"]).context["adminform"].form
    assert (form["title"].value(), form["authors"].value()) == ("Cranford", "Elizabeth Gaskell")


def test_a_source_that_knows_nothing_of_a_number_does_not_fill_the_book(fake: FakeSources) -> None:
    assert "Audnexus fills it by itself." in look(ASIN).content.decode()
    shown = look("B000000009").content.decode()
    assert "Audnexus knows nothing of it. Correct title and author" in shown
    assert "fills it by itself" not in shown


def test_a_source_that_is_down_says_so_beside_the_others(fake: FakeSources) -> None:
    MetadataSource.objects.filter(kind="librivox").update(address="http://127.0.0.1:1")
    answer = look("Cranford")
    assert set(seals(answer)) == {"open_library"}
    shown = answer.content.decode()
    assert "LibriVox gave no answer: the connection was refused. Look again later." in shown
    assert "TAME asks again" not in shown


def test_slow_sources_are_waited_for_together(fake: FakeSources) -> None:
    fake.wait = 0.5
    began = monotonic()
    assert set(seals(look("Cranford"))) == {"open_library", "librivox"}
    assert monotonic() - began < 1.4


def test_of_one_that_hangs_the_others_are_shown(fake: FakeSources, settings: Any) -> None:
    settings.SOURCE_TIMEOUT = (0.3, 0.3)
    with FakeSources() as hanging:
        hanging.wait = 2
        MetadataSource.objects.filter(kind="librivox").update(address=hanging.url)
        answer = look("Cranford")
    assert set(seals(answer)) == {"open_library"}
    assert "LibriVox gave no answer: it did not answer in time." in answer.content.decode()
    assert MetadataSource.objects.get(kind="librivox").failures == 1


def test_no_source_keeps_a_person_waiting_by_its_pace(fake: FakeSources, settings: Any) -> None:
    settings.HURRY, settings.SOURCE_SECONDS, settings.SOURCE_TIMEOUT = 1, 2, (0.2, 0.3)
    assert MetadataSource.objects.get(kind="librivox").take_turn() is None
    answer = look("Cranford")
    assert set(seals(answer)) == {"open_library"}
    shown = answer.content.decode()
    assert "LibriVox has not answered within 0 s. Look again later." in shown


def test_one_press_wants_what_was_found(fake: FakeSources) -> None:
    seal = seals(look("Cranford"))["librivox"]
    fake.down()  # what was seen is what is wanted
    answer = look("Cranford", want=seal)
    book = Book.objects.get()
    assert answer.redirect_chain[-1][0] == page_of(book)
    assert messages(answer) == ["“Cranford” is wanted."]
    assert (book.authors, book.expected_seconds, book.link) \
        == ("Elizabeth Gaskell", 25323, LIBRIVOX)  # fmt: skip
    assert book.sources["expected_seconds"]["source"] == "librivox"
    assert LogEntry.objects.get().object_id == str(book.pk)
    assert messages(look("Cranford", want=seal)) == ["“Cranford” is here already."]


def test_a_button_that_was_tampered_with_wants_nothing(fake: FakeSources) -> None:
    assert "look for the book again" in look("Cranford", want="x:y").content.decode()
    assert not Book.objects.exists()


@pytest.mark.parametrize(("text", "kind"), [(ASIN, "audnexus"), (ISBN, "open_library")])
def test_a_number_finds_its_edition(fake: FakeSources, text: str, kind: str) -> None:
    answer = look(text)
    assert set(seals(answer)) == {kind}
    look(text, want=seals(answer)[kind])
    book = Book.objects.get()
    assert text in (book.asin, book.isbn)


def test_only_who_may_add_books_may_look(fake: FakeSources) -> None:
    assert browser(bob("books.view_book")).post(FIND, {"text": "Cranford"}).status_code == 403
    assert fake.paths == []


def test_without_the_answer_nobody_is_asked(fake: FakeSources) -> None:
    MetadataSource.objects.update(answered=False)
    assert "answer the question on the first page" in look("Cranford").content.decode()
    assert fake.paths == []


# --- Links ----------------------------------------------------------------------------------------


def test_a_link_is_wanted_as_it_is_and_filled_later(fake: FakeSources) -> None:
    fake.down()
    MetadataSource.objects.filter(kind="audnexus").update(enabled=False)
    shown = look(AUDIBLE).content.decode()
    assert "<strong>Cranford</strong>, ASIN B002V1A0WE." in shown
    assert "Audnexus would fill it: switch it on under Metadata sources." in shown
    look(AUDIBLE, want_link="yes")
    book = Book.objects.get()
    assert (book.title, book.authors, book.asin) == ("Cranford", "", ASIN)
    assert book.sources["title"]["source"] == "link"
    assert book.next_search_at > timezone.now() + timedelta(hours=23)  # a title alone is too little
    fake.up()
    MetadataSource.objects.update(enabled=True, failures=0, off_until=None)
    assert "1 described" in describe_due()
    book = Book.objects.get()
    assert (book.authors, book.publisher) == ("Elizabeth Gaskell", "Public Domain Audio")
    assert book.next_search_at <= timezone.now()
    assert book.year == 1853  # of Open Library, which was asked once the author was known


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://www.amazon.de/dp/{ASIN}",
        "https://www.amazon.com/Cranford-Elizabeth-Gaskell/dp/0141439882/ref=sr_1_1?qid=1",
        "https://www.goodreads.com/en/book/show/182381",
        "https://openlibrary.org/works/OL1W",
        "https://openlibrary.org/books/OL2M",
        "https://www.gutenberg.org/cache/epub/394/pg394-images.html",
        "https://books.google.com/books?id=nZkNAAAAQAAJ&hl=de",
        LIBRIVOX,
        "978-0-14-143988-4",
        "ISBN 0-14-143988-2",
        ASIN,
    ],
)
def test_whatever_was_pasted_is_filled_by_itself(fake: FakeSources, pasted: str) -> None:
    """Nobody answers while it is wanted; the source that was named then fills it later."""
    fake.works[0] |= {"_id_goodreads": [182381], "_edition_key": ["OL2M"],
                      "_id_project_gutenberg": [394], "_id_google": ["nZkNAAAAQAAJ"]}  # fmt: skip
    fake.down()
    shown = look(pasted).content.decode()
    named = next(n for n in ("Audnexus", "Open Library", "LibriVox") if f" {n} fills it" in shown)
    look(pasted, want_link="yes")
    book = Book.objects.get()
    fake.up()
    MetadataSource.objects.update(failures=0, off_until=None, last_error="")
    Book.objects.update(next_describe_at=timezone.now())
    describe_due()
    book = Book.objects.get()
    assert (book.title, book.authors) == ("Cranford", "Elizabeth Gaskell")
    assert book.sources["title"]["source"] == named.lower().replace(" ", "_")


def test_a_link_without_words_gets_its_title_from_the_source(fake: FakeSources) -> None:
    look(f"https://www.audible.co.uk/pd/{ASIN}", want_link="yes")
    assert Book.objects.get().title == f"Book {ASIN} of audible.co.uk"
    describe_due()
    book = Book.objects.get()
    assert (book.title, book.authors) == ("Cranford", "Elizabeth Gaskell")


def test_a_link_that_no_source_reads_is_filled_once_a_person_corrects_it(fake: FakeSources) -> None:
    answer = look("https://www.storytel.com/de/books/cranford-123456", want_link="yes")
    assert "No source reads pages of storytel.com. Correct title" in messages(answer)[0]
    book = Book.objects.get()
    assert describe(book).changes == []
    credit(book, Credit.Role.AUTHOR, ["Elizabeth Gaskell"])
    note_person(book, ["title", "authors"])
    book.refresh_from_db()
    assert book.next_describe_at
    assert book.next_describe_at <= timezone.now()
    describe_due()
    assert Book.objects.get().year == 1853


def test_the_same_link_is_one_book(fake: FakeSources) -> None:
    for link in (AUDIBLE, AUDIBLE.partition("?")[0], ASIN):
        look(link, want_link="yes")
    assert Book.objects.count() == 1


def test_a_link_with_an_author_is_searched_at_once() -> None:
    look(LIBRIVOX, want_link="yes")
    book = Book.objects.get()
    assert (book.title, book.authors) == ("Cranford", "Elizabeth Gaskell")
    assert book.next_search_at <= timezone.now()


# --- Command --------------------------------------------------------------------------------------


def test_the_command_lists_and_takes(fake: FakeSources) -> None:
    document = done("add_book", "--find", "Cranford")
    assert [one["source"] for one in document["found"]] == ["open_library", "librivox"]
    assert document["sources"][2] == {"source": "audnexus", "books": 0, "error": ""}
    assert not Book.objects.exists()
    dry = done("add_book", "--find", "Cranford", "--take", 2, "--dry-run")
    assert dry["book"]["narrators"] == ["Clare Wille"]
    assert not Book.objects.exists()
    taken = done("add_book", "--find", "Cranford", "--take", 2, "--priority", 3)
    assert (taken["new"], taken["book"]["priority"]) == (True, 3)
    assert run("add_book", "--find", "Cranford", "--take", 9)[0] == 2


@pytest.mark.parametrize("given", [("--asin", ASIN), ("--isbn", ISBN), ("--link", LIBRIVOX)])
def test_the_command_takes_numbers_and_links(fake: FakeSources, given: tuple[str, str]) -> None:
    dry = done("add_book", *given, "--dry-run")
    assert {one["title"] for one in dry["found"]} == {"Cranford"}
    assert not Book.objects.exists()
    document = done("add_book", *given)
    assert document["book"]["title"] == "Cranford"
    assert document["book"]["authors"] == ["Elizabeth Gaskell"]
    assert not done("add_book", *given)["new"]


def test_the_command_s_link_yields_a_book_when_all_is_down(
    fake: FakeSources, settings: Any
) -> None:
    settings.HURRY = 20  # the pause of a source outlasts the command
    fake.down()
    code, out, _ = run("add_book", "--link", AUDIBLE)
    assert code == 0
    assert "“Cranford” is wanted: book" in out
    assert "Audnexus fills it as soon as it answers again. Audnexus gave no answer" in out
    code, _, err = run("add_book", "--find", "Cranford")
    assert code == 3
    assert "left alone until" in err or "gave no answer" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Give a title, or one of --find, --link, --asin and --isbn."),
        (["--asin", ASIN, "--isbn", ISBN], "Give a title, or one of"),
        (["--asin", "B0"], "“B0” is neither an ASIN nor an ISBN."),
        (["--link", "Cranford"], "“Cranford” is no link."),
        (["--link", "https://["], "This link cannot be read"),
    ],
)
def test_the_command_says_what_it_cannot_use(arguments: list[str], sentence: str) -> None:
    code, _, err = run("add_book", *arguments)
    assert code == 2
    assert err.startswith(sentence)
    assert not Book.objects.exists()


def test_a_title_may_come_with_its_link(fake: FakeSources) -> None:
    done("add_book", "Cranford", "--author", "Elizabeth Gaskell", "--link", LIBRIVOX)
    assert Book.objects.get().link == LIBRIVOX
    describe_due()
    assert Book.objects.get().expected_seconds == 25323
    assert make_book("Emma").link == ""
