"""The sources that may be asked about books, and what they answered."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from tame.lib.backoff import Pause, hurried, may_be_asked


class Kind(models.TextChoices):
    OPEN_LIBRARY = "open_library", "Open Library"
    LIBRIVOX = "librivox", "LibriVox"
    AUDIOBOOKSHELF = "audiobookshelf", "Audiobookshelf"
    AUDNEXUS = "audnexus", "Audnexus"


GIVES = {  # what it gives, and its terms
    Kind.OPEN_LIBRARY: "Titles, authors, years, descriptions and covers of printed books; its data "
    "are free (CC0). It is told the title and author, the ISBN or the link.",
    Kind.LIBRIVOX: "Free recordings with narrators, durations and covers; public domain. It is "
    "told the title and the author's last name.",
    Kind.AUDIOBOOKSHELF: "What your own Audiobookshelf finds with the services it uses, under "
    "their terms. It is told the title and author.",
    Kind.AUDNEXUS: "Narrators, series, durations and covers by ASIN, collected from Audible by "
    "volunteers; Amazon does not allow its pages to be read by programs. It is told the ASIN.",
}


PROVIDERS = {  # that every Audiobookshelf has; a newer one says itself which it offers
    "google": "Google Books", "openlibrary": "Open Library", "itunes": "iTunes",
    "fantlab": "FantLab.ru", "audible": "Audible.com", "audible.ca": "Audible.ca",
    "audible.uk": "Audible.co.uk", "audible.au": "Audible.com.au", "audible.fr": "Audible.fr",
    "audible.de": "Audible.de", "audible.jp": "Audible.co.jp", "audible.it": "Audible.it",
    "audible.in": "Audible.in", "audible.es": "Audible.es",
}  # fmt: skip


class MetadataSource(Pause):
    """A service that knows books. Nothing is asked of it before a person said that it may be."""

    kind = models.CharField(max_length=20, choices=Kind, unique=True, editable=False)
    enabled = models.BooleanField(default=True)
    answered = models.BooleanField("a person said so", default=False, editable=False)
    address = models.CharField(
        max_length=500, blank=True, help_text="Empty: its own. Another one speaks the same way."
    )
    provider = models.CharField(
        "which service it asks",
        max_length=100,
        default="google",
        help_text="Google Books, which Audiobookshelf itself begins with, knows printed books. "
        "Audible knows narrators, series and durations; Amazon does not allow it to be read by "
        "programs.",
    )
    offered = models.JSONField(
        default=dict, editable=False, help_text="What it said that it can ask, by its names."
    )
    next_query_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "metadata source"
        ordering = ["pk"]
        permissions = [("test_metadatasource", "Can test a metadata source")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def how_it_is(self) -> str:
        return super().how_it_is if self.answered else "nobody has said yet whether it may be asked"

    @property
    def gives(self) -> str:
        return GIVES[Kind(self.kind)]

    @classmethod
    def usable(cls) -> models.QuerySet[MetadataSource]:
        """Those that may be asked now."""
        rows = cls.allowed()
        return rows.filter(may_be_asked())

    @classmethod
    def allowed(cls) -> models.QuerySet[MetadataSource]:
        """Those that a person wants asked."""
        return cls.objects.filter(enabled=True, answered=True)

    def take_turn(self) -> timedelta | None:
        """Reserve the next question; None when it may go now, else how long to wait."""
        now = timezone.now()
        taken = MetadataSource.objects.filter(pk=self.pk, next_query_at__lte=now).update(
            next_query_at=now + hurried(settings.SOURCE_SECONDS)
        )
        if taken:
            return None
        self.refresh_from_db(fields=["next_query_at"])
        return max(self.next_query_at - now, timedelta(milliseconds=1))


class SourceAnswer(models.Model):
    """What a source answered, so that it is not asked for the same again."""

    source = models.ForeignKey(MetadataSource, models.CASCADE, related_name="answers")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the address asked.")
    document = models.JSONField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "digest"], name="an_answer_is_kept_once")
        ]
        indexes = [models.Index(fields=["asked_at"], name="answers_oldest_first")]

    def __str__(self) -> str:
        return f"{self.source}, {self.asked_at:%Y-%m-%d}"

    @classmethod
    def old(cls, days: int) -> models.QuerySet[SourceAnswer]:
        """Those nobody will ask for again. A source that is down keeps all it ever said."""
        before = timezone.now() - timedelta(days=days)
        return cls.objects.filter(asked_at__lt=before, source__failures=0)
