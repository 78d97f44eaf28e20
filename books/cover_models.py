"""The cover that a source has of a book, fetched by TAME: no browser asks the source."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Cover(models.Model):
    """What was fetched last; empty as long as nothing could be. It stays while a newer one cannot
    be fetched."""

    book = models.OneToOneField("Book", models.CASCADE, related_name="cover")
    address = models.CharField(max_length=500, help_text="That was asked for last.")
    content = models.BinaryField(default=bytes)
    kind = models.CharField(max_length=4, blank=True, help_text="jpg, png or webp.")
    fetched_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now, null=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="covers_to_fetch")]

    def __str__(self) -> str:
        return f"Cover of {self.book}"
