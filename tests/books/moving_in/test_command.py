"""move_in, as another program calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from books.models import Book, Library, MoveIn, ShelfCopy
from tests.books.moving_in import sources
from tests.commanding import done, run, run_json
from tests.factory import make_book

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("maker", [sources.readarr, sources.lazylibrarian])
def test_databases_move_in(db: None, tmp_path: Path, maker: object) -> None:
    path = maker(tmp_path / "library.db")  # type: ignore[operator]
    before = path.read_bytes()
    assert [line["action"] for line in done("move_in", path)["lines"]].count("wanted") >= 1
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["library.db"]


def test_what_cannot_be_read_is_a_sentence(db: None, tmp_path: Path) -> None:
    assert run("move_in", tmp_path / "nowhere.csv")[::2][0] == 2
    code, document = run_json("move_in", tmp_path)
    assert (code, "None of your libraries" in document["error"]) == (2, True)
    assert not MoveIn.objects.exists()
