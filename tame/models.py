"""What the roof remembers: leases with a name, switches, and the person's say on schedules."""

from __future__ import annotations

from django.db import models


class NamedLease(models.Model):
    """One runner at a time for each kind of long work; the row `canary` holds its last answer."""

    name = models.CharField(max_length=40, unique=True)
    owner = models.CharField(max_length=32, blank=True, default="")
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Switch(models.Model):
    """The one row of switches that survive a restart."""

    everything_paused = models.BooleanField("pause everything", default=False)
    told_of_plain_http = models.BooleanField(
        "knows that passwords travel in clear over http", default=False
    )
    asked_language = models.BooleanField("was asked for a language", default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "switches"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_row_of_switches")
        ]

    def __str__(self) -> str:
        return "Everything is paused" if self.everything_paused else "TAME works by itself"


LOOPBACK = "lo"


class LocalClient(models.Model):
    """The one row about the qBittorrent that TAME itself runs, if a person asked for it."""

    wanted = models.BooleanField(default=False)
    interface = models.CharField(max_length=40, default=LOOPBACK)
    web_port = models.PositiveIntegerField(default=0)
    peer_port = models.PositiveIntegerField(default=0)
    password_hash = models.CharField(max_length=200, blank=True)
    client = models.ForeignKey("downloads.Client", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_qbittorrent_runs_here")
        ]

    def __str__(self) -> str:
        return f"qBittorrent here, on {self.interface}"

    @property
    def is_cut_off(self) -> bool:
        """Until a person names a network, nothing arrives from outside."""
        return self.interface == LOOPBACK


class SchedulePreference(models.Model):
    """The person's timing for one of the schedules in `tame.schedules`. The function is ours."""

    name = models.CharField(max_length=40, unique=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: ours.")
    paused = models.BooleanField(default=False)
    last_started_at = models.DateTimeField(null=True, editable=False)
    last_ended_at = models.DateTimeField(null=True, editable=False)
    last_result = models.TextField(blank=True, default="", editable=False)

    class Meta:
        verbose_name = "schedule"
        permissions = [("run_schedulepreference", "Can run a schedule now")]

    def __str__(self) -> str:
        return self.name
