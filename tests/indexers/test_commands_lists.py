"""Releases and indexers listed on the command line."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from downloads.states import State
from indexers.models import Block, Indexer, Release, Verdict
from tests.commanding import done, run
from tests.factory import make_book, make_client, make_download, make_indexer, make_release

pytestmark = pytest.mark.django_db


def states(*arguments: object) -> dict[str, str]:
    rows = done("list_releases", *arguments)["releases"]
    return {row["title"]: row["state"] for row in rows}


def test_a_release_shows_what_is_known_of_it_and_no_link(indexer: Indexer) -> None:
    book = make_book()
    release = make_release(
        indexer,
        book,
        size=300_000_000,
        link="http://tracker.example/dl/{key}?passkey=harmless-passkey",
        magnet="magnet:?xt=urn:btih:" + "a" * 40 + "&tr=http://t.example/harmless-passkey/announce",
        details="http://tracker.example/t/1?passkey=harmless-passkey",
    )
    document = done("list_releases", "--book", book.pk)
    row = document["releases"][0]
    assert (row["id"], row["indexer"], row["size"]) == (release.pk, "Gutenberg Tracker", 300000000)
    assert row["verdict"] == {
        "outcome": None,
        "score": None,
        "passed_over_until": None,
        "why": "",
    }
    assert "harmless-passkey" not in json.dumps(document)
    assert "magnet" not in json.dumps(document)


def test_a_release_is_taken_blocked_passed_over_or_open(indexer: Indexer) -> None:
    book, later = make_book(), timezone.now() + timedelta(days=1)
    names = ("open", "taken", "given up", "blocked", "blocked here", "passed over", "once passed")
    rows = {name: make_release(indexer, book, title=name) for name in names}
    make_download(make_client(), release=rows["taken"])
    make_download(release=rows["given up"], state=State.ABANDONED)
    Release.objects.filter(pk=rows["blocked"].pk).update(info_hash="b" * 40)
    Block.objects.create(info_hash="b" * 40, reason="No audio.", blocked_by="ann")
    here = {"indexer": indexer, "identity": rows["blocked here"].identity}
    Block.objects.create(**here, book=book, reason="Wrong book.", blocked_by="ann")
    Block.objects.create(
        indexer=indexer,
        identity=rows["open"].identity,
        reason="Over.",
        blocked_by="ann",
        until=timezone.now(),
    )
    Verdict.objects.filter(release=rows["passed over"]).update(passed_over_until=later)
    Verdict.objects.filter(release=rows["once passed"]).update(passed_over_until=timezone.now())
    expected = {name: name.split()[0] for name in names} | {
        "given up": "open", "once passed": "open", "passed over": "passed_over",
    }  # fmt: skip
    assert states("--book", book.pk) == expected
    assert states("--book", book.pk, "--state", "taken") == {"taken": "taken"}
    everybody = states()
    assert everybody["blocked here"] == "open"
    assert everybody["blocked"] == "blocked"


def test_only_the_releases_of_the_book_are_listed(indexer: Indexer) -> None:
    book = make_book()
    make_release(indexer, book, title="Cranford")
    make_release(indexer, title="Emma")
    assert list(states("--book", book.pk)) == ["Cranford"]
    assert set(states()) == {"Cranford", "Emma"}


def test_a_book_that_is_not_there_is_refused() -> None:
    assert run("list_releases", "--book", 7) == (
        2,
        "",
        "There is no book 7, so nothing was done. The command list_books shows all.\n",
    )


@pytest.mark.parametrize("rows", [1, 30])
def test_releases_take_a_fixed_number_of_queries(
    indexer: Indexer, rows: int, django_assert_num_queries: Any
) -> None:
    book = make_book()
    for number in range(rows):
        make_release(indexer, book, title=f"Cranford {number}")
    with django_assert_num_queries(4):  # book, count, releases, verdicts
        assert len(done("list_releases", "--book", book.pk)["releases"]) == rows
    with django_assert_num_queries(3):
        assert len(done("list_releases")["releases"]) == rows


def test_indexers_are_listed_without_their_keys(indexer: Indexer) -> None:
    make_indexer("Second", "http://127.0.0.1:2/api", enabled=False, priority=1)
    document = done("list_indexers")
    assert [row["name"] for row in document["indexers"]] == ["Second", "Gutenberg Tracker"]
    assert [row["usable"] for row in document["indexers"]] == [False, True]
    assert "k-indexer-1" not in json.dumps(document)


@pytest.mark.parametrize("rows", [1, 30])
def test_indexers_take_two_queries(rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        make_indexer(f"Indexer {number}", f"http://127.0.0.1:{number + 1}/api")
    with django_assert_num_queries(2):
        assert len(done("list_indexers")["indexers"]) == rows
