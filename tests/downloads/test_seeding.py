"""What has seeded for long enough ends as the person wants it, and the book stays."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from books.models import Book, Library, ShelfCopy
from books.states import CopyState
from downloads import seeding
from downloads.clients import open_client
from downloads.diagnose import check_client
from downloads.grab import grab
from downloads.importing import import_due
from downloads.minimums import has_seeded_enough
from downloads.models import Client, Download, Import, Seeding
from downloads.needed import ON_ITS_WAY
from downloads.seeding import seed_due
from downloads.shelving import shelve_due
from downloads.standing import standing
from downloads.states import IMPORT_ENDS, AtGoal, ImportState, State, Wish
from downloads.steer import resume
from downloads.sync import sync_due
from downloads.tidy import tidy_due
from indexers.models import Indexer
from tests.commanding import done
from tests.downloads.conftest import Complete, Shop, again, real, shown
from tests.factory import make_book, make_download, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.torrents import hashes_of, make_torrent
from tests.people import browser, filled_in, messages, page_of

pytestmark = pytest.mark.django_db
DAY = 24 * 60
Seeded = Callable[..., Download]


@pytest.fixture(autouse=True)
def look_at_seeds(settings: Any) -> None:
    settings.SEED_SYNC_SECONDS = 0


def policy(when_met: AtGoal = AtGoal.REMOVE_FILES, **columns: Any) -> Seeding:
    goals = {"ratio_goal": 1.5, "seed_goal": 14 * DAY} | columns
    row, _ = Seeding.objects.update_or_create(pk=1, defaults=goals | {"when_met": when_met})
    return row


@pytest.fixture
def seeded(library: Library, complete: Complete, fake: FakeQBittorrent) -> Seeded:
    """A book on the shelf whose torrent has seeded for so long."""

    def make(ratio: float = 2.0, days: float = 3, is_shelved: bool = True) -> Download:
        row = complete()
        assert row.download
        if is_shelved:
            import_due()
            shelve_due()
        shared(fake, row.download, ratio, days)
        return again(row.download)

    return make


def shared(fake: FakeQBittorrent, row: Download, ratio: float, days: float) -> None:
    """So it says itself; it was added before that."""
    then = timezone.now() - timedelta(days=days + 1)
    Download.objects.filter(pk=row.pk).update(added_at=then)
    told = {"ratio": ratio, "seeding_time": int(days * 86400), "added_on": int(then.timestamp())}
    fake.torrents[again(row).client_hash].show("", told)
    sync_due()


def in_client(fake: FakeQBittorrent) -> list[str]:
    return [path.name for path in fake.downloads.rglob("*") if path.is_file()]


def test_a_client_that_ends_them_by_itself_is_told(
    fake: FakeQBittorrent, client_row: Client
) -> None:
    """It would go below the indexer's minimum, and may be faster than an import."""
    assert all(check.is_well for check in check_client(client_row))
    fake.preferences.update({"max_ratio_enabled": True, "max_ratio": 1, "max_ratio_act": 1})
    [said] = [check for check in check_client(client_row) if not check.is_well]
    assert "takes torrents out of its list by itself" in said.sentence
    fake.preferences.update({"max_ratio_act": 0})
    assert all(check.is_well for check in check_client(client_row))


# --- What happens when the goals are met ----------------------------------------------------------


def test_removed_with_its_files_the_book_stays_whole(
    seeded: Seeded, library: Library, fake: FakeQBittorrent
) -> None:
    policy(AtGoal.REMOVE_FILES)
    row = seeded()
    before = {name: (Path(library.root) / name).read_bytes() for name in shown(library)}
    assert seed_due() == "1 have seeded enough."
    assert (again(row).client_wish, again(row).state) == (Wish.GONE_WITH_FILES, State.COMPLETED)
    assert fake.torrents, "only the wish is written"
    tidy_due()
    assert (again(row).state, fake.torrents, in_client(fake)) == (State.REMOVED, {}, [])
    assert {name: (Path(library.root) / name).read_bytes() for name in shown(library)} == before
    assert len(before) == len(real())
    assert Book.objects.get().on_shelf
    assert again(row).history.all()[1].sentence == (
        "It has seeded for long enough (ratio 1.5 or 14 days): ratio 2.0, 3 days. Now it is "
        "removed with its files, the book stays."
    )


