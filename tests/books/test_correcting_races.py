"""While TAME writes somebody edits in Audiobookshelf, a worker is killed, or a server changes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books import audiobookshelf, audiobookshelf_requests, taking_back
from books.correcting import compare, correct, correct_due
from books.corrections import Correction
from books.differences import TOUCHED
from books.models import Book, Library, ShelfCopy, ShelfServer
from books.shelf import tag_of
from books.states import CopyState
from books.taking_back import undo
from demo.audiobookshelf.documents import expanded
from demo.audiobookshelf.kept import Kept, patch
from demo.audiobookshelf.state import BROKEN, Answer
from tame.lib.errors import BadInputError, ObstacleError, ServiceDownError
from tests.books.conftest import put_chapters
from tests.factory import make_book
from tests.fakes.audiobookshelf import FakeAudiobookshelf

pytestmark = pytest.mark.django_db
PATCH = "demo.audiobookshelf.api.patch"


class Killed(BaseException):
    pass


def shelve(library: Library, fake: FakeAudiobookshelf, title: str = "Cranford") -> ShelfCopy:
    """Imported and proved; the server shows what TAME knows, and nothing of it was written."""
    book = make_book(title)
    row = ShelfCopy.objects.create(book=book, library=library, folder=title, origin="import")
    put_chapters(Path(library.root), title)
    fake.scan()
    [entry] = [one for one in fake.books if one.path == title]
    entry.metadata = {"title": title, "authors": ["Elizabeth Gaskell"]}
    entry.tags = [tag_of(row)]
    found = {"title": title, "authors": ["Elizabeth Gaskell"]}
    row.move_to(
        CopyState.PROVED, "Proved.", actor="TAME", shelf_id=entry.id, written={"found": found}
    )
    return again(row)


def again(copy: ShelfCopy) -> ShelfCopy:
    return ShelfCopy.objects.select_related("library__server", "book").get(pk=copy.pk)


@pytest.fixture
def copy(library: Library, abs_fake: FakeAudiobookshelf) -> ShelfCopy:
    return shelve(library, abs_fake)


def know(**columns: Any) -> None:
    Book.objects.update(**columns)
    ShelfCopy.objects.update(corrected_at=None)


def edits(fake: FakeAudiobookshelf, after: str, **fields: Any) -> None:
    """What a person does there right after such a request."""
    fake.meanwhile[after] = lambda: fake.books[0].metadata.update(fields)


def shown(fake: FakeAudiobookshelf) -> dict[str, Any]:
    return fake.books[0].metadata


# --- Edited meanwhile -----------------------------------------------------------------------------


def test_what_is_edited_right_after_tame_wrote_it_stays(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    """Between the write and the reading back; also when TAME learns something else later."""
    know(subtitle="Of a small town")
    edits(abs_fake, "PATCH /api/items", subtitle="My own")
    correct_due()
    assert shown(abs_fake)["subtitle"] == "My own"
    row = Correction.objects.get()
    assert (row.old, row.new) == ("", "Of a small town"), "what TAME wrote, not what came after"
    know(subtitle="Of a large town")
    assert correct_due() == "0 fields corrected."
    assert shown(abs_fake)["subtitle"] == "My own"
    assert [one.held for one in compare(again(copy))] == [TOUCHED]


def test_what_is_edited_where_the_write_was_not_taken_stays(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    know(subtitle="Of a small town")
    untaken = {"libraryItem": expanded(abs_fake, abs_fake.books[0])}
    abs_fake.next["/media"] = [Answer(body=untaken)]
    edits(abs_fake, "PATCH /api/items", subtitle="My own")
    correct_due()
    assert shown(abs_fake)["subtitle"] == "My own"
    assert len(abs_fake.calls("PATCH", "/media")) == 1
    assert not Correction.objects.exists()


def test_what_it_makes_of_a_value_is_known_and_can_be_undone(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shortens what it is given."""

    def shorten(book: Kept, body: Any) -> bool:
        body["metadata"]["publisher"] = body["metadata"]["publisher"][:4]
        return patch(book, body)

    monkeypatch.setattr(PATCH, shorten)
    know(publisher="Chapman and Hall")
    assert correct_due() == "1 fields corrected."
    assert len(abs_fake.calls("PATCH", "/media")) == 1
    row = Correction.objects.get()
    assert (row.old, row.new) == ("", "Chap")
    assert again(copy).last_error == "Attic did not keep what TAME wrote: publisher."
    monkeypatch.setattr(PATCH, patch)
    undo(row, actor="ann")
    assert not shown(abs_fake)["publisher"]


