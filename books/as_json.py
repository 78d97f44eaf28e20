"""A book as other programs see it: stable names, times in UTC."""

from __future__ import annotations

from typing import Any

from books.models import Book, Credit, ShelfServer


def book_as_json(book: Book) -> dict[str, Any]:
    """No query when `credits__author` is prefetched."""
    return {
        "id": book.pk,
        "title": book.title,
        "subtitle": book.subtitle,
        "authors": book.names(Credit.Role.AUTHOR),
        "year": book.year,
        "language": book.language,
        "asin": book.asin,
        "isbn": book.isbn,
        "state": book.state,
        "wish": book.wish,
        "on_shelf": book.on_shelf and not book.missing,
        "coming": book.coming,
        "priority": book.priority,
        "searches": book.searches,
        "next_search_at": book.next_search_at,
        "added_at": book.added_at,
    }


def server_as_json(server: ShelfServer) -> dict[str, Any]:
    """Without its key. `libraries`: what it listed when it was last tested."""
    return {
        "id": server.pk,
        "name": server.name,
        "address": server.address,
        "enabled": server.enabled,
        "usable": server.is_usable,
        "version": server.version,
        "libraries": server.libraries,
        "failures": server.failures,
        "off_until": server.off_until,
        "last_error": server.last_error,
        "last_ok_at": server.last_ok_at,
        "from_environment": server.from_environment,
    }