@pytest.mark.parametrize(
    ("when_met", "wished", "state", "files"),
    [
        (AtGoal.KEEP, Wish.NONE, State.COMPLETED, True),
        (AtGoal.STOP, Wish.STOPPED, State.COMPLETED, True),
        (AtGoal.REMOVE, Wish.GONE, State.REMOVED, True),
        (AtGoal.REMOVE_FILES, Wish.GONE_WITH_FILES, State.REMOVED, False),
    ],
)
def test_what_the_person_chose_happens(
    when_met: AtGoal, wished: Wish, state: State, files: bool, seeded: Seeded, fake: FakeQBittorrent
) -> None:
    policy(when_met)
    row = seeded()
    seed_due()
    tidy_due()
    assert (again(row).client_wish, again(row).state) == (wished, state)
    assert bool(in_client(fake)) is files
    assert [one.stopped for one in fake.torrents.values()] == (
        [] if state == State.REMOVED else [when_met == AtGoal.STOP]
    )


def test_run_twice_it_changes_nothing(seeded: Seeded) -> None:
    policy(AtGoal.STOP)
    row = seeded()
    seed_due()
    tidy_due()
    past = again(row).history.count()
    assert seed_due() == "0 have seeded enough."
    assert again(row).history.count() == past


@pytest.mark.parametrize(("ratio", "days"), [(1.4, 3), (0.0, 13.9)])
def test_below_its_goal_nothing_happens(ratio: float, days: float, seeded: Seeded) -> None:
    policy()
    row = seeded(ratio=ratio, days=days)
    assert seed_due() == "0 have seeded enough."
    assert again(row).client_wish == Wish.NONE
    assert not has_seeded_enough(again(row))


def test_without_any_goal_it_seeds_for_ever(seeded: Seeded) -> None:
    policy(ratio_goal=None, seed_goal=None)
    row = seeded(ratio=50, days=700)
    assert seed_due() == "0 have seeded enough."
    assert standing(again(row)) == ("It seeds on: no goal is set. So far: ratio 50.0, 700 days.")


def test_one_that_a_person_resumed_goes_on(seeded: Seeded, fake: FakeQBittorrent) -> None:
    policy(AtGoal.STOP)
    row = seeded()
    seed_due()
    tidy_due()
    resume(again(row), actor="ann")
    tidy_due()
    assert seed_due() == "0 have seeded enough."
    assert not fake.torrents[again(row).client_hash].stopped
    assert standing(again(row)).endswith("It goes on because a person wants it.")
    policy(AtGoal.REMOVE)
    assert seed_due() == "1 have seeded enough.", "another policy counts anew"


def test_a_wish_that_is_still_open_goes_first(seeded: Seeded) -> None:
    policy()
    row = seeded()
    resume(again(row), actor="ann")
    assert seed_due() == "0 have seeded enough."


# --- What is never touched ------------------------------------------------------------------------


def test_what_was_there_before_tame_is_not_touched(seeded: Seeded) -> None:
    policy()
    row = seeded()
    Download.objects.update(adopted=True)
    assert seed_due() == "0 have seeded enough."
    assert standing(again(row)) == (
        "It was in seedbox before TAME: how long it seeds is decided there."
    )


def test_without_our_tag_it_is_somebody_else_s(seeded: Seeded, fake: FakeQBittorrent) -> None:
    policy()
    row = seeded()
    fake.torrents[row.client_hash].tags.clear()
    assert seed_due() == "0 have seeded enough."
    told = done("seed_downloads", "--dry-run")["clients"][0]
    assert "somebody took it over" in told["stays"][0]["reason"]


