"""Indexers and searches on the command line, against a fake Jackett and a fake Prowlarr."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.states import Wish
from indexers.models import Block, Indexer, Query, Release, Search, Verdict
from tame.models import Switch
from tests.commanding import done, run, run_json
from tests.factory import make_book, make_indexer, make_release
from tests.fakes.torznab import FakeIndexer, Member, Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def jackett() -> Iterator[FakeIndexer]:
    with FakeIndexer() as server:
        server.releases = [Offer("Cranford by Elizabeth Gaskell [ENG / M4B]")]
        yield server


@pytest.fixture
def indexer(jackett: FakeIndexer) -> Indexer:
    return connected(jackett)


def connected(server: FakeIndexer, name: str = "Gutenberg", **columns: Any) -> Indexer:
    return Indexer.objects.create(name=name, address=server.url, key=server.key, **columns)


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return give


# --- Adding ---------------------------------------------------------------------------------------


def test_an_indexer_is_added_by_a_pasted_address_with_its_key(jackett: FakeIndexer) -> None:
    document = done("add_indexer", f"{jackett.url}?apikey=k-harmless&t=search")
    row = Indexer.objects.get()
    assert document["new"]
    assert document["indexer"]["id"] == row.pk
    assert (row.address, row.kind, row.key) == (jackett.url, "jackett", "k-harmless")
    assert "k-harmless" not in json.dumps(document)


def test_a_key_comes_by_stdin_or_from_the_environment(
    jackett: FakeIndexer, stdin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin("k-by-stdin\n")
    done("add_indexer", jackett.url, "--key-stdin", "--name", "Gutenberg")
    assert Indexer.objects.get().key == "k-by-stdin"
    monkeypatch.setenv("JACKETT_KEY", "k-by-environment")
    again = done("add_indexer", jackett.url, "--key-env", "JACKETT_KEY")
    assert not again["new"]
    assert Indexer.objects.get().key == "k-by-environment"
    assert Indexer.objects.get().name == "Gutenberg"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([""], "The address is empty."),
        (["ftp://host/"], "must begin with http"),
        (["http://host:9117/UI/Dashboard"], "That is a page of Jackett or Prowlarr"),
        (["http://host/api", "--key-env", "NOT_THERE"], "has no variable NOT_THERE"),
        (["http://host/api", "--key-stdin"], "Nothing came in for --key-stdin."),
        (["http://host/api", "--key-stdin", "--key-env", "X"], "not allowed with argument"),
        (["http://host/api", "--key", "k"], "unrecognized arguments: --key"),
    ],
)
def test_what_names_no_indexer_is_refused(arguments: list[str], sentence: str, stdin: Any) -> None:
    stdin("")
    code, out, err = run("add_indexer", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert not Indexer.objects.exists()


def test_a_dry_run_adds_no_indexer(jackett: FakeIndexer) -> None:
    assert done("add_indexer", jackett.url, "--dry-run")["new"]
    assert not Indexer.objects.exists()


@pytest.mark.parametrize("kind", ["jackett", "prowlarr"])
def test_all_indexers_of_a_server_are_imported_once(kind: str, stdin: Any) -> None:
    with FakeIndexer(kind) as server:
        numbers = ["gutenberg", "librivox"] if kind == "jackett" else ["1", "2"]
        server.members = [Member(numbers[0], "Gutenberg"), Member(numbers[1], "LibriVox")]
        address = f"{server.server}/UI/Dashboard" if kind == "jackett" else server.server
        stdin(f"{server.key}\n" * 3)
        looked = done("import_indexers", address, "--key-stdin", "--dry-run")
        assert (looked["added"], Indexer.objects.count()) == (2, 0)
        only = done("import_indexers", address, "--key-stdin", "--only", "LibriVox")
        assert (only["added"], only["known"]) == (1, 0)
        document = done("import_indexers", address, "--key-stdin")
    assert (document["added"], document["known"]) == (1, 1)
    assert set(Indexer.objects.values_list("name", "kind")) == {
        ("Gutenberg", kind),
        ("LibriVox", kind),
    }
    assert {row.key for row in Indexer.objects.all()} == {server.key}
    assert server.key not in json.dumps(document)


def test_one_that_is_switched_off_there_is_added_only_by_name(stdin: Any) -> None:
    with FakeIndexer("prowlarr") as server:
        server.members = [Member("1", "Gutenberg"), Member("2", "LibriVox", enabled=False)]
        stdin(f"{server.key}\n" * 2)
        assert done("import_indexers", server.server, "--key-stdin")["added"] == 1
        assert Indexer.objects.get().name == "Gutenberg"
        assert done("import_indexers", server.server, "--key-stdin", "--only", "2")["added"] == 1


@pytest.mark.parametrize(
    ("key", "only", "code", "sentence"),
    [
        ("k-wrong", "Gutenberg", 3, "key"),
        ("", "Ruth", 2, "It has no indexer “Ruth”. It has: gutenberg."),
    ],
)
def test_an_import_that_fails_adds_nothing(
    jackett: FakeIndexer, stdin: Any, key: str, only: str, code: int, sentence: str
) -> None:
    stdin(f"{key or jackett.key}\n")
    ended, document = run_json("import_indexers", jackett.server, "--key-stdin", "--only", only)
    assert ended == code
    assert sentence in document["error"]
    assert not Indexer.objects.exists()


def test_a_server_that_is_down_ends_with_its_code(jackett: FakeIndexer) -> None:
    jackett.down()
    code, document = run_json("import_indexers", f"{jackett.server}?apikey=k")
    assert code == 3
    assert f"127.0.0.1:{jackett.port}" in document["error"]


# --- Testing --------------------------------------------------------------------------------------


def test_a_good_answer_ends_a_pause(indexer: Indexer) -> None:
    Indexer.objects.update(failures=3, off_until=timezone.now() + timedelta(hours=1))
    document = done("test_indexers")
    told = document["indexers"][0]
    assert (told["id"], told["name"], told["ok"]) == (indexer.pk, "Gutenberg", True)
    assert all(check["ok"] for check in told["checks"])
    assert Indexer.objects.get().is_usable


def test_one_indexer_that_is_down_is_named(jackett: FakeIndexer, indexer: Indexer) -> None:
    make_indexer("Silent")
    code, document = run_json("test_indexers")
    assert code == 1
    assert document["error"] == "1 of 2 indexers not well: Silent."
    assert [row["ok"] for row in document["indexers"]] == [True, False]
    assert run_json("test_indexers", "Silent")[0] == 3
    assert run_json("test_indexers", "Gutenberg")[0] == 0
    assert run_json("test_indexers", indexer.pk)[0] == 0


def test_an_indexer_that_answers_and_has_nothing_is_not_down(
    jackett: FakeIndexer, indexer: Indexer
) -> None:
    jackett.releases = []
    assert run_json("test_indexers")[0] == 1


def test_only_indexers_that_are_there_are_tested(indexer: Indexer) -> None:
    make_indexer("Gutenberg")
    for name, sentence in (("Ruth", "There is no indexer “Ruth”."), ("Gutenberg", "Several ")):
        code, _, err = run("test_indexers", name)
        assert code == 2
        assert err.startswith(sentence)


# --- Searching ------------------------------------------------------------------------------------


def test_a_search_stores_what_was_found(jackett: FakeIndexer, indexer: Indexer) -> None:
    book = make_book()
    document = done("search_books", book.pk, "--by", "ann")
    told = document["books"][0]
    assert (told["id"], told["title"]) == (book.pk, "Cranford")
    assert told["search"]["finished_at"]
    query = told["search"]["queries"][0]
    assert (query["indexer"], query["outcome"], query["found"]) == ("Gutenberg", "answered", 1)
    assert Release.objects.get().title == "Cranford by Elizabeth Gaskell [ENG / M4B]"
    assert Search.objects.get().asked_by == "ann"
    assert jackett.key not in json.dumps(document)


def test_a_dry_run_asks_nobody(jackett: FakeIndexer, indexer: Indexer) -> None:
    book = make_book()
    document = done("search_books", book.pk, "--dry-run")
    assert document["books"] == [
        {"id": book.pk, "title": "Cranford", "asked": ["Cranford Elizabeth Gaskell"]}
    ]
    assert document["indexers"] == ["Gutenberg"]
    assert not jackett.requests
    assert not Search.objects.exists()


def test_due_searches_only_what_is_due(jackett: FakeIndexer, indexer: Indexer) -> None:
    due = make_book()
    make_book("Emma", wish=Wish.PARKED)
    make_book("Ruth", next_search_at=timezone.now() + timedelta(hours=1))
    assert [book["id"] for book in done("search_books", "--due")["books"]] == [due.pk]
    assert done("search_books", "--due")["books"] == []


def test_an_indexer_that_fails_is_told_beside_the_answers(
    jackett: FakeIndexer, indexer: Indexer
) -> None:
    make_indexer("Silent")
    make_indexer("Off", "http://127.0.0.1:2/api", enabled=False)
    code, document = run_json("search_books", make_book().pk)
    assert (code, document["error"]) == (1, "1 of 3 questions were not answered.")
    queries = document["books"][0]["search"]["queries"]
    assert {query["indexer"]: query["outcome"] for query in queries} == {
        "Gutenberg": "answered",
        "Silent": "failed",
        "Off": "skipped",
    }


def test_the_end_of_a_pause_is_told_by_the_clock_on_the_wall(
    indexer: Indexer, settings: Any
) -> None:
    settings.TIME_ZONE = "Asia/Kolkata"
    until = datetime(2099, 12, 1, 8, 0, tzinfo=UTC)
    make_indexer("Silent", failures=1, off_until=until, last_error="It is down.")
    queries = done("search_books", make_book().pk)["books"][0]["search"]["queries"]
    assert "Silent is left alone until 1 Dec, 13:30: It is down." in [
        q["sentence"] for q in queries
    ]


def test_no_answer_at_all_is_a_service_that_is_down(jackett: FakeIndexer, indexer: Indexer) -> None:
    jackett.fail("502")
    code, document = run_json("search_books", make_book().pk)
    assert (code, document["error"]) == (3, "No indexer answered.")
    code, document = run_json("search_books", make_book("Emma").pk)
    assert code == 3
    assert document["error"].startswith("No indexer can be asked right now")
    assert Query.objects.count() == 1


def test_a_search_that_cannot_be_is_refused(indexer: Indexer) -> None:
    book = make_book()
    for arguments in ([], [book.pk, "--due"], [book.pk, book.pk + 1]):
        assert run("search_books", *arguments)[0] == 2
    assert not Search.objects.exists()


def test_without_an_indexer_there_is_an_obstacle() -> None:
    code, out, err = run("search_books", make_book().pk)
    assert (code, out) == (4, "")
    assert err.startswith("There is no indexer to ask.")


def test_pause_stops_what_is_due_but_not_what_a_person_names(indexer: Indexer) -> None:
    book = make_book()
    Switch.objects.create(pk=1, everything_paused=True)
    assert run("search_books", "--due")[0] == 4
    assert run("search_books", book.pk)[0] == 0


def test_a_book_that_somebody_searches_already_is_said_to_be(indexer: Indexer) -> None:
    book = make_book(leased_by="other", leased_until=timezone.now() + timedelta(minutes=1))
    Search.objects.create(book=book)
    code, out, _ = run("search_books", book.pk)
    assert (code, out) == (0, "Cranford: it is being searched already, by somebody else.\n")


def test_the_environments_key_is_changed_in_the_environment(jackett: FakeIndexer) -> None:
    row = make_indexer(address=jackett.url, key="", from_environment=True)
    code, document = run_json("add_indexer", f"{jackett.url}?apikey=another")
    assert (code, "INDEXER_KEY" in document["error"]) == (2, True)
    row.refresh_from_db()
    assert row.key == ""


# --- Switching and blocking -----------------------------------------------------------------------


def test_indexers_are_switched_and_their_pauses_ended() -> None:
    row = make_indexer("Gutenberg", failures=3, off_until=timezone.now() + timedelta(hours=1))
    make_indexer("Attic", "http://127.0.0.1:2/api")
    done("switch_indexers", "off", "Gutenberg", row.pk, "Attic", "--dry-run")
    assert Indexer.objects.filter(enabled=True).count() == 2
    told = done("switch_indexers", "off", "Gutenberg", row.pk, "Attic")["indexers"]
    assert [said["sentence"] for said in told] == [
        "Gutenberg is switched off.", "Attic is switched off.",
    ]  # fmt: skip
    done("switch_indexers", "on", "Gutenberg")
    done("switch_indexers", "reset-pause", "Gutenberg")
    assert list(Indexer.objects.filter(enabled=True)) == [row]
    assert Indexer.objects.get(pk=row.pk).is_usable
    code, _, err = run("switch_indexers", "away", "Gutenberg")
    assert (code, "There is no change “away”. There are: on, off, reset-pause." in err) == (2, True)
    assert run("switch_indexers", "off", "Attic", "Ruth")[0] == 2


def test_a_block_is_listed_and_taken_away() -> None:
    book = make_book()
    row = Block.objects.create(
        info_hash="a" * 40, book=book, title="Cranford [M4B]", reason="Noise.", blocked_by="ann"
    )
    (told,) = done("list_blocks")["blocks"]
    assert (told["id"], told["title"], told["book"], told["indexer"], told["reason"]) == (
        row.pk, "Cranford [M4B]", "Cranford", None, "Noise.",
    )  # fmt: skip
    over = timezone.now() - timedelta(days=1)
    Block.objects.create(info_hash="b" * 40, reason="Over.", blocked_by="ann", until=over)
    assert done("list_blocks")["total"] == 1
    Block.objects.filter(pk=row.pk).update(until=datetime(2099, 1, 2, 3, 4, tzinfo=UTC))
    assert "2099-01-02 03:04" in run("list_blocks")[1]
    Block.objects.exclude(pk=row.pk).delete()
    done("unblock", row.pk, "--dry-run")
    assert Block.objects.exists()
    assert run("unblock", row.pk)[1] == "“Cranford [M4B]” may be taken for “Cranford” again.\n"
    assert not Block.objects.exists()
    assert run("unblock", row.pk)[0] == 2


@pytest.mark.parametrize("rows", [1, 30])
def test_the_blocklist_takes_two_queries_however_long(
    rows: int, django_assert_num_queries: Any
) -> None:
    indexer = make_indexer()
    for number in range(rows):
        Block.objects.create(
            indexer=indexer, identity=str(number), book=make_book(f"Volume {number}"),
            reason="Noise.", blocked_by="ann",
        )  # fmt: skip
    with django_assert_num_queries(2):
        assert len(done("list_blocks")["blocks"]) == rows


def test_a_release_is_passed_over_no_longer() -> None:
    """For this book; for another one what was learnt of it stands."""
    book, other = make_book(), make_book("Ruth")
    row = make_release(make_indexer(), book)
    Verdict.objects.create(book=other, release=row)
    until = timezone.now() + timedelta(days=1)
    Verdict.objects.update(passed_over_until=until, why="It is damaged.")
    done("pass_over_no_longer", book.pk, row.pk, "--dry-run")
    assert Verdict.objects.filter(passed_over_until=until).count() == 2
    told = done("pass_over_no_longer", book.pk, row.pk, "--by", "ann")["releases"]
    sentence = f"“{row}” is passed over for “Cranford” no longer."
    assert told == [{"id": row.pk, "ok": True, "sentence": sentence}]
    left = Verdict.objects.get(passed_over_until=until)
    assert (left.book, left.why) == (other, "It is damaged.")
    assert book.lines.get().actor == "ann"


def test_only_a_release_that_was_found_for_the_book_is_meant() -> None:
    book, row = make_book(), make_release(make_indexer())
    code, _, err = run("pass_over_no_longer", book.pk, row.pk)
    assert (code, f"The command list_releases --book {book.pk} shows all." in err) == (2, True)
    assert run("pass_over_no_longer", book.pk + 1, row.pk)[0] == 2
