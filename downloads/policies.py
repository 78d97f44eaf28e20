"""What a person set once for every client."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Brakes(models.Model):
    """What TAME takes by itself at most. One row; no day's budget holds a person's own grab."""

    grabs_a_day = models.PositiveIntegerField(
        "grabs a day", default=10, help_text="Releases taken by TAME itself in 24 hours."
    )
    gigabytes_a_day = models.PositiveIntegerField(
        "gigabytes a day", default=50, help_text="The size of those releases together."
    )
    reserve_gigabytes = models.PositiveIntegerField(
        "gigabytes to leave free",
        default=10,
        help_text="On the client's disk, after all that is still to come.",
    )

    class Meta:
        verbose_name_plural = "brakes"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_brakes")]

    def __str__(self) -> str:
        return "Brakes"

    @classmethod
    def now(cls) -> Brakes:
        """As a person set them, else the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