@pytest.mark.parametrize("when_met", [AtGoal.REMOVE, AtGoal.REMOVE_FILES])
def test_nothing_is_removed_while_a_book_is_on_its_way(when_met: AtGoal, seeded: Seeded) -> None:
    policy(when_met)
    row = seeded()
    for state, said in {
        ImportState.PENDING: "is still to be imported",
        ImportState.FAILED: "is still to be imported",
        ImportState.PLACED: "is not proved on the shelf yet",
        ImportState.REVIEW: "waits for you in Imports",
        ImportState.UNDOING: "is just being taken off the shelf",
        ImportState.REDOING: "is just being put back on the shelf",
    }.items():
        Import.objects.update(state=state)
        assert seed_due() == "0 have seeded enough."
        assert said in standing(again(row)), state


def test_every_state_on_the_way_is_known() -> None:
    assert set(ON_ITS_WAY) == set(ImportState) - IMPORT_ENDS - {ImportState.SHELVED}


def test_its_files_stay_when_no_book_of_it_is_in_a_library(seeded: Seeded) -> None:
    policy(AtGoal.REMOVE_FILES)
    row = seeded(is_shelved=False)
    Import.objects.update(state=ImportState.DROPPED)
    assert seed_due() == "0 have seeded enough."
    assert "these files are all there is" in standing(again(row))
    policy(AtGoal.REMOVE)
    assert seed_due() == "1 have seeded enough.", "the torrent alone may go"


def test_its_files_stay_when_the_book_was_taken_off_the_shelf(seeded: Seeded) -> None:
    policy(AtGoal.REMOVE_FILES)
    row = seeded()
    Import.objects.update(state=ImportState.UNDONE)
    assert seed_due() == "0 have seeded enough."
    assert "all that is left of it" in standing(again(row))


def lose_a_file(book: Path, seed: Path) -> None:
    book.unlink()


def cut_a_file(book: Path, seed: Path) -> None:
    book.unlink()
    book.write_bytes(b"a part")


def point_at_the_seed(book: Path, seed: Path) -> None:
    book.unlink()
    book.symlink_to(seed)


def make_the_folder_the_seed_s(book: Path, seed: Path) -> None:
    book.parent.rename(book.parent.with_suffix(".old"))
    book.parent.symlink_to(seed.parent)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lose_a_file, "cannot be seen"),
        (cut_a_file, "has 6 bytes"),
        (point_at_the_seed, "the torrent's own file"),
        (make_the_folder_the_seed_s, "the torrent's own file"),
    ],
)
def test_a_book_that_would_not_stand_alone_keeps_its_seed(
    harm: Callable[[Path, Path], None], said: str, seeded: Seeded, fake: FakeQBittorrent
) -> None:
    policy(AtGoal.REMOVE_FILES)
    row = seeded()
    copy = ShelfCopy.objects.get()
    line = copy.manifest[0]
    harm(Path(copy.library.root) / copy.folder / line["name"], fake.downloads / line["path"])
    told = done("seed_downloads", "--dry-run")["clients"][0]
    assert said in told["stays"][0]["reason"]
    assert seed_due() == "0 have seeded enough."
    tidy_due()
    assert again(row).client_hash in fake.torrents


def test_a_hard_link_of_the_seed_stands_alone(seeded: Seeded, fake: FakeQBittorrent) -> None:
    policy(AtGoal.REMOVE_FILES)
    seeded()
    copy = ShelfCopy.objects.get()
    for line in copy.manifest:
        book = Path(copy.library.root) / copy.folder / line["name"]
        seed = fake.downloads / line["path"]
        book.unlink()
        os.link(seed, book)
    assert seed_due() == "1 have seeded enough."
    tidy_due()
    assert not in_client(fake)
    for line in copy.manifest:
        book = Path(copy.library.root) / copy.folder / line["name"]
        assert book.stat().st_size == line["size"]


