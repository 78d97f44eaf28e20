"""Where a folder of the client's machine probably is on this one: from what does exist here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from tame.lib.seeing import is_folder, is_seen

MOST = 2000  # folders that are tried
NOT_FILES = ("/proc", "/sys", "/dev", "/run", "/etc", "/usr", "/bin", "/lib", "/sbin", "/boot")
MOUNTS = Path("/proc/self/mounts")


def parts(path: str) -> tuple[str, ...]:
    """The parts of a path in either style: /a/b or C:\\a\\b."""
    return style(path)(path).parts


def style(path: str) -> type[PureWindowsPath] | type[PurePosixPath]:
    is_windows = path[1:2] == ":" or ("\\" in path and not path.startswith("/"))
    return PureWindowsPath if is_windows else PurePosixPath


def is_below(path: str, prefix: str) -> bool:
    """Windows does not tell capitals apart."""
    return style(path) is style(prefix) and style(path)(path).is_relative_to(prefix)


def probable(path: str, near: Iterable[Path], names: Sequence[str] = ()) -> tuple[str, str] | None:
    """The client's prefix and ours, of a mapping by which `path` and a file of `names` are there.

    The longest end of the path that is found wins; `near`: folders that are looked around first.
    """
    whole = parts(path)
    places = list(dict.fromkeys(around(near)))[:MOST]
    for cut in range(1, len(whole) + 1):
        end = whole[cut:]
        if not end and not names:
            return None
        for place in places:
            if is_there(place.joinpath(*end), names):
                if cut == 1 and end:  # a mapping from / says less than one from its first folder
                    return str(style(path)(*whole[:2])), str(place / end[0])
                return str(style(path)(*whole[:cut])), str(place)
    return None


def holds(folder: Path, names: Sequence[str]) -> bool:
    return is_there(folder, names) if names else is_seen(folder)


def is_there(folder: Path, names: Sequence[str]) -> bool:
    try:
        if not folder.is_dir():
            return False
        return not names or any((folder / name).is_file() for name in names[:5])
    except OSError:
        return False


def around(near: Iterable[Path]) -> Iterator[Path]:
    """The given folders and those above them, what is mounted here, and what lies in them."""
    first = [folder for one in near for folder in (one, *one.parents)]
    here = [folder for folder in (*first, *mounted(), Path("/")) if is_folder(folder)]
    yield from here
    for folder in dict.fromkeys(here):
        yield from inside(folder)


def mounted() -> list[Path]:
    """A container's volumes are mounts."""
    try:
        lines = MOUNTS.read_text(errors="replace").splitlines()
    except OSError:
        return []
    points = [line.split()[1].replace("\\040", " ") for line in lines if len(line.split()) > 1]
    return [Path(point) for point in points if not point.startswith(NOT_FILES)]


def inside(folder: Path) -> list[Path]:
    try:
        found = [one for one in sorted(folder.iterdir()) if one.is_dir() and not one.is_symlink()]
    except OSError:
        return []
    return [one for one in found if not str(one).startswith(NOT_FILES)]
