"""The one page of the stand-in: what it shows, to look at and nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from demo.audiobookshelf.kept import Kept
from demo.audiobookshelf.shelf import Shelves

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Stand-in for Audiobookshelf</title>
<meta name="viewport" content="width=device-width">
<style>:root {{color-scheme: light dark; font-family: sans-serif}}
body {{margin: 2rem auto; max-width: 44rem; padding: 0 1rem}}
dt {{font-weight: bold}} dd {{overflow-wrap: anywhere}}</style></head>
<body><h1>{count} on the shelf</h1>
<p>A stand-in of TAME's demo, not an Audiobookshelf. It reads the library's folder by the rules of
one and answers as one does.</p>
{books}</body></html>
"""


def overview(shelves: Shelves) -> str:
    shown = [book for book in shelves.books.values() if not book.is_missing]
    count = "One book" if len(shown) == 1 else f"{len(shown)} books"
    return PAGE.format(count=count, books="\n".join(map(about, shown)))


def about(book: Kept) -> str:
    known = book.metadata
    series = [f"{name} #{place}" if place else name for name, place in known.get("series") or []]
    rows = {
        "Author": names(known.get("authors")),
        "Series": names(series),
        "Narrator": names(known.get("narrators")),
        "Year": known.get("publishedYear") or "",
        "Length": f"{sum(book.durations.values()):.0f} seconds",
        "Folder": book.path,
    }
    told = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows.items() if text)
    files = "".join(f"<li>{escape(name)}</li>" for name in book.order)
    return f"<h2>{escape(known.get('title') or '')}</h2><dl>{told}</dl><ol>{files}</ol>"


def names(known: Iterable[str] | None) -> str:
    return ", ".join(known or ())
