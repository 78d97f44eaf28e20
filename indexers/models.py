"""Indexers, what was asked of them, what they listed, and what was thought of it."""

from __future__ import annotations

import os
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from books.models import Book
from tame.lib.backoff import PAUSE_MINUTES, Pause, hurried, step
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
    language = models.CharField(max_length=20, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField(default=25, help_text="1 to 50; lower goes first.")
    enabled = models.BooleanField(default=True)
    also_allow = models.TextField(
        "also allowed hosts",
        blank=True,
        help_text="Private hosts its links may lead to, one a line.",
    )
    next_query_at = models.DateTimeField(default=timezone.now, editable=False)
    queries_a_day = models.PositiveIntegerField(
        null=True, blank=True, help_text="What it allows in 24 hours; empty: any number."
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
    ratio_goal = models.FloatField(null=True, blank=True)
    seed_goal = models.PositiveIntegerField(null=True, blank=True, help_text="Minutes.")
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

    @property
    def key_was_refused(self) -> bool:
        """It failed without an end to its pause: only a new key helps."""
        return self.failures > 0 and self.off_until is None

    @classmethod
    def usable(cls) -> models.QuerySet[Indexer]:
        now = timezone.now()
        return cls.objects.filter(
            Q(failures=0, off_until=None) | Q(off_until__lte=now), enabled=True
        )

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


class Search(models.Model):
    """One search for one book: who asked, and when all indexers had answered."""

    book = models.ForeignKey(Book, models.CASCADE, related_name="searched")
    asked_by = models.CharField(max_length=150, blank=True, help_text="Empty: the schedule.")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    process = models.PositiveIntegerField(default=os.getpid, editable=False)

    class Meta:
        verbose_name_plural = "searches"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["book"], condition=Q(finished_at=None), name="one_open_search_per_book"
            )
        ]

    def __str__(self) -> str:
        return f"Search for {self.book} at {self.started_at:%d.%m.%Y %H:%M}"


class Query(models.Model):
    """One question to one indexer and how it ended. These rows are also its quota ledger.

    A search belongs to a book, a feed to none, and a fetch is that of a torrent.
    """

    class Kind(models.TextChoices):
        SEARCH = "search", "search"
        FEED = "feed", "feed"
        FETCH = "fetch", "fetch"

    class Outcome(models.TextChoices):
        ASKED = "asked", "asked"
        ANSWERED = "answered", "answered"
        FAILED = "failed", "failed"
        SKIPPED = "skipped", "not asked"

    kind = models.CharField(max_length=6, choices=Kind, default=Kind.SEARCH)
    search = models.ForeignKey(Search, models.SET_NULL, null=True, related_name="queries")
    indexer = models.ForeignKey(Indexer, models.SET_NULL, null=True, related_name="queries")
    indexer_name = models.CharField(max_length=200)
    tier = models.PositiveSmallIntegerField(default=1)
    asked = models.CharField(max_length=500)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.ASKED)
    sentence = models.TextField(blank=True)
    seconds = models.FloatField(null=True)
    found = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "queries"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["indexer", "started_at"], name="queries_of_an_indexer")]

    def __str__(self) -> str:
        return f"{self.indexer_name}: {self.asked}"

    def end(self, outcome: Query.Outcome, sentence: str) -> None:
        self.outcome, self.sentence = outcome, sentence
        self.seconds = (timezone.now() - self.started_at).total_seconds()
        self.save(update_fields=["outcome", "sentence", "seconds", "found", "new"])


class Release(models.Model):
    """What an indexer listed once; seen again it is the same row."""

    indexer = models.ForeignKey(Indexer, models.CASCADE, related_name="releases")
    identity = models.CharField(max_length=64, help_text="Info hash, else SHA-256 of the guid.")
    title = models.CharField(max_length=1000)
    size = models.BigIntegerField(null=True, help_text="Bytes; empty: unknown.")
    seeders = models.PositiveIntegerField(null=True, help_text="Empty: unknown, which is not 0.")
    peers = models.PositiveIntegerField(null=True)
    grabs = models.PositiveIntegerField(null=True)
    files = models.PositiveIntegerField(null=True)
    info_hash = models.CharField(max_length=64, blank=True)
    link = EncryptedTextField(blank=True, help_text="With {key} in the place of the key.")
    magnet = EncryptedTextField(blank=True)
    details = models.CharField(max_length=1000, blank=True)
    categories = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-last_seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["indexer", "identity"], name="a_release_is_listed_once")
        ]
        indexes = [
            models.Index(fields=["info_hash"], name="releases_by_hash"),
            models.Index(fields=["-last_seen_at", "-id"], name="releases_last_seen_first"),
        ]
        permissions = [("grab_release", "Can grab a release")]

    def __str__(self) -> str:
        return self.title


