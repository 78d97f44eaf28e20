"""Folders are named so that every field can be read back, and every file system takes them."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from books.models import Book, Series, SeriesPlace
from books.naming import folder_of, safe
from books.template import TEMPLATE, check_template
from indexers.values import with_names
from tame.lib.errors import BadInputError
from tests.factory import make_book

pytestmark = pytest.mark.django_db


def named(title: str = "Cranford", **how: Any) -> str:
    template = how.pop("template", None)
    series, number, reader = (how.pop(n, "") for n in ("series", "number", "reader"))
    book = make_book(title, how.pop("author", "Elizabeth Gaskell"), **how)
    if series:
        row = Series.objects.create(name=series)
        SeriesPlace.objects.create(book=book, series=row, position=number)
    [known] = with_names(Book.objects.filter(pk=book.pk))
    return str(folder_of(known, template or TEMPLATE, [reader] if reader else []))


def test_all_that_is_known_is_in_it() -> None:
    assert named(
        "Barchester Towers",
        author="Anthony Trollope",
        series="Barsetshire",
        number="2",
        year=1857,
        reader="Ann Reader",
        asin="B00ABCDEFG",
    ) == ("Anthony Trollope/Barsetshire/Vol 2 - 1857 - Barchester Towers {Ann Reader} [B00ABCDEFG]")


@pytest.mark.parametrize(
    ("how", "folder"),
    [
        ({}, "Elizabeth Gaskell/Cranford"),
        ({"year": 1853}, "Elizabeth Gaskell/1853 - Cranford"),
        ({"series": "Tales"}, "Elizabeth Gaskell/Tales/Cranford"),
        ({"series": "Tales", "number": "2.5"}, "Elizabeth Gaskell/Tales/Vol 2.5 - Cranford"),
        ({"author": ""}, "Unknown author/Cranford"),
        ({"title": "...And Justice"}, "Elizabeth Gaskell/And Justice"),
        ({"title": "Walden: or, Life"}, "Elizabeth Gaskell/Walden - or, Life"),
        ({"title": "What?* <Now>"}, "Elizabeth Gaskell/What (Now)"),
        ({"title": "1/2"}, "Elizabeth Gaskell/1-2"),
        ({"title": "CON"}, "Elizabeth Gaskell/CON_"),
        ({"title": "Les Mise\u0301rables"}, "Elizabeth Gaskell/Les Misérables"),
        ({"template": "{title}"}, "Elizabeth Gaskell/Cranford"),
        ({"template": "{author}/{title}< ({year})>"}, "Elizabeth Gaskell/Cranford"),
    ],
)
def test_what_is_not_known_leaves_no_trace(how: dict[str, Any], folder: str) -> None:
    assert named(**how) == folder


@given(some.text(max_size=400))
def test_every_name_is_one_that_a_file_system_takes(text: str) -> None:
    name = safe(text)
    assert PurePosixPath(name).parts == (name,)
    assert 0 < len(name.encode()) <= 181
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert unicodedata.is_normalized("NFC", name)


@pytest.mark.parametrize(
    ("template", "sentence"),
    [("{author}/{name}", "There is no field {name}."), ("{author}", "The title has to be in it")],
)
def test_a_template_that_cannot_work_is_refused(template: str, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        check_template(template)
