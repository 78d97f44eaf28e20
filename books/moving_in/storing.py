"""What was confirmed is stored, line by line: each in a transaction of its own, so that whoever is
killed goes on, and who comes second finds it done.

Of books that stand in a library no byte and no name is touched, and no mark is left with them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from books import typed
from books.bells import ADOPT, MOVE_IN, SEARCH
from books.crediting import credit, place_in_series
from books.models import Book, Credit, Library, MoveIn, MoveInLine, ShelfCopy
from books.moving_models import Action
from books.placing import check
from books.states import COPY_HOLDS_THE_BOOK, CopyState, Origin, Wish
from books.want import by_number, find
from books.wishes import begin
from tame.lib import bell
from tame.lib.errors import BadInputError, LocalError, LostRaceError, TameError
from tame.lib.numbers import counted
from tame.lib.words import normalise


def confirm(run: MoveIn, *, actor: str) -> str:
    """All decided lines are stored, by the next worker that is free."""
    waiting = decided(run).count()
    if not waiting:
        raise BadInputError("Nothing is decided: choose what becomes of the lines first.")
    MoveIn.objects.filter(pk=run.pk).update(confirmed_at=timezone.now(), confirmed_by=actor)
    bell.ring(MOVE_IN)
    return f"{counted(waiting, 'line is', 'lines are')} being stored."


def decided(run: MoveIn) -> QuerySet[MoveInLine]:
    return run.lines.filter(done_at=None).exclude(action=Action.UNDECIDED)


def store_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    said = [store(run, keep_going) for run in MoveIn.objects.exclude(confirmed_at=None)]
    return " ".join(said) or "Nothing to store."


def is_any_due() -> bool:
    return MoveIn.objects.exclude(confirmed_at=None).exists()


def store(
    run: MoveIn,
    keep_going: Callable[[], bool] = lambda: True,
    step: Callable[[str], None] = lambda said: None,
) -> str:
    actor, done, refused, titles = run.confirmed_by or run.by, 0, 0, Titles()
    for line in decided(run).select_related("library", "book"):
        if not keep_going():
            return f"{done} stored, more to come."
        try:
            store_line(line, actor, titles)
            done += 1
        except LostRaceError:
            continue
        except TameError as error:
            put_back(line, str(error))
            refused += 1
        step(line.title)
    MoveIn.objects.filter(pk=run.pk).update(confirmed_at=None, stored_at=timezone.now())
    bell.ring(SEARCH)
    bell.ring(ADOPT)
    return f"{done} stored." + (f" {refused} could not be: see why on their lines." * bool(refused))


def store_line(line: MoveInLine, actor: str, titles: Titles | None = None) -> None:
    """Raises TameError with the sentence for its line; LostRaceError when it was done."""
    titles = titles or Titles()
    titles.catch_up()
    if line.action in (Action.SHELF, Action.MERGE) and line.library_id:
        see(line)
    try:
        with transaction.atomic():
            take(line)
            act(line, actor, titles)
    except IntegrityError as error:
        raise BadInputError(f"“{line}” clashes with what is here already: look again.") from error


def see(line: MoveInLine) -> None:
    """Nothing is believed until it is seen: every file with its size."""
    folder = Path(line.library.root) / line.folder if line.library else Path()
    check(folder, {one["name"]: one["size"] for one in line.manifest})


def take(line: MoveInLine) -> None:
    rows = MoveInLine.objects.filter(pk=line.pk, done_at=None)
    if not rows.update(done_at=timezone.now()):
        raise LostRaceError("This line was stored already.")


def put_back(line: MoveInLine, sentence: str) -> None:
    """It waits for a person."""
    rows = MoveInLine.objects.filter(pk=line.pk, done_at=None)
    rows.update(action=Action.UNDECIDED, result=sentence)


def act(line: MoveInLine, actor: str, titles: Titles) -> None:
    if line.action == Action.SKIP:
        finish(line, "Left out.")
    elif line.action == Action.MERGE:
        if line.book is None:
            raise BadInputError("Which book it is has not been said.")
        stand(line, line.book, actor)
    elif line.action == Action.SHELF:
        if not line.library_id:
            raise BadInputError("No library of yours holds its files.")
        stand(line, book_of(line, Wish.PARKED, titles, actor)[0], actor)
    else:
        wish = Wish.WANTED if line.action == Action.WANTED else Wish.PARKED
        book, is_new = book_of(line, wish, titles, actor)
        finish(line, f"Now {wish.label}." if is_new else "It is here already; it stays so.", book)


def finish(
    line: MoveInLine, sentence: str, book: Book | None = None, copy: ShelfCopy | None = None
) -> None:
    rows = MoveInLine.objects.filter(pk=line.pk)
    rows.update(result=sentence, book=book or line.book, copy=copy)


# --- The book -------------------------------------------------------------------------------------


class Titles:
    """The books of a title. One author may have written all of them, and to look through an
    author's books for each line would take the longer the more there are."""

    def __init__(self) -> None:
        self.books: dict[str, list[int]] = {}
        self.newest = 0

    def catch_up(self) -> None:
        """With what was stored since, by whomever."""
        new = Book.objects.filter(pk__gt=self.newest).order_by("pk").values_list("pk", "title")
        for pk, title in new:
            self.books.setdefault(normalise(title), []).append(pk)
            self.newest = pk

    def find(self, title: str, authors: list[str]) -> Book | None:
        alike = self.books.get(normalise(title))
        return find(title, authors, among=alike) if alike else None


