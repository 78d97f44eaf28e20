"""The books that downloads, or folders, deliver: what is to come into a library, and what came."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from books.models import Book, Library, ShelfCopy
from downloads.states import IMPORT_LIVE, IMPORT_MOVES, Doubt, ImportState, Then
from tame.lib.machine import History, Machine, Moves


class Import(Machine):
    """One book that a download, or a folder, delivers."""

    MOVES: ClassVar[Moves] = IMPORT_MOVES

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    download = models.ForeignKey(
        "downloads.Download", models.PROTECT, null=True, blank=True, related_name="imports"
    )
    source_folder = models.CharField(max_length=1000, blank=True)
    book = models.ForeignKey(Book, models.PROTECT, related_name="imports")
    library = models.ForeignKey(Library, models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.PENDING)
    manifest = models.JSONField(default=list, blank=True)
    doubt = models.CharField(
        "in doubt",
        max_length=10,
        choices=Doubt,
        blank=True,
        default=Doubt.NONE,
        help_text="What a person may overrule.",
    )
    overruled = models.JSONField(default=dict, blank=True, help_text="Doubt: who did.")
    chosen_files = models.JSONField(
        default=list, blank=True, help_text="Paths that a person gave to this book."
    )
    chosen_order = models.JSONField(
        default=list,
        blank=True,
        help_text="Paths in the order that a person chose; empty: by their names.",
    )
    measured = models.JSONField(default=dict, blank=True, help_text="Seconds and the like.")
    mapped_path = models.CharField(max_length=2000, blank=True)
    final_folder = models.CharField(max_length=1000, blank=True)
    copied = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Bytes that lie in the stage, while it is placed."
    )
    copy = models.OneToOneField(
        ShelfCopy, models.PROTECT, null=True, blank=True, related_name="made_by"
    )
    replaces = models.ForeignKey(
        ShelfCopy, models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    exchanging = models.BooleanField(
        default=False, editable=False, help_text="Its files and the replaced ones may be moved."
    )
    then = models.CharField(
        "afterwards",
        max_length=5,
        choices=Then,
        blank=True,
        default=Then.NOTHING,
        help_text="What follows once it is off the shelf.",
    )
    decided = models.JSONField(
        default=dict, blank=True, help_text="What was changed with it; taken back with it."
    )

    class Meta:
        ordering = ["-pk"]
        permissions = [
            ("retry_import", "Can decide about an import"),
            ("undo_import", "Can take an import off the shelf, and put it back"),
            ("wrong_import", "Can say that an import is the wrong book"),
            ("import_by_hand", "Can import a folder or a torrent by hand"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["book"],
                condition=Q(state__in=IMPORT_LIVE),
                name="one_live_import_per_book",
            ),
            models.UniqueConstraint(
                fields=["download", "book"],
                condition=~Q(state__in=(ImportState.DROPPED, ImportState.UNDONE)),
                name="a_download_delivers_a_book_once",
            ),
            models.CheckConstraint(
                condition=Q(download__isnull=False) | Q(source_folder__gt=""),
                name="an_import_has_a_source",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(ImportState.PLACED, ImportState.SHELVED))
                | Q(library__isnull=False),
                name="a_placed_import_has_a_library",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} from {self.download or self.source_folder}"

    def after_move(self, old: str) -> None:
        recompute_coming(self.book_id)


class ImportHistory(History):
    row = models.ForeignKey(Import, models.CASCADE, related_name="history")

    class Meta(History.Meta):
        indexes = [
            models.Index(fields=["id"], condition=Q(told_at=None), name="import_history_not_told")
        ]


Import.HISTORY = ImportHistory


def recompute_coming(book_id: int) -> None:
    """`Book.coming`, from the rows that decide it."""
    coming = Import.objects.filter(book=book_id, state__in=IMPORT_LIVE).exists()
    Book.objects.filter(pk=book_id).update(coming=coming)