def test_a_book_that_was_replaced_on_the_shelf_needs_the_seed_no_more(seeded: Seeded) -> None:
    policy(AtGoal.REMOVE_FILES)
    row = seeded()
    old = ShelfCopy.objects.get()
    ShelfCopy.objects.filter(pk=old.pk).update(state=CopyState.TRASHED)
    assert seed_due() == "0 have seeded enough."
    folder = Path(old.library.root) / "Better"
    folder.mkdir()
    (folder / "one.mp3").write_bytes(b"better")
    manifest = [{"path": "x/one.mp3", "name": "one.mp3", "size": 6, "why": ""}]
    ShelfCopy.objects.create(
        book=old.book, library=old.library, folder="Better", manifest=manifest,
        state=CopyState.PROVED,
    )  # fmt: skip
    assert seed_due() == "1 have seeded enough."
    assert again(row).client_wish == Wish.GONE_WITH_FILES


def test_an_import_that_is_faster_keeps_its_torrent(
    seeded: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the client and the wish somebody imports the book once more."""
    policy()
    row = seeded()
    look = seeding.look

    def and_then(*args: Any) -> Any:
        plan = look(*args)
        Import.objects.create(download=again(row), book=make_book("Ruth"))
        return plan

    monkeypatch.setattr(seeding, "look", and_then)
    assert seed_due() == "0 have seeded enough."
    assert again(row).client_wish == Wish.NONE


def test_an_import_in_the_last_minute_keeps_its_torrent(
    seeded: Seeded, fake: FakeQBittorrent
) -> None:
    """Between the wish and tidy."""
    policy()
    row = seeded()
    seed_due()
    Import.objects.create(download=row, book=make_book("Ruth"))
    tidy_due()
    assert (again(row).client_wish, again(row).seed_end) == (Wish.NONE, "")
    assert row.client_hash in fake.torrents


def test_a_book_that_fell_apart_in_the_last_minute_keeps_its_seed(
    seeded: Seeded, library: Library, fake: FakeQBittorrent
) -> None:
    """The client was down for days between the wish and tidy, and somebody emptied the library."""
    policy()
    row = seeded()
    seed_due()
    next(path for path in Path(library.root).rglob("*.m4b")).unlink()
    tidy_due()
    assert (again(row).client_wish, again(row).seed_end) == (Wish.NONE, "")
    assert row.client_hash in fake.torrents


def test_one_that_was_taken_over_in_the_last_minute_stays(
    seeded: Seeded, fake: FakeQBittorrent
) -> None:
    policy()
    row = seeded()
    seed_due()
    fake.torrents[row.client_hash].tags.clear()
    tidy_due()
    assert row.client_hash in fake.torrents
    assert again(row).client_wish == Wish.NONE


def add_their_own(fake: FakeQBittorrent, client: Client, files: Mapping[str, bytes]) -> str:
    """A person's own torrent, which TAME knows nothing of."""
    payload = make_torrent(files, private=True)
    where = str(fake.downloads)
    open_client(client).add(payload, category="", save_path=where, tags=[])
    return hashes_of(payload)[0]


@pytest.mark.parametrize("part", [False, True])
def test_files_that_another_torrent_seeds_stay(
    seeded: Seeded, fake: FakeQBittorrent, client_row: Client, part: bool
) -> None:
    """The same book by another tracker; also where it is only one file of it."""
    policy()
    row = seeded()
    files = dict(list(real().items())[:1] if part else real().items())
    other = add_their_own(fake, client_row, files)
    before = in_client(fake)
    seed_due()
    tidy_due()
    assert (list(fake.torrents), in_client(fake)) == ([other], before)
    assert again(row).state == State.REMOVED
    said = list(again(row).history.values_list("sentence", flat=True))
    assert any(one.startswith("Its files stay: “") for one in said)


def test_another_book_in_the_same_folder_holds_up_nothing(
    seeded: Seeded, fake: FakeQBittorrent, client_row: Client
) -> None:
    policy()
    row = seeded()
    folder = next(iter(real())).split("/")[0]
    add_their_own(fake, client_row, {f"{folder}/notes.txt": b"mine"})
    seed_due()
    tidy_due()
    assert again(row).state == State.REMOVED
    assert not [name for name in in_client(fake) if name.endswith(".m4b")]


def test_a_person_who_is_faster_is_obeyed(seeded: Seeded, monkeypatch: pytest.MonkeyPatch) -> None:
    policy()
    row = seeded()
    look = seeding.look

    def and_then(*args: Any) -> Any:
        plan = look(*args)
        resume(again(row), actor="ann")
        return plan

    monkeypatch.setattr(seeding, "look", and_then)
    assert seed_due() == "0 have seeded enough."
    assert again(row).client_wish == Wish.RUNNING


def test_what_is_being_checked_is_left_alone(seeded: Seeded, fake: FakeQBittorrent) -> None:
    policy()
    row = seeded()
    fake.set_state(row.client_hash, "checkingUP", ratio=2.0, progress=0.4)
    assert seed_due() == "0 have seeded enough."


# --- Figures that cannot be -----------------------------------------------------------------------


def many(fake: FakeQBittorrent, client_row: Client, shop: Shop, count: int = 4) -> list[Download]:
    rows = []
    for n in range(count):
        payload = shop.torrent(f"Tale {n}")
        row = make_download(client_row, title=f"Tale {n}", state=State.COMPLETED, ratio=2.0)
        open_client(client_row).add(
            payload, category="", save_path="", tags=["tame", row.tag], stopped=True
        )
        info_hash = list(fake.torrents)[-1]
        whole = {"progress": 1.0, "amount_left": 0, "completion_on": 1_700_000_000, "ratio": 2.0}
        fake.set_state(info_hash, "stalledUP", **whole)
        Download.objects.filter(pk=row.pk).update(client_hash=info_hash, hash_v1=info_hash)
        rows.append(again(row))
    return rows


@pytest.mark.parametrize(
    "told", [{"seeding_time": 40 * 365 * 86400}, {"ratio": 9999.0}, {"ratio": -1.0}]
)
def test_figures_that_cannot_be_count_for_nothing(
    told: dict[str, Any], client_row: Client, fake: FakeQBittorrent, shop: Shop
) -> None:
    policy(AtGoal.REMOVE)
    rows = many(fake, client_row, shop)
    strange = rows[0].client_hash
    fake.set_state(strange, "stalledUP", **({"ratio": 2.0} | told))
    assert seed_due() == "3 have seeded enough."
    tidy_due()
    assert list(fake.torrents) == [strange]


def test_when_many_figures_cannot_be_nothing_is_done_and_said(
    client_row: Client, fake: FakeQBittorrent, shop: Shop
) -> None:
    policy(AtGoal.REMOVE)
    rows = many(fake, client_row, shop)
    for row in rows[:3]:
        fake.set_state(row.client_hash, "stalledUP", seeding_time=40 * 365 * 86400)
    said = seed_due()
    assert said.startswith("0 have seeded enough. seedbox says of 3 of 4 torrents that they seeded")
    assert {again(row).client_wish for row in rows} == {Wish.NONE}
    assert "Nothing was changed" in done("seed_downloads", "--dry-run")["clients"][0]["problem"]


def test_a_client_that_is_down_is_said(seeded: Seeded, fake: FakeQBittorrent) -> None:
    policy()
    row = seeded()
    fake.down()
    assert "seedbox" in seed_due()
    assert again(row).client_wish == Wish.NONE


# --- Requests -------------------------------------------------------------------------------------


def test_nothing_is_asked_while_nothing_is_due(seeded: Seeded, fake: FakeQBittorrent) -> None:
    policy()
    seeded(ratio=0.1)
    fake.requests.clear()
    seed_due()
    assert not fake.requests


@pytest.mark.parametrize("count", [1, 30])
def test_the_client_is_asked_once_for_all(
    count: int, client_row: Client, fake: FakeQBittorrent, shop: Shop
) -> None:
    policy(AtGoal.REMOVE)
    many(fake, client_row, shop, count)
    fake.requests.clear()
    assert seed_due() == f"{count} have seeded enough."
    assert len(fake.asked("torrents/info")) == 1


# --- Goals at the grab ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "announced", "goals"),
    [
        ({}, {}, (1.5, 14 * DAY, False)),
        ({"ratio_goal": 1.0, "seed_both": False}, {}, (1.5, None, False)),
        ({"ratio_goal": 3.0, "seed_goal": DAY}, {}, (3.0, 14 * DAY, True)),
        ({}, {"minimum_ratio": 1.0, "minimum_seed_seconds": 259_201}, (1.5, 14 * DAY, True)),
        (
            {"seed_both": False},
            {"minimum_ratio": 2.0, "minimum_seed_seconds": 30 * 86400},
            (2.0, 30 * DAY, False),
        ),
        ({}, {"minimum_ratio": 0.0, "minimum_seed_seconds": 0}, (1.5, 14 * DAY, False)),
    ],
)
def test_a_grab_copies_the_strictest(
    own: dict[str, Any],
    announced: dict[str, Any],
    goals: tuple[float | None, int | None, bool],
    book: Book,
    client_row: Client,
    indexer: Indexer,
) -> None:
    policy()
    Indexer.objects.update(**own)
    release = make_release(Indexer.objects.get(), book, attributes=announced)
    row = grab(book, release, actor="ann")
    assert (row.ratio_goal, row.seed_goal, row.seed_both) == goals


