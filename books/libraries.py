"""Test a library: what was tried in its folder, and what was seen."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from uuid import uuid4

from books.library_shelves import about_shelf
from books.linking import HARD_LINK, REFLINK, is_another_user_s, link, why_not_linked
from books.models import Library
from books.placing import HIDDEN, Root, sync
from books.replacing import swap
from tame.lib.checked import Checked
from tame.lib.errors import BadInputError
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


def root_of(library: Library) -> Root:
    return Root(Path(library.root), library.may_copy, library.modes)


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
