"""The ledger in the admin: filtered by rule, and as a file."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from books.models import Book
from indexers.decide import decide_due
from indexers.decisions import RULE_NAMES
from indexers.labels import label
from indexers.models import Indexer, Label, Query, Rejection, Search, Verdict
from tests.factory import make_book, make_release
from tests.indexers.judging import corpus, judged
from tests.people import bob, browser, list_of, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(indexer: Indexer) -> Book:
    book = make_book()
    for title in (
        "Cranford by Elizabeth Gaskell [M4B]",
        "Cranford by Elizabeth Gaskell (Abridged) [MP3]",
        "=cmd() Cranford by Elizabeth Gaskell [EPUB]",
    ):
        make_release(indexer, book, title=title)
    decide_due()
    return book


def page(model: type[Any], **asked: Any) -> str:
    return browser().get(list_of(model), asked).content.decode()


def rows(model: type[Any], **asked: Any) -> list[dict[str, str]]:
    url = reverse(f"admin:indexers_{model._meta.model_name}_csv")
    text = browser().get(url, asked).getvalue().decode()
    return list(csv.DictReader(text.splitlines()))


def test_verdicts_are_filtered_by_rule(book: Book) -> None:
    shown = page(Verdict, rule="abridged")
    assert "(Abridged) [MP3]" in shown
    assert "It is abridged." in shown
    assert "[M4B]" not in shown


def test_every_objection_can_be_filtered_by(book: Book) -> None:
    said = {said.rule for line in corpus("open.jsonl") for said in judged(line).objections}
    assert said <= set(RULE_NAMES)
    assert set(Rejection.objects.values_list("rule", flat=True)) <= set(RULE_NAMES)


def test_the_file_holds_what_the_list_lets_through(book: Book) -> None:
    assert len(rows(Verdict)) == 3
    [row] = rows(Verdict, rule="abridged")
    assert (row["outcome"], row["rules"]) == ("reject", "abridged")
    assert row["book__title"] == "Cranford"
    assert 'rule=abridged"' in page(Verdict, rule="abridged")


def test_a_name_that_begins_like_a_formula_is_text(book: Book) -> None:
    [row] = rows(Verdict, rule="medium")
    assert row["release__title"].startswith("'=cmd()")


def test_a_books_own_rows(book: Book, indexer: Indexer) -> None:
    make_release(indexer, make_book("Ruth"), title="Ruth by Elizabeth Gaskell [M4B]")
    assert len(rows(Verdict, book=book.pk)) == 3
    assert len(rows(Verdict, book="nonsense")) == 4


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "not judged yet"),
        ({"on_shelf": True}, "not judged: the book is on the shelf"),
        ({"wish": "parked"}, "not judged: the book is parked"),
    ],
)
def test_what_was_not_judged_has_no_outcome(
    book: Book, indexer: Indexer, columns: dict[str, Any], said: str
) -> None:
    other = make_book("Ruth", **columns)
    make_release(indexer, other, title="Ruth by Elizabeth Gaskell [M4B]")
    [row] = rows(Verdict, outcome="none")
    assert (row["outcome"], row["score"]) == (said, "")
    assert f">{said}<" in page(Verdict, book=other.pk)
    assert said in browser().get(page_of(other)).content.decode()
    assert len(rows(Verdict, outcome="take")) == 1
    assert rows(Verdict, outcome="offer") == []


def test_queries_are_a_list_and_a_file(indexer: Indexer) -> None:
    Query.objects.create(
        indexer=indexer, indexer_name="Gutenberg Tracker", kind="feed", sentence="100 releases."
    )
    assert "100 releases." in page(Query, kind__exact="feed")
    [row] = rows(Query)
    assert row["sentence"] == "100 releases."


def test_queries_name_the_book_and_who_asked(indexer: Indexer) -> None:
    for title in ("Cranford", "Ruth"):
        search = Search.objects.create(book=make_book(title), asked_by="ann")
        Query.objects.create(search=search, indexer=indexer, indexer_name="Archive", asked=title)
    Query.objects.create(indexer=indexer, indexer_name="Archive", kind="feed")
    assert len(rows(Query)) == 3
    [row] = rows(Query, book=Search.objects.get(book__title="Ruth").book_id)
    assert (row["for_book"], row["asked_by"], row["asked"]) == ("Ruth", "ann", "Ruth")
    assert "Cranford" in page(Query)


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_queries_costs_the_same(indexer: Indexer, number: int) -> None:
    for n in range(number):
        search = Search.objects.create(book=make_book(f"Cran{n}ford"))
        Query.objects.create(search=search, indexer=indexer, indexer_name="Archive", asked="x")
    visitor = browser()
    visitor.get(list_of(Query))
    with CaptureQueriesContext(connection) as asked:
        visitor.get(list_of(Query))
    assert len(asked) <= 16


def test_labels_are_lines(book: Book) -> None:
    release = Verdict.objects.filter(outcome="take").get().release
    label(book, release, right=True, actor="ann")
    text = browser().get(reverse("admin:indexers_label_lines")).content.decode()
    assert json.loads(text)["is_match"] == 1
    assert release.title in page(Label)


def test_who_may_not_see_the_list_gets_no_file(book: Book) -> None:
    stranger = browser(bob("books.view_book"))
    for name in ("verdict_csv", "query_csv", "label_csv", "label_lines"):
        assert stranger.get(reverse(f"admin:indexers_{name}")).status_code == 403


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_whatever_its_length(indexer: Indexer, number: int) -> None:
    book = make_book()
    for n in range(number):
        make_release(indexer, book, title=f"Summary of Cranford {n}")
    decide_due()
    visitor = browser()
    visitor.get(list_of(Verdict))
    with CaptureQueriesContext(connection) as asked:
        visitor.get(list_of(Verdict))
    assert len(asked) <= 16
