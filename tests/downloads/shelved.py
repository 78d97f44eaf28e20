"""A book that stands in a library, with its files on the disk and all its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from books.models import Book, Library, ShelfCopy
from books.placing import Root, Track, place
from books.states import CopyState
from downloads.models import Download, Import
from downloads.states import ImportState, State
from tests.factory import PLAIN, make_book, make_download

FILES = {"01.mp3": b"one" * 999, "02.mp3": b"two" * 999, "cover.jpg": b"a face"}


@dataclass
class Shelved:
    book: Book
    row: Import
    seed: Path
    root: Path

    @property
    def folder(self) -> Path:
        return self.root / self.row.final_folder

    @property
    def trash(self) -> Path:
        return self.root / ".tame" / "trash" / str(self.copy.uuid)

    @property
    def copy(self) -> ShelfCopy:
        return ShelfCopy.objects.get(made_by=self.row)

    def now(self) -> Import:
        return Import.objects.select_related("copy__library", "download__client", "book").get(
            pk=self.row.pk
        )

    @property
    def shown(self) -> dict[str, bytes]:
        return look(self.folder)


def look(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    return {p.name: p.read_bytes() for p in folder.iterdir() if not p.name.startswith(".")}


def shelved(
    tmp_path: Path, title: str = "Cranford", book: Book | None = None, **columns: Any
) -> Shelved:
    """Placed and proved, and its torrent seeds on. `columns`: of its download."""
    root, seed = tmp_path / "library", tmp_path / "seed" / title
    root.mkdir(exist_ok=True)
    seed.mkdir(parents=True)
    for name, content in FILES.items():
        (seed / name).write_bytes(content)
    library, _ = Library.objects.get_or_create(
        root=str(root), defaults={"name": "Audiobooks", "template": PLAIN}
    )
    book = book or make_book(title)
    columns = {
        "state": State.COMPLETED,
        "hash_v1": title.lower().encode().hex().ljust(40, "0")[:40],
    } | columns
    download: Download = make_download(book=book, **columns)
    row = download.imports.get()
    put_on_shelf(row, library, seed)
    return Shelved(book, Import.objects.get(pk=row.pk), seed, root)


def put_on_shelf(row: Import, library: Library, seed: Path) -> None:
    folder = f"Elizabeth Gaskell/{row.book}"
    manifest = [
        {"path": f"{row.book}/{name}", "size": len(content), "name": name, "why": ""}
        for name, content in FILES.items()
    ]
    tracks = [Track(seed / name, name, len(content)) for name, content in FILES.items()]
    place(Root(Path(library.root)), folder, str(row.uuid), tracks)
    copy = ShelfCopy.objects.create(
        uuid=row.uuid, book=row.book, library=library, folder=folder, manifest=manifest,
        format="mp3", origin="import",
    )  # fmt: skip
    row.move_to(
        ImportState.PLACED, "Placed.", actor="TAME", copy=copy, library=library,
        final_folder=folder, manifest=manifest,
    )  # fmt: skip
    copy.move_to(CopyState.PROVED, "Proved.", actor="TAME")
    row.move_to(ImportState.SHELVED, "Proved.", actor="TAME")
