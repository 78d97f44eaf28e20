"""Which files are which book's, as a person is shown them and says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath

from django.db import IntegrityError, transaction

from books.models import Book
from downloads.grab import deliver
from downloads.manifest import AUDIO, suffix
from downloads.models import Import
from downloads.reviewing import OPEN, give_files, same_source
from tame.lib.errors import BadInputError, ObstacleError

UNSELECTED = "It was not selected."
NOBODY = 0


@dataclass(frozen=True)
class File:
    """`number`: its place in the manifest. `owner`: of which import it is, as things stand."""

    number: int
    path: str
    size: int
    owner: int

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name


@dataclass
class Piece:
    """The sound files of one folder. `owner`: of all of them; None where they differ."""

    number: int
    folder: str
    files: list[File] = field(default_factory=list)

    @property
    def owner(self) -> int | None:
        owners = {file.owner for file in self.files}
        return owners.pop() if len(owners) == 1 else None

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def pieces(row: Import, imports: Sequence[Import]) -> list[Piece]:
    """Of what the torrent holds, folder by folder."""
    owners = owners_of(imports)
    found: dict[str, Piece] = {}
    for number, line in enumerate(row.manifest):
        path = line["path"]
        if suffix(path) in AUDIO and line["why"] != UNSELECTED:
            folder = str(PurePosixPath(path).parent)
            piece = found.setdefault(folder, Piece(number, folder))
            piece.files.append(File(number, path, line["size"], owners.get(path, NOBODY)))
    for piece in found.values():
        piece.files.sort(key=lambda file: file.path)
    return sorted(found.values(), key=lambda piece: piece.folder)


def owners_of(imports: Sequence[Import]) -> dict[str, int]:
    """What a person said goes before what was guessed."""
    owners: dict[str, int] = {}
    for one in imports:
        kept = [line["path"] for line in one.manifest if line["name"]]
        owners |= dict.fromkeys(kept, one.pk)
    for one in imports:
        owners |= dict.fromkeys(one.chosen_files, one.pk)
    return owners


def stamp(row: Import) -> str:
    """Changes when the files that were shown do."""
    return sha256("\n".join(line["path"] for line in row.manifest).encode()).hexdigest()[:16]


def assign(row: Import, said: Mapping[str, str], *, actor: str) -> str:
    """`said`: `folder-N` and `file-N` with the import each is of; a file goes before its folder.
    Raises BadInputError."""
    imports = same_source(row)
    if said.get("stamp") != stamp(row):
        raise BadInputError("The files have changed meanwhile: look at them once more.")
    given: dict[int, list[str]] = {one.pk: [] for one in imports}
    for piece in pieces(row, imports):
        for file in piece.files:
            owner = said.get(f"file-{file.number}") or said.get(f"folder-{piece.number}") or "0"
            if owner.isdecimal() and int(owner) in given:
                given[int(owner)].append(file.path)
            elif owner != str(NOBODY):
                raise BadInputError("One of these books waits no longer: look at them once more.")
    return give_files(row, given, actor=actor)


def brings_too(row: Import, book: Book, *, actor: str) -> str:
    """A further book comes by the same torrent."""
    if row.download is None:
        raise BadInputError("A folder is imported as one book.")
    try:
        with transaction.atomic():
            new = deliver(row.download, book, actor)
            Import.objects.filter(pk=new.pk).update(manifest=row.manifest)
    except IntegrityError as error:
        raise ObstacleError(f"“{book}” is coming already.") from error
    return f"“{book}” comes by this torrent, too. Say which files are it."


def can_be_assigned(row: Import) -> bool:
    return row.state in OPEN and bool(row.manifest) and not row.copy_id
