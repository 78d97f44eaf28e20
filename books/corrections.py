"""What TAME wrote into Audiobookshelf, with what was there before: a model of this room."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Correction(models.Model):
    """One field of one copy. `run`: what was written together. The row is there before the field
    is written; `seen_at` says that it was read back."""

    copy = models.ForeignKey("ShelfCopy", models.CASCADE, related_name="corrections")
    run = models.CharField(max_length=32)
    field = models.CharField(max_length=20)
    old = models.JSONField()
    new = models.JSONField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-pk"]
        permissions = [("undo_correction", "Can undo a correction")]
        indexes = [models.Index(fields=["run"], name="corrections_of_a_run")]
        constraints = [
            models.UniqueConstraint(
                fields=["copy", "field"],
                condition=Q(seen_at=None),
                name="one_correction_of_a_field_under_way",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.copy.book}"
