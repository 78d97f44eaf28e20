"""What a download client tells, read at the door: frozen, in UTC, without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from downloads.qbittorrent_errors import unreadable
from tame.lib.redact import quotable

ETA_UNKNOWN = 8_640_000
WORKING_TRACKER = 2
REMOVING_ACTIONS = (1, 3)  # remove the torrent; remove it with its files
FINISHED = frozenset({"uploading", "stalledUP", "queuedUP", "forcedUP", "pausedUP", "stoppedUP"})
STOPPED = frozenset({"pausedDL", "stoppedDL", "pausedUP", "stoppedUP"})
WITHOUT_METADATA = frozenset({"metaDL", "forcedMetaDL"})
IN_WORDS = {
    "allocating": "making room for its files",
    "checkingDL": "checking its files",
    "checkingResumeData": "checking after its start",
    "checkingUP": "checking its files",
    "downloading": "downloading",
    "error": "an error",
    "forcedDL": "downloading, before all others",
    "forcedMetaDL": "fetching its metadata, before all others",
    "forcedUP": "seeding, before all others",
    "metaDL": "fetching its metadata",
    "missingFiles": "its files are missing",
    "moving": "moving its files",
    "pausedDL": "stopped",
    "pausedUP": "complete and stopped",
    "queuedDL": "waiting to download",
    "queuedUP": "waiting to seed",
    "stalledDL": "downloading, no byte arrives",
    "stalledUP": "seeding, nobody takes from it now",
    "stoppedDL": "stopped",
    "stoppedUP": "complete and stopped",
    "uploading": "seeding",
}


@dataclass(frozen=True)
class Seen:
    """One torrent in the client's list. Sizes in bytes, speeds in bytes per second."""

    hash: str
    hash_v1: str
    hash_v2: str
    name: str
    state: str
    category: str
    tags: tuple[str, ...]
    save_path: str
    content_path: str
    progress: float
    size: int
    total_size: int
    amount_left: int
    downloaded: int
    uploaded: int
    ratio: float
    download_speed: int
    eta: int | None
    seeds: int
    availability: float | None
    added_at: datetime | None
    completed_at: datetime | None
    seeding_seconds: int
    tracker: str
    auto_management: bool

    @property
    def is_complete(self) -> bool:
        """All four are needed: each alone is also true of torrents that still move or check."""
        return (
            self.state in FINISHED
            and self.amount_left == 0
            and self.progress == 1
            and self.completed_at is not None
        )

    @property
    def is_checking(self) -> bool:
        return self.state.startswith("checking")

    @property
    def is_moving(self) -> bool:
        return self.state == "moving"

    @property
    def is_stopped(self) -> bool:
        return self.state in STOPPED

    @property
    def is_errored(self) -> bool:
        return self.state == "error"

    @property
    def is_missing_files(self) -> bool:
        return self.state == "missingFiles"

    @property
    def needs_metadata(self) -> bool:
        """A magnet link whose file list nobody sent yet, stopped ones too."""
        return self.state in WITHOUT_METADATA or self.total_size == 0


@dataclass(frozen=True)
class Line:
    """One line of the client's log. `kind`: 4 is a warning, 8 is critical."""

    id: int
    kind: int
    text: str
    at: datetime


@dataclass(frozen=True)
class ClientFile:
    """`name` is the path below the save path; `priority` 0 is not wanted."""

    name: str
    size: int
    progress: float
    priority: int


@dataclass(frozen=True)
class TrackerSays:
    host: str
    working: bool
    message: str


@dataclass(frozen=True)
class Transfer:
    """`connection_status`: connected, firewalled or disconnected. Speeds in bytes per second."""

    connection_status: str
    download_speed: int
    upload_speed: int
    dht_nodes: int


@dataclass(frozen=True)
class Preferences:
    """What the person set in the client; TAME reads it and changes nothing.

    A limit is None where there is none. `temp_path` is empty where it is off.
    """

    save_path: str
    temp_path: str
    auto_management: bool
    queueing: bool
    dht: bool
    max_ratio: float | None
    max_seeding_minutes: int | None
    max_ratio_action: int

    @property
    def removes_finished(self) -> bool:
        """The client takes torrents out of its list by itself once they have seeded enough."""
        has_limit = self.max_ratio is not None or self.max_seeding_minutes is not None
        return has_limit and self.max_ratio_action in REMOVING_ACTIONS


