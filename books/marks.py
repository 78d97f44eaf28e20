"""The mark in a book's folder: whose the folder is, and what TAME has put into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MARK = ".tame.json"


def told(folder: Path) -> dict[str, Any]:
    """Empty where there is none that can be read."""
    try:
        known = json.loads((folder / MARK).read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def is_ours(folder: Path, uuid: str) -> bool:
    """Whether the import, or its copy, of this uuid was placed there."""
    return told(folder).get("import") == uuid


def placed(folder: Path) -> dict[str, int]:
    """The book's own files: name, bytes."""
    return sizes(told(folder).get("files", {}))


def pictures_of(folder: Path) -> dict[str, int]:
    """Those that TAME has put beside the book: name, bytes."""
    return sizes(told(folder).get("pictures", {}))


def sizes(files: dict[str, Any]) -> dict[str, int]:
    return {str(name): int(size) for name, size in files.items()}
