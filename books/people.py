"""Authors and series: names that books are found by, and what each is to a book."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from books.positions import first_number
from books.profiles import Profile
from tame.lib.words import LEADING, last_name_first, normalise

LONGEST_NAME = 300  # letters


def key_of(name: str) -> str:
    """What a name is compared by: two names of one key are one name."""
    return normalise(name[:LONGEST_NAME])[:LONGEST_NAME]  # a ligature becomes two letters


def names_in(text: str) -> list[str]:
    """Of several people, as a person writes them: separated by semicolons."""
    return [name.strip() for name in text.split(";") if name.strip()]


class Named(models.Model):
    """A name that is compared without regard to case, accents and punctuation."""

    name = models.CharField(max_length=LONGEST_NAME)
    normalised = models.CharField(max_length=LONGEST_NAME, editable=False)
    sort_name = models.CharField(max_length=LONGEST_NAME, blank=True)
    other_names = models.JSONField(default=list, blank=True)
    followed = models.BooleanField(
        default=False, editable=False, help_text="Sources are asked every week what is new."
    )
    wants_new = models.BooleanField(
        "want new ones by itself",
        default=False,
        help_text="Else what is new is put under “asked for” and waits for you.",
    )
    followed_at = models.DateTimeField(null=True, editable=False)
    next_ask_at = models.DateTimeField("asked next", null=True, editable=False)
    asked_at = models.DateTimeField("sources were asked", null=True, editable=False)
    asked_said = models.TextField("what they said", blank=True, default="", editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.keyed()
        if kwargs.get("update_fields") and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "normalised", "sort_name"}
        super().save(*args, **kwargs)

    def keyed(self) -> Self:
        """With what follows from its name; of a row that is not made by `save`."""
        self.normalised = key_of(self.name)
        self.sort_name = (self.sort_name or self.sorted_as())[:LONGEST_NAME]
        return self

    def sorted_as(self) -> str:
        return last_name_first(self.name)


class Author(Named):
    """A person who wrote, read or translated a book."""

    profile = models.ForeignKey(Profile, models.SET_NULL, null=True, blank=True)

    class Meta(Named.Meta):
        constraints = [models.UniqueConstraint(fields=["normalised"], name="one_author_of_a_name")]


class Series(Named):
    """Books in an order."""

    profile = models.ForeignKey(Profile, models.SET_NULL, null=True, blank=True)

    class Meta(Named.Meta):
        verbose_name_plural = "series"

    def sorted_as(self) -> str:
        """The Forsyte Saga stands under F."""
        article, _, rest = self.name.partition(" ")
        return f"{rest}, {article}" if rest and article.lower() in LEADING else self.name


class Credit(models.Model):
    """Who did what for a book."""

    class Role(models.TextChoices):
        AUTHOR = "author", "author"
        NARRATOR = "narrator", "narrator"
        TRANSLATOR = "translator", "translator"

    book = models.ForeignKey("Book", models.CASCADE, related_name="credits")
    author = models.ForeignKey(Author, models.PROTECT, related_name="credits")
    role = models.CharField(max_length=10, choices=Role, default=Role.AUTHOR)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "author", "role"], name="a_person_is_credited_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.author} ({self.get_role_display()})"


class SeriesPlace(models.Model):
    """A book's place in a series: the text as printed, and a number to sort by."""

    book = models.ForeignKey("Book", models.CASCADE, related_name="places")
    series = models.ForeignKey(Series, models.PROTECT, related_name="places")
    position = models.CharField(max_length=20, blank=True)
    sort_number = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["sort_number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "series"], name="a_book_is_in_a_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.position}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The number to sort by is read from the position, where it has one."""
        self.position = " ".join(self.position.split())
        if self.position:
            self.sort_number = first_number(self.position)
        super().save(*args, **kwargs)
