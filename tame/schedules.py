"""The schedules: code owns the function, the person owns timing and pause."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django_q.models import Schedule

from indexers.limits import FEED_MINUTES
from tame.lib import bell
from tame.lib.errors import ObstacleError
from tame.models import SchedulePreference
from tame.runners import GO_ON, PREFIX, everything_is_paused

SCHEDULES = {  # name: (function, minutes)
    "search": ("indexers.tasks.search", 1),
    "feeds": ("indexers.tasks.feeds", FEED_MINUTES),
    "decide": ("indexers.tasks.decide", 1),
    "grab": ("downloads.tasks.grab", 1),
    "push": ("downloads.tasks.push", 1),
    "confirm": ("downloads.tasks.confirm", 1),
    "sync": ("downloads.tasks.sync", 1),
    "import": ("downloads.tasks.import_", 1),
    "shelve": ("downloads.tasks.shelve", 1),
    "correct": ("books.tasks.correct", 5),
    "undo": ("downloads.tasks.undo", 1),
    "upgrades": ("indexers.tasks.upgrades", 60),
    "trash": ("books.tasks.trash", 60),
    "move_in": ("books.tasks.move_in", 1),
    "adopt": ("downloads.tasks.adopt", 1),
    "read_again": ("books.tasks.read_again", 1440),
    "tidy": ("downloads.tasks.tidy", 1),
    "seed": ("downloads.tasks.seed", 10),
    "retry": ("downloads.tasks.retry", 1),
    "follow": ("books.tasks.follow", 15),
    "describe": ("books.tasks.describe", 5),
    "trackers": ("downloads.tasks.trackers", 10),
    "prune": ("tame.tasks.prune", 1440),
}
DOES = {  # for the person who owns the timing
    "search": "Asks the indexers for wanted books that are due.",
    "feeds": "Reads what is new at the indexers, for all wanted books at once.",
    "decide": "Judges what was found.",
    "grab": "Takes by itself what is certain, within the brakes.",
    "push": "Fetches torrents and hands them to qBittorrent.",
    "confirm": "Looks for what was handed over in qBittorrent's own list.",
    "sync": "Follows what is downloading.",
    "import": "Puts complete books into the library.",
    "shelve": "Has Audiobookshelf scan, and proves what it shows.",
    "correct": "Corrects the entries in Audiobookshelf.",
    "undo": "Takes off the shelf, or puts back, what you said.",
    "upgrades": "Looks which books on the shelf may become better.",
    "trash": "Empties the trash of what was there long enough.",
    "move_in": "Reads and stores the books that you move in with.",
    "adopt": "Looks for the torrents of what moved in.",
    "read_again": "Reads the libraries for what was added or removed by hand.",
    "tidy": "Stops, starts and removes torrents as you or a policy said.",
    "seed": "Looks which torrents have seeded enough.",
    "retry": "Tries again what failed and is due.",
    "follow": "Asks the sources for new volumes of what you follow.",
    "describe": "Looks up what is known of books.",
    "trackers": "Looks for torrents that their tracker no longer knows.",
    "prune": "Removes rows that are old.",
}
LOCK_NUMBER = 8_726_300  # any number of our own; PostgreSQL locks by it


def sync() -> str:
    """Make django-q's rows equal to `SCHEDULES` and the person's preferences. Runs twice safely."""
    with transaction.atomic():  # SQLite: IMMEDIATE takes the write lock here
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_NUMBER])
        SchedulePreference.objects.bulk_create(
            [SchedulePreference(name=name) for name in SCHEDULES], ignore_conflicts=True
        )
        chosen = {row.name: row for row in SchedulePreference.objects.all()}
        for name, (path, minutes) in SCHEDULES.items():
            write(name, path, minutes, chosen.get(name))
        ours = Schedule.objects.filter(name__startswith=PREFIX)
        gone, _ = ours.exclude(name__in=[PREFIX + name for name in SCHEDULES]).delete()
    return f"{len(SCHEDULES)} schedules" + (f", {gone} old ones removed" if gone else "")


def write(name: str, path: str, minutes: int, chosen: SchedulePreference | None) -> None:
    time = bell.time_of(path)
    wanted = {
        "func": path,
        "args": "",
        "kwargs": repr({"q_options": time}) if time else "",
        "schedule_type": Schedule.MINUTES,
        "minutes": (chosen and chosen.minutes) or minutes,
        "repeats": 0 if chosen and chosen.paused else -1,
    }
    rows = Schedule.objects.filter(name=PREFIX + name)
    row = rows.order_by("pk").first()
    if row is None:
        Schedule.objects.create(name=PREFIX + name, **wanted)  # due at the next pass
        return
    rows.exclude(pk=row.pk).delete()
    if row.minutes != wanted["minutes"] or (row.repeats == 0) != (wanted["repeats"] == 0):
        wanted["next_run"] = timezone.now()
    rows.update(**wanted)


def run_now(row: SchedulePreference) -> str:
    if everything_is_paused():
        raise ObstacleError(GO_ON)
    path, _ = SCHEDULES[row.name]
    bell.ring(path)
    return f"{row} runs as soon as a worker is free. What it says appears beside it."


def wake() -> None:
    """Ring for what is due soon: a cluster's own scheduler first looks 30 s after its start."""
    heed_clock()
    soon = timezone.now() + timedelta(minutes=1)
    due = Schedule.objects.exclude(repeats=0).filter(name__startswith=PREFIX, next_run__lt=soon)
    for path in due.values_list("func", flat=True):
        bell.ring(path)


def heed_clock() -> None:
    """Make due what lies further ahead than its period: it was planned before the clock was put
    back, and the scheduler would wait until it is that late again."""
    now = timezone.now()
    ours = Schedule.objects.filter(name__startswith=PREFIX, next_run__gt=now)
    planned = ours.values_list("pk", "next_run", "minutes")
    late = [pk for pk, at, minutes in planned if at > now + timedelta(minutes=minutes)]
    if late:
        Schedule.objects.filter(pk__in=late).update(next_run=now)
