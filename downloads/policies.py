"""What a person set once for every client: brakes, and how long is seeded."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from downloads.goals import Goal, goal
from downloads.states import AtGoal


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


class Seeding(models.Model):
    """How long a torrent seeds at least, and what becomes of it then. One row.

    The goals are copied to a download when it is taken; what follows is read when they are met.
    """

    ratio_goal = models.FloatField("ratio", null=True, blank=True)
    seed_goal = models.PositiveIntegerField("time", null=True, blank=True, help_text="Minutes.")
    seed_both = models.BooleanField(
        "both are needed",
        default=False,
        help_text="Else the one that is reached first is enough.",
    )
    when_met = models.CharField(
        "after that",
        max_length=10,
        choices=AtGoal,
        default=AtGoal.KEEP,
        help_text="What was in qBittorrent before TAME is never touched, and nothing is removed "
        "while a book of it is still to be imported.",
    )

    class Meta:
        verbose_name_plural = "seeding"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_about_seeding")]

    def __str__(self) -> str:
        return "Seeding"

    @classmethod
    def now(cls) -> Seeding:
        """As a person set it, else the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def goal(self) -> Goal:
        return goal(self.ratio_goal, self.seed_goal, both=self.seed_both)
