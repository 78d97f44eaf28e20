"""An indexer as a row: where it is, what it allows, how it is."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tame.lib.backoff import PAUSE_MINUTES, Pause, hurried, may_be_asked, step
from tame.lib.secrets import EncryptedTextField

AUDIOBOOKS = 3030  # Torznab category
ITS_THE_INDEXER = 3  # so many links in a row without a good one between


def audiobooks() -> list[int]:
    return [AUDIOBOOKS]


class Kind(models.TextChoices):
    JACKETT = "jackett", "Jackett"
    PROWLARR = "prowlarr", "Prowlarr"
    TORZNAB = "torznab", "other Torznab"


class Indexer(Pause):
    """A place that lists releases, asked by Torznab."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TORZNAB, editable=False)
    address = models.CharField(
        "Torznab address", max_length=500, unique=True, help_text="As Jackett or Prowlarr shows it."
    )
    key = EncryptedTextField("API key", blank=True)
    categories = models.JSONField(default=audiobooks, blank=True)
    caps = models.JSONField(default=dict, blank=True, editable=False)
    privacy = models.CharField(max_length=20, blank=True, editable=False)
    language = models.CharField(
        "usual language",
        max_length=20,
        blank=True,
        help_text="Of releases whose name says none, for example German. Empty: any.",
    )
    priority = models.PositiveSmallIntegerField(default=25, help_text="1 to 50; lower goes first.")
    enabled = models.BooleanField(default=True)
    also_allow = models.TextField(
        "also allowed hosts",
        blank=True,
        help_text="Private hosts its links may lead to, one a line.",
    )
    next_query_at = models.DateTimeField(default=timezone.now, editable=False)
    queries_a_day = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="What it allows in 24 hours; empty: any number. Up to half of it is kept for "
        "reading what is new.",
    )
    grabs_a_day = models.PositiveIntegerField(
        null=True, blank=True, help_text="Torrents in 24 hours; empty: any number."
    )
    reads_feed = models.BooleanField(
        "read what is new",
        default=True,
        help_text="One question every 15 minutes, for all wanted books together.",
    )
    feed_mark = models.JSONField(
        default=list, editable=False, help_text="The identities that its last feed began with."
    )
    failed_fetches = models.PositiveIntegerField(
        "links in a row that gave no torrent", default=0, editable=False
    )
    ratio_goal = models.FloatField("ratio to reach", null=True, blank=True)
    seed_goal = models.PositiveIntegerField(
        "time to seed", null=True, blank=True, help_text="Minutes."
    )
    seed_both = models.BooleanField(
        "both are needed",
        default=True,
        help_text="Also of what it announces with a release. Else the one reached first is enough.",
    )
    from_environment = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["priority", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_environment"],
                condition=Q(from_environment=True),
                name="one_indexer_from_the_environment",
            )
        ]
        permissions = [("test_indexer", "Can test an indexer")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        return self.enabled and not self.is_off and not self.key_was_refused

    @classmethod
    def usable(cls) -> models.QuerySet[Indexer]:
        return cls.objects.filter(may_be_asked(), enabled=True)

    @staticmethod
    def left_alone(prefix: str = "") -> Q:
        """Rows of indexers, or of what belongs to one, that are asked for nothing right now."""
        off = Q(**{f"{prefix}off_until__gt": timezone.now()})
        return off | Q(**{f"{prefix}failures__gt": 0, f"{prefix}off_until": None})

    def take_turn(self) -> timedelta | None:
        """Reserve the next query; None when it may go now, else how long to wait for the turn.

        One conditional update, so two workers never query within the same interval.
        """
        now = timezone.now()
        taken = Indexer.objects.filter(pk=self.pk, next_query_at__lte=now).update(
            next_query_at=now + hurried(settings.QUERY_SECONDS)
        )
        if taken:
            return None
        self.refresh_from_db(fields=["next_query_at"])
        return max(self.next_query_at - now, timedelta(milliseconds=1))

    def note_good_fetch(self) -> None:
        """Whatever was wrong with it is over, unless it was left alone meanwhile."""
        troubled = Q(failed_fetches__gt=0) | Q(failures__gt=0) | ~Q(last_error="")
        over = Q(off_until=None) | Q(off_until__lte=timezone.now())
        Indexer.objects.filter(troubled, over, pk=self.pk).update(
            failures=0, off_until=None, last_error="", failed_fetches=0
        )

    def note_bad_fetch(self, sentence: str) -> bool:
        """Count a link that gave no torrent. True when it is the indexer that fails, which is
        then left alone for the next step."""
        Indexer.objects.filter(pk=self.pk).update(failed_fetches=F("failed_fetches") + 1)
        self.refresh_from_db(fields=["failed_fetches"])
        over = self.failed_fetches - ITS_THE_INDEXER + 1
        if over < 1:
            return False
        self._write(
            off_until=timezone.now() + step(PAUSE_MINUTES, over),
            last_error=f"{self.failed_fetches} links of {self.name} in a row gave no torrent, so "
            f"it is left alone for a while and the releases are not blamed. The last: {sentence}",
        )
        return True

    def reset(self) -> None:
        self._write(failures=0, off_until=None, last_error="", failed_fetches=0)
