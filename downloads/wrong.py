"""*Wrong book*: what came is not what was wanted. All that is nothing but rows is written at once;
the files, the torrent and the next best follow by their own schedules."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from books.models import Book
from downloads.afterwards import afterwards
from downloads.grab import deliver
from downloads.minimums import goal_of, has_seeded_enough
from downloads.models import Download, Import, Seeding
from downloads.next_best import other_for
from downloads.states import GONE_WISHES, IMPORT_LIVE, ImportState, State, Then, Wish
from downloads.steer import wish
from downloads.undo import begin, can_undo, decide, follows, redo, take_back, what_undo_does
from indexers.labels import label_import
from indexers.models import Label
from tame.lib import bell
from tame.lib.errors import BadInputError, ObstacleError

IMPORT = "downloads.tasks.import_"
JOINED = ("copy__library__server", "download__client", "download__release", "book")
WAITING = (ImportState.PENDING, ImportState.FAILED, ImportState.REVIEW)


@dataclass(frozen=True)
class Ticks:
    """What a person wants done about it."""

    off_shelf: bool = True
    remove_torrent: bool = True
    with_files: bool = True
    block: bool = True
    want: bool = True
    next_best: bool = True

    @property
    def wished(self) -> Wish:
        if not self.remove_torrent:
            return Wish.NONE
        return Wish.GONE_WITH_FILES if self.with_files else Wish.GONE

    @property
    def then(self) -> Then:
        return Then.NEXT if self.next_best else Then.WANT if self.want else Then.PARK


def can_be_wrong(row: Import) -> bool:
    """It is here: on the shelf, or complete and not imported yet."""
    return can_undo(row) or is_waiting(row)


def is_waiting(row: Import) -> bool:
    is_here = row.download is None or row.download.state == State.COMPLETED
    return row.state in WAITING and row.copy_id is None and is_here


def wrong_book(row: Import, *, actor: str, because: str, **ticks: bool) -> str:
    """`ticks`: those of `Ticks` that differ from all. Raises BadInputError."""
    wanted = Ticks(**ticks)
    if because not in Label.Because.values or not because:
        raise BadInputError("Say why it is the wrong book: the reason is kept with its name.")
    if not can_be_wrong(row):
        raise BadInputError(
            f"“{row.book}” is {row.get_state_display()}. What is still coming is cancelled, or "
            "replaced by the next best, on the page of its download."
        )
    said = f"Wrong book ({Label.Because(because).label})"
    with transaction.atomic():
        words = [carry_out(row, actor, because, wanted, said)]
        words.append(leave_client(row, wanted.wished, actor))
    return " ".join(word for word in words if word)


def carry_out(row: Import, actor: str, because: str, ticks: Ticks, said: str) -> str:
    then = ticks.then if ticks.off_shelf or is_waiting(row) else Then.NOTHING
    decided = decide(row, actor, then, f"{said}.", blocks=ticks.block)
    decided |= {"because": because, "label": label_of(row, because, actor).pk}
    if wished := torrent_of(row, ticks.wished)[0]:
        decided["torrent"] = wished
    if is_waiting(row):
        return drop(row, actor, then, said, decided)
    if ticks.off_shelf:
        return begin(row, actor, then, said, decided)
    Import.objects.filter(pk=row.pk).update(decided=decided)
    row.note(f"{said}; it stays on the shelf.", actor=actor, evidence=decided)
    return f"“{row.book}” stays on the shelf, so no other release is taken."


def label_of(row: Import, because: str, actor: str) -> Label:
    download = row.download
    release = download.release if download else None
    title = download.title if download else Path(row.source_folder).name  # the path is nobody's
    return label_import(
        row.book, release, title, download.size if download else None, because, actor
    )


def drop(row: Import, actor: str, then: Then, said: str, decided: dict[str, Any]) -> str:
    """Nothing of it is in the library: what follows can be done at once."""
    row.move_to(
        ImportState.DROPPED,
        follows(said, then),
        actor=actor,
        evidence=decided,
        then=then,
        decided=decided,
        retry_at=None,
    )
    return f"“{row.book}” is not imported. {afterwards(row)}".strip()


# --- The torrent ----------------------------------------------------------------------------------


def torrent_of(row: Import, wished: Wish) -> tuple[Wish, str]:
    """What becomes of it, and the sentence that says so."""
    download = row.download
    if download is None:
        return Wish.NONE, f"The folder it came from, {row.source_folder}, is not touched."
    if download.state != State.COMPLETED or download.client_wish in GONE_WISHES:
        return Wish.NONE, f"Its torrent is not in {download.client} any more."
    if wished == Wish.NONE:
        return Wish.NONE, f"Its torrent stays in {download.client} and seeds on."
    if why := why_it_stays(row, download):
        return Wish.NONE, why
    how = "with its files" if wished == Wish.GONE_WITH_FILES else "and its files are kept"
    return wished, f"Its torrent is removed from {download.client} {how}."


def why_it_stays(row: Import, download: Download) -> str:
    if download.adopted:
        return f"Its torrent was in {download.client} before TAME: it stays there."
    others = Import.objects.filter(download=download, state__in=IMPORT_LIVE)
    if other := others.exclude(pk=row.pk).select_related("book").first():
        return f"Its torrent stays: “{other.book}” comes by it, too."
    if not has_seeded_enough(download):
        return (
            f"Its torrent seeds on: its indexer asks for {goal_of(download, Seeding.now())}, and "
            f"it has a ratio of {download.ratio:.1f} after {download.seeding_seconds / 3600:.1f} "
            "hours."
        )
    return ""


def leave_client(row: Import, wished: Wish, actor: str) -> str:
    become, said = torrent_of(row, wished)
    if become and row.download is not None:
        wish(row.download, become, (State.COMPLETED,), "It is the wrong book.", actor)
    return said


# --- It was right after all -----------------------------------------------------------------------


def can_be_right(row: Import) -> bool:
    """Somebody has called it wrong, and that stands."""
    return bool(row.decided.get("label")) and row.state != ImportState.REDOING


def right_after_all(row: Import, *, actor: str) -> str:
    """Take back what *Wrong book* did, as far as it can be: the block, the label, the torrent's
    removal if it is not done, and the book from the trash."""
    if not can_be_right(row):
        raise BadInputError(f"Nobody has called “{row.book}” the wrong book.")
    if row.state in (ImportState.UNDOING, ImportState.UNDONE):
        return redo(row, actor=actor)
    with transaction.atomic():
        take_back(row, actor)
        Import.objects.filter(pk=row.pk).update(decided={}, then=Then.NOTHING)
        row.note("It was right after all.", actor=actor)
        if row.state != ImportState.DROPPED:
            return f"“{row.book}” counts as right again."
        return deliver_again(row, actor)


def deliver_again(row: Import, actor: str) -> str:
    download = row.download
    if download is None or download.state != State.COMPLETED:
        return f"“{row.book}” counts as right again; its torrent is gone, so grab it once more."
    try:
        with transaction.atomic():
            deliver(download, row.book, actor)
    except IntegrityError as error:
        raise ObstacleError(f"“{row.book}” comes by another import. Cancel that first.") from error
    bell.ring(IMPORT)
    return f"“{row.book}” is imported after all."


# --- What is said before --------------------------------------------------------------------------


def what_wrong_does(row: Import) -> list[str]:
    """With every tick set; what each of them does, in the order of the ticks."""
    off = what_undo_does(row)[:1] if can_undo(row) else [f"“{row.book}” is not imported."]
    return [*off, torrent_of(row, Ticks().wished)[1], *about_block(row), about_next(row)]


def about_block(row: Import) -> list[str]:
    if row.download is None:
        return []
    return [f"“{row.download}” is not taken for “{row.book}” again; other books may have it."]


def about_next(row: Import) -> str:
    other = other_for(row.book, row.download)
    if other is None:
        return f"No other release of “{row.book}” is known yet: it is wanted, and searched."
    return f"Taken instead: “{other}” of {other.indexer}."


def meant(book: Book) -> Import | None:
    """The import that a person means on the book's page: what is on the shelf, else what waits."""
    rows = Import.objects.filter(book=book).exclude(state=ImportState.DROPPED)
    known = rows.select_related(*JOINED).order_by("-pk")
    return next((row for row in known[:10] if can_be_wrong(row)), None)


def called_wrong(book: Book) -> Import | None:
    rows = Import.objects.filter(book=book).exclude(decided={})
    known = rows.select_related("copy__library", "download__client", "book").order_by("-pk")
    return next((row for row in known[:10] if can_be_right(row)), None)
