"""Volumes of a series, and works of an author, that are known to exist. None of them is a wish."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from books.people import Author, Series, names_in
from books.positions import Position, read_position
from tame.lib.words import normalise


class Volume(models.Model):
    """One volume. What a person corrected stays so; `said` is what each source said of it."""

    series = models.ForeignKey(Series, models.CASCADE, null=True, related_name="volumes")
    author = models.ForeignKey(Author, models.CASCADE, null=True, related_name="works")
    position = models.CharField(max_length=20, blank=True, help_text="1, 2.5, or 1-3.")
    first = models.FloatField(null=True, editable=False)
    last = models.FloatField(null=True, editable=False)
    title = models.CharField(max_length=500)
    normalised = models.CharField(max_length=500, editable=False)
    authors = models.CharField(
        max_length=500, blank=True, help_text="Several are separated by semicolons."
    )
    published_on = models.DateField("out on", null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    asin = models.CharField("ASIN", max_length=10, blank=True)
    link = models.CharField(max_length=1000, blank=True, editable=False)
    other_titles = models.JSONField(default=list, blank=True, editable=False)
    said = models.JSONField(default=list, blank=True, editable=False)
    book = models.ForeignKey(
        "books.Book", models.SET_NULL, null=True, blank=True, related_name="volumes"
    )
    by_person = models.BooleanField(default=False, editable=False)
    left_out = models.BooleanField(
        "leave out", default=False, help_text="It is no volume, or you never want it."
    )
    first_seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = [F("last").asc(nulls_last=True), F("first").desc(), "year", "normalised", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(series=None, author__isnull=False)
                | Q(series__isnull=False, author=None),
                name="a_volume_is_of_a_series_or_an_author",
            ),
            models.UniqueConstraint(
                fields=["series", "position", "normalised"],
                condition=Q(series__isnull=False),
                name="a_volume_is_in_a_series_once",
            ),
            models.UniqueConstraint(
                fields=["author", "normalised"],
                condition=Q(author__isnull=False),
                name="a_work_is_of_an_author_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.title}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.settle()
        super().save(*args, **kwargs)

    def settle(self) -> None:
        """What follows from title and position."""
        self.title = " ".join(self.title.split())
        self.normalised = normalise(self.title)[:500]
        place = read_position(self.position)
        self.position, self.first, self.last = str(place), place.first, place.last

    @property
    def place(self) -> Position:
        return Position(self.first, self.last)

    @property
    def author_names(self) -> list[str]:
        return names_in(self.authors)

    @property
    def out_on(self) -> date | None:
        """Of a year that is still to come nobody knows the day: its first one."""
        if self.published_on or not self.year:
            return self.published_on
        return date(self.year, 1, 1) if self.year > timezone.localdate().year else None

    @property
    def is_out(self) -> bool:
        return self.out_on is None or self.out_on <= timezone.localdate()
