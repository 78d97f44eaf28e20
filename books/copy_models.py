"""Copies: where an edition of a book stands, and what was found of it there."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from books.book_models import Book
from books.library_models import Library
from books.states import COPY_HOLDS_THE_BOOK, COPY_MOVES, COPY_ON_SHELF, CopyState
from tame.lib.machine import History, Machine, Moves


class ShelfCopy(Machine):
    """One edition of a book in a library."""

    MOVES: ClassVar[Moves] = COPY_MOVES

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="copies")
    library = models.ForeignKey(Library, models.PROTECT, related_name="copies")
    folder = models.CharField(max_length=1000)
    manifest = models.JSONField(default=list, blank=True)
    format = models.CharField(max_length=20, blank=True)
    bitrate = models.PositiveIntegerField(null=True, blank=True, help_text="Bits per second.")
    seconds = models.PositiveIntegerField(null=True, blank=True)
    narrator = models.CharField(max_length=300, blank=True)
    shelf_id = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=8, choices=CopyState, default=CopyState.PLACED)
    origin = models.CharField(max_length=20, blank=True)
    proved_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    scans = models.PositiveSmallIntegerField(default=0, editable=False)
    written = models.JSONField(
        default=dict,
        editable=False,
        help_text="What TAME knows of its entry in Audiobookshelf: fields (last written by TAME), "
        "found (as it was when it was proved), sidecar (its digest), theirs (left to a person).",
    )
    trash_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "copy"
        verbose_name_plural = "copies"
        permissions = [
            ("correct_shelfcopy", "Can correct a copy's entry in Audiobookshelf"),
            ("prove_shelfcopy", "Can have a copy proved again"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "library"],
                condition=Q(state__in=COPY_HOLDS_THE_BOOK),
                name="one_copy_of_a_book_in_a_library",
            ),
            models.UniqueConstraint(
                fields=["library", "folder"],
                condition=Q(state__in=COPY_HOLDS_THE_BOOK),
                name="one_book_per_folder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} in {self.library}"

    @property
    def path(self) -> Path:
        """Where it stands, or stood before it went to the trash."""
        return Path(self.library.root) / self.folder

    @classmethod
    def on_shelf(cls, book: Book) -> models.QuerySet[ShelfCopy]:
        return cls.objects.filter(book=book, state__in=COPY_ON_SHELF)

    def after_move(self, old: str) -> None:
        """A missing copy keeps its place: its book is searched again only by a person's word. The
        files of a proved one can be read, and say more of the book."""
        soon = {"next_describe_at": timezone.now()} if self.state == CopyState.PROVED else {}
        Book.objects.filter(pk=self.book_id).update(**columns_of(self.book_id), **soon)


class ShelfCopyHistory(History):
    row = models.ForeignKey(ShelfCopy, models.CASCADE, related_name="history")

    class Meta(History.Meta):
        indexes = [
            models.Index(fields=["id"], condition=Q(told_at=None), name="copy_history_not_yet_told")
        ]


ShelfCopy.HISTORY = ShelfCopyHistory


def columns_of(book: int) -> dict[str, bool]:
    """What its copies decide of a book's row."""
    copies = ShelfCopy.objects.filter(book=book, state__in=COPY_HOLDS_THE_BOOK)
    states = set(copies.values_list("state", flat=True))
    return {"on_shelf": bool(states), "missing": bool(states) and not states & set(COPY_ON_SHELF)}
