"""Nothing is pressed and no bell is rung: what every schedule is for happens all by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import Failure

from books.models import Author, Book, MoveIn, ShelfCopy
from books.models import Library as Shelf
from books.profiles import Profile
from books.states import CopyState
from downloads.clients import open_client
from downloads.grab import grab
from downloads.models import Client, Download, Seeding
from downloads.states import AtGoal, ImportState, State, Wish
from indexers.decide import judge_again
from indexers.models import Release
from tame import schedules
from tame.models import SchedulePreference
from tests.books.conftest import put_chapters
from tests.cluster.conftest import Clusters, Library, connected
from tests.factory import make_book, make_download, make_release, use_sources
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.sources import FakeSources, work
from tests.fakes.torrents import hashes_of
from tests.shelves import shown_library

MAGNET = f"magnet:?xt=urn:btih:{'b' * 40}"
LONG_AGO = timedelta(days=40)
NAMES = list(schedules.SCHEDULES)
Effects = dict[str, Callable[[], object]]


class World:
    """One thing to do for each schedule; none depends on another's work."""

    def __init__(
        self, library: Library, fake: FakeQBittorrent, client: Client, sources: FakeSources
    ) -> None:
        self.library, self.fake, self.client, self.sources = library, fake, client, sources
        self.seen: set[str] = set()  # what was retried, say, may soon have failed again
        self.effects: Effects = {
            "search": self.to_search(),
            "feeds": self.to_read(),
            "decide": self.to_decide(),
            "grab": self.to_take(),
            "push": self.to_push(),
            "confirm": self.to_confirm(),
            "sync": self.to_sync(),
            "import": self.to_import(ImportState.PENDING),
            "shelve": self.to_import(ImportState.PLACED),
            "correct": self.to_correct(),
            "undo": self.to_undo(),
            "upgrades": self.to_upgrade(),
            "trash": self.to_throw_away(),
            "move_in": self.to_move_in(),
            "adopt": self.to_adopt(),
            "read_again": self.to_read_again(),
            "tidy": self.to_tidy(),
            "seed": self.to_end(),
            "retry": self.to_retry(),
            "trackers": self.to_ask_about(),
            "describe": self.to_describe(),
            "follow": self.to_follow(),
            "prune": self.to_prune(),
        }

    def without_effect(self) -> list[str]:
        """The schedules whose effect was never seen."""
        for name, effect in self.effects.items():
            if name not in self.seen and effect():
                self.seen.add(name)
        return [name for name in self.effects if name not in self.seen]

    def to_search(self) -> Callable[[], object]:
        self.library.wanted("Cranford")
        return lambda: "Cranford Elizabeth Gaskell" in self.library.indexers.searches

    def to_read(self) -> Callable[[], object]:
        return lambda: "" in self.library.indexers.searches

    def to_decide(self) -> Callable[[], object]:
        book = make_book("Cousin Phillis")
        release = make_release(self.library.row, book, title="Cousin Phillis (Abridged)")
        Book.objects.filter(pk=book.pk).update(next_search_at=timezone.now() + LONG_AGO)
        return lambda: release.verdicts.get().rejections.exists()

    def to_take(self) -> Callable[[], object]:
        Client.objects.update(unfinished_limit=50)  # the others here are unfinished, too
        profile = Profile.objects.create(name="By itself", automatic=True)
        book = make_book("Wives and Daughters", profile=profile)
        Book.objects.filter(pk=book.pk).update(next_search_at=timezone.now() + LONG_AGO)
        judge_again(book, make_release(self.library.row, book, link="", magnet=MAGNET))
        return lambda: Download.objects.filter(imports__book=book, automatic=True).exists()

    def to_push(self) -> Callable[[], object]:
        book, release = self.library.found("Ruth")
        grab(book, release, actor="ann")
        return lambda: release.info_hash in self.fake.torrents

    def to_confirm(self) -> Callable[[], object]:
        row = self.in_client("Sylvia's Lovers", State.PUSHED)
        return lambda: again(row).confirmed_at

    def to_sync(self) -> Callable[[], object]:
        row = self.in_client("North and South", State.DOWNLOADING)
        return lambda: again(row).state == State.COMPLETED

    def to_import(self, state: ImportState) -> Callable[[], object]:
        """There is nothing to listen to, or no copy: it moves on, if not to the shelf."""
        row = make_download(self.client, book=make_book(f"A {state} book"), state=State.COMPLETED)
        shelf, _ = Shelf.objects.get_or_create(name="Audiobooks", root="/no/such/folder")
        row.imports.update(state=state, library=shelf)
        return lambda: row.imports.get().history.filter(from_state=state).exists()

    def to_undo(self) -> Callable[[], object]:
        row = make_download(self.client, book=make_book("Undone"), state=State.COMPLETED)
        row.imports.update(state=ImportState.UNDOING)
        return lambda: row.imports.get().state == ImportState.UNDONE

    def to_upgrade(self) -> Callable[[], object]:
        shelf = Shelf.objects.create(name="Upgraded", root="/no/such/folder/either")
        profile = Profile.objects.create(name="Better", upgrade=True)
        book = make_book("In mp3", profile=profile, on_shelf=True)
        ShelfCopy.objects.create(
            book=book, library=shelf, state=CopyState.PROVED, format="mp3", origin="import"
        )
        return lambda: Book.objects.get(pk=book.pk).may_upgrade

    def to_correct(self) -> Callable[[], object]:
        root = Path(mkdtemp(prefix="tame-test-"))
        put_chapters(root, "Elizabeth Gaskell/Corrected")
        fake = FakeAudiobookshelf(root)
        fake.scan()
        shelf = shown_library(fake, name="Shown")
        copy = ShelfCopy.objects.create(
            book=make_book("Corrected"), library=shelf, folder="Elizabeth Gaskell/Corrected",
            state=CopyState.PROVED, shelf_id=fake.books[0].id, origin="import",
            written={"found": {"title": "Cranford"}},
        )  # fmt: skip
        return lambda: (
            fake.books[0].metadata["title"] == "Corrected"
            and ShelfCopy.objects.get(pk=copy.pk).corrected_at
        )

    def to_throw_away(self) -> Callable[[], object]:
        folder = Path(mkdtemp(prefix="tame-test-"))
        shelf = Shelf.objects.create(name="Emptied", root=str(folder))
        copy = ShelfCopy.objects.create(
            book=make_book("Thrown away"), library=shelf, state=CopyState.TRASHED,
            trash_until=days_ago(),
        )  # fmt: skip
        return lambda: ShelfCopy.objects.get(pk=copy.pk).state == CopyState.GONE

    def to_move_in(self) -> Callable[[], object]:
        run = MoveIn.objects.create(kind="folders", source="/no/such/folder", by="ann")
        return lambda: MoveIn.objects.get(pk=run.pk).read_at

    def to_adopt(self) -> Callable[[], object]:
        shelf = Shelf.objects.create(name="Filled", root="/no/such/books")
        copy = ShelfCopy.objects.create(book=make_book("Stood here"), library=shelf, folder="A/B")
        run = MoveIn.objects.create(kind="folders", source="/no", by="ann", read_at=days_ago())
        line = run.lines.create(key="A/B", title="Stood here", copy=copy, done_at=days_ago())
        return lambda: run.lines.get(pk=line.pk).seeds_sought_at

    def to_read_again(self) -> Callable[[], object]:
        shelf = Shelf.objects.create(name="Unmounted", root="/no/such/disk")
        return lambda: Shelf.objects.get(pk=shelf.pk).problem

    def to_tidy(self) -> Callable[[], object]:
        row = self.in_client("Mary Barton", State.DOWNLOADING, client_wish=Wish.STOPPED)
        return lambda: self.fake.torrents[row.client_hash].stopped

    def to_end(self) -> Callable[[], object]:
        Seeding.objects.create(pk=1, ratio_goal=1, when_met=AtGoal.STOP)
        row = self.in_client("A Dark Night's Work", State.COMPLETED, ratio=2)
        self.fake.set_state(row.client_hash, "stalledUP", ratio=2)
        return lambda: again(row).seed_end == AtGoal.STOP

    def to_retry(self) -> Callable[[], object]:
        row = make_download(self.client, state=State.FAILED, retry_at=timezone.now())
        return lambda: again(row).state != State.FAILED

    def to_ask_about(self) -> Callable[[], object]:
        row = self.in_client(
            "Wives and Daughters",
            State.DOWNLOADING,
            stalled=True,
            last_progress_at=timezone.now() - LONG_AGO,
        )
        self.fake.say_tracker(row.client_hash, "Torrent not registered with this tracker.")
        return lambda: again(row).state == State.ABANDONED

    def to_describe(self) -> Callable[[], object]:
        self.sources.works = [work("My Lady Ludlow", "Elizabeth Gaskell", 1858)]
        use_sources(self.sources.url, "open_library")
        book = make_book("My Lady Ludlow", wish="parked")
        return lambda: Book.objects.get(pk=book.pk).year == 1858

    def to_follow(self) -> Callable[[], object]:
        author = Author.objects.get(name="Elizabeth Gaskell")
        Author.objects.filter(pk=author.pk).update(followed=True, next_ask_at=timezone.now())
        return lambda: author.works.filter(title="My Lady Ludlow").exists()

    def to_prune(self) -> Callable[[], object]:
        old = make_release(self.library.row, title="Seen long ago", last_seen_at=days_ago())
        return lambda: not Release.objects.filter(pk=old.pk).exists()

    def in_client(self, title: str, state: State, *, stalled: bool = False, **columns: Any) -> Any:
        payload = self.library.torrent(title, served=not stalled)
        info_hash = hashes_of(payload)[0]
        row = make_download(
            self.client, title=title, state=state, hash_v1=info_hash, client_hash=info_hash,
            **columns,
        )  # fmt: skip
        gateway = open_client(self.client)
        gateway.add(payload, category="", save_path="", tags=["tame", row.tag])
        return row


