"""Test a library: what was tried in its folder, and what was seen."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from books import audiobookshelf as abs_
from books.linking import HARD_LINK, REFLINK, is_another_user_s, link, why_not_linked
from books.models import Library, ShelfServer
from books.placing import HIDDEN, sync
from books.replacing import swap
from books.shelf_servers import about_watcher, server_of
from tame.lib.checked import Checked
from tame.lib.errors import BadInputError, ServiceDownError
from tame.lib.seeing import is_folder
from tame.lib.sizes import readable

GIGABYTE = 10**9
PROBE = "probe-"
LITTLE = 5 * GIGABYTE
MOST_TRIED = 500  # files of a client that are looked at


def read_root(text: str) -> str:
    """An absolute folder that is there. Raises BadInputError."""
    root = Path(text.strip())
    if not root.is_absolute():
        raise BadInputError("Give the whole path, as in /srv/audiobooks.")
    if not is_folder(root):
        raise BadInputError(f"TAME sees no folder {root}. Make it, or mount it here, first.")
    return str(root)


def check_library(library: Library, folders: Iterable[Path] = ()) -> list[Checked]:
    """`folders`: where the clients save to, as TAME sees them; each is tried for links."""
    root = Path(library.root)
    if not is_folder(root):
        return [Checked(False, f"{root} is not there. Is its disk mounted?")]
    try:
        probe = make_probe(root)
    except OSError as error:
        return [Checked(False, f"TAME cannot write into {root}: {error.strerror}.")]
    try:
        links = [about_links(folder, probe, library) for folder in dict.fromkeys(folders)]
        here = [about_room(root), about_names(probe), about_exchange(probe), about_disk(probe)]
        here += about_modes(probe, library)
        return [*here, *links, *about_shelf(library, probe.name)]
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def make_probe(root: Path) -> Path:
    """The root itself is never made: where its disk is not mounted, books would go elsewhere."""
    (root / HIDDEN).mkdir(exist_ok=True)
    probe = root / HIDDEN / f"{PROBE}{uuid4().hex[:8]}"
    probe.mkdir()
    (probe / "probe").write_bytes(b"TAME")
    return probe


def about_room(root: Path) -> Checked:
    free = shutil.disk_usage(root).free
    said = f"TAME can write into {root}; {readable(free)} are free."
    return Checked(free > LITTLE, said if free > LITTLE else f"{said} That is little.")


def about_names(probe: Path) -> Checked:
    if (probe / "PROBE").exists():
        return Checked(True, "Its names are the same in capitals: two such books would share one.")
    return Checked(True, "Two names in it may differ by capitals alone.")


def about_exchange(probe: Path) -> Checked:
    """What a better copy needs that takes the place of the one on the shelf."""
    one, other = probe / "one", probe / "other"
    one.mkdir()
    other.mkdir()
    (one / "probe").touch()
    with suppress(OSError):
        if swap(one, other) and (other / "probe").exists():
            return Checked(True, "A better copy takes a book's place in one step.")
    return Checked(
        True, "A better copy takes a book's place in two steps: for a moment its folder is missing."
    )


def about_disk(probe: Path) -> Checked:
    try:
        sync(probe)
    except OSError as error:
        why = error.strerror
        return Checked(False, f"Its disk does not say when a book is safely written: {why}.")
    return Checked(True, "Its disk says when a book is safely written.")


def about_modes(probe: Path, library: Library) -> list[Checked]:
    """Whether the permissions that it names can be given."""
    folder, file = probe / "folder", probe / "file"
    folder.mkdir()
    file.touch()
    with suppress(OSError):
        folder.chmod(library.modes.folder)
        file.chmod(library.modes.file)
    found = (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777)
    if found == (library.modes.folder & 0o777, library.modes.file & 0o777):
        return []
    said = f"Its permissions are those of its mount, {found[0]:o} and {found[1]:o}"
    return [Checked(True, f"{said}, and not those that are given here.")]


def about_links(folder: Path, probe: Path, library: Library) -> Checked:
    """Only trying tells: two mounts of one file system look alike and cannot be linked, and another
    user's files cannot where TAME's own can."""
    own = folder / f".tame-probe-{uuid4().hex[:8]}"
    target = probe / own.name
    try:
        source = some_file(folder) or own
        if source is own:
            own.write_bytes(b"TAME")
        way = link(source, target, library.modes)
        why = "" if way else why_not_linked(source, target)
    except OSError as error:
        return Checked(False, f"Nothing can be tried from {folder}: {error.strerror}.")
    finally:
        with suppress(OSError):
            own.unlink()
    said = {
        REFLINK: f"From {folder} books come by reflink: no byte is copied, and the seed is safe.",
        HARD_LINK: f"From {folder} books come by hard link: no byte is copied.",
        "": f"From {folder} books have to be copied. {why}",
    }
    if not (way or library.may_copy):
        return Checked(False, f"From {folder} no book comes: this library never copies. {why}")
    return Checked(True, said[way])


def some_file(folder: Path) -> Path | None:
    """One of the client's own, rather another user's. None that is linked already: it would look
    changed to whoever shows the other name."""
    found: Path | None = None
    for path in plain_files(islice(files_of(folder), MOST_TRIED)):
        if is_another_user_s(path):
            return path
        found = found or path
    return found


def files_of(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(where) / name for name in sorted(names))


def plain_files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        with suppress(OSError):
            seen = path.lstat()
            if stat.S_ISREG(seen.st_mode) and seen.st_nlink == 1:
                yield path


# --- The shelf that shows it ----------------------------------------------------------------------


def shelves_to_choose() -> list[tuple[str, str]]:
    """Value and label of every library that a server listed when it was last tested."""
    return [
        (f"{server.pk}:{one['id']}", f"{server}: {one['name']} ({', '.join(one['folders'])})")
        for server in ShelfServer.objects.defer("key")
        for one in server.libraries
    ]


def shelf_named(name: str) -> str:
    """The value of the one library of that name. Raises BadInputError."""
    if not name:
        return ""
    servers = ShelfServer.objects.defer("key")
    found = [f"{s.pk}:{one['id']}" for s in servers for one in s.libraries if one["name"] == name]
    if len(found) != 1:
        raise BadInputError(
            f"{len(found) or 'No'} libraries of Audiobookshelf servers are called “{name}”. "
            "list_shelf_servers shows what they listed when they were last tested."
        )
    return found[0]


def chosen_shelf(library: Library) -> str:
    return f"{library.server_id}:{library.shelf_library_id}" if library.server_id else ""


def read_shelf(choice: str, prefix: str) -> dict[str, Any]:
    """The columns of a library for a value of `shelves_to_choose`. Raises BadInputError."""
    if not choice:
        return {"server": None, "shelf_library_id": "", "shelf_prefix": ""}
    pk, _, number = choice.partition(":")
    server = ShelfServer.objects.defer("key").filter(pk=pk).first()
    listed = server.libraries if server else []
    known = next((one for one in listed if one["id"] == number), None)
    if known is None:
        raise BadInputError("That library is not listed any more. Test its server, then choose.")
    return {
        "server": server,
        "shelf_library_id": number,
        "shelf_prefix": read_prefix(prefix, known["folders"]),
    }


def read_prefix(prefix: str, folders: list[str]) -> str:
    """One of its folders, or one below; without a word the only one."""
    prefix = prefix.strip().rstrip("/")
    if not prefix and len(folders) == 1:
        return folders[0]
    if not any(PurePosixPath(prefix).is_relative_to(folder) for folder in folders):
        raise BadInputError(
            f"Audiobookshelf's library has {' and '.join(folders)}. Say which of them is this "
            "folder, as Audiobookshelf sees it."
        )
    return prefix


def about_shelf(library: Library, probe: str) -> list[Checked]:
    """Whether the server sees the same folder, and how it looks for new books. `probe`: the name
    of a folder that was just made in our hidden one."""
    if library.server is None:
        return []
    server = server_of(library.server)
    try:
        libraries = abs_.libraries(server)
        known = next((one for one in libraries if one.id == library.shelf_library_id), None)
        if known is None:
            return [Checked(False, f"{library.server} does not have its library any more.")]
        way = below(library.shelf_prefix, known.folders)
        if way is None:
            said = f"“{known.name}” in {library.server} has no folder {library.shelf_prefix}."
            return [Checked(False, f"{said} It has: {', '.join(known.folders)}.")]
        sees = abs_.path_exists(server, way[0], str(way[1] / HIDDEN / probe))
        return [about_sight(library, is_same=sees), *about_watcher(known)]
    except ServiceDownError as error:
        return [Checked(False, str(error))]


def below(prefix: str, folders: Iterable[str]) -> tuple[str, PurePosixPath] | None:
    """The folder of the server's library that holds the prefix, and the way from there."""
    for folder in folders:
        if PurePosixPath(prefix).is_relative_to(folder):
            return folder, PurePosixPath(prefix).relative_to(folder)
    return None


def about_sight(library: Library, *, is_same: bool) -> Checked:
    server, root, prefix = library.server, library.root, library.shelf_prefix
    if is_same:
        return Checked(True, f"{server} sees this folder, as {prefix}.")
    return Checked(
        False,
        f"{server} does not see in {prefix} what TAME just wrote into {root}: it is another "
        "folder, or it is not mounted there. Mount one folder into both, and give its path as "
        "Audiobookshelf sees it.",
    )