class Verdict(models.Model):
    """What is thought of a release for a book: evidence, not permission."""

    class Outcome(models.TextChoices):
        TAKE = "take", "take"
        OFFER = "offer", "offer"
        REJECT = "reject", "reject"

    book = models.ForeignKey(Book, models.CASCADE, related_name="verdicts")
    release = models.ForeignKey(Release, models.CASCADE, related_name="verdicts")
    outcome = models.CharField(max_length=6, choices=Outcome, default=Outcome.OFFER)
    score = models.FloatField(default=0)
    parts = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    first_accepted_at = models.DateTimeField(null=True, blank=True)
    passed_over_until = models.DateTimeField(null=True, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "release"], name="one_verdict_on_a_release")
        ]
        indexes = [models.Index(fields=["outcome", "book"], name="verdicts_by_outcome")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.release}"


class Rejection(models.Model):
    """One rule's objection to a release."""

    verdict = models.ForeignKey(Verdict, models.CASCADE, related_name="rejections")
    rule = models.CharField(max_length=40)
    sentence = models.TextField()
    permanent = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verdict", "rule"], name="a_rule_objects_once")
        ]
        indexes = [models.Index(fields=["rule"], name="rejections_by_rule")]

    def __str__(self) -> str:
        return self.sentence


class Block(models.Model):
    """A release that is not taken again: by info hash, or by its place at an indexer."""

    info_hash = models.CharField(max_length=64, blank=True)
    indexer = models.ForeignKey(Indexer, models.CASCADE, null=True, blank=True)
    identity = models.CharField(max_length=64, blank=True)
    book = models.ForeignKey(
        Book, models.CASCADE, null=True, blank=True, help_text="Empty: for every book."
    )
    title = models.CharField(max_length=1000, blank=True)
    reason = models.TextField()
    blocked_by = models.CharField(max_length=150)
    blocked_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "blocklist"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["info_hash", "book"],
                condition=~Q(info_hash="") & Q(book__isnull=False),
                name="a_hash_is_blocked_once_for_a_book",
            ),
            models.UniqueConstraint(
                fields=["info_hash"],
                condition=~Q(info_hash="") & Q(book__isnull=True),
                name="a_hash_is_blocked_once_for_all",
            ),
            models.UniqueConstraint(
                fields=["indexer", "identity", "book"],
                condition=Q(info_hash="") & Q(book__isnull=False),
                name="a_listing_is_blocked_once_for_a_book",
            ),
            models.UniqueConstraint(
                fields=["indexer", "identity"],
                condition=Q(info_hash="") & Q(book__isnull=True),
                name="a_listing_is_blocked_once_for_all",
            ),
            models.CheckConstraint(
                condition=~Q(info_hash="") | Q(indexer__isnull=False, identity__gt=""),
                name="a_block_says_what_it_blocks",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.info_hash or self.identity

    def is_on(self, release: Release) -> bool:
        if self.info_hash:
            return self.info_hash == release.info_hash
        return (self.indexer_id, self.identity) == (release.indexer_id, release.identity)

    @classmethod
    def on(cls, info_hash: str, release: Release | None, book: Book) -> Block | None:
        """The block in force that forbids this torrent for this book."""
        what = Q(pk=None)
        if info_hash:
            what |= Q(info_hash=info_hash)
        if release is not None:
            what |= Q(indexer_id=release.indexer_id, identity=release.identity)
        in_force = Q(until=None) | Q(until__gt=timezone.now())
        return cls.objects.filter(what, in_force, Q(book=None) | Q(book=book)).first()


class Label(models.Model):
    """A person's word on a release: right or wrong for what was wanted. It outlives both."""

    wanted = models.JSONField()
    release_title = models.CharField(max_length=1000)
    size = models.BigIntegerField(null=True, help_text="Bytes.")
    categories = models.JSONField(default=list)
    right = models.BooleanField()
    said = models.CharField("was judged", max_length=6, blank=True)
    labelled_by = models.CharField(max_length=150)
    labelled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        permissions = [("label_release", "Can say whether a release is right")]

    def __str__(self) -> str:
        return f"{'right' if self.right else 'wrong'}: {self.release_title}"
