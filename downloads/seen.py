"""What a download client tells: frozen, in UTC, without secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