def again(row: Download) -> Download:
    return Download.objects.get(pk=row.pk)


def days_ago() -> Any:
    return timezone.now() - LONG_AGO


@pytest.fixture
def world(library: Library, fake: FakeQBittorrent, settings: Any) -> Iterator[World]:
    settings.BELLS = False
    with FakeSources() as sources:
        yield World(library, fake, connected(fake), sources)


def test_every_schedule_has_an_effect_here(world: World) -> None:
    assert set(world.effects) == set(schedules.SCHEDULES)
    assert not any(effect() for effect in world.effects.values())


def test_schedules_really_run(clusters: Clusters, world: World) -> None:
    clusters.start(bells=False)
    clusters.until(lambda: not world.without_effect(), 40)
    said = SchedulePreference.objects.exclude(last_result="")
    clusters.until(lambda: said.count() == len(NAMES), 5)
    assert not Failure.objects.exists()


@pytest.mark.parametrize(
    "idle",
    [
        *(pytest.param(NAMES[at::2], marks=pytest.mark.wide, id=f"half {at}") for at in (0, 1)),
        *(pytest.param([name], marks=pytest.mark.long, id=name) for name in NAMES),
    ],
)
def test_a_task_that_does_nothing_cannot_succeed(
    clusters: Clusters, world: World, idle: list[str]
) -> None:
    """The check of each schedule fails when its function only says ok."""
    paths = [schedules.SCHEDULES[name][0] for name in idle]
    cluster = clusters.start({"idle": paths}, bells=False)
    clusters.until(lambda: set(world.without_effect()) <= set(idle), 40)
    clusters.until(lambda: min(cluster.times_idle(path) for path in paths) > 1, 10)
    assert [name for name in idle if world.effects[name]()] == []


def test_a_failing_task_is_visible(clusters: Clusters, world: World) -> None:
    """In the list of failed tasks, and on the schedule's own row."""
    clusters.start({"broken": "downloads.retry.retry_due"}, bells=False)
    clusters.until(lambda: Failure.objects.filter(func="downloads.tasks.retry").exists(), 10)
    assert "a bug" in Failure.objects.filter(func="downloads.tasks.retry")[0].result
    said = SchedulePreference.objects.get(name="retry").last_result
    assert said == "stopped by an error that TAME did not expect"
    clusters.until(world.effects["sync"], 10)  # the others go on
