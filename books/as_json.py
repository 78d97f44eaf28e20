"""A book as other programs see it: stable names, times in UTC."""

from __future__ import annotations

from typing import Any

from books.models import Book, Credit


def book_as_json(book: Book) -> dict[str, Any]:
    """No query when `credits__author` is prefetched."""
    return {
        "id": book.pk,
        "title": book.title,
        "subtitle": book.subtitle,
        "authors": authors_of(book),
        "year": book.year,
        "language": book.language,
        "asin": book.asin,
        "isbn": book.isbn,
        "state": state_of(book),
        "wish": book.wish,
        "on_shelf": book.on_shelf and not book.missing,
        "coming": book.coming,
        "priority": book.priority,
        "searches": book.searches,
        "next_search_at": book.next_search_at,
        "added_at": book.added_at,
    }


def state_of(book: Book) -> str:
    """One word, as `list_books --state` takes it."""
    if book.missing:
        return "missing"
    if book.on_shelf:
        return "available"
    return "coming" if book.coming else str(book.wish)


def authors_of(book: Book) -> list[str]:
    writers = [credit for credit in book.credits.all() if credit.role == Credit.Role.AUTHOR]
    return [c.author.name for c in sorted(writers, key=lambda credit: (credit.order, credit.pk))]
