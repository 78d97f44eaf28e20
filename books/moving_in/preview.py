"""What was read becomes lines that a person looks over: nothing of it is stored as a book yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from books.bells import ADOPT
from books.models import Library, MoveIn, MoveInLine
from books.moving_in.found import Found, FoundFile, unique
from books.moving_in.matching import Known, Shelf, Verdict, match, shelf
from books.moving_in.standing import library_of, seen_here
from books.moving_models import Action, Match, Status
from books.positions import first_number
from tame.lib import bell
from tame.lib.errors import LostRaceError

Home = tuple[Library, str]  # and the folder below its root


def lines_of(found: Iterable[Found]) -> list[MoveInLine]:
    """Each compared with what we have, and with the lines before it. A fixed number of queries."""
    libraries, ours = list(Library.objects.all()), shelf()
    lines = []
    for one in unique(seen_here(one, libraries) for one in found):
        home = library_of(Path(one.folder), libraries) if one.folder else None
        place = (home[0].pk, home[1]) if home else None
        verdict = match(one, place, ours)
        if one.doubt and not is_in_place(verdict, place):
            verdict = doubted(one.doubt, verdict)
        line = line_of(one, home, verdict)
        line.action, line.why = choose(one, line, verdict, ours)
        lines.append(line)
        if verdict.match == Match.NEW:
            ours.add(as_known(one))
    return lines


def is_in_place(verdict: Verdict, place: tuple[int, str] | None) -> bool:
    """What stands in its folder was decided before."""
    return place is not None and verdict.book is not None and place in verdict.book.copies


def doubted(why: str, verdict: Verdict) -> Verdict:
    """No more than a person can tell: also where it would be a copy of a book that is here."""
    if verdict.match == Match.UNSURE:
        return verdict
    return Verdict(Match.UNSURE, why, alike=(verdict.book,) if verdict.book else ())


def as_known(found: Found) -> Known:
    return Known(
        0, found.title, found.authors, first_number(found.position), found.asin, found.isbn
    )


def line_of(found: Found, home: Home | None, verdict: Verdict) -> MoveInLine:
    return MoveInLine(
        key=found.key,
        title=found.title,
        subtitle=found.subtitle,
        authors="; ".join(found.authors)[:1000],
        series=found.series,
        position=found.position,
        narrators="; ".join(found.narrators)[:1000],
        year=found.year,
        language=found.language,
        asin=found.asin,
        isbn=found.isbn,
        status=found.status,
        library=home[0] if home else None,
        folder=home[1] if home else "",
        manifest=manifest_of(found.files) if home else [],
        sound=sound_of(found),
        notes="\n".join(found.notes),
        match=verdict.match,
        alike=[[known.number, known.title] for known in verdict.alike if known.number],
        book_id=verdict.book.number if verdict.book else None,
    )


def manifest_of(files: Iterable[FoundFile]) -> list[dict[str, Any]]:
    """As an import keeps it; the names are those that are there. A loose file is its own folder."""
    return [
        {"path": file.path or ".", "size": file.size, "name": file.path or ".", "why": ""}
        for file in files
    ]


def sound_of(found: Found) -> dict[str, Any]:
    known = {
        "format": found.format, "seconds": found.seconds, "bitrate": found.bitrate,
        "shelf_id": found.shelf_id,
    }  # fmt: skip
    return {name: value for name, value in known.items() if value}


def choose(found: Found, line: MoveInLine, verdict: Verdict, ours: Shelf) -> tuple[str, str]:
    """What becomes of it if nobody says otherwise, and why it is so. Undecided waits."""
    if ours.by_key.get(found.key, ...) is None:
        return Action.SKIP, "You left it out before."
    if verdict.match == Match.UNSURE:
        return Action.UNDECIDED, verdict.why
    if verdict.match == Match.SAME:
        return choose_for_same(line, verdict)
    if line.library_id:
        return found.action or Action.SHELF, verdict.why
    if found.status == Status.HAD:
        said = "No library of yours holds its files: want it, park it, or leave it out."
        return without_files(found.action), said
    return without_files(found.action) or usual(found.status), verdict.why


def choose_for_same(line: MoveInLine, verdict: Verdict) -> tuple[str, str]:
    copies = verdict.book.copies if verdict.book else set()
    if not line.library_id or (line.library_id, line.folder) in copies:
        return Action.SKIP, verdict.why
    other = next((folder for library, folder in copies if library == line.library_id), None)
    if other is None:
        return Action.MERGE, verdict.why
    said = f"{verdict.why} Another copy of it stands in {other}: perhaps another recording."
    return Action.UNDECIDED, said


def without_files(action: str) -> str:
    return "" if action == Action.SHELF else action


def usual(status: str) -> str:
    return Action.WANTED if status == Status.WISHED else Action.SKIP


def keep(run: MoveIn, lines: Sequence[MoveInLine], problem: str = "") -> None:
    """The whole reading in one transaction. Raises LostRaceError when somebody read it before."""
    with transaction.atomic():
        if run._state.adding:
            run.save()
        for line in lines:
            line.run = run
        unread = MoveIn.objects.filter(pk=run.pk, read_at=None)
        columns = {"read_at": timezone.now(), "seen": len(lines), "problem": problem}
        if not unread.update(**columns):
            raise LostRaceError("This was read already.")
        MoveInLine.objects.bulk_create(lines, batch_size=500)
        if run.library_id:  # nobody has to be told of them: here they are
            Library.objects.filter(pk=run.library_id).update(strangers=0)
    run.refresh_from_db()
    if any(line.library_id for line in lines):
        bell.ring(ADOPT)
