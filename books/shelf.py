"""What an Audiobookshelf server shows of the copies."""

from __future__ import annotations

from books.models import ShelfCopy


def take_off(copy: ShelfCopy) -> str:
    """Before its files go: what the server says of it. Without a server there is nothing to do."""
    return ""
