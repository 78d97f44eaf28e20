"""The metadata.json that Audiobookshelf reads beside a book: written by TAME, removed by TAME.

It beats tags and folder names at the first look; later it would undo what a person edits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from books.placing import in_words, sync

SIDECAR = "metadata.json"
KEYS = {"year": "publishedYear"}


def as_sidecar(known: Mapping[str, Any], tag: str) -> bytes:
    """Fields that are not there are left to tags and names: an empty list would clear them."""
    told: dict[str, Any] = {KEYS.get(name, name): value for name, value in known.items()}
    if "series" in told:
        told["series"] = [f"{name} #{place}" if place else name for name, place in told["series"]]
    return json.dumps({"tags": [tag], **told}, ensure_ascii=False, indent=2).encode()


def ensure(folder: Path, content: bytes, mode: int) -> None:
    """Where there is none yet. Raises LocalError."""
    target, fresh = folder / SIDECAR, folder / f".{SIDECAR}.tame"
    if target.exists():
        return
    with in_words(folder):
        fresh.write_bytes(content)
        fresh.chmod(mode)
        fresh.rename(target)
        sync(folder)


def read(folder: Path, tag: str) -> dict[str, Any]:
    """The fields that our sidecar tells, in our shapes; nothing when there is none."""
    told = loaded(folder, tag)
    names = {ours: theirs for ours, theirs in KEYS.items() if theirs in told}
    fields = {name: value for name, value in told.items() if name not in ("tags", *KEYS.values())}
    fields |= {ours: told[theirs] for ours, theirs in names.items()}
    if "series" in fields:
        parts = [text.rpartition(" #") for text in fields["series"]]
        fields["series"] = [[name, place] if mark else [place, ""] for name, mark, place in parts]
    return fields


def loaded(folder: Path, tag: str) -> dict[str, Any]:
    try:
        told = json.loads((folder / SIDECAR).read_bytes())
        return dict(told) if tag in (told.get("tags") or ()) else {}
    except (OSError, ValueError, AttributeError):
        return {}


def digest(folder: Path, tag: str) -> str:
    """What identifies our sidecar as it is now; empty when there is none that carries the tag."""
    if not loaded(folder, tag):
        return ""
    return sha256((folder / SIDECAR).read_bytes()).hexdigest()


def remove(folder: Path, tag: str, expected: str) -> bool:
    """As long as it is what we knew; True when there is none any more. Raises LocalError."""
    if not (folder / SIDECAR).exists():
        return True
    if not expected or digest(folder, tag) != expected:
        return False
    with in_words(folder):
        (folder / SIDECAR).unlink()
        sync(folder)
    return True
