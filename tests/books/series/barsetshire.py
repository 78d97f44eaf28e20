"""A series of four novels, and how its page stands."""

from __future__ import annotations

from books.models import Author, Series
from books.series_page import lines_of

TROLLOPE = "Anthony Trollope"
NOVELS = ["The Warden", "Barchester Towers", "Doctor Thorne", "Framley Parsonage"]
YEARS = [1855, 1857, 1858, 1861]


def said(row: Series | Author) -> list[tuple[str, str, str]]:
    row.refresh_from_db()
    return [(line.position, line.title, line.standing) for line in lines_of(row)]
