"""Long lists stay quick, and say so."""

from __future__ import annotations

import pytest

from books.admin import BookAdmin
from books.models import Book
from tame.lib.admin.paginator import CappedPaginator
from tests.people import browser, list_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CappedPaginator, "cap", 3)
    monkeypatch.setattr(BookAdmin, "list_per_page", 2)
    Book.objects.bulk_create(Book(title=f"Part {n}") for n in range(5))


@pytest.mark.usefixtures("three_at_most")
def test_a_long_list_is_counted_no_further_than_anybody_reads() -> None:
    answer = browser().get(list_of(Book))
    assert answer.context["cl"].result_count == 3
    assert answer.context["cl"].paginator.num_pages == 2
    assert "Only the first 3 are listed" in answer.content.decode()


@pytest.mark.usefixtures("three_at_most")
def test_a_page_beyond_the_cap_leads_back() -> None:
    answer = browser().get(list_of(Book), {"p": "9"})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?e=1")


def test_a_short_list_says_nothing_of_it() -> None:
    Book.objects.create(title="Cranford")
    assert "Only the first" not in browser().get(list_of(Book)).content.decode()
