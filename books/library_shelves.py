"""Which library of an Audiobookshelf shows one of ours: chosen by name, tried from both sides."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from books import audiobookshelf as abs_
from books.models import Library, ShelfServer
from books.placing import HIDDEN
from books.shelf_servers import about_watcher, server_of
from tame.lib.checked import Checked
from tame.lib.errors import BadInputError, ServiceDownError


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
