"""One torrent in the fake client: it truly fetches from its web seeds and writes files."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import libtorrent

from tests.fakes.qbittorrent_generations import Generation

FINISHED = {"uploading", "stalledUP", "queuedUP", "forcedUP", "pausedUP", "stoppedUP"}
ETA_UNKNOWN = 8_640_000
Log = Callable[[str, int], None]


@dataclass
class Part:
    path: str
    size: int
    done: int = 0
    priority: int = 1


@dataclass
class Torrent:
    """`hash` is qBittorrent's id: the v2 hash, shortened, if it knows one, else v1."""

    generation: Generation
    name: str
    v1: str
    v2: str
    save_path: Path
    category: str = ""
    tags: list[str] = field(default_factory=list)
    stopped: bool = False
    auto_management: bool = False
    parts: list[Part] | None = None
    total_size: int = -1
    web_seeds: list[str] = field(default_factory=list)
    trackers: list[str] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)  # what its trackers say, if a test decides
    added_on: int = field(default_factory=lambda: int(time.time()))
    completion_on: int = 0
    listed_from: float = 0
    state: str = ""  # set by the test; else it follows from the rest
    busy: str = ""  # "checking" or "error", while it lasts
    shown: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, str] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        return self.v2[:40] if self.v2 else self.v1

    @property
    def wanted(self) -> int:
        return sum(part.size for part in self.parts or [] if part.priority)

    @property
    def done(self) -> int:
        return sum(part.done for part in self.parts or [] if part.priority)

    @property
    def is_complete(self) -> bool:
        return self.parts is not None and self.done == self.wanted

    def take_metadata(self, payload: bytes) -> None:
        """What peers of a magnet link send: the file list, and the hash that goes with it."""
        known = read_file(payload, self.generation, self.save_path)
        self.v1, self.v2, self.name = known.v1, known.v2, known.name
        self.parts, self.total_size = known.parts, known.total_size
        self.web_seeds = self.web_seeds or known.web_seeds

    # --- Downloading -------------------------------------------------------------------------

    def run(self, log: Log) -> None:
        """Fetch in the background whatever is missing."""
        threading.Thread(target=self._fetch_all, args=(log,), daemon=True).start()

    def _fetch_all(self, log: Log) -> None:
        for part in self.parts or []:
            while part.done < part.size and self.web_seeds and not self.busy:
                if self.stopped:
                    return
                if not self._fetch(part, log):
                    time.sleep(0.1)
        if self.is_complete and not self.completion_on:
            self.completion_on = int(time.time())
            log(f'Torrent download finished. Torrent: "{self.name}"', 1)

    def _fetch(self, part: Part, log: Log) -> bool:
        try:
            with urllib.request.urlopen(self._address(part), timeout=10) as answer:
                data = answer.read()
        except OSError:
            return False
        target = self.save_path / part.path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        except OSError as error:
            self.busy = "error"
            log(
                f'File error alert. Torrent: "{self.name}". File: "{target}". '
                f'Reason: "{self.name} file_open ({target}) error: {error.strerror}"',
                4,
            )
            return False
        part.done = part.size
        return True

    def _address(self, part: Part) -> str:
        base = self.web_seeds[0]
        return base + quote(part.path) if base.endswith("/") else base

    def recheck(self, log: Log) -> None:
        if self.parts is not None and not self.busy:
            self.busy = "checking"
            threading.Thread(target=self._check_files, args=(log,), daemon=True).start()

    def _check_files(self, log: Log) -> None:
        time.sleep(0.15)
        for part in self.parts or []:
            part.done = 0
            with contextlib.suppress(OSError):
                part.done = min((self.save_path / part.path).stat().st_size, part.size)
        self.busy = ""
        if self.completion_on and not self.is_complete:
            self.stopped = True  # what it had is lost: it does not fetch it again by itself
        if not self.stopped:
            self.run(log)

    def delete_files(self) -> None:
        for part in self.parts or []:
            with contextlib.suppress(OSError):
                (self.save_path / part.path).unlink()
        top = self.save_path / self.name
        if top.is_dir() and not any(path.is_file() for path in top.rglob("*")):
            shutil.rmtree(top)

    # --- What the client tells ---------------------------------------------------------------

    def current_state(self) -> str:
        if self.state:
            return self.state
        if self.busy == "checking":
            return "checkingUP" if self.completion_on else "checkingDL"
        if self.busy == "error":
            return "error"
        ending = "UP" if self.is_complete and self.completion_on else "DL"
        if self.stopped:
            return self.generation.stopped_state + ending
        return "metaDL" if self.parts is None else "stalled" + ending

    def content_path(self) -> str:
        """With one file it is that file, whatever folder it is in."""
        if self.parts is None:
            return ""
        if len(self.parts) == 1:
            return str(self.save_path / self.parts[0].path)
        return str(self.save_path / self.name)

    def info(self) -> dict[str, Any]:
        checking = self.busy == "checking"
        done = 0 if checking else self.done
        shown = {
            "added_on": self.added_on,
            "amount_left": self.wanted - done,
            "auto_tmm": self.auto_management,
            "availability": -1 if self.is_complete else 0,
            "category": self.category,
            "completed": done,
            "completion_on": self.completion_on or self.generation.never,
            "content_path": self.content_path(),
            "dlspeed": 0,
            "download_path": "",
            "downloaded": done,
            "eta": ETA_UNKNOWN,
            "force_start": False,
            "hash": self.hash,
            "infohash_v1": self.v1,
            "infohash_v2": self.v2,
            "name": self.name,
            "num_complete": 0,
            "num_incomplete": 0,
            "num_leechs": 0,
            "num_seeds": 0,
            "progress": done / self.wanted if self.wanted else 0,
            "ratio": 0,
            "ratio_limit": -2,
            "save_path": str(self.save_path),
            "seeding_time": int(time.time()) - self.completion_on if self.completion_on else 0,
            "size": self.wanted,
            "state": self.current_state(),
            "tags": ", ".join(self.tags),
            "total_size": self.total_size,
            "tracker": self.trackers[0] if self.trackers and self.generation.names_tracker else "",
            "trackers_count": len(self.trackers),
            "uploaded": 0,
            "upspeed": 0,
        }
        if self.generation.at_least("5.0"):
            shown |= {"root_path": "", "private": False, "has_metadata": self.parts is not None}
        return shown | self.shown

    def show(self, state: str, fields: dict[str, Any]) -> None:
        """Tell this state from now on; a finished one also tells that all is there."""
        self.state = state
        self.shown = {}
        if state in FINISHED:
            self.completion_on = self.completion_on or int(time.time())
            self.shown = {"progress": 1, "amount_left": 0, "completion_on": self.completion_on}
        self.shown |= fields

    def file_list(self) -> list[dict[str, Any]]:
        whole = self.shown.get("progress") == 1
        return [
            {
                "availability": 0,
                "index": index,
                "name": part.path,
                "piece_range": [0, 0],
                "priority": part.priority,
                "progress": 1 if whole or not part.size else part.done / part.size,
                "size": part.size,
            }
            for index, part in enumerate(self.parts or [])
        ]

    def tracker_list(self) -> list[dict[str, Any]]:
        none = {"num_peers": 0, "num_seeds": 0, "num_leeches": 0, "num_downloaded": 0, "msg": ""}
        nets = [
            none | {"url": f"** [{net}] **", "status": 0, "tier": -1}
            for net in ("DHT", "PeX", "LSD")
        ]
        return nets + [
            none | {"url": url, "status": 4, "tier": 0, "msg": "Connection refused"} | self.told
            for url in self.trackers
        ]


