"""Sources that know four novels of a series, the first of which is on the shelf."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from books.models import Series, SeriesPlace
from books.states import Wish
from tests.books.series.barsetshire import NOVELS, TROLLOPE, YEARS
from tests.factory import make_book, use_sources
from tests.fakes.sources import FakeSources, recording, work


@pytest.fixture(autouse=True)
def in_a_hurry(settings: Any) -> None:
    settings.BELLS = False
    settings.HURRY = 1000


@pytest.fixture
def fake() -> Iterator[FakeSources]:
    with FakeSources() as opened:
        opened.works = [
            work(f"{title} (Barsetshire, #{n})", TROLLOPE, year)
            for n, (title, year) in enumerate(zip(NOVELS, YEARS, strict=True), 1)
        ]
        opened.works.append(work("Orley Farm", TROLLOPE, 1862))
        opened.recordings = [recording("Warden", "Anthony", "Trollope")]
        use_sources(opened.url, "open_library", "librivox")
        yield opened


@pytest.fixture
def series(db: None) -> Series:
    """With its first volume on the shelf."""
    row = Series.objects.create(name="Barsetshire")
    book = make_book("The Warden", TROLLOPE, on_shelf=True, wish=Wish.PARKED)
    SeriesPlace.objects.create(book=book, series=row, position="1")
    return row
