"""A pasted link says something of its book before anybody is asked."""

from __future__ import annotations

import pytest

from books.metadata.links import is_link, read_link
from tame.lib.errors import BadInputError


@pytest.mark.parametrize(
    ("link", "title", "author", "number", "filler"),
    [
        ("https://www.audible.com/pd/Cranford-Audiobook/B002V1A0WE?ref=a_search", "Cranford", "",
         "B002V1A0WE", "audnexus"),
        ("https://www.audible.co.uk/pd/B002V1A0WE", "Book B002V1A0WE of audible.co.uk", "",
         "B002V1A0WE", "audnexus"),
        ("https://www.amazon.de/Cranford/dp/B002V1A0WE/ref=sr_1_1", "Cranford", "",
         "B002V1A0WE", "audnexus"),
        ("https://www.amazon.com/Cranford/dp/0141439882", "Cranford", "", "", "open_library"),
        ("https://openlibrary.org/works/OL1W/Cranford", "Cranford", "", "", "open_library"),
        ("https://openlibrary.org/books/OL7353617M", "Book OL7353617M of openlibrary.org", "", "",
         "open_library"),
        ("https://librivox.org/cranford-by-elizabeth-gaskell/", "Cranford", "Elizabeth Gaskell", "",
         "librivox"),
        ("https://www.goodreads.com/book/show/182381.Cranford", "Cranford", "", "", "open_library"),
        ("https://www.goodreads.com/book/show/1-the-time-machine?x=y", "The Time Machine", "", "",
         "open_library"),
        ("https://archive.org/details/cranford_librivox", "Cranford", "", "", ""),
        ("www.storytel.com/de/books/emma-123456", "Emma", "", "", ""),
        ("https://librivox.org/emma-by-jane-austen-version-2/", "Emma", "Jane Austen", "",
         "librivox"),
        ("https://www.gutenberg.org/ebooks/394", "Book 394 of gutenberg.org", "", "",
         "open_library"),
        ("https://www.gutenberg.org/cache/epub/394/pg394-images.html", "Book 394 of gutenberg.org",
         "", "", "open_library"),
        ("https://www.gutenberg.org/files/394/394-h/394-h.htm", "Book 394 of gutenberg.org", "", "",
         "open_library"),
        ("https://www.goodreads.com/en/book/show/182381", "Book 182381 of goodreads.com", "", "",
         "open_library"),
        ("https://app.thestorygraph.com/books/3b0b4c9e-6f8a-4a8c-9d6f-0a3f9c8e2b1d",
         "Book 3b0b4c9e-6f8a-4a8c-9d6f-0a3f9c8e2b1d of app.thestorygraph.com", "", "", ""),
        ("https://hardcover.app/books/cranford/editions/30401234", "Cranford", "", "", ""),
        ("https://books.google.com/books?id=nZkNAAAAQAAJ&dq=x", "Book nZkNAAAAQAAJ of "
         "books.google.com", "", "", "open_library"),
        ("https://www.google.com/books/edition/Cranford/nZkNAAAAQAAJ?hl=en", "Cranford", "", "",
         ""),
        ("https://books.apple.com/us/audiobook/cranford-unabridged/id1440604932", "Cranford", "",
         "", ""),
        ("https://amzn.to/3xYzAbC", "Book 3xYzAbC of amzn.to", "", "", ""),
        ("goodreads.com/book/show/182381.Cranford", "Cranford", "", "", "open_library"),
        ("Look at <https://librivox.org/emma-by-jane-austen/>.", "Emma", "Jane Austen", "",
         "librivox"),
        ("https://example.org/", "Book of example.org", "", "", ""),
    ],
)  # fmt: skip
def test_a_link_always_yields_a_title(
    link: str, title: str, author: str, number: str, filler: str
) -> None:
    assert is_link(link)
    read = read_link(link)
    assert (read.title, read.author, read.filler) == (title, author, filler)
    assert read.asin == number
    assert read.is_named == (not title.startswith("Book "))


def test_an_isbn_is_found_in_it() -> None:
    assert read_link("https://shop.example/p/9780141439884-cranford").isbn == "9780141439884"
    assert read_link("https://shop.example/p/9780141439885-cranford").isbn == ""


def test_two_books_of_one_page_are_two_links() -> None:
    links = [f"https://books.google.com/books?utm_source=x&id={n}" for n in ("aAbBcC", "dDeEfF")]
    assert [read_link(one).link for one in links] == [
        "https://books.google.com/books?id=aAbBcC", "https://books.google.com/books?id=dDeEfF",
    ]  # fmt: skip


def test_logins_and_queries_are_not_kept() -> None:
    link = read_link("https://ann:rose@shop.example/emma?session=garden").link
    assert link == "https://shop.example/emma"


@pytest.mark.parametrize("text", ["https://", "https://[", "www.", "http://localhost/x"])
def test_what_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match=r"This link .* copy it again from the browser"):
        read_link(text)


@pytest.mark.parametrize("text", ["Cranford", "B002V1A0WE", "978-0-14-143988-4", "Emma: http"])
def test_words_are_no_link(text: str) -> None:
    assert not is_link(text)