def read_file(payload: bytes, generation: Generation, save_path: Path) -> Torrent:
    """Raises `RuntimeError` when the bytes are no torrent."""
    read = libtorrent.load_torrent_buffer(payload)
    info = read.ti
    assert info is not None
    layout = info.layout()
    parts = [
        Part(layout.file_path(index), layout.file_size(index))
        for index in range(layout.num_files())
        if not layout.file_flags(index) & layout.flag_pad_file
    ]
    found = info.info_hashes()
    return Torrent(
        generation=generation,
        name=info.name(),
        v1=str(found.v1) if found.has_v1() else "",
        v2=str(found.v2) if found.has_v2() else "",
        save_path=save_path,
        parts=parts,
        total_size=info.total_size(),
        web_seeds=list(read.url_seeds),
        trackers=list(read.trackers),
    )


def read_magnet(uri: str, generation: Generation, save_path: Path) -> Torrent:
    """Raises `RuntimeError` when the link names no hash."""
    read = libtorrent.parse_magnet_uri(uri)
    found = read.info_hashes
    v1 = str(found.v1) if found.has_v1() else ""
    v2 = str(found.v2) if found.has_v2() else ""
    return Torrent(
        generation=generation,
        name=read.name or v1 or v2,
        v1=v1,
        v2=v2,
        save_path=save_path,
        web_seeds=list(read.url_seeds),
        trackers=list(read.trackers),
    )
