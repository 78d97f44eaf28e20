"""Every source is read for what it says, and a bad file is a sentence."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from books.moving_in import goodreads, lazylibrarian, readarr, table
from books.moving_in.found import Found
from books.moving_in.reading import read_file
from books.moving_models import Kind, Status
from tame.lib.errors import BadInputError
from tests.books.moving_in import sources


def by_title(found: list[Found]) -> dict[str, Found]:
    return {one.title: one for one in found}


def test_readarr_tells_what_is_monitored_and_what_is_there(tmp_path: Path) -> None:
    files = [(21, "/books/Trollope/Towers/01.mp3"), (21, "/books/Trollope/Towers/02.mp3"),
             (31, "/books/Trollope/Thorne.epub")]  # fmt: skip
    found = by_title(readarr.read(sources.readarr(tmp_path / "readarr.db", files)))
    warden, towers = found["The Warden"], found["Barchester Towers"]
    assert (warden.status, towers.status) == (Status.WISHED, Status.HAD)
    assert towers.elsewhere == "/books/Trollope/Towers"
    assert (warden.authors, warden.series, warden.position) == (
        ("Anthony Trollope",), "Barsetshire", "1",
    )  # fmt: skip
    assert (warden.year, warden.asin, warden.isbn, warden.language) == (
        1855, "B002V0PWCM", "", "eng",
    )  # fmt: skip
    assert found["Doctor Thorne"].status == Status.KNOWN  # an e-book is no audiobook
    assert found["Emma"].status == Status.KNOWN  # its author is not monitored


@pytest.mark.parametrize("made", [sources.lazylibrarian, sources.lazylibrarian_now])
def test_lazylibrarian_tells_of_its_audiobooks(
    tmp_path: Path, made: Callable[[Path], Path]
) -> None:
    """Also where a book has several authors, as newer ones keep it."""
    found = by_title(lazylibrarian.read(made(tmp_path / "ll.db")))
    assert {one.authors for one in found.values()} == {("Charles Dickens",)}
    if made is sources.lazylibrarian_now:
        assert found["Bleak House"].narrators == ("Mil Nicholson",)
        assert found["Bleak House"].notes == ("With Hablot Browne.",)
    bleak, hard = found["Bleak House"], found["Hard Times"]
    assert (bleak.status, bleak.isbn, bleak.series, bleak.position) == (
        Status.WISHED, "9780141439723", "Novels in parts", "9",
    )  # fmt: skip
    assert (hard.status, hard.subtitle, hard.year) == (Status.HAD, "For These Times", 1854)
    assert hard.elsewhere == "/audio/Dickens/Hard Times"
    assert found["Little Dorrit"].status == Status.KNOWN  # wanted as an e-book only


def test_goodreads_tells_what_is_to_be_read() -> None:
    warden, middlemarch = goodreads.read(sources.GOODREADS.encode("utf-8-sig"))
    assert (warden.title, warden.series, warden.position, warden.year, warden.isbn) == (
        "The Warden", "Chronicles of Barsetshire", "1", 1855, "9780140432145",
    )  # fmt: skip
    assert (warden.status, middlemarch.status) == (Status.WISHED, Status.KNOWN)
    assert (middlemarch.subtitle, middlemarch.isbn) == ("A Study of Provincial Life", "")
    assert middlemarch.notes == ("It is on the shelf “read”.",)


@pytest.mark.parametrize(
    "content",
    [
        "Title,Author,Series,Number,Year\nEmma,Jane Austen,,,1815\n",
        "title;author;volume;year\r\nEmma;Austen, Jane;;1815\r\n",
        "Book title\tAuthors\tYear published\nEmma\tJane Austen\t1815-12-23\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_however_it_was_written(content: str, encoding: str) -> None:
    [emma] = table.read(content.encode(encoding))
    assert (emma.title, emma.authors, emma.year) == ("Emma", ("Jane Austen",), 1815)
    assert emma.status == Status.WISHED


def test_a_table_may_say_what_becomes_of_a_book() -> None:
    rows = "Title,Author,Status,Action\nEmma,Jane Austen,owned,parked\nRuth,E. Gaskell,,\n"
    emma, ruth = table.read(rows.encode())
    assert (emma.status, emma.action) == (Status.HAD, "parked")
    assert (ruth.status, ruth.action) == (Status.WISHED, "")
    with pytest.raises(BadInputError, match="Line 2: there is no action “burn”"):
        table.read(b"Title,Action\nEmma,burn\n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("begin", ["", "sep={}\r\n", "\r\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_of_any_program(delimiter: str, begin: str, end: str) -> None:
    rows = [["Title", "Author", "ISBN"], ['"Sense; and, Sensibility|\t"', "Jane Austen", ""],
            ["", "", ""], ["Emma", '"Austen, Jane"', "978-0-14-143958-7"]]  # fmt: skip
    text = begin.format(delimiter) + end.join(delimiter.join(row) for row in rows)
    sense, emma = table.read(text.encode())
    assert sense.title.startswith("Sense; and, Sensibility")
    assert (emma.authors, emma.isbn) == (("Jane Austen",), "9780141439587")


def test_nothing_of_a_table_is_passed_over() -> None:
    rows = "Title,Author,ISBN\n,Jane Austen,\nEmma,Jane Austen,1\nEmma,Jane Austen,2\n\n,,\n"
    untitled, emma, again = table.read(rows.encode())
    assert (untitled.title, untitled.doubt) == (
        "Without a title", "Line 2 of the table has no title.",
    )  # fmt: skip
    assert emma.key != again.key
    assert [one.key for one in table.read(rows.encode())] == [untitled.key, emma.key, again.key]


def test_letters_that_cannot_be_read_are_a_sentence() -> None:
    with pytest.raises(BadInputError, match="Save the table as CSV in UTF-8"):
        table.read(b"Title,Author\n\x81\x8d,x\n")
    with pytest.raises(BadInputError, match="Save the table as CSV in UTF-8"):
        table.read("Title\nEmma\n".encode("utf-16") + b"\x00")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_goodreads_export_that_a_spreadsheet_saved_again(encoding: str, delimiter: str) -> None:
    rows = list(csv.reader(io.StringIO(sources.GOODREADS)))
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    kind, (warden, _) = read_file(io.BytesIO(target.getvalue().encode(encoding)))
    assert (kind, warden.isbn, warden.position) == (Kind.GOODREADS, "9780140432145", "1")


def test_a_goodreads_row_that_is_cut_is_read_as_far_as_it_goes() -> None:
    *_, cut = goodreads.read(f"{sources.GOODREADS}3,Emma,Jane Austen\n".encode())
    assert (cut.title, cut.authors, cut.isbn) == ("Emma", ("Jane Austen",), "")


BROKEN = b"SQLite format 3\x00" + bytes(range(256)) * 40


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no column “title”"),
        (b"name,of,nothing\x00", "it is not text"),
        (b"Writer,Year\nAusten,1815\n", "no column “title”"),
        (BROKEN, "cannot be read"),
    ],
)
def test_a_bad_file_is_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        read_file(io.BytesIO(content))


def test_a_database_of_another_program_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE songs (title TEXT)")
    with path.open("rb") as file, pytest.raises(BadInputError, match="neither Readarr's nor"):
        read_file(file)
    with path.open("rb") as file, pytest.raises(BadInputError, match="table Books has no"):
        read_file(file, Kind.READARR)


def test_a_view_in_the_place_of_a_table_runs_nothing(tmp_path: Path) -> None:
    path = sources.readarr(tmp_path / "readarr.db")
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE BookFiles")
        database.execute(
            "CREATE VIEW BookFiles AS SELECT load_extension('/tmp/x') AS Path, 1 AS EditionId"
        )
    database.close()
    with pytest.raises(BadInputError, match="cannot be read"):
        readarr.read(path)


def test_the_kind_is_known_by_the_content(tmp_path: Path) -> None:
    for path, kind in (
        (sources.readarr(tmp_path / "a"), Kind.READARR),
        (sources.lazylibrarian(tmp_path / "b"), Kind.LAZYLIBRARIAN),
    ):
        with path.open("rb") as file:
            assert read_file(file)[0] == kind
    assert read_file(io.BytesIO(sources.GOODREADS.encode()))[0] == Kind.GOODREADS
    assert read_file(io.BytesIO(b"Title\nEmma\n"))[0] == Kind.TABLE
