"""Test a library: what was tried in its folder, and what was seen."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from books.models import Library
from books.placing import COPY, HARD_LINK, HIDDEN, REFLINK, bring
from tame.lib.checked import Checked
from tame.lib.errors import BadInputError, LocalError

GIGABYTE = 10**9
LITTLE = 5 * GIGABYTE


def read_root(text: str) -> str:
    """An absolute folder that is there. Raises BadInputError."""
    root = Path(text.strip())
    if not root.is_absolute():
        raise BadInputError("Give the whole path, as in /srv/audiobooks.")
    if not root.is_dir():
        raise BadInputError(f"TAME sees no folder {root}. Make it, or mount it here, first.")
    return str(root)


def check_library(library: Library, folders: Iterable[Path] = ()) -> list[Checked]:
    """`folders`: where the clients save to, as TAME sees them; each is tried for links."""
    root = Path(library.root)
    try:
        probe = make_probe(root)
    except OSError as error:
        return [Checked(False, f"TAME cannot write into {root}: {error.strerror}.")]
    try:
        return [about_room(root), about_names(probe), *(about_links(f, probe) for f in folders)]
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def make_probe(root: Path) -> Path:
    probe = root / HIDDEN / f"probe-{uuid4().hex[:8]}"
    probe.mkdir(parents=True)
    (probe / "probe").write_bytes(b"TAME")
    return probe


def about_room(root: Path) -> Checked:
    free = shutil.disk_usage(root).free
    said = f"TAME can write into {root}; {free / GIGABYTE:.1f} GB are free."
    return Checked(free > LITTLE, said if free > LITTLE else f"{said} That is little.")


def about_names(probe: Path) -> Checked:
    if (probe / "PROBE").exists():
        return Checked(True, "Its names are the same in capitals: two such books would share one.")
    return Checked(True, "Its names may differ by capitals alone.")


def about_links(folder: Path, probe: Path) -> Checked:
    """Only trying tells: two mounts of one file system look alike and cannot be linked."""
    source = folder / f".tame-probe-{uuid4().hex[:8]}"
    try:
        source.write_bytes(b"TAME")
        way = bring(source, probe / source.name, may_copy=True)
    except (OSError, LocalError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        return Checked(False, f"Nothing can be tried from {folder}: {why}.")
    finally:
        source.unlink(missing_ok=True)
    said = {
        REFLINK: f"From {folder} books come by reflink: no byte is copied, and the seed is safe.",
        HARD_LINK: f"From {folder} books come by hard link: no byte is copied.",
        COPY: f"From {folder} books have to be copied: it is another file system or mount.",
    }
    return Checked(True, said[way])
