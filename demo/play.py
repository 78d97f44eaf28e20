"""The steps of the demo."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from books.models import ShelfCopy, ShelfServer
from demo import shelf, story
from demo.browser import Browser, DemoError, Page
from demo.catalogue import Book, books
from demo.shelf import Shown
from demo.stage import USER, Stage
from demo.story import Step
from downloads.models import Client, Download
from indexers.models import Release, Verdict

BAR = 30
TITLE = "Around the World in Eighty Days"


def told(verdict: Verdict) -> str:
    release = verdict.release
    why = " ".join(said.sentence for said in verdict.rejections.all())
    return f"{verdict.outcome:6} {release.title}, {release.seeders} seeders. {why}".rstrip()


def number_of(page: Page) -> int:
    """Of the row whose page it is."""
    return int(page.url.rstrip("/").split("/")[-2])


class Play:
    """One book, from connecting the services to its last byte."""

    def __init__(self, stage: Stage, say: Callable[[str], None]) -> None:
        self.stage, self.say = stage, say
        self.browser = Browser(stage.address)
        self.steps: list[Step] = []
        self.book: Book = next(book for book in books() if book.title == TITLE)
        self.book_id = 0

    def run(self) -> dict[str, Any]:
        self.log_in()
        client = self.connect_client()
        self.connect_indexer()
        server = self.connect_shelf()
        library = self.add_library(server)
        page = self.want()
        page = self.search(page)
        download = self.grab(page, self.choose())
        self.push(download)
        self.confirm(download)
        self.complete(download)
        compared = self.compare(download)
        self.import_(download)
        copy, shown = self.shelve(download, library)
        download.refresh_from_db()
        client.refresh_from_db()
        return {
            "ok": True,
            "qbittorrent": client.version.lstrip("v"),
            "book": f"{self.book.author}: {self.book.title}",
            "info_hash": download.client_hash,
            "steps": [step.as_json() for step in self.steps],
            "bytes_compared": compared,
            "files": story.tree(library, copy.folder),
            "shelf": {
                "server": server.name,
                "is_stand_in": self.stage.shelf.is_stand_in,
                "version": server.version,
                "item": copy.shelf_id,
                "shown": shown.as_json(),
            },
        }

    # --- Connecting ------------------------------------------------------------------------------

    def log_in(self) -> None:
        page = self.browser.open("/admin/")
        page = self.browser.fill(page, username=USER, password=self.stage.password)
        if "/login/" in page.url:
            raise DemoError("The log-in was refused.")

    def connect_client(self) -> Client:
        step = self.begin("client")
        client = story.wait_for("The row of the client", story.client)
        page = self.browser.open(f"/admin/downloads/client/{client.pk}/change/")
        page = story.wait_for("qBittorrent", lambda: self.tested(page, "answers"))
        self.end(step, page.messages)
        return client

    def connect_indexer(self) -> None:
        step = self.begin("indexer")
        page = self.browser.open("/admin/indexers/indexer/add/")
        page = self.browser.submit(
            page,
            name="Public domain",
            address=self.stage.indexer["torznab"],
            new_key=self.stage.indexer["key"],
        )
        tested = self.tested(page, "answers")
        if tested is None:
            raise DemoError("The indexer does not answer.")
        self.end(step, tested.messages)

    def connect_shelf(self) -> ShelfServer:
        step = self.begin("shelf")
        page = self.browser.open("/admin/books/shelfserver/add/")
        given = self.stage.shelf
        page = self.browser.submit(page, name=given.name, address=given.address, new_key=given.key)
        tested = self.tested(page, "answers")
        if tested is None:
            raise DemoError(f"{given.name} does not answer.")
        self.end(step, tested.messages)
        return ShelfServer.objects.get()

    def add_library(self, server: ShelfServer) -> Path:
        """In the folder of the server's first library of books."""
        step = self.begin("library")
        root = self.stage.shelf.folder
        page = self.browser.open("/admin/books/library/add/")
        shown = next(iter(page.options("shelf", server.name)), None)
        if shown is None:
            raise DemoError(f"{server.name} has no library of books.")
        page = self.browser.submit(page, name="Audiobooks", root=str(root), shelf=shown)
        tested = self.browser.press(page, "Test")
        self.end(step, tested.messages)
        return root

    def tested(self, page: Page, word: str) -> Page | None:
        """The page after its Test button, if the service answered."""
        after = self.browser.press(page, "Test")
        return after if any(word in said for said in after.messages) else None

    # --- The way of the book ---------------------------------------------------------------------

    def want(self) -> Page:
        step, book = self.begin("want"), self.book
        page = self.browser.open("/admin/books/book/add/")
        page = self.browser.submit(page, title=book.title, authors=book.author)
        self.book_id = number_of(page)
        known = {"expected_seconds": str(book.seconds)}
        said = f"“{book.title}” by {book.author} is wanted"
        if book.place is None:
            page = self.browser.submit(page, **known)
        else:
            name, number = book.place
            series = number_of(
                self.browser.submit(self.browser.open("/admin/books/series/add/"), name=name)
            )
            row = {"series": str(series), "position": number, "book": str(self.book_id)}
            page = self.browser.add_row(page, "places", row, **known)
            said += f", number {number} of “{name}”"
        self.end(step, [f"{said}."])
        return page

    def search(self, page: Page) -> Page:
        step = self.begin("search")
        self.browser.press(page, "Search")
        search = story.wait_for("The search", lambda: story.finished_search(self.book_id))
        step.worker = search.process
        step.waited = story.waited(step.began, search.started_at, "search")
        self.end(step, [query.sentence for query in search.queries.all()])
        return self.browser.open(page.url)

    def choose(self) -> Release:
        """TAME says which it would take and why not the others, whatever has more seeders."""
        step = self.begin("choose")
        verdicts = story.wait_for("A release to take", lambda: story.verdicts(self.book_id))
        self.end(step, [told(verdict) for verdict in verdicts])
        return verdicts[0].release

    def grab(self, page: Page, release: Release) -> Download:
        step = self.begin("grab")
        page = self.browser.press(page, f"Grab {release.title}")
        download = Download.objects.filter(release=release).first()
        if download is None:
            raise DemoError(" ".join(page.messages) or "Nothing was grabbed.")
        self.end(step, page.messages)
        return download

    def push(self, download: Download) -> None:
        self.follow(download, "push", "pushed", task="push")

    def confirm(self, download: Download) -> None:
        self.follow(download, "confirm", "downloading", task="confirm")

    def follow(self, download: Download, name: str, state: str, *, task: str) -> None:
        step = self.begin(name)
        moved = story.wait_for(name, lambda: story.moved_to(download.pk, state))
        step.worker = moved.process
        step.waited = story.waited(step.began, moved.at, task)
        self.end(step, [moved.sentence])

    def complete(self, download: Download) -> None:
        step = self.begin("download")
        watch = f"/admin/downloads/download/live/?ids={download.pk}"
        last = -1

        def look() -> Any:
            nonlocal last
            self.browser.open(watch)  # as an open page does: TAME syncs while somebody watches
            moved = story.moved_to(download.pk, "completed")
            download.refresh_from_db()
            last = self.bar(download, last)
            return moved

        moved = story.wait_for("The download", look)
        step.worker = moved.process
        step.waited = max(0.0, (moved.at - download.completed_at).total_seconds())
        self.end(step, [moved.sentence])

    def bar(self, download: Download, last: int) -> int:
        """A line that moves on a terminal, else a line at every quarter."""
        percent = int(100 * download.progress)
        filled = "#" * (BAR * percent // 100)
        if sys.stdout.isatty():
            end = "\n" if percent == 100 and last != 100 else ""
            sys.stdout.write(f"\r    [{filled:<{BAR}}] {percent:3} %{end}")
            sys.stdout.flush()
        elif percent // 25 != last // 25:
            self.say(f"    [{filled:<{BAR}}] {percent:3} %")
        return percent

    def compare(self, download: Download) -> int:
        step = self.begin("compare")
        download.refresh_from_db()
        compared = story.compare(download, self.book.files)
        count = len(self.book.files)
        self.end(step, [f"{count} files, {compared} bytes: equal to the committed ones."])
        return compared

    def import_(self, download: Download) -> None:
        self.deliver(download, "import", "placed", task="import")

    def shelve(self, download: Download, library: Path) -> tuple[ShelfCopy, Shown]:
        """Shown by the server, and then corrected: both are what its own answer must prove."""
        self.deliver(download, "shelve", "shelved", task="shelve")
        step, given = self.begin("correct"), self.stage.shelf
        copy = story.wait_for("The correction", lambda: story.corrected(download.pk))
        step.waited = story.waited(step.began, story.now(), "correct")
        shown = shelf.ask(given, copy.shelf_id)
        if wrong := shelf.differs(shown, self.book):
            raise DemoError(wrong)
        self.end(step, [f"{given.name} answers for it:", *shown.in_lines()])
        self.say("    In the library's folder:")
        for path in story.tree(library, copy.folder):
            self.say(f"        {path}")
        return copy, shown

    def deliver(self, download: Download, name: str, state: str, *, task: str) -> None:
        step = self.begin(name)
        moved = story.wait_for(name, lambda: story.delivered(download.pk, state))
        step.worker = moved.process
        step.waited = story.waited(step.began, moved.at, task)
        self.end(step, [moved.sentence])

    # --- Telling ---------------------------------------------------------------------------------

    def begin(self, name: str) -> Step:
        self.stage.check()
        return Step(name, story.now())

    def end(self, step: Step, evidence: list[str]) -> None:
        step.seconds = (story.now() - step.began).total_seconds()
        step.waited = min(step.waited, step.seconds)  # qBittorrent tells whole seconds
        if step.worker is not None and not story.is_below(step.worker, self.stage.tame.pid):
            raise DemoError(f"{step.name} was not done by a worker of TAME.")
        by = f", waited {step.waited:.1f} s, worker {step.worker}" if step.worker else ""
        self.say(f"{step.name:9} {step.seconds:4.1f} s{by}")
        for sentence in evidence:
            self.say(f"    {sentence}")
        self.steps.append(step)
