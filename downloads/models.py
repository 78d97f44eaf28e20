"""Torrents in a client, and the books they deliver.

What is imported `as` itself is a model of this app, too: Django looks for all of them here.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from books.models import Book
from downloads.client_models import Client as Client
from downloads.client_models import ClientPath as ClientPath
from downloads.client_models import Route as Route
from downloads.import_models import Import as Import
from downloads.import_models import ImportHistory as ImportHistory
from downloads.policies import Brakes as Brakes
from downloads.policies import Seeding as Seeding
from downloads.states import (
    ENDS,
    GONE_WISHES,
    IMPORT_OPEN,
    LIVE,
    MOVES,
    UNFINISHED,
    AtGoal,
    Failure,
    ImportState,
    State,
    Wish,
)
from indexers.models import Indexer, Release
from tame.lib.machine import History, Machine, Moves
from tame.lib.secrets import EncryptedTextField

# While one of these holds, the torrent's hash is taken in that client.
HOLDS_ITS_HASH = Q(state__in=LIVE) | Q(client_wish__in=GONE_WISHES, client_agrees_at=None)


class Download(Machine):
    """One torrent in one client."""

    MOVES: ClassVar[Moves] = MOVES

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="downloads")
    release = models.ForeignKey(Release, models.SET_NULL, null=True, related_name="downloads")
    indexer = models.ForeignKey(Indexer, models.SET_NULL, null=True, related_name="downloads")
    indexer_name = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=1000)
    decision = models.JSONField(default=dict, blank=True)
    asked_by = models.CharField(max_length=150, blank=True)
    automatic = models.BooleanField(default=False, help_text="TAME took it by itself.")
    priority = models.SmallIntegerField(default=0, help_text="Higher goes first.")
    added_at = models.DateTimeField(auto_now_add=True)

    hash_v1 = models.CharField("info hash v1", max_length=40, blank=True)
    hash_v2 = models.CharField("info hash v2", max_length=64, blank=True)
    client_hash = models.CharField("hash in the client", max_length=40, blank=True)
    category = models.CharField(max_length=200, blank=True)
    save_path = models.CharField(max_length=1000, blank=True)
    content_path = models.CharField(max_length=2000, blank=True)
    adopted = models.BooleanField(default=False, help_text="It was in the client before TAME.")

    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    failure = models.CharField(max_length=12, choices=Failure, blank=True, default=Failure.NONE)
    warning = models.TextField(blank=True)
    client_state = models.CharField("state in the client", max_length=40, blank=True)
    client_wish = models.CharField(max_length=10, choices=Wish, blank=True, default=Wish.NONE)
    client_agrees_at = models.DateTimeField(null=True)
    log_mark = models.BigIntegerField(null=True, help_text="Where its log ended at the add.")
    missing_since = models.DateTimeField(null=True)

    progress = models.FloatField(default=0, help_text="0 to 1")
    size = models.BigIntegerField(null=True, help_text="Bytes.")
    downloaded = models.BigIntegerField(default=0, help_text="Bytes.")
    downloaded_when_looked = models.BigIntegerField(
        default=0,
        editable=False,
        help_text="Bytes that were there when its client last told its free space.",
    )
    speed = models.BigIntegerField(default=0, help_text="Bytes per second.")
    eta = models.BigIntegerField(null=True, help_text="Seconds.")
    seeds = models.IntegerField(null=True)
    ratio = models.FloatField(default=0)
    seeding_seconds = models.BigIntegerField(default=0)
    last_progress_at = models.DateTimeField(null=True)

    ratio_goal = models.FloatField(null=True)
    seed_goal = models.PositiveIntegerField(null=True, help_text="Minutes.")
    seed_both = models.BooleanField("ratio and time", default=False)
    seed_end = models.CharField(
        "done when its goal was met", max_length=10, choices=AtGoal, blank=True, default=""
    )
    confirmed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "hash_v1"],
                condition=~Q(hash_v1="") & HOLDS_ITS_HASH,
                name="a_v1_hash_is_live_once_in_a_client",
            ),
            models.UniqueConstraint(
                fields=["client", "hash_v2"],
                condition=~Q(hash_v2="") & HOLDS_ITS_HASH,
                name="a_v2_hash_is_live_once_in_a_client",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-added_at", "-id"], name="downloads_by_state"),
            models.Index(fields=["indexer", "-added_at", "-id"], name="downloads_by_indexer"),
            models.Index(fields=["-added_at", "-id"], name="downloads_newest_first"),
            models.Index(
                fields=["added_at"], condition=Q(automatic=True), name="downloads_taken_by_itself"
            ),
            models.Index(
                fields=["client", "state"],
                condition=Q(state__in=(*UNFINISHED, State.FAILED)),
                name="downloads_active",
            ),
        ]
        permissions = [
            ("push_download", "Can push to qBittorrent"),
            ("retry_download", "Can retry a download"),
            ("schedule_download", "Can say when a download is retried"),
            ("pause_download", "Can pause a download"),
            ("resume_download", "Can resume a download"),
            ("cancel_download", "Can cancel a download"),
            ("recheck_download", "Can recheck a download"),
            ("reannounce_download", "Can re-announce a download"),
            ("fail_download", "Can mark a download as failed"),
            ("category_download", "Can set the category of a download"),
            ("replace_download", "Can take the next best release instead"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tag(self) -> str:
        """What TAME calls this torrent in the client, whatever becomes of its hash."""
        return f"tame:{self.uuid.hex[:12]}"

    @property
    def is_paused(self) -> bool:
        """By a person's wish while it is on its way to the client, then as the client says."""
        if self.client_agrees_at is None and self.client_wish in (Wish.STOPPED, Wish.RUNNING):
            return self.client_wish == Wish.STOPPED
        return self.client_state.startswith(("paused", "stopped"))

    @property
    def is_leaving(self) -> bool:
        """Its torrent is to go and is not gone yet."""
        return self.client_wish in GONE_WISHES and self.client_agrees_at is None

    @property
    def wish_when_given_up(self) -> Wish:
        """What was in the client before TAME stays there."""
        return Wish.NONE if self.adopted else Wish.GONE_WITH_FILES

    @property
    def books(self) -> list[Book]:
        return [i.book for i in self.imports.all() if i.state != ImportState.DROPPED]

    def after_move(self, old: str) -> None:
        """A download that will deliver nothing drops what waits for it."""
        if self.state in ENDS:
            for waiting in self.imports.filter(state__in=IMPORT_OPEN):
                waiting.move_to(
                    ImportState.DROPPED,
                    f"Its download is {self.get_state_display()}.",
                    actor="TAME",
                )

    @classmethod
    def holding(cls, client: Client, hashes: tuple[str, str]) -> models.QuerySet[Download]:
        """The downloads to which a torrent with these hashes (v1, v2) belongs in this client."""
        v1, v2 = hashes
        same = Q(pk=None)
        if v1:
            same |= Q(hash_v1=v1)
        if v2:
            same |= Q(hash_v2=v2)
        return cls.objects.filter(same, HOLDS_ITS_HASH, client=client)


