"""Torrents that seed what moved in are adopted together, and stay as they are in the client."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from books.models import Book, Library, MoveIn, MoveInLine, ShelfCopy
from books.moving_in.again import read_again
from books.states import CopyState
from downloads.adopting import adopt_due, look_due
from downloads.models import Client, ClientPath, Download
from downloads.states import ImportState, State, Wish
from downloads.sync import sync_due
from downloads.tidy import tidy_due
from tests.books.moving_in import sources
from tests.commanding import done
from tests.factory import make_client
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.qbittorrent_torrent import Part, Torrent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_is_listed_at_once(settings: Any) -> None:
    settings.CLIENT_WARM_SECONDS = 0


@pytest.fixture
def library(db: None, tmp_path: Path) -> Library:
    root = tmp_path / "audiobooks"
    root.mkdir()
    return Library.objects.create(name="Audiobooks", root=str(root))


def write(folder: Path, files: Mapping[str, int]) -> None:
    for name, size in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"a" * size)


def stood(library: Library, title: str, files: Mapping[str, int]) -> ShelfCopy:
    """A book that moved in where it stands."""
    folder = f"Elizabeth Gaskell/{title}"
    write(Path(library.root) / folder, files)
    book = Book.objects.create(title=title, wish="parked", on_shelf=True)
    copy = ShelfCopy.objects.create(
        book=book, library=library, folder=folder, state=CopyState.PROVED, origin="moved in",
        manifest=[{"path": n, "name": n, "size": s, "why": ""} for n, s in files.items()],
    )  # fmt: skip
    run, _ = MoveIn.objects.get_or_create(kind="folders", source=library.root, by="ann")
    MoveInLine.objects.create(
        run=run, key=folder, title=title, copy=copy, book=book, done_at=timezone.now()
    )
    return copy


def seeding(
    fake: FakeQBittorrent, name: str, files: Mapping[str, int], save_path: Path, **more: Any
) -> str:
    """A complete torrent in the client; the hash it is listed under."""
    v1 = sha1(name.encode()).hexdigest()
    parts = [Part(f"{name}/{file}", size, size) for file, size in files.items()]
    fake.torrents[v1] = Torrent(
        fake.how, name, v1, "", save_path, parts=parts, total_size=sum(files.values()),
        completion_on=1_700_000_000, category="audio", tags=["mine"], **more,
    )  # fmt: skip
    return v1


def linked(library: Library, copy: ShelfCopy, save_path: Path, name: str) -> None:
    """The torrent's files are the book's, by hard link."""
    for one in copy.manifest:
        target = save_path / name / one["name"]
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(Path(library.root) / copy.folder / one["name"], target)


def connected(fake: FakeQBittorrent) -> Client:
    return make_client(address=fake.url, username=fake.username, password=fake.password)


def reads(library: Library, title: str, files: Mapping[str, int]) -> MoveInLine:
    """A line that waits for a person."""
    copy = stood(library, title, files)
    line = MoveInLine.objects.get(copy=copy)
    line.copy, line.done_at, line.action = None, None, "shelf"
    line.library, line.folder, line.manifest = library, copy.folder, copy.manifest
    line.save()
    MoveIn.objects.update(read_at=timezone.now())
    return line


def stand(*lines: MoveInLine) -> None:
    """They were stored."""
    for line in lines:
        copy = ShelfCopy.objects.get(folder=line.folder)
        MoveInLine.objects.filter(pk=line.pk).update(copy=copy, done_at=timezone.now())


def doubt_of(line: MoveInLine) -> str:
    line.refresh_from_db()
    return str(line.seeds[0]["doubt"])


FAR = Path("/far/away")  # not on this machine
CHAPTERS = {"01.mp3": 300, "02.mp3": 200}


def test_a_torrent_is_known_by_the_files_themselves(
    library: Library, fake: FakeQBittorrent, client_row: Client, tmp_path: Path
) -> None:
    copy = stood(library, "Cranford", CHAPTERS)
    linked(library, copy, tmp_path / "seeds", "Cranford [ENG]")
    name = seeding(fake, "Cranford [ENG]", CHAPTERS | {"info.nfo": 7}, tmp_path / "seeds")
    seeding(fake, "Something else", {"a.mp3": 300, "b.mp3": 200}, tmp_path / "nowhere")
    before = dict(vars(fake.torrents[name]))
    assert adopt_due() == "1 torrent adopted."
    row = Download.objects.get()
    assert (row.state, row.adopted, row.client_hash, row.category) == (
        State.COMPLETED, True, name, "audio",
    )  # fmt: skip
    assert row.client_wish == Wish.NONE
    assert row.history.get().sentence.endswith("recognised by the same files on the disk.")
    [delivered] = row.imports.all()
    assert (delivered.state, delivered.book, delivered.copy) == (
        ImportState.SHELVED, copy.book, None,
    )  # fmt: skip
    sync_due()
    tidy_due()
    assert dict(vars(fake.torrents[name])) == before
    assert {one.method + one.path for one in fake.requests} <= {
        "POSTtorrents/info", "POSTauth/login", "GETapp/webapiVersion", "HEAD", "GETapp/version",
    }  # fmt: skip


def test_a_mapped_folder_is_looked_into(
    library: Library, fake: FakeQBittorrent, client_row: Client, tmp_path: Path
) -> None:
    linked(library, stood(library, "Cranford", CHAPTERS), tmp_path / "seeds", "Cranford")
    seeding(fake, "Cranford", CHAPTERS | {"a.nfo": 9}, Path("/data/torrents"))
    ClientPath.objects.create(
        client=client_row, client_prefix="/data/torrents", our_prefix=str(tmp_path / "seeds")
    )
    assert adopt_due() == "1 torrent adopted."


@pytest.mark.parametrize("generation", ["4.5", "5.1", "5.3"])
def test_else_it_is_known_by_the_sizes_of_all_files(
    library: Library, db: None, generation: str
) -> None:
    stood(library, "Cranford", {"1.mp3": 300, "2.mp3": 200, "cover.jpg": 50})
    with FakeQBittorrent(generation) as fake:
        connected(fake)
        seeding(fake, "Cranford", {"a.mp3": 200, "b.mp3": 300}, FAR)
        seeding(fake, "Ruth", {"a.mp3": 250, "b.mp3": 250}, FAR)  # same total
        assert adopt_due() == "1 torrent adopted."
        asked = len(fake.asked("torrents/files"))
        assert asked == (0 if generation == "5.3" else 2)
    assert Download.objects.get().title == "Cranford"
    assert "files of the same sizes" in Download.objects.get().history.get().sentence


def test_a_copy_on_the_same_disk_is_known_without_a_question(
    library: Library, fake: FakeQBittorrent, client_row: Client, tmp_path: Path
) -> None:
    """Before 5.2, too: the sizes are seen on the disk, whatever lies beside the sound."""
    stood(library, "Cranford", CHAPTERS)
    files = {"a.mp3": 300, "b.mp3": 200, "info.nfo": 9}
    write(tmp_path / "seeds/Gaskell", files)
    seeding(fake, "Gaskell", files, tmp_path / "seeds")
    assert adopt_due() == "1 torrent adopted."
    assert "files of the same sizes" in Download.objects.get().history.get().sentence
    assert not fake.asked("torrents/files")


def test_a_set_of_several_books_is_known_by_all_its_sizes(
    library: Library, fake: FakeQBittorrent, client_row: Client, tmp_path: Path
) -> None:
    stood(library, "Cranford", CHAPTERS)
    stood(library, "Ruth", {"1.mp3": 70, "2.mp3": 60, "3.mp3": 50})
    files = {"C/1.mp3": 300, "C/2.mp3": 200, "R/1.mp3": 70, "R/2.mp3": 60, "R/3.mp3": 50}
    write(tmp_path / "seeds/Gaskell", files)
    seeding(fake, "Gaskell", files, tmp_path / "seeds")
    adopt_due()
    assert {one.book.title for one in Download.objects.get().imports.all()} == {"Cranford", "Ruth"}


def test_two_books_of_the_same_sizes_are_not_guessed(
    library: Library, fake: FakeQBittorrent, client_row: Client
) -> None:
    lines = [reads(library, title, CHAPTERS) for title in ("Cranford", "Ruth")]
    seeding(fake, "Cranford", CHAPTERS, FAR)
    look_due()
    assert {doubt_of(line) for line in lines} == {"2 books have files of these sizes"}
    stand(*lines)
    assert adopt_due() == "0 torrents adopted."


def test_two_torrents_of_the_same_sizes_are_unsure_and_listed(
    library: Library, fake: FakeQBittorrent, client_row: Client
) -> None:
    line = reads(library, "Cranford", CHAPTERS)
    for name in ("Cranford [A]", "Cranford [B]"):
        seeding(fake, name, CHAPTERS, FAR)
    look_due()
    line.refresh_from_db()
    assert [seed["name"] for seed in line.seeds] == ["Cranford [A]", "Cranford [B]"]
    assert doubt_of(line) == "2 torrents have files of these sizes"
    line.seeds_taken = [line.seeds[1]["key"]]
    line.save()
    stand(line)
    assert adopt_due() == "1 torrent adopted."
    assert Download.objects.get().title == "Cranford [B]"


def test_what_a_person_left_out_is_not_adopted(
    library: Library, fake: FakeQBittorrent, client_row: Client
) -> None:
    line = reads(library, "Cranford", CHAPTERS)
    seeding(fake, "Cranford", CHAPTERS, FAR)
    assert look_due() == "1 of 1 books are seeded."
    assert look_due() == "Nothing to look for."
    line.refresh_from_db()
    assert doubt_of(line) == ""
    MoveInLine.objects.update(seeds_taken=[])
    stand(line)
    assert adopt_due() == "0 torrents adopted."
    assert adopt_due() == "Nothing to adopt."


def test_what_was_shown_as_unsure_does_not_become_sure_by_itself(
    library: Library, fake: FakeQBittorrent, client_row: Client
) -> None:
    """The other book of the same sizes was left out: still nobody has said which it is."""
    cranford, _ = (reads(library, title, CHAPTERS) for title in ("Cranford", "Ruth"))
    seeding(fake, "Gaskell", CHAPTERS, FAR)
    look_due()
    stand(cranford)
    assert adopt_due() == "0 torrents adopted."


def test_a_box_set_delivers_all_its_books(
    library: Library, fake: FakeQBittorrent, client_row: Client, tmp_path: Path
) -> None:
    for title in ("Cranford", "Ruth"):
        copy = stood(library, title, {f"{title}.mp3": 100 + len(title)})
        linked(library, copy, tmp_path / "seeds", "Gaskell")
    seeding(fake, "Gaskell", {"Cranford.mp3": 108, "Ruth.mp3": 104}, tmp_path / "seeds")
    adopt_due()
    assert Download.objects.get().imports.count() == 2


def test_cross_seeds_are_adopted_with_it(
    library: Library, fake: FakeQBittorrent, client_row: Client, tmp_path: Path
) -> None:
    copy = stood(library, "Cranford", CHAPTERS)
    for name in ("Cranford [A]", "Cranford [B]"):
        linked(library, copy, tmp_path / "seeds", name)
        seeding(fake, name, CHAPTERS, tmp_path / "seeds")
    assert adopt_due() == "2 torrents adopted."


def test_a_torrent_without_its_own_folder_is_told_by_its_files(
    library: Library, fake: FakeQBittorrent, client_row: Client, tmp_path: Path
) -> None:
    """Its content path is the folder of all torrents: what lies there is not all its own."""
    for title in ("Cranford", "Ruth"):
        copy = stood(library, title, {f"{title} {n}.mp3": 100 + n + len(title) for n in (1, 2)})
        linked(library, copy, tmp_path, "seeds")
    name = seeding(
        fake, "Cranford", {"Cranford 1.mp3": 109, "Cranford 2.mp3": 110}, tmp_path / "seeds"
    )
    fake.torrents[name].shown = {"content_path": str(tmp_path / "seeds")}
    assert adopt_due() == "1 torrent adopted."
    assert [one.book.title for one in Download.objects.get().imports.all()] == ["Cranford"]


def test_what_is_not_complete_or_known_already_is_left_alone(
    library: Library, fake: FakeQBittorrent, client_row: Client, tmp_path: Path
) -> None:
    copy = stood(library, "Cranford", CHAPTERS)
    linked(library, copy, tmp_path / "seeds", "Cranford")
    name = seeding(fake, "Cranford", CHAPTERS, tmp_path / "seeds")
    fake.torrents[name].parts[0].done = 10  # type: ignore[index]
    fake.torrents[name].completion_on = 0
    assert adopt_due() == "0 torrents adopted."
    MoveInLine.objects.update(seeds_sought_at=None)
    fake.torrents[name].parts[0].done = 300  # type: ignore[index]
    fake.torrents[name].completion_on = 1_700_000_000
    assert adopt_due() == "1 torrent adopted."
    MoveInLine.objects.update(seeds_sought_at=None)
    assert adopt_due() == "0 torrents adopted."
    assert Download.objects.count() == 1


def test_a_client_that_is_down_is_asked_again(library: Library, fake: FakeQBittorrent) -> None:
    stood(library, "Cranford", CHAPTERS)
    row = make_client()
    assert "0 torrents adopted." in adopt_due()
    assert MoveInLine.objects.get().seeds_sought_at is None
    assert "once seedbox answers again" in adopt_due()
    row.refresh_from_db()
    row.address, row.username, row.password = fake.url, fake.username, fake.password
    row.off_until = None
    row.save()
    seeding(fake, "Cranford", CHAPTERS, Path("/far"))
    assert adopt_due() == "1 torrent adopted."
    assert adopt_due() == "Nothing to adopt."


def test_a_client_that_has_just_come_up_is_asked_once_more(
    library: Library, fake: FakeQBittorrent, client_row: Client, settings: Any
) -> None:
    """An empty list with 200 is what it answers before it has read its own torrents."""
    settings.CLIENT_WARM_SECONDS = 60
    line = reads(library, "Cranford", CHAPTERS)
    assert look_due() == "0 of 1 books are seeded."
    seeding(fake, "Cranford", CHAPTERS, FAR)
    assert look_due() == "1 of 1 books are seeded."
    fake.torrents.clear()
    stand(line)
    assert adopt_due() == ("0 torrents adopted. seedbox has just come up: it is asked once more.")
    seeding(fake, "Cranford", CHAPTERS, FAR)
    assert adopt_due().startswith("1 torrent adopted.")
    Client.objects.update(up_since=timezone.now() - timedelta(minutes=5))
    assert adopt_due() == "0 torrents adopted."
    assert adopt_due() == "Nothing to adopt."
    assert Download.objects.count() == 1


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the three rooms."""
    models = [
        m for m in apps.get_models() if m._meta.app_label in ("books", "downloads", "indexers")
    ]
    rows = {m.__name__: list(m._default_manager.order_by("pk").values()) for m in models}
    for one in rows["Client"]:
        one.pop("last_ok_at")
    return rows


