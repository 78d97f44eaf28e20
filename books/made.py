"""Which folders above its books TAME made itself: only these are ever removed, and only empty."""

from __future__ import annotations

import json
import os
from pathlib import Path

LIST = ".tame/.made.json"


def remember(root: Path, folder: Path) -> None:
    """Before the folders down to this one are made. Raises OSError."""
    missing = {name_of(root, path) for path in above(root, folder) if not path.exists()}
    if missing:
        write(root, {name for name in known(root) if (root / name).is_dir()} | missing)


def remove_empty(root: Path, folder: Path) -> None:
    """This folder and those above it, as far as TAME made them and nothing is in them."""
    made = known(root)
    gone = set()
    for path in above(root, folder):
        if name_of(root, path) not in made:
            break
        try:
            path.rmdir()
        except FileNotFoundError:  # a try that was killed right after it
            pass
        except OSError:
            break
        gone.add(name_of(root, path))
    if gone:
        write(root, made - gone)


def known(root: Path) -> set[str]:
    try:
        names = json.loads((root / LIST).read_text())
    except (OSError, ValueError):
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def write(root: Path, names: set[str]) -> None:
    """Whole or not at all."""
    path, new = root / LIST, root / f"{LIST}.new"
    with new.open("w") as file:
        json.dump(sorted(names), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def above(root: Path, folder: Path) -> list[Path]:
    """The folder and its parents below the root, the deepest first."""
    return [path for path in (folder, *folder.parents) if root in path.parents]


def name_of(root: Path, path: Path) -> str:
    return str(path.relative_to(root))