def test_a_book_that_is_edited_in_tame_meanwhile_is_due_again(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(subtitle="Of a small town")
    real = audiobookshelf.correct

    def while_a_person_edits(*asked: Any) -> Any:
        know(subtitle="Of a large town")
        return real(*asked)

    monkeypatch.setattr(audiobookshelf, "correct", while_a_person_edits)
    correct_due()
    monkeypatch.setattr(audiobookshelf, "correct", real)
    assert again(copy).corrected_at is None
    correct_due()
    assert shown(abs_fake)["subtitle"] == "Of a large town"
    assert again(copy).corrected_at


def test_what_is_known_is_read_when_its_turn_comes(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    know(subtitle="Of a small town")
    loaded = again(copy)
    know(subtitle="Of a large town")
    correct(loaded, actor="TAME")
    assert shown(abs_fake)["subtitle"] == "Of a large town"


# --- Killed ---------------------------------------------------------------------------------------


def test_killed_after_the_write_and_edited_since_the_old_value_is_kept(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(abs_fake)["publisher"] = "Chap"
    ShelfCopy.objects.update(written={"found": {**copy.written["found"], "publisher": "Chap"}})
    know(publisher="Chapman and Hall")
    real = audiobookshelf.correct

    def die(*asked: Any) -> None:
        real(*asked)
        raise Killed

    monkeypatch.setattr(audiobookshelf, "correct", die)
    with pytest.raises(Killed):
        correct(again(copy), actor="TAME")
    monkeypatch.setattr(audiobookshelf, "correct", real)
    ShelfCopy.objects.update(leased_until=None)
    shown(abs_fake)["publisher"] = "Mine"
    assert correct_due() == "0 fields corrected."
    assert shown(abs_fake)["publisher"] == "Mine"
    row = Correction.objects.get()
    assert (row.old, row.new, bool(row.seen_at)) == ("Chap", "Chapman and Hall", True)
    assert [one.held for one in compare(again(copy))] == [TOUCHED]


def test_an_undo_that_was_killed_is_ended_by_the_next(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(subtitle="Of a small town")
    correct_due()
    row = Correction.objects.get()

    def die(*asked: Any) -> None:
        raise Killed

    real = taking_back.remember_undone
    monkeypatch.setattr(taking_back, "remember_undone", die)
    with pytest.raises(Killed):
        undo(row, actor="ann")
    monkeypatch.setattr(taking_back, "remember_undone", real)
    assert not shown(abs_fake)["subtitle"]
    assert undo(row, actor="ann") == "The subtitle of “Cranford” is “” again."
    row.refresh_from_db()
    assert row.undone_at


def test_an_undo_waits_for_who_writes_there(copy: ShelfCopy, abs_fake: FakeAudiobookshelf) -> None:
    know(subtitle="Of a small town")
    correct_due()
    ShelfCopy.objects.update(leased_until=timezone.now() + timedelta(minutes=1), leased_by="other")
    with pytest.raises(ObstacleError, match="being worked on"):
        undo(Correction.objects.get(), actor="ann")
    assert shown(abs_fake)["subtitle"] == "Of a small town"


def test_twice_written_it_is_undone_from_the_last_one_back(
    copy: ShelfCopy, abs_fake: FakeAudiobookshelf
) -> None:
    for subtitle in ("Of a small town", "Of a large town"):
        know(subtitle=subtitle)
        correct_due()
    last, first = Correction.objects.order_by("-pk")
    with pytest.raises(BadInputError, match="was changed since"):
        undo(first, actor="ann")
    undo(last, actor="ann")
    assert shown(abs_fake)["subtitle"] == "Of a small town"
    undo(first, actor="ann")
    assert not shown(abs_fake)["subtitle"]


# --- In trouble -----------------------------------------------------------------------------------


def test_a_server_in_trouble_is_asked_once_for_many(
    library: Library, abs_fake: FakeAudiobookshelf
) -> None:
    for title in ("Cranford", "Ruth", "Sylvia's Lovers"):
        shelve(library, abs_fake, title)
    know(subtitle="A tale")
    before = len(abs_fake.asked)
    abs_fake.trouble = BROKEN
    assert correct_due().count("did not carry the request out") == 1
    assert len(abs_fake.asked) - before == 1
    assert ShelfServer.objects.get().failures == 1


def test_a_right_that_lacks_holds_up_nothing_else(
    copy: ShelfCopy, library: Library, abs_fake: FakeAudiobookshelf
) -> None:
    """It answers: what needs no such right goes on."""
    abs_fake.me.permissions["update"] = False
    know(subtitle="Of a small town")
    assert "lacks the permission to update" in correct_due()
    row = ShelfServer.objects.get()
    assert (row.is_usable, "permission to update" in row.last_error) == (True, True)
    abs_fake.me.permissions["update"] = True
    assert correct_due() == "1 fields corrected."
    assert ShelfServer.objects.get().last_error == ""


def test_a_library_that_was_removed_there_holds_up_no_other(
    copy: ShelfCopy, library: Library, abs_fake: FakeAudiobookshelf
) -> None:
    Library.objects.update(shelf_library_id="removed")
    ShelfCopy.objects.update(shelf_id="")
    with pytest.raises(ServiceDownError, match="does not have this library any more"):
        compare(again(copy))
    assert ShelfServer.objects.get().is_usable


def test_of_a_new_server_at_the_address_nothing_is_taken_for_granted(
    copy: ShelfCopy, library: Library, abs_fake: FakeAudiobookshelf
) -> None:
    """Its entry is found where the book stands, and what it shows is not what TAME wrote."""
    know(subtitle="Of a small town", publisher="Chapman")
    correct_due()
    abs_fake.shelves.books.clear()
    abs_fake.scan()
    shown(abs_fake).update(title="As the new one has it", publisher="Another")
    know(subtitle="Of a large town")
    correct_due()
    assert shown(abs_fake)["title"] == "As the new one has it"
    assert shown(abs_fake)["publisher"] == "Another"


class Deadly:
    """The worker is killed before, or after, the request with this number."""

    def __init__(self, number: int, *, after: bool) -> None:
        self.left, self.after, self.real = number, after, audiobookshelf_requests.ask

    def __call__(self, *asked: Any, **how: Any) -> Any:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        answer = self.real(*asked, **how)
        if self.left == 0:
            raise Killed
        return answer


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("number", range(1, 7))
def test_killed_at_any_request_everything_can_be_undone(
    number: int,
    after: bool,
    copy: ShelfCopy,
    abs_fake: FakeAudiobookshelf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of correcting (three) and of taking one of it back (three)."""
    shown(abs_fake)["publisher"] = "Chap"
    ShelfCopy.objects.update(written={"found": {**copy.written["found"], "publisher": "Chap"}})
    know(subtitle="Of a small town", publisher="Chapman and Hall")

    def work() -> None:
        correct_due()
        row = Correction.objects.filter(field="publisher").exclude(seen_at=None).first()
        if row and not row.undone_at:
            undo(row, actor="ann")

    monkeypatch.setattr(audiobookshelf, "ask", deadly := Deadly(number, after=after))
    with pytest.raises(Killed):
        work()
    monkeypatch.setattr(audiobookshelf, "ask", deadly.real)
    ShelfCopy.objects.update(leased_until=None)
    work()
    assert (shown(abs_fake)["subtitle"], shown(abs_fake)["publisher"]) == (
        "Of a small town",
        "Chap",
    )
    rows = {row.field: (row.old, bool(row.undone_at)) for row in Correction.objects.all()}
    assert rows == {"subtitle": ("", False), "publisher": ("Chap", True)}
    assert again(copy).corrected_at
    know()
    assert correct_due() == "0 fields corrected."
