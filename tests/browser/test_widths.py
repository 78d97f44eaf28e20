"""Every page in a real browser, with names as people have them, on screens of all widths."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
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
from tests.people import browser, list_of, page_of

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FOUND = next(filter(None, map(shutil.which, BROWSERS)), None)
WIDTHS = (1200, 1024, 768, 390)
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
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.wide,
    pytest.mark.skipif(FOUND is None, reason="no Chromium is here"),
]


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
    return the_pages(book, client, indexer, download, imported) | the_shelf(book, files)


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
    return the_pages(server, library, copy, row, series, run)


def measured(pages: dict[str, str], folder: Path) -> list[str]:
    """What a browser finds wrong with them."""
    visitor, frames = browser(), []
    for number, (name, address) in enumerate(pages.items()):
        text = visitor.get(address).content.decode()
        for app, files in STATIC.items():
            text = text.replace(f"/static/{app}/", f"{files.as_uri()}/")
        (folder / f"{number}.html").write_text(text)
        frames += [
            f'<iframe src="{number}.html" width="{width}" height="900" data-page="{name}"></iframe>'
            for width in WIDTHS
        ]
    script = (Path(__file__).parent / "measure.js").as_uri()
    start = folder / "start.html"
    start.write_text(f'<script src="{script}"></script>{"".join(frames)}<pre id="faults"></pre>')
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--dump-dom"]
    options += ["--allow-file-access-from-files", "--timeout=60000", f"--user-data-dir={folder}/p"]
    argv = [str(FOUND), *options, start.as_uri()]
    answer = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r'<pre id="faults">(.*?)</pre>', answer, re.DOTALL)
    assert found, answer[-2000:]
    faults: list[str] = json.loads(unescape(found[1]))
    return faults


def test_no_page_is_wider_than_its_screen_or_tears_a_word(
    pages: dict[str, str], tmp_path: Path
) -> None:
    faults = measured(pages, tmp_path)
    assert not faults, "\n".join(faults)
