"""The order of a book's files by their names beside that by their track tags, for a person who
says which is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from downloads.manifest import AUDIO, named, suffix
from downloads.models import Import
from downloads.qbittorrent import ClientFile

BY_TAGS = "by_tags"  # in what was measured: paths, where the tags tell another order


@dataclass(frozen=True)
class Place:
    """Which file is the one of that number, and its name in the library, each by both orders."""

    number: int
    by_names: str
    named_so: str
    by_tags: str
    tagged_so: str

    @property
    def differs(self) -> bool:
        return self.by_names != self.by_tags


def two_orders(row: Import) -> list[Place]:
    """Of all files; empty where the tags tell no other order."""
    lines = sounds_of(row)
    tagged = by_tags(row)
    if not tagged:
        return []
    sizes = {line["path"]: line["size"] for line in lines}
    again = named([ClientFile(path, sizes[path], 1, 1) for path in tagged])
    return [
        Place(number, within(line["path"]), line["name"], within(other.path), other.name)
        for number, (line, other) in enumerate(zip(lines, again, strict=True), 1)
    ]


def sounds_of(row: Import) -> list[dict[str, Any]]:
    return [line for line in row.manifest if line["name"] and suffix(line["path"]) in AUDIO]


def by_tags(row: Import) -> list[str]:
    """Paths; empty where the files have changed since."""
    tagged: list[str] = row.measured.get(BY_TAGS, [])
    is_of_these = sorted(tagged) == sorted(line["path"] for line in sounds_of(row))
    return tagged if is_of_these else []


def within(path: str) -> str:
    """Without the torrent's own folder."""
    parts = PurePosixPath(path).parts
    return "/".join(parts[1:] or parts)


def in_sentences(row: Import, *, tags: bool, most: int = 20) -> list[str]:
    """How the files that differ would be called."""
    places = [place for place in two_orders(row) if place.differs]
    said = [
        f"{place.number}. {place.by_tags if tags else place.by_names} becomes "
        f"{place.tagged_so if tags else place.named_so}"
        for place in places[:most]
    ]
    return [*said, f"and {len(places) - most} more"] if len(places) > most else said


def as_json(row: Import) -> Sequence[Mapping[str, Any]]:
    return [
        {"number": place.number, "by_names": place.by_names, "by_tags": place.by_tags}
        for place in two_orders(row)
        if place.differs
    ]
