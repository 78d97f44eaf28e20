"""What a person wishes of a book, and where a copy of it is."""

from __future__ import annotations

from django.db.models import TextChoices


class Wish(TextChoices):
    """The person's column; of what a person follows a task may ask, or want, what is new."""

    ASKED = "asked", "asked for"
    WANTED = "wanted", "wanted"
    PARKED = "parked", "parked"


class CopyState(TextChoices):
    PLACED = "placed", "in its folder"
    PROVED = "proved", "on the shelf"
    TRASHED = "trashed", "in the trash"
    GONE = "gone", "gone"
    MISSING = "missing", "missing"


class Origin(TextChoices):
    """How a copy came to stand where it stands."""

    IMPORT = "import", "an import"
    MOVED_IN = "moved in", "moving in"


COPY_MOVES = {
    CopyState.PLACED: frozenset({CopyState.PROVED, CopyState.TRASHED, CopyState.MISSING}),
    CopyState.PROVED: frozenset({CopyState.TRASHED, CopyState.MISSING, CopyState.PLACED}),
    CopyState.TRASHED: frozenset({CopyState.GONE, CopyState.PLACED}),  # put back: proved anew
    CopyState.MISSING: frozenset({CopyState.PROVED, CopyState.TRASHED, CopyState.GONE}),
    CopyState.GONE: frozenset(),
}
COPY_OWNERS = {  # the only scheduled task that may move a row out of the state; "": a person
    CopyState.PLACED: "shelve",
    CopyState.PROVED: "",
    CopyState.TRASHED: "trash",
    CopyState.MISSING: "",
}
COPY_ENDS = frozenset({CopyState.GONE})
COPY_HOLDS_THE_BOOK = (CopyState.PLACED, CopyState.PROVED, CopyState.MISSING)
COPY_ON_SHELF = (CopyState.PLACED, CopyState.PROVED)