@pytest.mark.parametrize("generation", ["4.5", "5.3"])
def test_a_second_run_changes_no_row_and_asks_nothing(
    library: Library, tmp_path: Path, generation: str
) -> None:
    sources.put(Path(library.root), *sources.BY_HAND)
    emma, towers = (Path(library.root) / name for name in sources.BY_HAND[1:4:2])
    emma.write_bytes(b"a" * 1000)
    with FakeQBittorrent(generation) as fake:
        connected(fake)
        (tmp_path / "seeds/T").mkdir(parents=True)
        os.link(towers, tmp_path / "seeds/T/1.mp3")
        seeding(fake, "T", {"1.mp3": towers.stat().st_size}, tmp_path / "seeds")
        sizes = {path.name: path.stat().st_size for path in emma.parent.glob("*.mp3")}
        seeding(fake, "Emma", sizes, FAR)
        assert done("move_in", library.root)["torrents"] == "2 torrents adopted."
        before, asked = everything(), len(fake.requests)
        for _ in range(2):
            done("move_in", "--library", "Audiobooks")
            read_again()
        adopt_due()
        look_due()
        after = everything()
        assert len(fake.requests) == asked
    after["Library"][0]["known_since"] = None  # the first nightly reading found all known
    assert after == before


def cost(library: Library, fake: FakeQBittorrent, seeds: Path, count: int) -> tuple[int, int]:
    """Requests and queries for so many books, half of them seeded from elsewhere, a quarter under
    names that tell nothing."""
    fake.torrents.clear()
    for number in range(count):
        title = f"Tale {count}-{number}"
        files = {"01.mp3": 100 + number, "02.mp3": 2000 + number}
        copy = stood(library, title, files)
        name = title if number % 4 else sha1(title.encode()).hexdigest()
        if number % 2:
            linked(library, copy, seeds, name)
        seeding(fake, name, files, seeds if number % 2 else FAR)
    before = len(fake.requests)
    with CaptureQueriesContext(connection) as queries:
        adopt_due()
    return len(fake.requests) - before, len(queries)


@pytest.mark.parametrize(
    ("generation", "most", "known"),
    [
        ("5.3", 2, 800),
        pytest.param("5.1", 22, 620, marks=pytest.mark.wide),
        pytest.param("4.5", 22, 620, marks=pytest.mark.wide),
    ],
)
def test_requests_and_queries_do_not_grow_with_the_books(
    library: Library, tmp_path: Path, generation: str, most: int, known: int
) -> None:
    """Before 5.2 those that neither the disk nor their names tell are asked for up to a bound."""
    with FakeQBittorrent(generation) as fake:
        connected(fake)
        cost(library, fake, tmp_path / "seeds", 4)  # logs in
        few, more = (cost(library, fake, tmp_path / "seeds", n) for n in (2, 30))
        before = Download.objects.count()
        many = cost(library, fake, tmp_path / "seeds", 800)
    assert Download.objects.count() - before == known
    assert few[1] == more[1]
    assert few[0] <= more[0] <= most
    assert many[0] == most
    assert many[1] <= few[1] + 1  # a statement has its limit of values
