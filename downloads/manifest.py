"""What of a torrent's files belongs to the book, in which order and under which names. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from books.naming import safe
from books.sound import SUFFIXES
from downloads.qbittorrent import ClientFile
from tame.lib.errors import BadInputError
from tame.lib.words import number_of

AUDIO = SUFFIXES
BESIDE = frozenset(re.findall(r"\w+", "jpg jpeg png webp pdf epub cue"))
DANGEROUS = frozenset(re.findall(r"\w+", "exe bat cmd com scr msi lnk js vbs ps1 jar apk sh"))
ARCHIVES = re.compile("zip|rar|7z|tar|gz|bz2|xz|iso|r[0-9]{2}")
SAMPLE = re.compile(r"(?i)sample([\W_].*)?|[^\d\W].*[-._(\[] ?sample[)\]]?")
DIGITS = re.compile(r"(\d+)")
DISC_WORDS = "cd|dis[ck]s?|part|pt|teil|tape|cassette|side|volume|vol|book|band|section|chapter"
SPELT = re.compile(rf"(?i)\b({DISC_WORDS})[\s._-]*([a-z]+)\b")
UNFINISHED = frozenset({"!qb", "!ut", "!bt", "part", "partial", "crdownload", "aria2", "bc!"})
NOTES = frozenset(re.findall(r"\w+", "nfo opf txt json xml abs"))


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


def manifest_of(
    files: Sequence[ClientFile],
    left: Mapping[str, str] | None = None,
    order: Sequence[str] = (),
) -> list[Line]:
    """A line for each file, the book's first and in their order. `left`: paths that are not this
    book's, and why. `order`: the paths of its sound as a person wants them, if not by their names.
    Raises BadInputError for a name that leads elsewhere."""
    for file in files:
        check_name(file.name)
    not_ours = left or {}
    wanted = [file for file in files if file.priority > 0]
    samples = samples_of(file.name for file in wanted)
    kinds = {
        file.name: why_not(file.name, samples) or not_ours.get(file.name, "") for file in wanted
    }
    tracks = natural(f for f in wanted if not kinds[f.name] and suffix(f.name) in AUDIO)
    beside = natural(f for f in wanted if not kinds[f.name] and suffix(f.name) in BESIDE)
    kept = [*named(in_order(tracks, order)), *beside_them(beside)]
    out = [Line(f.name, f.size, why=kinds[f.name]) for f in natural(wanted) if kinds[f.name]]
    out += [Line(f.name, f.size, why="It was not selected.") for f in files if f.priority <= 0]
    return kept + out


def check_name(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\x00" in name or not path.parts:
        raise BadInputError(f"The torrent has a file whose name leads elsewhere: {name!r}.")


def suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


def why_not(name: str, samples: AbstractSet[str] = frozenset()) -> str:
    """Why it is left out; empty when it belongs to the book."""
    kind = suffix(name)
    if kind in DANGEROUS:
        return "It is a program."
    if ARCHIVES.fullmatch(kind):
        return "It is an archive."
    if kind in NOTES:
        return "It is a note, which would be taken for the book's title and author."
    if name in samples:
        return "It is a sample."
    if kind not in AUDIO | BESIDE:
        return "It is neither sound nor a cover or a text."
    return ""


def samples_of(names: Iterable[str]) -> set[str]:
    """Of sound, and only beside something else: a book may be called so. A chapter is never left
    out for a word in the middle of its name, nor one that begins with its number."""
    tracks = [name for name in names if suffix(name) in AUDIO]
    samples = {name for name in tracks if is_sample(PurePosixPath(name))}
    return samples if len(samples) < len(tracks) else set()


def is_sample(path: PurePosixPath) -> bool:
    folders = {part.casefold() for part in path.parts[1:-1]}
    return bool(SAMPLE.fullmatch(path.stem)) or not folders.isdisjoint({"sample", "samples"})


def natural(files: Iterable[ClientFile]) -> list[ClientFile]:
    """CD 2 before CD 10."""
    return sorted(files, key=lambda file: natural_key(file.name))


def in_order(tracks: list[ClientFile], order: Sequence[str]) -> list[ClientFile]:
    """As they are, where the order is of other files."""
    places = {path: place for place, path in enumerate(order)}
    if places.keys() != {track.name for track in tracks}:
        return tracks
    return sorted(tracks, key=lambda track: places[track.name])


def natural_key(name: str) -> list[Any]:
    """Numbers by their value, also where a word spells them behind Disc, Part and the like."""
    parts = PurePosixPath(unicodedata.normalize("NFC", name)).parts
    return [
        [(1, int(bit), "") if bit.isdecimal() else (0, 0, bit.casefold()) for bit in split]
        for split in (DIGITS.split(SPELT.sub(in_digits, part)) for part in parts)
    ]


def in_digits(found: re.Match[str]) -> str:
    """Disc Two becomes Disc 2."""
    number = number_of(found[2].lower())
    return found[0] if number is None else f"{found[1]} {number}"


def named(tracks: Sequence[ClientFile]) -> list[Line]:
    """Flat; with continuous numbers in front, where their own names would not keep the order."""
    names = [safe_file(PurePosixPath(track.name).name) for track in tracks]
    are_flat = len({PurePosixPath(track.name).parent for track in tracks}) == 1
    if not (are_flat and names == sorted(names) and differ(names)):
        width = max(len(str(len(tracks))), 3)
        names = [safe_file(f"{n:0{width}} - {name}") for n, name in enumerate(names, 1)]
    return [Line(track.name, track.size, name) for track, name in zip(tracks, names, strict=True)]


def differ(names: Sequence[str]) -> bool:
    """Also where capitals are not told apart. Composed letters are one form here already."""
    return len({name.casefold() for name in names}) == len(names)


def safe_file(name: str) -> str:
    """Its suffix stays, however long the name is."""
    path = PurePosixPath(name)
    return f"{safe(path.stem)}{path.suffix.lower()}"


def beside_them(files: Sequence[ClientFile]) -> list[Line]:
    """Covers and texts; of two with one name the first."""
    lines, seen = [], set[str]()
    for file in files:
        name = safe_file(PurePosixPath(file.name).name)
        why = "Another file has its name." if name.casefold() in seen else ""
        lines.append(Line(file.name, file.size, "" if why else name, why))
        seen.add(name.casefold())
    return lines


def sound(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.name and suffix(line.path) in AUDIO]
