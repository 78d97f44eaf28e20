"""What of a torrent's files belongs to the book, in which order and under which names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from books.naming import safe
from downloads.qbittorrent import ClientFile
from tame.lib.errors import BadInputError

AUDIO = frozenset(
    re.findall(r"\w+", "m4b mp3 m4a flac opus ogg oga mp4 aac wma aiff aif wav webma mka")
)
BESIDE = frozenset(re.findall(r"\w+", "jpg jpeg png webp pdf epub cue"))
DANGEROUS = frozenset(re.findall(r"\w+", "exe bat cmd com scr msi lnk js vbs ps1 jar apk sh"))
ARCHIVES = frozenset(re.findall(r"\w+", "zip rar 7z tar gz r00 iso"))
SAMPLE = re.compile(r"(?i)(^|[\W_])sample([\W_]|$)")
DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Line:
    """A file of the torrent: `path` below its save path, `name` in the book's folder. An empty
    name: it is left out, and `why` says so. Size in bytes."""

    path: str
    size: int
    name: str = ""
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def manifest_of(files: Sequence[ClientFile]) -> list[Line]:
    """A line for each file, the book's first and in their order. Raises BadInputError for a name
    that leads elsewhere."""
    for file in files:
        check_name(file.name)
    wanted = [file for file in files if file.priority > 0]
    kinds = {file.name: why_not(file.name) for file in wanted}
    tracks = natural(f for f in wanted if not kinds[f.name] and suffix(f.name) in AUDIO)
    beside = natural(f for f in wanted if not kinds[f.name] and suffix(f.name) in BESIDE)
    kept = [*named(tracks), *beside_them(beside)]
    left = [Line(f.name, f.size, why=kinds[f.name]) for f in wanted if kinds[f.name]]
    left += [Line(f.name, f.size, why="It was not selected.") for f in files if f.priority <= 0]
    return kept + left


def check_name(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\x00" in name or not path.parts:
        raise BadInputError(f"The torrent has a file whose name leads elsewhere: {name!r}.")


def suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


def why_not(name: str) -> str:
    """Why it is left out; empty when it belongs to the book."""
    kind = suffix(name)
    if kind in DANGEROUS:
        return "It is a program."
    if kind in ARCHIVES:
        return "It is an archive."
    if kind in AUDIO and SAMPLE.search(PurePosixPath(name).stem):
        return "It is a sample."
    if kind not in AUDIO | BESIDE:
        return "It is neither sound nor a cover or a text."
    return ""


def natural(files: Iterable[ClientFile]) -> list[ClientFile]:
    """CD 2 before CD 10."""
    return sorted(files, key=lambda file: natural_key(file.name))


def natural_key(name: str) -> list[Any]:
    parts = PurePosixPath(name).parts
    return [
        [(1, int(bit), "") if bit.isdecimal() else (0, 0, bit.casefold()) for bit in split]
        for split in (DIGITS.split(part) for part in parts)
    ]


def named(tracks: Sequence[ClientFile]) -> list[Line]:
    """Flat; with continuous numbers in front, where their own names would not keep the order."""
    names = [PurePosixPath(track.name).name for track in tracks]
    if len({str(PurePosixPath(t.name).parent) for t in tracks}) == 1 and names == sorted(names):
        return unique(tracks, names)
    width = max(len(str(len(tracks))), 3)
    numbered = [f"{n:0{width}} - {name}" for n, name in enumerate(names, 1)]
    return unique(tracks, numbered)


def unique(tracks: Sequence[ClientFile], names: Sequence[str]) -> list[Line]:
    return [
        Line(track.name, track.size, safe_file(name))
        for track, name in zip(tracks, names, strict=True)
    ]


def safe_file(name: str) -> str:
    """Its suffix stays, however long the name is."""
    path = PurePosixPath(name)
    return f"{safe(path.stem)}{path.suffix.lower()}"


def beside_them(files: Sequence[ClientFile]) -> list[Line]:
    """Covers and texts; of two with one name the first."""
    lines, seen = [], set[str]()
    for file in files:
        name = safe_file(PurePosixPath(file.name).name)
        why = "Another file has its name." if name in seen else ""
        lines.append(Line(file.name, file.size, "" if why else name, why))
        seen.add(name)
    return lines


def sound(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.name and suffix(line.path) in AUDIO]
