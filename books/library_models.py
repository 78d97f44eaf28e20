"""The folders that books stand in, and the servers that show them."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import Q

from books.template import TEMPLATE
from tame.lib.backoff import Pause
from tame.lib.lease import Lease
from tame.lib.modes import Modes
from tame.lib.secrets import EncryptedTextField


class ShelfServer(Pause):
    """An Audiobookshelf server. `libraries`: what it listed when it was last tested, as dicts with
    id, name and folders."""

    name = models.CharField(max_length=100)
    address = models.CharField(
        max_length=500,
        unique=True,
        help_text="As you open it in the browser, for example http://192.168.1.10:13378",
    )
    key = EncryptedTextField(blank=True)
    enabled = models.BooleanField(default=True)
    libraries = models.JSONField(default=list, editable=False)
    version = models.CharField(max_length=20, blank=True, editable=False)
    from_environment = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = "Audiobookshelf server"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_environment"],
                condition=Q(from_environment=True),
                name="one_shelf_server_from_the_environment",
            )
        ]
        permissions = [("test_shelfserver", "Can test an Audiobookshelf server")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        return self.enabled and not self.is_off and not self.key_was_refused


class Library(Lease):
    """A folder with books, and the shelf that shows it. The lease is the scan's."""

    name = models.CharField(max_length=100)
    root = models.CharField(
        "folder",
        max_length=1000,
        unique=True,
        help_text="Where your audiobooks stand, as TAME sees it, for example /srv/audiobooks.",
    )
    template = models.CharField(
        "folders of a book",
        max_length=500,
        default=TEMPLATE,
        help_text="A group in <…> is left out when one of its fields is not known.",
    )
    default = models.BooleanField(
        default=False, editable=False, help_text="For every book that names no other."
    )
    folder_mode = models.CharField(
        "permissions of folders",
        max_length=4,
        default="775",
        help_text="As chmod takes them. Audiobookshelf has to be able to read them.",
    )
    file_mode = models.CharField(
        "permissions of files",
        max_length=4,
        default="664",
        help_text="Of copied files. A hard link shares those of the file in the client.",
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
    server = models.ForeignKey(
        ShelfServer, models.PROTECT, null=True, blank=True, related_name="shelves"
    )
    shelf_library_id = models.CharField(max_length=100, blank=True)
    shelf_prefix = models.CharField(
        "folder as Audiobookshelf sees it",
        max_length=1000,
        blank=True,
        help_text="Empty: the folder that its library has.",
    )
    scan_asked_at = models.DateTimeField(null=True, editable=False)
    scan_before = models.DateTimeField(
        null=True, editable=False, help_text="The end of the scan before it, by the server's clock."
    )
    takes_in = models.BooleanField(
        "take in by itself what is added by hand",
        default=False,
        help_text="When it is certain which book it is; else it waits for you under Moving in.",
    )
    problem = models.TextField(blank=True, default="", editable=False)
    strangers = models.PositiveIntegerField(
        default=0, editable=False, help_text="Books that stand there and that nobody moved in."
    )
    known_since = models.DateTimeField(
        null=True,
        editable=False,
        help_text="All that stood there was known then: what came since was added by hand.",
    )

    class Meta:
        verbose_name_plural = "libraries"
        ordering = ["pk"]
        permissions = [("test_library", "Can test a library")]
        constraints = [
            models.UniqueConstraint(
                fields=["default"], condition=Q(default=True), name="one_default_library"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def modes(self) -> Modes:
        return Modes(int(self.folder_mode, 8), int(self.file_mode, 8))

    @classmethod
    def usual(cls) -> Library | None:
        """The default one; without one the first."""
        return cls.objects.order_by("-default", "pk").first()

    def make_default(self) -> str:
        """From now on it gets every book that names no other."""
        with transaction.atomic():
            Library.objects.exclude(pk=self.pk).filter(default=True).update(default=False)
            Library.objects.filter(pk=self.pk).update(default=True)
        return f"“{self}” gets every book that names no other library."
