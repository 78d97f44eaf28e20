"""Imports point down, entry points are imported by nobody, and circles are not dodged."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["tame.lib", "books", "indexers", "downloads", "tame"]  # from the ground up
ENTRY_POINTS = {"admin", "tasks", "views", "urls", "apps", "checks", "management"}
QBITTORRENT = {f"downloads/{name}.py" for name in ("qbittorrent", "sessions", "qbittorrent_errors")}
HTTP = {"tame/lib/http.py", "tame/lib/call_errors.py"}
LIBRARIES = {  # and who may import them
    "requests": HTTP | QBITTORRENT,
    "qbittorrentapi": QBITTORRENT,
    "urllib.request": set(),
    "urllib3.connection": HTTP,
    "http.client": HTTP | {"tame/welcome.py"},  # which asks our own web server
}
GATEWAYS = ("indexers.question", "indexers.fetching", "downloads.qbittorrent",
            "books.audiobookshelf", "books.metadata.")  # fmt: skip
FILES = [
    path
    for room in ("tame", "books", "indexers", "downloads")
    for path in sorted((ROOT / room).rglob("*.py"))
    if "migrations" not in path.parts
]


def room_of(module: str) -> str | None:
    if module == "tame.__version__":
        return None
    if module == "tame.lib" or module.startswith("tame.lib."):
        return "tame.lib"
    first = module.split(".")[0]
    return first if first in ROOMS else None


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


OURS = {module_of(path): path for path in FILES}


@cache
def imports(path: Path) -> list[tuple[str, bool]]:
    """Every imported module and whether the import stands inside a function."""
    return list(imports_below(ast.parse(path.read_text()), inside=False))


def imports_below(node: ast.AST, *, inside: bool) -> Iterator[tuple[str, bool]]:
    inside = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((name.name, inside) for name in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from ((f"{child.module or ''}.{name.name}", inside) for name in child.names)
        elif not isinstance(child, ast.expr):
            yield from imports_below(child, inside=inside)


def is_entry_point(path: Path) -> bool:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return any(map(names_an_entry_point, parts))


def names_an_entry_point(part: str) -> bool:
    return part in ENTRY_POINTS or part.endswith(("_admin", "_views"))


def test_imports_point_down() -> None:
    for path in FILES:
        here = room_of(module_of(path))
        assert here, path
        for module, _ in imports(path):
            there = room_of(module)
            if there is None or there == here or (is_entry_point(path) and here != "tame.lib"):
                continue
            assert ROOMS.index(there) < ROOMS.index(here), f"{module_of(path)} imports {module}"


def test_nobody_imports_an_entry_point() -> None:
    for path in FILES:
        for module, _ in imports(path):
            parts = module.split(".")
            if room_of(module) is None or is_entry_point(path) or parts[:2] == ["tame", "lib"]:
                continue
            assert not any(map(names_an_entry_point, parts)), f"{module_of(path)} imports {module}"


def test_no_import_hides_in_a_function() -> None:
    for path in FILES:
        assert not [module for module, inside in imports(path) if inside], path
        assert "get_model(" not in path.read_text(), path


def test_only_the_gateway_knows_its_library() -> None:
    for path in FILES:
        here = path.relative_to(ROOT).as_posix()
        for module, _ in imports(path):
            for library, allowed in LIBRARIES.items():
                is_it = f"{module}.".startswith(f"{library}.")
                assert not is_it or here in allowed, f"{here} imports {module}"


def reached_from(module: str) -> set[str]:
    """Modules of ours that come with it."""
    found, open_ = set[str](), [module]
    while open_:
        here = open_.pop()
        if here in OURS and here not in found:
            found.add(here)
            names = [name for name, _ in imports(OURS[here])]
            open_ += [*names, *(name.rpartition(".")[0] for name in names)]
    return found


def test_gateways_know_no_rows() -> None:
    for gateway in [name for name in OURS if name.startswith(GATEWAYS)]:
        for module in reached_from(gateway):
            rows = [name for name, _ in imports(OURS[module]) if name.startswith("django.db")]
            assert not rows, f"{gateway} brings {module}, which knows {rows}"


WRITES = {"create", "update", "get_or_create", "update_or_create", "bulk_create"}


def calls_in(path: Path) -> Iterator[ast.Call]:
    text = path.read_text()
    if "wish" in text or "Book" in text:
        yield from (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))


def writes_a_wish(call: ast.Call) -> bool:
    """By a queryset, or in a new row: a row's own `save` names its columns."""
    name = ast.unparse(call.func)
    is_new = name == "Book" or (name.startswith("Book.objects.") and "create" in name)
    has_wish = "wish" in [keyword.arg for keyword in call.keywords]
    return is_new or (has_wish and name.rpartition(".")[2] in WRITES)


def test_a_wish_has_one_writer() -> None:
    """It says who and why in the book's story; so does who makes a book, with its first wish."""
    for path in FILES:
        begins = {"books.wishes.begin", "books.want.add"} & {name for name, _ in imports(path)}
        for call in filter(writes_a_wish, calls_in(path)):
            made = begins and ast.unparse(call.func) == "Book"
            assert made or path == ROOT / "books/wishes.py", f"{path}, line {call.lineno}"