def book_of(line: MoveInLine, wish: Wish, titles: Titles, actor: str) -> tuple[Book, bool]:
    """The book of the line, and whether it is new. Raises BadInputError."""
    title, names = typed.title(line.title), typed.names(line.author_names)
    asin, isbn = typed.asin(line.asin), typed.isbn(line.isbn)
    if known := by_number(asin, isbn) or titles.find(title, names):
        return known, False
    book = Book(
        title=title, subtitle=line.subtitle, year=line.year, language=line.language, asin=asin,
        isbn=isbn, wish=wish,
    )  # fmt: skip
    begin(book, f"{actor} moved it in: {wish.label}.", actor=actor)
    credit(book, Credit.Role.AUTHOR, names)
    credit(book, Credit.Role.NARRATOR, typed.names(line.narrator_names))
    place_in_series(book, line.series, line.position)
    return book, True


# --- The copy -------------------------------------------------------------------------------------


def stand(line: MoveInLine, book: Book, actor: str) -> None:
    """The book stands where it stood: a row says so. A copy that was missing is seen again."""
    if line.library is None:
        finish(line, "It is here already; it stays so.", book)
        return
    here = ShelfCopy.objects.filter(library=line.library, state__in=COPY_HOLDS_THE_BOOK)
    held = here.filter(folder=line.folder)
    if (copy := held.first()) is not None:
        finish(line, "It stood there already; it stays so.", copy.book, copy)
        return
    if here.filter(book=book).exists():
        raise LocalError(
            f"Another copy of “{book}” is in {line.library} already. Is it another recording, or "
            "another book?"
        )
    copy = new_copy(line, line.library, book, actor)
    finish(line, "On the shelf, where it stood.", book, copy)


def new_copy(line: MoveInLine, library: Library, book: Book, actor: str) -> ShelfCopy:
    copy = ShelfCopy(
        book=book,
        library=library,
        folder=line.folder,
        manifest=line.manifest,
        format=line.sound.get("format", ""),
        bitrate=line.sound.get("bitrate"),
        seconds=line.sound.get("seconds"),
        shelf_id=line.sound.get("shelf_id", ""),
        narrator=line.narrators[:300],
        state=CopyState.PROVED,
        origin=Origin.MOVED_IN,
        proved_at=timezone.now(),
    )
    files = counted(len(line.manifest), "file")
    said = f"Moved in where it stood, {files}, each seen with its size."
    return copy.begin(said, actor=actor)
