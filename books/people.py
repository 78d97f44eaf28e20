"""Authors and series: names that books are found by."""

from __future__ import annotations

from typing import Any

from django.db import models

from books.profiles import Profile
from tame.lib.words import LEADING, last_name_first, normalise


class Named(models.Model):
    """A name that is compared without regard to case, accents and punctuation."""

    name = models.CharField(max_length=300)
    normalised = models.CharField(max_length=300, editable=False)
    sort_name = models.CharField(max_length=300, blank=True)
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
        self.normalised = normalise(self.name)
        self.sort_name = self.sort_name or self.sorted_as()
        if kwargs.get("update_fields") and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "normalised", "sort_name"}
        super().save(*args, **kwargs)

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