class Reply:
    """A JSON object of the named client. What it lacks is a `ServiceDownError`."""

    def __init__(self, name: str, raw: Any) -> None:
        if not isinstance(raw, Mapping):
            raise unreadable(name, "a list or text where an object was expected")
        self._name, self._raw = name, raw

    def text(self, key: str) -> str:
        value = self._raw.get(key)
        if not isinstance(value, str):
            raise self._lacks(key)
        return value

    def number(self, key: str) -> float:
        value = self._raw.get(key)
        if not isinstance(value, int | float):
            raise self._lacks(key)
        return value

    def whole(self, key: str) -> int:
        return int(self.number(key))

    def flag(self, key: str) -> bool:
        return bool(self.number(key))

    def moment(self, key: str) -> datetime | None:
        """None for 0 and -1, which mean never."""
        seconds = self.number(key)
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None

    def part(self, key: str) -> Reply:
        return Reply(self._name, self._raw.get(key))

    def parts(self, key: str) -> list[Reply]:
        return rows(self._name, self._raw.get(key))

    def has(self, key: str) -> bool:
        return self._raw.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def _lacks(self, key: str) -> Exception:
        return unreadable(self._name, f'no usable "{key}"')


def rows(name: str, raw: Any) -> list[Reply]:
    """The objects of a JSON list."""
    if not isinstance(raw, list):
        raise unreadable(name, "no list where a list was expected")
    return [Reply(name, one) for one in raw]


def read_torrent(reply: Reply) -> Seen:
    eta = reply.whole("eta")
    availability = reply.number("availability") if reply.has("availability") else -1
    return Seen(
        hash=reply.text("hash"),
        hash_v1=reply.text("infohash_v1"),
        hash_v2=reply.text("infohash_v2"),
        name=reply.text("name"),
        state=reply.text("state"),
        category=reply.text("category"),
        tags=tuple(tag.strip() for tag in reply.text("tags").split(",") if tag.strip()),
        save_path=reply.text("save_path"),
        content_path=reply.text("content_path"),
        progress=reply.number("progress"),
        size=max(reply.whole("size"), 0),
        total_size=max(reply.whole("total_size"), 0),
        amount_left=reply.whole("amount_left"),
        downloaded=reply.whole("downloaded"),
        uploaded=reply.whole("uploaded"),
        ratio=float(reply.number("ratio")),
        download_speed=reply.whole("dlspeed"),
        eta=eta if 0 <= eta < ETA_UNKNOWN else None,
        seeds=max(reply.whole("num_seeds"), reply.whole("num_complete"), 0),
        availability=availability if availability >= 0 else None,
        added_at=reply.moment("added_on"),
        completed_at=reply.moment("completion_on"),
        seeding_seconds=reply.whole("seeding_time"),
        tracker=host_of(reply.text("tracker")),
        auto_management=reply.flag("auto_tmm"),
    )


def read_line(reply: Reply, secrets: tuple[str, ...]) -> Line:
    return Line(
        id=reply.whole("id"),
        kind=reply.whole("type"),
        text=quotable(reply.text("message"), secrets),
        at=reply.moment("timestamp") or datetime.fromtimestamp(0, UTC),
    )


def read_file(reply: Reply) -> ClientFile:
    return ClientFile(
        name=reply.text("name"),
        size=reply.whole("size"),
        progress=float(reply.number("progress")),
        priority=reply.whole("priority"),
    )


def read_tracker(reply: Reply) -> TrackerSays:
    return TrackerSays(
        host=host_of(reply.text("url")),
        working=reply.whole("status") == WORKING_TRACKER,
        message=quotable(reply.text("msg")),
    )


def read_transfer(reply: Reply) -> Transfer:
    return Transfer(
        connection_status=reply.text("connection_status"),
        download_speed=reply.whole("dl_info_speed"),
        upload_speed=reply.whole("up_info_speed"),
        dht_nodes=reply.whole("dht_nodes"),
    )


def read_preferences(reply: Reply) -> Preferences:
    return Preferences(
        save_path=reply.text("save_path"),
        temp_path=reply.text("temp_path") if reply.flag("temp_path_enabled") else "",
        auto_management=reply.flag("auto_tmm_enabled"),
        queueing=reply.flag("queueing_enabled"),
        dht=reply.flag("dht"),
        max_ratio=reply.number("max_ratio") if reply.flag("max_ratio_enabled") else None,
        max_seeding_minutes=(
            reply.whole("max_seeding_time") if reply.flag("max_seeding_time_enabled") else None
        ),
        max_ratio_action=reply.whole("max_ratio_act"),
    )


def host_of(url: str) -> str:
    """The host of a tracker's address: the rest may hold a passkey."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
