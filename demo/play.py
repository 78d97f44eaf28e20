"""The steps of the demo."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo import story
from demo.browser import Browser, DemoError, Page
from demo.catalogue import Book, books
from demo.stage import USER, Stage
from demo.story import Step
from downloads.models import Client, Download
from indexers.models import Release, Verdict

BAR = 30


def told(verdict: Verdict) -> str:
    release = verdict.release
    why = " ".join(said.sentence for said in verdict.rejections.all())
    return f"{verdict.outcome:6} {release.title}, {release.seeders} seeders. {why}".rstrip()


class Play:
    """One book, from connecting the services to its last byte."""

    def __init__(self, stage: Stage, say: Callable[[str], None]) -> None:
        self.stage, self.say = stage, say
        self.browser = Browser(stage.address)
        self.steps: list[Step] = []
        self.book: Book = next(book for book in books() if book.title == "Cranford")
        self.book_id = 0

    def run(self) -> dict[str, Any]:
        self.log_in()
        client = self.connect_client()
        self.connect_indexer()
        library = self.add_library()
        page = self.want()
        page = self.search(page)
        download = self.grab(page, self.choose())
        self.push(download)
        self.confirm(download)
        self.complete(download)
        compared = self.compare(download)
        self.import_(download)
        self.shelve(download, library)
        download.refresh_from_db()
        client.refresh_from_db()
        return {
            "ok": True,
            "qbittorrent": client.version.lstrip("v"),
            "book": f"{self.book.author}: {self.book.title}",
            "info_hash": download.client_hash,
            "steps": [step.as_json() for step in self.steps],
            "bytes_compared": compared,
            "shelf": story.tree(library),
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
        page = self.browser.fill(
            page,
            name="Public domain",
            address=self.stage.indexer["torznab"],
            new_key=self.stage.indexer["key"],
            _continue="1",
        )
        tested = self.tested(page, "answers")
        if tested is None:
            raise DemoError("The indexer does not answer.")
        self.end(step, tested.messages)

    def add_library(self) -> Path:
        step = self.begin("library")
        root = self.stage.folder / "audiobooks"
        root.mkdir()
        page = self.browser.open("/admin/books/library/add/")
        page = self.browser.fill(page, name="Audiobooks", root=str(root), _continue="1")
        tested = self.browser.press(page, "Test")
        self.end(step, tested.messages)
        return root

    def tested(self, page: Page, word: str) -> Page | None:
        """The page after its Test button, if the service answered."""
        after = self.browser.press(page, "Test")
        return after if any(word in said for said in after.messages) else None

    # --- The way of the book ---------------------------------------------------------------------

    def want(self) -> Page:
        step = self.begin("want")
        page = self.browser.open("/admin/books/book/add/")
        page = self.browser.fill(
            page, title=self.book.title, authors=self.book.author, _continue="1"
        )
        self.book_id = int(page.url.rstrip("/").split("/")[-2])
        page = self.browser.fill(page, expected_seconds=str(self.book.seconds), _continue="1")
        self.end(step, [f"“{self.book.title}” by {self.book.author} is wanted."])
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

    def shelve(self, download: Download, library: Path) -> None:
        self.deliver(download, "shelve", "shelved", task="shelve")
        for path in story.tree(library):
            self.say(f"      {path}")

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
        if step.worker is not None and not story.is_below(step.worker, self.stage.tame.pid):
            raise DemoError(f"{step.name} was not done by a worker of TAME.")
        by = f", waited {step.waited:.1f} s, worker {step.worker}" if step.worker else ""
        self.say(f"{step.name:9} {step.seconds:4.1f} s{by}")
        for sentence in evidence:
            self.say(f"    {sentence}")
        self.steps.append(step)
