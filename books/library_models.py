"""The folders that books stand in, and the servers that show them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from books.template import TEMPLATE
from tame.lib.backoff import Pause
from tame.lib.lease import Lease
from tame.lib.secrets import EncryptedTextField


class ShelfServer(Pause):
    """An Audiobookshelf server."""

    name = models.CharField(max_length=100)
    address = models.URLField(unique=True)
    key = EncryptedTextField(blank=True)
    from_environment = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_environment"],
                condition=Q(from_environment=True),
                name="one_shelf_server_from_the_environment",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Library(Lease):
    """A folder with books, and the shelf that shows it. The lease is the scan's."""

    name = models.CharField(max_length=100)
    root = models.CharField(
        "folder",
        max_length=1000,
        unique=True,
        help_text="Where your audiobooks stand, as TAME sees it.",
    )
    template = models.CharField(
        "folders of a book",
        max_length=500,
        default=TEMPLATE,
        help_text="A group in <…> is left out when one of its fields is not known.",
    )
    may_copy = models.BooleanField(
        "copy where linking is not possible",
        default=True,
        help_text="Else such an import fails, and says so.",
    )
    trash_days = models.PositiveIntegerField(
        "days in the trash",
        default=30,
        help_text="What is taken off the shelf is kept so long in the hidden folder .tame/trash of "
        "the library, and can be put back until then.",
    )
    server = models.ForeignKey(ShelfServer, models.PROTECT, null=True, blank=True)
    shelf_library_id = models.CharField(max_length=100, blank=True)
    shelf_prefix = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name_plural = "libraries"
        ordering = ["pk"]
        permissions = [("test_library", "Can test a library")]

    def __str__(self) -> str:
        return self.name
