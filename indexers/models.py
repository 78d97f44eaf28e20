"""Indexers, what was asked of them, what they listed, and what was thought of it.

What is imported `as` itself is a model of this app, too: Django looks for all of them here.
"""

from __future__ import annotations

import os

from django.db import models
from django.db.models import Q
from django.utils import timezone

from books.models import Book
from indexers.indexer import Indexer as Indexer
from tame.lib.moments import moment
from tame.lib.secrets import EncryptedTextField


class Search(models.Model):
    """One search for one book: who asked, and when all indexers had answered."""

    book = models.ForeignKey(Book, models.CASCADE, related_name="searched")
    asked_by = models.CharField(max_length=150, blank=True, help_text="Empty: the schedule.")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
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
        return f"Search for {self.book} at {moment(self.started_at)}"


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
        if self.seconds is None:
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
    search = models.ForeignKey(
        Search,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The last one that found it. Empty: it came with a feed.",
    )
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
        indexes = [
            models.Index(fields=["outcome", "book"], name="verdicts_by_outcome"),
            models.Index(fields=["digest", "book"], name="verdicts_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.release}"


class Judged(models.Model):
    """The one row that says what every verdict rested on when none was left to judge."""

    mark = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "judged"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_judged")]

    def __str__(self) -> str:
        return self.mark


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
        if self.info_hash and self.info_hash == release.info_hash:
            return True
        return (self.indexer_id, self.identity) == (release.indexer_id, release.identity)

    @classmethod
    def on(cls, info_hash: str, release: Release | None, book: Book) -> Block | None:
        """The block in force that forbids this torrent for this book."""
        what = Q(pk=None)
        if info_hash:
            what |= Q(info_hash=info_hash)
        if release is not None:
            what |= Q(indexer_id=release.indexer_id, identity=release.identity)
        return cls.objects.filter(what, cls.in_force(), Q(book=None) | Q(book=book)).first()

    @staticmethod
    def in_force() -> Q:
        return Q(until=None) | Q(until__gt=timezone.now())


class Label(models.Model):
    """A person's word on a release: right or wrong for what was wanted. It outlives both."""

    class Because(models.TextChoices):
        NONE = "", "not said"
        BOOK = "book", "another book"
        VOLUME = "volume", "another volume"
        ABRIDGED = "abridged", "abridged"
        LANGUAGE = "language", "another language"
        NARRATOR = "narrator", "another narrator"
        DAMAGED = "damaged", "damaged"

    wanted = models.JSONField()
    release_title = models.CharField(max_length=1000)
    size = models.BigIntegerField(null=True, help_text="Bytes.")
    categories = models.JSONField(default=list)
    right = models.BooleanField()
    because = models.CharField(max_length=8, choices=Because, blank=True, default=Because.NONE)
    said = models.CharField("was judged", max_length=6, blank=True)
    labelled_by = models.CharField(max_length=150)
    labelled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        permissions = [("label_release", "Can say whether a release is right")]

    def __str__(self) -> str:
        return f"{'right' if self.right else 'wrong'}: {self.release_title}"