def test_what_is_changed_later_changes_no_copied_goal(
    book: Book, client_row: Client, indexer: Indexer
) -> None:
    policy()
    row = grab(book, make_release(indexer, book), actor="ann")
    policy(ratio_goal=0.1, seed_goal=1)
    Indexer.objects.update(ratio_goal=9)
    assert standing(again(row)).startswith("It will seed until ratio 1.5 or 14 days; then ")


# --- What a person sees ---------------------------------------------------------------------------


def test_the_page_says_how_long_and_what_then(seeded: Seeded) -> None:
    policy()
    row = seeded(ratio=0.8, days=3)
    said = (
        "It seeds until ratio 1.5 or 14 days: ratio 0.8, 3 days so far; then it is removed with "
        "its files, the book stays."
    )
    assert standing(row) == said
    assert said in browser().get(page_of(row)).content.decode()


def test_seeding_has_a_page_and_says_what_it_would_end(seeded: Seeded) -> None:
    seeded(ratio=0.8, days=3)
    page = browser().get(reverse("admin:downloads_seeding_changelist"), follow=True)
    sent = filled_in(page, ratio_goal="0.5", seed_goal="2.5", when_met=AtGoal.REMOVE)
    answer = browser().post(page_of(Seeding.objects.get()), sent, follow=True)
    row = Seeding.objects.get()
    assert (row.ratio_goal, row.seed_goal, row.when_met) == (0.5, 3600, AtGoal.REMOVE)
    assert "1 torrent has seeded for that long" in messages(answer)[0]
    shown_again = browser().get(page_of(row)).content.decode()
    assert 'value="2.5"' in shown_again


def test_the_command_says_and_does_it(seeded: Seeded) -> None:
    policy(AtGoal.REMOVE)
    row = seeded()
    told = done("seed_downloads", "--dry-run")["clients"][0]
    assert [one["download"] for one in told["due"]] == [row.pk]
    assert again(row).client_wish == Wish.NONE
    assert done("seed_downloads")["clients"][0]["ended"] == 1
    assert again(row).client_wish == Wish.GONE
