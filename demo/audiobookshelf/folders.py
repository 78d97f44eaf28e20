"""What an Audiobookshelf makes of a folder tree: which folders are books, and what their names say.

Written from what was measured on a server (64 names, 40 layouts), not from TAME's own naming.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

AUDIO = frozenset(
    re.findall(
        r"\w+",
        "m4b mp3 m4a flac opus ogg oga mp4 aac wma aiff aif wav webm webma mka awb caf mpg mpeg",
    )
)
EBOOKS = frozenset(re.findall(r"\w+", "epub pdf mobi azw3 cbr cbz"))
IGNORED = frozenset(re.findall(r"\S+", "part tmp crdownload download bak old temp !qB aax aa"))
DISC = re.compile(r"(?i)(cd|dis[ck])\s*\d{1,3}")
ASIN = re.compile(r"(^| )\[([A-Z0-9]{10})\]( |$)")
NARRATOR = re.compile(r"(?<= )\{([^{}]*)\}$")
PLACE = re.compile(
    r"(?i)(?P<label>vol\.? |volume |book )?(?P<number>\d{1,3}(?:\.\d{1,2})?)(?P<dot>\.)?"
    r"(?P<rest> .+)?"
)
YEAR = re.compile(r"(?:\((\d{4})\)|(\d{4})) - (.*)")
BOTH = re.compile(r"\s*[;&]\s*|\s+and\s+")
HONOURS = re.compile(r"(?i)^dr\.? |,? jr\.?$|,? sr\.?$")


@dataclass
class Seen:
    """A book's folder, or a file on its own: its files below it with their stat."""

    path: str
    is_file: bool = False
    files: dict[str, os.stat_result] = field(default_factory=dict)


# --- Which folders are books ----------------------------------------------------------------------


def books_in(root: Path, *, audiobooks_only: bool = False) -> dict[str, Seen]:
    """By the path below the root. A tree that is not there has none."""
    found: dict[str, Seen] = {}
    files = [path for path in walk(root) if not is_ignored(path.relative_to(root))]
    kinds = AUDIO if audiobooks_only else AUDIO | EBOOKS
    files.sort(key=lambda path: (len(path.relative_to(root).parts), str(path)))
    for path in files:
        if suffix(path.name) in kinds:
            home = home_of(PurePosixPath(path.relative_to(root)), found)
            found.setdefault(home, Seen(home, is_file=home == str(path.relative_to(root))))
    for path in files:
        if (near := nearest(path.relative_to(root), found)) is not None:
            below = path.name if found[near].is_file else str(path.relative_to(root / near))
            found[near].files[below] = path.stat()
    return found


def walk(root: Path) -> list[Path]:
    """Links to files are followed, links to folders are not; what cannot be read is not there."""
    found = []
    for folder, folders, names in os.walk(root):
        if ".ignore" in names and Path(folder) != root:
            folders[:] = []
            continue
        found += [Path(folder) / name for name in names if (Path(folder) / name).is_file()]
    return found


def is_ignored(path: Path) -> bool:
    hidden = any(part.startswith(".") or part == "@eaDir" for part in path.parts)
    return hidden or path.name.rpartition(".")[2] in IGNORED


def suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


def home_of(path: PurePosixPath, found: dict[str, Seen]) -> str:
    """The first folder on the way down that is a book already swallows the file."""
    folders = list(path.parents)[-2::-1]
    if not folders:
        return str(path)
    swallowing = [str(folder) for folder in folders if str(folder) in found]
    if swallowing:
        return swallowing[0]
    own = folders[-1]
    return str(own.parent) if DISC.fullmatch(own.name) and len(folders) > 1 else str(own)


def nearest(path: Path, found: dict[str, Seen]) -> str | None:
    ways = [str(path), *map(str, path.parents)]
    return next((way for way in ways if way in found), None)


# --- What their names say -------------------------------------------------------------------------


def read_names(path: str) -> dict[str, Any]:
    """Title, authors, series with its place, narrators, year and ASIN; empty where it has none."""
    parts = PurePosixPath(path).parts[-3:]
    above, own = parts[:-1], str(parts[-1])
    author = above[0] if above else ""
    series = above[1] if len(above) > 1 else ""
    own, asin = without_asin(own)
    own, narrators = without_narrators(own)
    place = ""
    if series:
        own, place = without_place(own)
    year = YEAR.fullmatch(own)
    title = year[3] if year else own
    return {
        "title": title.strip(),
        "authors": read_authors(author),
        "narrators": narrators,
        "series": [(series, place)] if series else [],
        "publishedYear": (year[1] or year[2]) if year else "",
        "asin": asin,
    }


def without_asin(name: str) -> tuple[str, str]:
    found = ASIN.search(name)
    if not found:
        return name, ""
    return (name[: found.start()] + " " + name[found.end() :]).strip(), found[2]


def without_narrators(name: str) -> tuple[str, list[str]]:
    found = NARRATOR.search(name)
    if not found:
        return name, []
    names = [one.strip() for one in found[1].split(",")]
    return name[: found.start()].strip(), [one for one in names if one]


def without_place(name: str) -> tuple[str, str]:
    parts = name.split(" - ")
    for number, part in enumerate(parts):
        found = PLACE.fullmatch(part)
        if found and (not found["rest"] or found["label"] or found["dot"]):
            rest = [found["rest"].strip()] if found["rest"] else []
            return " - ".join([*parts[:number], *rest, *parts[number + 1 :]]), plain(
                found["number"]
            )
    return name, ""


def plain(number: str) -> str:
    """Without the noughts in front."""
    return re.sub(r"^0+(?=\d)", "", number)


def read_authors(name: str) -> list[str]:
    names = []
    for one in BOTH.split(name):
        first, comma, last = one.partition(", ")
        if comma and "," not in last and " " not in first:  # Smith, John
            names.append(f"{last} {first}")
        else:
            names += one.split(", ")
    return [kept for one in names if (kept := HONOURS.sub("", one).strip())]
