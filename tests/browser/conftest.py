"""Every page of the admin, with names as people have them, and a browser that looks at them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import django.contrib.admin
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from books.models import Correction, Library, MoveIn, Series, ShelfCopy, ShelfServer, Volume
from downloads.models import ClientPath, DownloadHistory, Import
from downloads.states import Doubt, ImportState, State
from indexers.models import Rejection, Verdict
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.people import browser, button_of, list_of, page_of

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FOUND = next(filter(None, map(shutil.which, BROWSERS)), None)
STATIC = {
    "admin": Path(django.contrib.admin.__file__).parent / "static/admin",
    "tame": Path(settings.BASE_DIR) / "static/tame",
}
CRUSOE = (
    "The Life and Strange Surprizing Adventures of Robinson Crusoe, of York, Mariner: Who Lived "
    "Eight and Twenty Years, All Alone in an Un-inhabited Island on the Coast of America"
)
ONE_WORD = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstelle"
DOTTED = "Robinson.Crusoe.by.Daniel.Defoe.read.by.a.Volunteer.Unabridged.MP3.128kbps-GROUP"
PATH = f"/mnt/storage/torrents/incoming/{'467ea6ee571051d8' * 3}/{ONE_WORD}.torrent"
ASKED = ("another book", "wrong book", "want missing")  # pages that a button leads to
Looked = Callable[..., list[str]]


@pytest.fixture
def pages() -> dict[str, str]:
    """Name and address of each, with rows that have long names."""
    book = make_book(CRUSOE, "Daniel Defoe")
    other = make_book(ONE_WORD, "Somebody van der Somewhere with many given names")
    client = make_client("The qBittorrent behind the VPN in the cellar")
    ClientPath.objects.create(client=client, client_prefix="/downloads", our_prefix=PATH[:60])
    indexer = make_indexer("A private tracker with a long name", last_error=f"It said {PATH}.")
    for number, title in enumerate([DOTTED, CRUSOE, f"{ONE_WORD} [ENG / M4B]"]):
        release = make_release(indexer, book, title=title, size=81_200_000, seeders=1234)
        verdict = Verdict.objects.get(release=release)
        Verdict.objects.filter(pk=verdict.pk).update(
            digest="x", outcome=["take", "offer"][number % 2]
        )
        Rejection.objects.create(verdict=verdict, rule="size", sentence=f"It is not {PATH}.")
    download = make_download(
        client, other, title=ONE_WORD, state=State.HELD, last_error=f"No {PATH}."
    )
    DownloadHistory.objects.create(
        row=download, to_state="held", actor="ann", sentence=f"No {PATH}."
    )
    imported = Import.objects.get()
    files = [
        {"path": f"CD 1/{DOTTED}.mp3", "size": 12_345_678, "name": "001 - Crusoe.mp3", "why": ""}
    ]
    Import.objects.update(
        state=ImportState.REVIEW, doubt=Doubt.DURATION, last_error=f"No {PATH}.", manifest=files
    )
    asked = {
        "another book": button_of(imported, "another"),
        "wrong book": button_of(imported, "wrong"),
        "its files": reverse("admin:downloads_import_files", args=[imported.pk]),
    }
    own = the_pages(book, client, indexer, download, imported)
    return own | asked | the_shelf(book, files)


def the_pages(*rows: Any) -> dict[str, str]:
    own = {row._meta.model_name: page_of(row) for row in rows}
    lists = {f"list of {row._meta.model_name}": list_of(type(row)) for row in rows}
    named = ("index", "choices", "run_here", "books_book_find", "downloads_import_folder",
             "downloads_import_torrent", "indexers_indexer_add_all", "books_movein_add",
             "books_library_add", "indexers_verdict_changelist",
             "indexers_release_changelist")  # fmt: skip
    return own | lists | {name: reverse(f"admin:{name}") for name in named}


def the_shelf(book: Any, files: list[dict[str, Any]]) -> dict[str, str]:
    server = ShelfServer.objects.create(
        name="Audiobookshelf in the living room", address="http://a"
    )
    library = Library.objects.create(name="Books for the children", root=PATH[:90], server=server)
    copy = ShelfCopy.objects.create(
        book=book, library=library, folder=CRUSOE, manifest=files, seconds=25320
    )
    row = Correction.objects.create(
        copy=copy, field="title", old=DOTTED, new=CRUSOE, by="ann", seen_at=timezone.now()
    )
    series = Series.objects.create(name=f"Chronicles of {ONE_WORD}", followed=True)
    Volume.objects.create(
        series=series, position="1", title=CRUSOE, other_titles=[DOTTED], year=1719
    )
    run = MoveIn.objects.create(kind="folders", source=PATH, by="ann", read_at=timezone.now())
    run.lines.create(key="a", title=CRUSOE, folder=DOTTED, status="had", match="unsure", why=PATH)
    asked = {"want missing": button_of(series, "want_missing")}
    return the_pages(server, library, copy, row, series, run) | asked


@pytest.fixture
def looked(pages: dict[str, str], tmp_path: Path) -> Looked:
    """What that script finds wrong with them, on screens of these widths, in these colours."""
    if FOUND is None:
        pytest.skip("no Chromium is here")

    def look(
        script: str, widths: tuple[int, ...], themes: tuple[str, ...] = ("light",)
    ) -> list[str]:
        visitor, frames = browser(), []
        for number, (name, address) in enumerate(pages.items()):
            answer = visitor.post(address) if name in ASKED else visitor.get(address)
            text = answer.content.decode()
            for app, files in STATIC.items():
                text = text.replace(f"/static/{app}/", f"{files.as_uri()}/")
            (tmp_path / f"{number}.html").write_text(text)
            frames += [
                f'<iframe src="{number}.html" width="{width}" height="900" data-page="{name}" '
                f'data-theme="{theme}"></iframe>'
                for width in widths
                for theme in themes
            ]
        return faults(script, frames, tmp_path)

    return look


def faults(script: str, frames: list[str], folder: Path) -> list[str]:
    uri = (Path(__file__).parent / script).as_uri()
    start = folder / "start.html"
    start.write_text(
        f'<meta charset="utf-8"><script src="{uri}"></script>{"".join(frames)}'
        '<pre id="faults"></pre>'
    )
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--dump-dom"]
    options += ["--allow-file-access-from-files", f"--user-data-dir={folder}/p"]
    argv = [str(FOUND), *options, "--virtual-time-budget=5000", start.as_uri()]
    answer = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=True).stdout
    found = re.search(r'<pre id="faults">(.*?)</pre>', answer, re.DOTALL)
    assert found, answer[-2000:]
    said: list[str] = json.loads(unescape(found[1]))
    return said
