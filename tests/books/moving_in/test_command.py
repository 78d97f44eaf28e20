"""move_in, as another program calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from books.models import Book, Library, MoveIn, ShelfCopy
from books.moving_in import folders
from downloads.models import Download
from tests.books.moving_in import sources
from tests.commanding import done, run, run_json
from tests.downloads.test_adopting import seeding
from tests.factory import make_book, make_client
from tests.fakes.qbittorrent import FakeQBittorrent

pytestmark = pytest.mark.django_db
TWO = "Id,Title,Author\na,Persuasion,Jane Austen\nb,Persuassion,Jane Austen\n"


def test_a_folder_moves_in_and_the_second_time_nothing_is_new(library: Library) -> None:
    told = done("move_in", library.root, "--dry-run")
    assert {line["action"] for line in told["lines"]} == {"shelf"}
    assert not Book.objects.exists()
    assert not MoveIn.objects.exists()
    told = done("move_in", library.root)
    assert all(line["done"] for line in told["lines"])
    assert told["torrents"] == "0 torrents adopted."
    assert ShelfCopy.objects.count() == MoveIn.objects.get().lines.count() == 4
    again = done("move_in", library.root)
    assert {line["why"] for line in again["lines"]} == {"It stands in this folder already."}
    assert (Book.objects.count(), MoveIn.objects.count()) == (4, 1)


def test_a_table_moves_in_and_the_unsure_is_listed(db: None, tmp_path: Path) -> None:
    make_book("Barchester Towers", "Anthony Trollope")
    path = tmp_path / "books.csv"
    path.write_text("Title,Author\nThe Warden,Anthony Trollope\nBarchester Tower,A. Trollope\n")
    code, text, _ = run("move_in", path)
    assert code == 0
    assert text == (
        "A table (CSV): 2 books.\n1 wanted.\n1 waiting for you under Moving in.\n"
        "  Barchester Tower (A. Trollope): A book of this author has almost this title.\n"
    )
    assert Book.objects.get(title="The Warden").wish == "wanted"
    assert Book.objects.count() == 2
    assert len(done("move_in", path)["lines"]) == 2
    assert MoveIn.objects.count() == 1  # the same question is not asked twice


@pytest.mark.parametrize(
    "maker", [sources.readarr, sources.lazylibrarian, sources.lazylibrarian_now]
)
def test_databases_move_in(db: None, tmp_path: Path, maker: object) -> None:
    path = maker(tmp_path / "library.db")  # type: ignore[operator]
    before = path.read_bytes()
    assert [line["action"] for line in done("move_in", path)["lines"]].count("wanted") >= 1
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["library.db"]


def test_a_whole_library_by_its_name(library: Library) -> None:
    assert len(done("move_in", "--library", "Audiobooks", "--dry-run")["lines"]) == 4
    assert len(done("move_in", "--library", library.pk)["lines"]) == 4
    assert ShelfCopy.objects.count() == 4
    code, document = run_json("move_in", "--library", "Nowhere")
    assert (code, document["error"]) == (2, "There is no one library “Nowhere”. Give its number.")
    for given in ((), (library.root, "--library", "Audiobooks")):
        code, document = run_json("move_in", *given)
        assert (code, document["error"].endswith("one of them.")) == (2, True)


def test_lines_are_corrected_as_on_the_page(library: Library, tmp_path: Path) -> None:
    """What the dry run told is changed by a program, and handed over."""
    known = make_book("Emma Woodhouse", "J. Austen")
    told = done("move_in", library.root, "--dry-run")
    lines = {line["title"]: line for line in told["lines"]}
    lines["Emma"] |= {"action": "merge", "book": known.pk}
    lines["Cranford"] |= {
        "year": "1853",
        "narrators": ["Nick Whitley"],
        "title": "Cranford Tales",
        "series": "Knutsford",
        "position": "1",
    }
    lines["The Time Machine"]["action"] = "skip"
    path = tmp_path / "corrected.json"
    path.write_text(json.dumps(told))
    assert "merge" in str(done("move_in", library.root, "--corrections", path, "--dry-run"))
    assert not ShelfCopy.objects.exists()
    done("move_in", library.root, "--corrections", path)
    assert known.copies.get().folder == "Jane Austen/Emma"
    tales = Book.objects.get(title="Cranford Tales")
    assert (str(tales.places.get()), tales.year) == ("Knutsford 1", 1853)
    assert tales.credits.get(role="narrator").author.name == "Nick Whitley"
    assert ShelfCopy.objects.count() == 3


def test_lines_are_corrected_by_a_table_and_the_rest_decided_at_once(
    db: None, tmp_path: Path
) -> None:
    source, table = tmp_path / "books.csv", tmp_path / "corrections.csv"
    source.write_text(f"{TWO}c,Ruth,\n")
    table.write_text("key;action;authors\nc;wanted;Elizabeth Gaskell\n")
    done("move_in", source, "--decide", "undecided=skip", "--corrections", table)
    assert {str(book): book.authors for book in Book.objects.all()} == {
        "Persuasion": "Jane Austen", "Ruth": "Elizabeth Gaskell",
    }  # fmt: skip


def test_what_waits_is_decided_later(db: None, tmp_path: Path) -> None:
    source = tmp_path / "books.csv"
    source.write_text(TWO)
    number = done("move_in", source)["run"]
    [line] = done("move_in", "--waiting", number, "--dry-run")["lines"]
    assert (line["key"], line["action"]) == ("b", "undecided")
    done("move_in", "--waiting", number, "--decide", "left=parked")
    assert Book.objects.get(title="Persuassion").wish == "parked"
    assert run_json("move_in", "--waiting", 999)[0] == 2


@pytest.mark.parametrize(
    ("corrections", "sentence"),
    [
        ('[{"title": "x"}]', "Correction 1 has no “key”"),
        ('[{"key": "z"}]', "no line with the key “z”"),
        ('[{"key": "a", "action": "burn"}]', "a: There is no action “burn”"),
        ('[{"key": "a", "action": "shelf"}]', "a: No library of yours holds its files."),
        ('[{"key": "a", "action": "merge"}]', "a: Which book it is has not been said"),
        ('[{"key": "a", "book": 999}]', "a: There is no book 999."),
        ('[{"key": "a", "title": " "}]', "a: A book needs a title."),
        ('[{"key": "a", "title": []}]', "a: Its title is no text."),
        ('[{"key": "a", "isbn": "12"}]', "a: “12” is no ISBN"),
        ('[{"key": "a", "torrents": [1]}]', "a: A torrent of it has no “key”."),
        ("[{", "no JSON that can be read"),
        ('{"a": 1}', "have to be a list"),
        ("key,action\nz,skip\n", "no line with the key “z”"),
    ],
)
def test_a_bad_correction_is_a_sentence_and_stores_nothing(
    db: None, tmp_path: Path, corrections: str, sentence: str
) -> None:
    source, path = tmp_path / "books.csv", tmp_path / "corrections"
    source.write_text("Id,Title,Author\na,Emma,Jane Austen\n")
    path.write_text(corrections)
    code, document = run_json("move_in", source, "--corrections", path)
    assert (code, sentence in document["error"]) == (2, True), document
    assert not MoveIn.objects.exists()
    assert not Book.objects.exists()


def test_torrents_are_shown_by_the_dry_run_and_can_be_left_out(
    library: Library, tmp_path: Path, settings: Any
) -> None:
    settings.CLIENT_WARM_SECONDS = 0
    emma = Path(library.root) / "Jane Austen/Emma"
    (emma / "03.mp3").write_bytes(b"an epilogue")
    sizes = {path.name: path.stat().st_size for path in emma.glob("*.mp3")}
    path = tmp_path / "corrected.json"
    with FakeQBittorrent("5.1") as fake:
        make_client(address=fake.url, username=fake.username, password=fake.password)
        seeding(fake, "Emma [MP3]", sizes, Path("/far"))
        told = done("move_in", library.root, "--dry-run")
        [line] = [line for line in told["lines"] if line["torrents"]]
        assert (line["title"], line["torrents"][0]["name"]) == ("Emma", "Emma [MP3]")
        line["torrents"][0]["adopt"] = False
        path.write_text(json.dumps(told))
        told = done("move_in", library.root, "--corrections", path)
        assert told["torrents"] == "0 torrents adopted."
        assert not Download.objects.exists()


def test_no_transaction_is_open_while_a_folder_is_read(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody else could write for as long."""
    looked = folders.read

    def read(*given: Any) -> Any:
        assert len(connection.savepoint_ids) <= 1  # the test's own
        return looked(*given)

    monkeypatch.setattr(folders, "read", read)
    done("move_in", library.root, "--dry-run")


def test_what_cannot_be_read_is_a_sentence(db: None, tmp_path: Path) -> None:
    assert run("move_in", tmp_path / "nowhere.csv")[::2][0] == 2
    code, document = run_json("move_in", tmp_path)
    assert (code, "None of your libraries" in document["error"]) == (2, True)
    assert not MoveIn.objects.exists()
