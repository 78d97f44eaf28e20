"""What a download, or a folder on the disk, delivers: its files, seen as they are here."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from books.placing import Track
from books.sound import Sound, read_sound, unread
from downloads.clients import talking_to
from downloads.diagnose import check_mapping, our_path
from downloads.doubts import DoubtError
from downloads.listed import find
from downloads.manifest import UNFINISHED, Line, suffix
from downloads.models import Download, Import
from downloads.qbittorrent import ClientFile
from downloads.states import Doubt
from tame.lib.errors import BadInputError, LocalError, NotListedError
from tame.lib.seeing import is_folder, reading

NAMED = 5  # files that are named in a sentence
MOST_FILES = 20_000  # in a folder that is imported by hand


@dataclass(frozen=True)
class Delivered:
    """`here`: the folder that the files' names begin at, as we see it."""

    files: list[ClientFile]
    here: Path
    heard: dict[str, Sound | None] = field(default_factory=dict, compare=False)

    def hear(self, path: str) -> Sound | None:
        """Each file is read once."""
        if path not in self.heard:
            with reading():
                file = found(self.here / path) or self.here / path
                file.open("rb").close()  # else it would be called damaged
            self.heard[path] = read_sound(file)
        return self.heard[path]

    def without(self, paths: Iterable[str]) -> Delivered:
        taken = set(paths)
        left = [file for file in self.files if file.name not in taken]
        return Delivered(left, self.here, self.heard)


def look(row: Import) -> Delivered:
    """Raises LocalError, NotListedError, ServiceDownError, BadInputError."""
    with reading():
        if row.download is None:
            return look_at_folder(Path(row.source_folder))
        return look_at_torrent(row.download)


def look_at_torrent(download: Download) -> Delivered:
    """By the client's own list: its content path may be the folder of all downloads."""
    with talking_to(download.client) as gateway:
        seen = find(gateway, [download]).get(download.pk)
        if seen is None:
            raise NotListedError(f"{download.client} does not list this torrent.")
        files = gateway.files(seen.hash)
    if unfinished := [file.name for file in files if file.priority > 0 and file.progress < 1]:
        raise LocalError(f"{download.client} says that {unfinished[0]} is not whole.")
    here, _ = our_path(download.client, seen.save_path)
    wanted = [file.name for file in files if file.priority > 0]
    if not is_folder(Path(here)):
        raise LocalError(check_mapping(download.client, seen.save_path, wanted).sentence)
    if wanted and not any(found(Path(here) / name) for name in wanted):
        raise LocalError(check_mapping(download.client, seen.save_path, wanted).sentence)
    return Delivered(list(files), Path(here))


def look_at_folder(folder: Path) -> Delivered:
    """All its files, those of its folders too. Links are not followed."""
    if not is_folder(folder):
        raise LocalError(f"TAME sees no folder {folder}.")
    files: list[ClientFile] = []

    def refuse(error: OSError) -> None:
        raise LocalError(f"TAME may not read {error.filename}: {error.strerror}.") from error

    for where, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(where) / name
            if not path.is_symlink() and path.is_file() and not name.startswith("."):
                inside = str(path.relative_to(folder.parent))
                if suffix(name) in UNFINISHED:
                    raise LocalError(f"{path} is not whole yet: it is still being written.")
                files.append(ClientFile(inside, path.stat().st_size, 1.0, 1))
        if len(files) > MOST_FILES:
            raise BadInputError(f"{folder} holds more than {MOST_FILES} files: it is no book.")
    return Delivered(files, folder.parent)


def tracks_of(lines: Sequence[Line], here: Path) -> list[Track]:
    """Each of them seen with the size the torrent says. Raises LocalError."""
    tracks = []
    for line in lines:
        if not line.name:
            continue
        with reading():
            source = found(here / line.path)
            if source is None:
                raise LocalError(f"{here / line.path} is not there, or no plain file.")
            size = source.stat().st_size
        if size != line.size:
            raise LocalError(f"{source} has {size} bytes; the torrent says {line.size}.")
        tracks.append(Track(source, line.name, line.size))
    return tracks


def found(path: Path) -> Path | None:
    """The plain file of that name, also where the disk writes its letters in another form: é as
    one sign or as two."""
    for one in (path, Path(unicodedata.normalize("NFC", str(path))),
                Path(unicodedata.normalize("NFD", str(path)))):  # fmt: skip
        if one.is_file() and not one.is_symlink():
            return one
    return None


def listen(
    lines: Sequence[Line], delivered: Delivered, *, damaged_too: bool = False
) -> list[Sound]:
    """Raises DoubtError where some are no sound, whatever they are called. `damaged_too`: a person
    has taken them as they are."""
    heard = {line.path: delivered.hear(line.path) for line in lines}
    damaged = [path for path, sound in heard.items() if sound is None]
    if damaged and not damaged_too:
        raise DoubtError(not_played(damaged), Doubt.DAMAGED)
    return [
        sound or unread(found(delivered.here / path) or delivered.here / path)
        for path, sound in heard.items()
    ]


def not_played(paths: Sequence[str]) -> str:
    [first, *others] = paths
    if not others:
        return (
            f"{first} cannot be played: it is damaged, or no sound at all. If you have heard "
            "that it plays, import it anyway; else take another release."
        )
    named = ", ".join(paths[:NAMED]) + (f" and {len(paths) - NAMED} more" * (len(paths) > NAMED))
    return (
        f"{len(paths)} files cannot be played: they are damaged, or no sound at all. They are "
        f"{named}. If you have heard that they play, import them anyway; else take another release."
    )