class DownloadHistory(History):
    row = models.ForeignKey(Download, models.CASCADE, related_name="history")

    class Meta(History.Meta):
        indexes = [
            models.Index(fields=["id"], condition=Q(told_at=None), name="download_history_not_told")
        ]


Download.HISTORY = DownloadHistory


class Payload(models.Model):
    """What is handed to the client: .torrent bytes or a magnet, or the link they come from.

    They carry passkeys, so they are sealed and loaded by push only.
    """

    download = models.OneToOneField(Download, models.CASCADE, related_name="payload")
    link = EncryptedTextField(blank=True)
    magnet = EncryptedTextField(blank=True)
    torrent = EncryptedTextField(blank=True, help_text="The bytes as base64.")
    here_since = models.DateTimeField(null=True, help_text="Empty: there is only a link so far.")

    def __str__(self) -> str:
        return f"payload of {self.download_id}"


def count_unfinished(client: Client) -> int:
    """Downloads that take up one of the client's places: handed over and not complete."""
    held = (State.PUSHED, State.DOWNLOADING)
    return Download.objects.filter(client=client, state__in=held).count()


def most_urgent_first(rows: models.QuerySet[Download]) -> models.QuerySet[Download]:
    return rows.order_by(F("priority").desc(), "added_at", "pk")
