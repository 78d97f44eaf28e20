"""What is found out about a database before TAME runs on it."""

from __future__ import annotations

import pytest
from django.db import connection

from tame.lib.errors import LocalError
from tame.prepare import _compare

pytestmark = pytest.mark.django_db


def test_a_database_of_this_version_says_nothing() -> None:
    assert _compare() == ()


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ("ALTER TABLE books_book RENAME COLUMN subtitle TO second_title", "books_book.subtitle"),
        ("ALTER TABLE indexers_query RENAME TO indexers_question", "indexers_query"),
    ],
)
def test_a_database_of_other_tables_is_refused_in_one_sentence(change: str, lacks: str) -> None:
    """Django takes it for whole: its migrations have the names of today's."""
    with connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(LocalError, match=f"made by an earlier TAME, .*: {lacks} is not there"):
        _compare()
