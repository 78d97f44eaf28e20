"""What a person says about an import that waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from books.models import Book
from downloads.manifest import AUDIO, suffix
from downloads.models import Import
from downloads.states import Doubt, ImportState
from downloads.two_orders import by_tags
from tame.lib import bell
from tame.lib.errors import BadInputError, ObstacleError
from tame.lib.numbers import counted
from tame.lib.sizes import lasting, readable

IMPORT = "downloads.tasks.import_"
WAITING = (ImportState.FAILED, ImportState.REVIEW)
OPEN = (ImportState.PENDING, *WAITING)


def try_again(row: Import, *, actor: str) -> str:
    """With all tries, once its cause is gone."""
    if row.state not in WAITING:
        raise BadInputError(f"“{row.book}” is {row.get_state_display()}: nothing to try again.")
    back(row, f"{actor} tries it again.", actor)
    return f"“{row.book}” is imported next."


def back(row: Import, sentence: str, actor: str, **columns: Any) -> None:
    """Pending again, with all its tries."""
    columns |= {"attempts": 0, "retry_at": None, "doubt": Doubt.NONE, "last_error": ""}
    if row.state == ImportState.PENDING:
        Import.objects.filter(pk=row.pk, state=ImportState.PENDING).update(**columns)
        row.note(sentence, actor=actor)
    else:
        row.move_to(ImportState.PENDING, sentence, actor=actor, **columns)
    bell.ring(IMPORT)


def drop(row: Import, *, actor: str) -> str:
    """The torrent stays as it is; the book is free for another release."""
    if row.copy_id:
        raise BadInputError(f"“{row.book}” is in the library already: take it off the shelf.")
    if ImportState.DROPPED not in row.MOVES[row.state]:
        raise BadInputError(f"“{row.book}” is {row.get_state_display()}: nothing to drop.")
    row.move_to(ImportState.DROPPED, f"{actor} does not want it imported.", actor=actor)
    return f"“{row.book}” is not imported from this download. It is wanted as before."


# --- What was expected, and what is there ---------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    what: str
    expected: str
    found: str


def compare(row: Import) -> list[Compared]:
    """What a person looks at before deciding; of a book with its names no further query."""
    book, seconds = row.book, row.measured.get("seconds")
    kept = [line for line in row.manifest if line["name"]]
    tracks = [line for line in kept if suffix(line["path"]) in AUDIO]
    formats = sorted({suffix(line["path"]) for line in tracks})
    size = sum(line["size"] for line in kept)
    tagged = row.measured.get("tagged")
    return [
        Compared("Book", f"{book} by {book.authors or 'nobody known'}", str(source_of(row))),
        *([Compared("By the tags", "", tagged)] if tagged else []),
        Compared(
            "Duration",
            lasting(book.expected_seconds) if book.expected_seconds else "not known",
            lasting(seconds) if seconds else "not measured",
        ),
        Compared(
            "Files",
            "",
            f"{len(tracks)} of sound ({', '.join(formats)}), {readable(size)}"
            if tracks
            else "none of sound",
        ),
    ]


def source_of(row: Import) -> str:
    return row.source_folder if row.download is None else row.download.title


# --- It is right ----------------------------------------------------------------------------------


def can_be_overruled(row: Import) -> bool:
    """Which of several books' files are which is to be said, not overruled."""
    if row.state != ImportState.REVIEW or not row.doubt:
        return False
    return row.doubt != Doubt.FILES or not are_several(row)


def are_several(row: Import) -> bool:
    if row.download_id is None:
        return False
    gone = (ImportState.DROPPED, ImportState.UNDONE)
    return Import.objects.filter(download=row.download_id).exclude(state__in=gone).count() > 1


def import_anyway(row: Import, *, actor: str) -> str:
    """The check that objected is passed over, once and for this import only. An order in doubt is
    that of the names."""
    return overrule(row, actor)


def can_be_by_tags(row: Import) -> bool:
    return can_be_overruled(row) and row.doubt == Doubt.ORDER and bool(by_tags(row))


def import_by_tags(row: Import, *, actor: str) -> str:
    """Its order is that of the track tags."""
    if not can_be_by_tags(row):
        raise BadInputError(f"The tags of “{row.book}” tell no other order than the names.")
    return overrule(row, actor, by_tags(row))


def overrule(row: Import, actor: str, order: Sequence[str] = ()) -> str:
    if not can_be_overruled(row):
        raise BadInputError(f"Nothing about “{row.book}” is in doubt that could be overruled.")
    said, chosen = row.last_error, how(row, order)
    back(
        row,
        f"{actor} imports it anyway{chosen}. What was in doubt: {said}",
        actor,
        overruled={**row.overruled, row.doubt: actor},
        chosen_order=list(order) if chosen else row.chosen_order,
    )
    return f"“{row.book}” is imported next{f'{chosen}.' if chosen else f', although: {said}'}"


def how(row: Import, order: Sequence[str]) -> str:
    if row.doubt != Doubt.ORDER:
        return ""
    return ", in the order of the track tags" if order else ", in the order of the names"


# --- It is something else -------------------------------------------------------------------------


def can_be_another(row: Import) -> bool:
    return row.state in OPEN and not row.copy_id


def another_book(row: Import, *, actor: str, book: Book) -> str:
    """The download delivers that book instead; this one is free for another release."""
    if not can_be_another(row):
        raise BadInputError(f"“{row.book}” is {row.get_state_display()}: too late for that.")
    if book == row.book:
        raise BadInputError(f"It is meant for “{book}” already.")
    try:
        with transaction.atomic():
            row.move_to(ImportState.DROPPED, f"{actor} says that it is “{book}”.", actor=actor)
            new = Import(
                download=row.download,
                source_folder=row.source_folder,
                book=book,
                chosen_files=row.chosen_files,
                overruled={Doubt.BOOK: actor},
            )
            new.begin(
                f"{actor} says that {new.download or new.source_folder} is this book, and "
                f"not “{row.book}”.",
                actor=actor,
            )
            bell.ring(IMPORT)
    except IntegrityError as error:
        raise ObstacleError(f"“{book}” is coming already, from something else.") from error
    return f"It is imported as “{book}”. “{row.book}” is wanted as before."


@transaction.atomic
def give_files(row: Import, given: Mapping[int, Sequence[str]], *, actor: str) -> str:
    """`given`: paths by import, of this download's imports. Raises BadInputError."""
    beside = {one.pk: one for one in same_source(row)}
    unknown = {path for paths in given.values() for path in paths} - paths_of(row)
    if unknown or set(given) - set(beside):
        raise BadInputError("The files have changed meanwhile: open the page once more.")
    chosen = {pk: list(paths) for pk, paths in given.items() if paths}
    if not chosen:
        raise BadInputError("Choose for at least one file whose it is.")
    cleared = [pk for pk in given if pk not in chosen]
    Import.objects.filter(pk__in=cleared, state__in=OPEN).update(chosen_files=[])
    for pk, paths in chosen.items():
        files = counted(len(paths), "file of it is", "files of it are")
        said = f"{actor} says that {files} this book."
        back(beside[pk], said, actor, chosen_files=paths)
    return f"{len(chosen)} {'book is' if len(chosen) == 1 else 'books are'} imported next."


def paths_of(row: Import) -> set[str]:
    return {line["path"] for line in row.manifest}


def same_source(row: Import) -> list[Import]:
    """This one and what else of its download can still be given files."""
    if row.download_id is None:
        return [row]
    rows = Import.objects.filter(download=row.download_id, state__in=OPEN)
    return list(rows.select_related("book", "library").order_by("pk"))
