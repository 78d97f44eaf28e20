"""What may be asked of qBittorrent, checked before it is sent: what it dislikes it drops without a
word, and what it could misunderstand it does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath

from tame.lib.errors import BadInputError

HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
CATEGORY = re.compile(r"[^\\/]+(/[^\\/]+)*")
WHOLE_PATH = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")


def joined(hashes: Sequence[str]) -> str:
    """Hashes as qBittorrent takes them. Nothing else passes: "all" would mean every torrent."""
    for one in hashes:
        if not HASH.fullmatch(one):
            raise ValueError(f"not an info hash: {one!r}")
    return "|".join(one[:40] for one in hashes)


def handed_over(payload: bytes | str) -> tuple[bytes | None, str | None]:
    """A file or a link. Anything but a magnet link qBittorrent would fetch, or open as a file."""
    if isinstance(payload, bytes):
        return payload, None
    if not payload.startswith("magnet:?") or len(payload.split()) != 1:
        raise BadInputError("This is neither a .torrent nor a magnet link: nothing was added.")
    return None, payload


def check_category(name: str, category: str) -> None:
    """`name`: the client's, for the sentence."""
    if not CATEGORY.fullmatch(category) or category != category.strip():
        raise BadInputError(
            f'{name} cannot have a category "{category}": it must not be empty or hold a '
            "backslash, a double slash, or a slash or blank at either end."
        )


def check_place(name: str, category: str, save_path: str) -> None:
    """Either may be empty: no category, the client's own folder."""
    if category:
        check_category(name, category)
    if save_path and not WHOLE_PATH.match(save_path):
        raise BadInputError(
            f'"{save_path}" is no whole path, so {name} would choose the folder above it: '
            "write the path from the root, as qBittorrent's machine sees it."
        )


def below(default: str, folder: str) -> str:
    """Where a category saves: its folder may be empty, or relative to the client's default one."""
    if not folder or WHOLE_PATH.match(folder):
        return folder or default
    is_windows = not default.startswith("/")
    return str((PureWindowsPath if is_windows else PurePosixPath)(default, folder))


def check_tags(name: str, tags: Sequence[str]) -> None:
    for tag in tags:
        if not tag or "," in tag or tag != tag.strip():
            raise BadInputError(
                f'{name} cannot have a tag "{tag}": it must not be empty or hold a comma, or a '
                "blank at either end."
            )
