"""The qBittorrents, how their folders are called here, and which indexer's releases go where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from indexers.models import Indexer
from tame.lib.backoff import Pause
from tame.lib.secrets import EncryptedTextField


class Client(Pause):
    """A qBittorrent."""

    name = models.CharField(max_length=100, unique=True)
    address = models.CharField(max_length=500, help_text="For example http://192.168.1.10:8080")
    username = models.CharField(max_length=100, blank=True)
    password = EncryptedTextField(blank=True)
    api_key = EncryptedTextField("API key", blank=True, help_text="From qBittorrent 5.2 on.")
    category = models.CharField(max_length=100, default="tame")
    enabled = models.BooleanField(default=True)
    default = models.BooleanField(default=False)
    unfinished_limit = models.PositiveSmallIntegerField("unfinished at a time", default=5)
    refused_credentials = models.CharField(max_length=64, blank=True, editable=False)
    login_leased_until = models.DateTimeField(null=True, editable=False)
    log_mark = models.BigIntegerField(null=True, editable=False)
    free_bytes = models.BigIntegerField("free space", null=True, editable=False)
    free_seen_at = models.DateTimeField(null=True, editable=False)
    version = models.CharField(max_length=40, blank=True, editable=False)
    save_path = models.CharField("default folder", max_length=1000, blank=True, editable=False)
    problem = models.TextField(blank=True, default="", editable=False)
    up_since = models.DateTimeField(null=True, editable=False)
    seeds_synced_at = models.DateTimeField(null=True, editable=False)
    from_environment = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["default"], condition=Q(default=True), name="one_default_client"
            ),
            models.UniqueConstraint(
                fields=["from_environment"],
                condition=Q(from_environment=True),
                name="one_client_from_the_environment",
            ),
        ]
        permissions = [("test_client", "Can test a client")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        return self.enabled and not self.is_off and not self.refused_credentials

    @property
    def how_it_is(self) -> str:
        return self.last_error or self.problem or super().how_it_is

    @classmethod
    def usable(cls) -> models.QuerySet[Client]:
        open_ = Q(off_until=None) | Q(off_until__lte=timezone.now())
        return cls.objects.filter(open_, enabled=True, refused_credentials="")

    @classmethod
    def chosen_for(cls, indexer: Indexer | None) -> Client | None:
        """The client of the indexer's route, else the default one, else the only one."""
        if indexer is not None:
            route = Route.objects.filter(indexer=indexer).select_related("client").first()
            if route is not None:
                return route.client
        return cls.objects.filter(enabled=True).order_by("-default", "pk").first()


class ClientPath(models.Model):
    """A remote path mapping: a folder as the client calls it, and as we do."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="paths")
    client_prefix = models.CharField("folder as the client calls it", max_length=1000)
    our_prefix = models.CharField("the same folder here", max_length=1000)

    class Meta:
        verbose_name = "remote path mapping"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "client_prefix"], name="a_client_folder_is_mapped_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_prefix} is {self.our_prefix}"


class Route(models.Model):
    """Releases of this indexer go to that client."""

    indexer = models.OneToOneField(Indexer, models.CASCADE, related_name="route")
    client = models.ForeignKey(Client, models.PROTECT, related_name="routes")

    def __str__(self) -> str:
        return f"{self.indexer} to {self.client}"
