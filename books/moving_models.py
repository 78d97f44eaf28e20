"""Books that are to move in: what was read of a source, and what a person made of each line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from books.people import names_in


class Kind(models.TextChoices):
    """Where books are moved in from."""

    FOLDERS = "folders", "a folder of audiobooks"
    TABLE = "table", "a table (CSV)"
    GOODREADS = "goodreads", "a Goodreads export"
    READARR = "readarr", "a Readarr database"
    LAZYLIBRARIAN = "lazylibrarian", "a LazyLibrarian database"
    SHELF = "shelf", "an Audiobookshelf library"


class Status(models.TextChoices):
    """What the source says of a book."""

    HAD = "had", "is there"
    WISHED = "wished", "wished for"
    KNOWN = "known", "only known"


class Match(models.TextChoices):
    """What TAME makes of a line. Unsure: only a person can tell."""

    NEW = "new", "new"
    SAME = "same", "is here already"
    UNSURE = "unsure", "unsure"


class Action(models.TextChoices):
    """What becomes of a line when it is confirmed. Undecided lines wait."""

    UNDECIDED = "", "not decided"
    SHELF = "shelf", "add as on the shelf"
    WANTED = "wanted", "add as wanted"
    PARKED = "parked", "add as parked"
    MERGE = "merge", "it is the same book"
    SKIP = "skip", "leave it out"


class MoveIn(models.Model):
    """One reading of one source. Confirmed, its lines are stored until none is left: whoever is
    killed meanwhile goes on."""

    kind = models.CharField("from", max_length=16, choices=Kind)
    source = models.CharField(max_length=1000)
    library = models.ForeignKey("books.Library", models.CASCADE, null=True, blank=True)
    by = models.CharField(max_length=150)
    started_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, editable=False)
    seen = models.PositiveIntegerField(default=0, editable=False)
    problem = models.TextField(blank=True, default="", editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.CharField(max_length=150, blank=True, default="", editable=False)
    stored_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "move"
        verbose_name_plural = "moving in"
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source}"


class MoveInLine(models.Model):
    """One book of a source. `key` is its identity there: a folder, or an id."""

    run = models.ForeignKey(MoveIn, models.CASCADE, related_name="lines")
    key = models.CharField(max_length=1200)
    title = models.CharField(max_length=500)
    subtitle = models.CharField(max_length=500, blank=True)
    authors = models.CharField(max_length=1000, blank=True)
    series = models.CharField(max_length=300, blank=True)
    position = models.CharField(max_length=20, blank=True)
    narrators = models.CharField(max_length=1000, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=3, blank=True)
    asin = models.CharField("ASIN", max_length=10, blank=True)
    isbn = models.CharField("ISBN", max_length=13, blank=True)
    status = models.CharField(max_length=8, choices=Status)
    library = models.ForeignKey("books.Library", models.CASCADE, null=True, blank=True)
    folder = models.CharField(max_length=1000, blank=True)
    manifest = models.JSONField(default=list, blank=True)
    sound = models.JSONField(default=dict, blank=True)  # format, seconds, bitrate, shelf_id
    notes = models.TextField(blank=True)

    match = models.CharField(max_length=8, choices=Match)
    why = models.TextField(blank=True)
    alike = models.JSONField(default=list, blank=True)  # books it may be: [number, title]
    book = models.ForeignKey("books.Book", models.SET_NULL, null=True, blank=True)
    action = models.CharField(max_length=8, choices=Action, blank=True, default=Action.UNDECIDED)

    done_at = models.DateTimeField(null=True, editable=False)
    result = models.TextField(blank=True, default="", editable=False)
    copy = models.ForeignKey(
        "books.ShelfCopy", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    seeds = models.JSONField(
        default=list,
        editable=False,
        help_text="Torrents that seem to seed it: key, client, name, size, evidence, doubt.",
    )
    seeds_looked_at = models.DateTimeField(null=True, editable=False)
    seeds_taken = models.JSONField(
        null=True, editable=False, help_text="Keys that a person ticked. None: those that are sure."
    )
    seeds_sought_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "line"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="a_source_tells_of_a_book_once")
        ]
        indexes = [
            models.Index(fields=["key"], name="lines_by_key"),
            models.Index(
                fields=["copy"],
                condition=Q(seeds_sought_at=None, copy__isnull=False),
                name="lines_whose_seeds_are_unknown",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def takes(self, key: str, doubt: str = "") -> bool:
        """Whether that torrent is to be adopted with it: as a person ticked it, else as it was
        shown; one that was not there then only when it is sure and no person has chosen."""
        if self.seeds_taken is not None:
            return key in self.seeds_taken
        shown = {seed["key"]: seed["doubt"] for seed in self.seeds}
        return not shown.get(key, doubt)

    @property
    def author_names(self) -> list[str]:
        return names_in(self.authors)

    @property
    def narrator_names(self) -> list[str]:
        return names_in(self.narrators)
