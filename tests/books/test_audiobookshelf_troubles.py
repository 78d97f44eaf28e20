"""What goes wrong at an Audiobookshelf is said in one sentence, and what it says is never told."""

from __future__ import annotations

import logging
import shutil
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from demo.audiobookshelf.documents import minified
from demo.audiobookshelf.kept import patch
from demo.audiobookshelf.state import (
    API_KEY,
    BROKEN,
    FORBIDDEN,
    GARBAGE,
    LOGIN_PAGE,
    NEVER_EXPIRES,
    NO_GATEWAY,
    OLD_TOKEN,
    TOO_MANY,
    UNAUTHORIZED,
    Answer,
    Person,
)
from tame.lib.errors import LoginRefusedError, ServiceDownError
from tests.books.conftest import put_chapters
from tests.fakes.audiobookshelf import FakeAudiobookshelf

CALLS: dict[str, Callable[[Server], object]] = {
    "who am I": abs_.who_am_i,
    "libraries": abs_.libraries,
    "tasks": lambda server: abs_.is_scanning(server, "x"),
    "scan": lambda server: abs_.scan(server, "x"),
    "tagged": lambda server: abs_.tagged(server, "x", "tame:1"),
    "all books": lambda server: abs_.all_books(server, "x"),
    "book": lambda server: abs_.book(server, "x"),
    "correct": lambda server: abs_.correct(server, "x", {"title": "Cranford"}),
    "tracks": lambda server: abs_.order_tracks(server, "x", ["1"]),
    "remove": lambda server: abs_.remove(server, "x"),
    "path": lambda server: abs_.path_exists(server, "/x", "y"),
    "listening": lambda server: abs_.unfinished(server, "x"),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
TROUBLES = {
    "key refused": (UNAUTHORIZED, "refused TAME's API key"),
    "too many": (TOO_MANY, "has been asked too often"),
    "broken": (BROKEN, "did not carry the request out (500)"),
    "gateway": (NO_GATEWAY, "A proxy in front of Attic shelf answered 502"),
    "elsewhere": (Answer(302, "", {"Location": "https://attic.example/"}), "sends TAME elsew"),
    "hung up": (Answer(hang_up=True), "it broke the connection off"),
}


@each_call
@pytest.mark.parametrize(("said", "sentence"), TROUBLES.values(), ids=TROUBLES)
def test_every_trouble_is_a_sentence(
    abs_fake: FakeAudiobookshelf,
    server: Server,
    call: Callable[[Server], object],
    said: Answer,
    sentence: str,
) -> None:
    abs_fake.trouble = said
    with pytest.raises(ServiceDownError) as told:
        call(server)
    assert sentence in str(told.value)
    assert "Attic shelf" in str(told.value)
    assert isinstance(told.value, LoginRefusedError) == (said is UNAUTHORIZED)


WRITES = ("scan", "tracks", "cover", "remove", "correct")
READING = {name: call for name, call in CALLS.items() if name not in WRITES}
UNREADABLE = {"a page": LOGIN_PAGE, "garbage": GARBAGE, "odd": Answer(200, {"a": []})}


@pytest.mark.parametrize("said", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("call", READING.values(), ids=READING)
def test_what_cannot_be_read_is_an_outage(
    abs_fake: FakeAudiobookshelf,
    server: Server,
    call: Callable[[Server], object],
    said: Answer,
) -> None:
    abs_fake.trouble = said
    with pytest.raises(ServiceDownError, match=r"web page|cannot be read"):
        call(server)


def test_the_limit_says_until_when(abs_fake: FakeAudiobookshelf, server: Server) -> None:
    abs_fake.trouble = TOO_MANY
    with pytest.raises(ServiceDownError) as told:
        abs_.who_am_i(server)
    assert told.value.retry_after == 600


def test_nothing_answers(server: Server, abs_fake: FakeAudiobookshelf) -> None:
    abs_fake.down()
    with pytest.raises(ServiceDownError, match=r"gave no answer at 127\.0\.0\.1"):
        abs_.libraries(server)


@pytest.mark.parametrize(
    ("call", "lacking"),
    [
        ("scan", "the type admin"),
        ("correct", "the permission to update"),
        ("remove", "the permission to delete"),
        ("path", "the permission to upload"),
        ("listening", "the type admin"),
    ],
)
def test_a_lacking_permission_is_named(
    abs_fake: FakeAudiobookshelf, server: Server, call: str, lacking: str
) -> None:
    abs_fake.trouble = FORBIDDEN
    with pytest.raises(ServiceDownError, match=lacking) as told:
        CALLS[call](server)
    assert not isinstance(told.value, LoginRefusedError)


def test_an_older_token_is_as_good_as_a_key(abs_fake: FakeAudiobookshelf) -> None:
    assert abs_.who_am_i(Server("Attic", abs_fake.url, OLD_TOKEN)).is_admin


def test_the_base_path_is_kept(abs_fake: FakeAudiobookshelf) -> None:
    server = Server("Attic", f"{abs_fake.url}/audiobookshelf", API_KEY)
    assert abs_.libraries(server)


# --- Secrets --------------------------------------------------------------------------------------


@each_call
@pytest.mark.parametrize("said", [GARBAGE, BROKEN], ids=["garbage", "500"])
def test_what_it_says_is_never_told(
    abs_fake: FakeAudiobookshelf,
    server: Server,
    call: Callable[[Server], object],
    said: Answer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    abs_fake.trouble = said
    caplog.set_level(logging.DEBUG)
    try:
        call(server)
        told = ""
    except ServiceDownError as error:
        told = str(error) + "".join(traceback.format_exception(error))
        causes: list[BaseException | None] = [error.__cause__, error.__context__]
        told += "".join(repr(vars(cause)) for cause in causes if cause)
    assert NEVER_EXPIRES not in told + caplog.text
    assert API_KEY not in told + caplog.text + repr(server)


def test_a_good_answer_is_not_logged_either(
    abs_fake: FakeAudiobookshelf, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    me = abs_.who_am_i(server)
    assert NEVER_EXPIRES not in caplog.text + repr(me)


# --- What would lose something --------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{"title": ""}, {"authors": []}, {"series": []}, {"year": ""}])
def test_nothing_is_ever_emptied(server: Server, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="would be emptied"):
        abs_.correct(server, "x", changes)


def test_a_filter_that_it_ignores_finds_nothing(
    abs_fake: FakeAudiobookshelf, server: Server, shelf_root: Path
) -> None:
    put_chapters(shelf_root)
    abs_fake.scan()
    everything = {"results": [minified(abs_fake, abs_fake.books[0])], "total": 1}
    abs_fake.next["/items"] = [Answer(body=everything)]
    assert abs_.tagged(server, abs_fake.shelf.id, "tame:1") == ()


def test_a_list_that_is_not_whole_is_an_outage(
    abs_fake: FakeAudiobookshelf, server: Server, shelf_root: Path
) -> None:
    put_chapters(shelf_root)
    abs_fake.scan()
    partial = {"results": [minified(abs_fake, abs_fake.books[0])], "total": 3}
    abs_fake.next["/items"] = [Answer(body=partial)]
    with pytest.raises(ServiceDownError, match="listed 1 of 3 books only"):
        abs_.all_books(server, abs_fake.shelf.id)


def test_a_long_list_comes_in_pages(
    abs_fake: FakeAudiobookshelf, server: Server, monkeypatch: pytest.MonkeyPatch, shelf_root: Path
) -> None:
    for number in range(5):
        put_chapters(shelf_root, f"Elizabeth Gaskell/Cranford {number}", chapters=1)
    abs_fake.scan()
    monkeypatch.setattr(abs_, "PAGE", 2)
    assert len(abs_.all_books(server, abs_fake.shelf.id)) == 5
    assert [asked.query["page"] for asked in abs_fake.calls("GET", "/items")] == ["0", "1", "2"]


def test_somebody_in_the_middle_of_it_is_seen(
    abs_fake: FakeAudiobookshelf, server: Server, shelf_root: Path
) -> None:
    put_chapters(shelf_root)
    abs_fake.scan()
    number = abs_fake.books[0].id
    abs_fake.people.append(Person("u2", "ann", listens={number: 0.4}))
    abs_fake.people.append(Person("u3", "bob", listens={number: 1.0}))
    assert abs_.unfinished(server, number) == (1, 3)


# --- The fake itself: what was measured on a server -----------------------------------------------


def test_a_scan_is_dropped_while_another_runs(
    abs_fake: FakeAudiobookshelf, server: Server, shelf_root: Path
) -> None:
    abs_fake.shelves.scan_seconds = 60
    abs_.scan(server, abs_fake.shelf.id)
    put_chapters(shelf_root)
    abs_.scan(server, abs_fake.shelf.id)  # 200 as well
    assert abs_.is_scanning(server, abs_fake.shelf.id)
    for scan in abs_fake.shelves.scans:
        scan.ends = 0
    assert abs_fake.books == []
    assert not abs_.is_scanning(server, abs_fake.shelf.id)
    assert abs_fake.shelves.dropped == 1


def test_watcher_and_scan_make_two_of_one(
    abs_fake: FakeAudiobookshelf, server: Server, shelf_root: Path
) -> None:
    abs_fake.shelf.watches = True
    abs_fake.shelves.scan_seconds, abs_fake.shelves.watch_seconds = 60, 0.2
    put_chapters(shelf_root)
    abs_.scan(server, abs_fake.shelf.id)
    time.sleep(0.25)
    assert len(abs_fake.books) == 1  # the watcher's
    for scan in abs_fake.shelves.scans:
        scan.ends = 0
    assert len({book.path for book in abs_fake.books}) == 1
    assert len(abs_fake.books) == 2


def test_tags_beat_the_folder(abs_fake: FakeAudiobookshelf, shelf_root: Path) -> None:
    put_chapters(shelf_root, "Someone Else/Another Title")
    abs_fake.scan()
    known = abs_fake.books[0].metadata
    assert (known["title"], known["authors"]) == ("Cranford", ["Elizabeth Gaskell"])


def test_wrong_shapes_lose_something(abs_fake: FakeAudiobookshelf, shelf_root: Path) -> None:
    put_chapters(shelf_root)
    abs_fake.scan()
    book = abs_fake.books[0]
    assert patch(book, {"metadata": {"authors": ["Elizabeth Gaskell"]}})
    assert book.metadata["authors"] == []
    patch(book, {"metadata": {"series": [{"name": "Tales", "sequence": 2}]}})
    assert book.metadata["series"] == [("Tales", "")]
    assert not patch(book, {"metadata": {"narrators": "Ann Reader", "colour": "red"}})
    patch(book, {"metadata": {"description": "Good <script>bad()</script>book"}})
    assert book.metadata["description"] == "Good book"


def test_a_reused_inode_takes_an_old_book_for_a_new_one(
    abs_fake: FakeAudiobookshelf, shelf_root: Path
) -> None:
    old = put_chapters(shelf_root, "Elizabeth Gaskell/Cranford")
    abs_fake.scan()
    number = abs_fake.books[0].id
    new = shelf_root / "Jane Austen" / "Emma"
    new.parent.mkdir()
    old.rename(new)
    abs_fake.scan()
    [book] = abs_fake.books
    assert (book.id, book.path, book.metadata["title"]) == (number, "Jane Austen/Emma", "Cranford")


def test_a_copy_elsewhere_is_a_new_book(abs_fake: FakeAudiobookshelf, shelf_root: Path) -> None:
    old = put_chapters(shelf_root)
    abs_fake.scan()
    shutil.copytree(old, shelf_root / "Elizabeth Gaskell" / "Cranford again")
    shutil.rmtree(old)
    abs_fake.scan()
    assert sorted(book.is_missing for book in abs_fake.books) == [False, True]


@pytest.mark.parametrize("folder", [".tame/x", "Elizabeth Gaskell/.hidden"])
def test_hidden_folders_are_not_seen(
    abs_fake: FakeAudiobookshelf, shelf_root: Path, folder: str
) -> None:
    put_chapters(shelf_root, folder)
    abs_fake.scan()
    assert abs_fake.books == []


def test_a_loose_file_swallows_the_author(abs_fake: FakeAudiobookshelf, shelf_root: Path) -> None:
    put_chapters(shelf_root, "Elizabeth Gaskell/Cranford")
    put_chapters(shelf_root, "Elizabeth Gaskell/Ruth")
    shutil.copy(next((shelf_root / "Elizabeth Gaskell/Ruth").iterdir()),
                shelf_root / "Elizabeth Gaskell" / "loose.m4b")  # fmt: skip
    abs_fake.scan()
    assert [book.path for book in abs_fake.books] == ["Elizabeth Gaskell"]


def test_what_cannot_be_played_is_silently_no_track(
    abs_fake: FakeAudiobookshelf, shelf_root: Path
) -> None:
    folder = put_chapters(shelf_root)
    (folder / "03 - Nothing.m4b").write_bytes(b"")
    abs_fake.scan()
    [book] = abs_fake.books
    assert (len(book.order), len(book.files)) == (2, 3)
