"""What qBittorrent answers, checked at the door: what it lacks is a ServiceDownError."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from downloads.qbittorrent_errors import unreadable
from downloads.seen import ClientFile, Line, Preferences, Seen, TrackerSays, Transfer
from tame.lib.redact import quotable

ETA_UNKNOWN = 8_640_000
WORKING_TRACKER = 2


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
