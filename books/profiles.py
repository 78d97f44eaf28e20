"""Profiles: what a person accepts of a release."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q

USUAL_FORMATS = ("m4b", "mp3", "m4a", "opus", "flac", "ogg", "aac")
A_YEAR = 366 * 24 * 60  # minutes
KNOWN_FORMATS = (*USUAL_FORMATS, "wma", "aax", "aaxc", "alac", "ape", "mp4a", "wav")


def usual_formats() -> list[str]:
    return list(USUAL_FORMATS)


class Profile(models.Model):
    """What a person accepts of a release. A newcomer never has to open one.

    A book's own profile goes first, then its series', its author's, then the default one.
    """

    name = models.CharField(max_length=100, unique=True)
    default = models.BooleanField(
        default=False, help_text="For every book whose author, series and itself have none."
    )
    automatic = models.BooleanField(
        "take by itself",
        default=False,
        help_text="Take what no rule objects to, within the brakes; else it is put on the page "
        "Choices and waits for you.",
    )
    delay_minutes = models.PositiveIntegerField(
        "wait before taking by itself",
        default=0,
        help_text="Minutes, for something better to appear.",
        validators=[MaxValueValidator(A_YEAR)],
    )

    library = models.ForeignKey(
        "Library",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where its books go. Empty: the default one.",
    )

    formats = models.JSONField(default=usual_formats, blank=True, help_text="Best first.")
    cutoff = models.CharField(
        "good enough from",
        max_length=10,
        blank=True,
        help_text="A copy in this format, or one before it, is not upgraded. Empty: the first.",
    )
    upgrade = models.BooleanField(
        default=False,
        help_text="Something in a better format than the copy on the shelf is searched now and "
        "then, and takes its place; the old copy goes to the trash. Only of what TAME has placed.",
    )
    formats_only = models.BooleanField("no other format", default=False)
    languages = models.JSONField(
        default=list, blank=True, help_text="For books that do not say theirs."
    )
    takes_abridged = models.BooleanField("abridged is fine", default=False)
    takes_dramatised = models.BooleanField("dramatised is fine", default=False)
    takes_box_sets = models.BooleanField(
        "take box sets by itself",
        default=False,
        help_text="Else one is only offered, unless every book in it is wanted.",
    )

    required = models.JSONField("required words", default=list, blank=True)
    ignored = models.JSONField("ignored words", default=list, blank=True)
    words = models.JSONField("preferred words", default=dict, blank=True, help_text="Word: score.")

    least_seeders = models.PositiveIntegerField(
        default=1, help_text="Where an indexer does not tell, nothing is held against it."
    )
    largest_gb = models.FloatField(
        "largest size",
        null=True,
        blank=True,
        help_text="GB.",
        validators=[MinValueValidator(0), MaxValueValidator(100_000)],
    )
    slowest_kbps = models.PositiveIntegerField("lowest bitrate", default=20, help_text="kbit/s.")
    fastest_kbps = models.PositiveIntegerField(
        "highest bitrate", default=600, help_text="kbit/s, from size and expected duration."
    )
    oldest_days = models.PositiveIntegerField(
        "oldest", null=True, blank=True, help_text="Days since it was published."
    )
    freeleech_only = models.BooleanField("freeleech only", default=False)
    most_ratio = models.FloatField(
        "highest ratio to seed",
        null=True,
        blank=True,
        help_text="What demands more is only offered.",
        validators=[MinValueValidator(0), MaxValueValidator(1000)],
    )
    most_seed_hours = models.PositiveIntegerField(
        "longest time to seed", null=True, blank=True, help_text="Hours."
    )

    approvals = models.PositiveIntegerField(
        "approved in a row",
        default=0,
        editable=False,
        help_text="Times a person took choices as they were, since the last correction.",
    )
    offer_answered = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["default"], condition=Q(default=True), name="one_default_profile"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def make_default(self) -> str:
        """From now on it holds for every book that has no other."""
        with transaction.atomic():
            Profile.objects.exclude(pk=self.pk).filter(default=True).update(default=False)
            Profile.objects.filter(pk=self.pk).update(default=True)
        return f"“{self}” holds for every book that has no other profile."

    @classmethod
    def usual(cls) -> Profile:
        """The default one; without one its values as they come."""
        return cls.objects.filter(default=True).first() or cls(name="Default", default=True)
