"""What Audiobookshelf shows of a placed book: whether it is that book, and the only entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from books.audiobookshelf_answers import ListedBook, ShelfBook
from books.details import same
from books.differences import as_found
from books.models import ShelfCopy
from books.placing import check
from books.proof import Proof, compare, is_curated
from books.shelf import tag_of
from books.states import CopyState
from books.trash import files_of
from downloads.imported import ask_a_person
from downloads.manifest import AUDIO, suffix
from downloads.models import Import
from downloads.states import ImportState
from tame.lib import bell
from tame.lib.errors import LocalError
from tame.lib.lease import give_back
from tame.lib.numbers import counted

CORRECT = "books.tasks.correct"
TRACKS = "tracks"  # in what was written: their order


def copy_of(row: Import) -> ShelfCopy:
    if row.copy is None:
        raise LocalError("Its copy is not known.")
    return row.copy


def check_files(copy: ShelfCopy) -> int:
    """How many there are, each seen with its size. Raises LocalError."""
    files = files_of(copy)
    check(copy.path, files)
    return len(files)


def finish(row: Import, copy: ShelfCopy, sentence: str, token: str, **columns: Any) -> None:
    with transaction.atomic():
        now = timezone.now()
        copy.move_to(CopyState.PROVED, sentence, actor="TAME", proved_at=now, **columns)
        row.move_to(ImportState.SHELVED, sentence, actor="TAME", token=token, last_error="")
        bell.ring(CORRECT)


def settle(
    server: Server,
    row: Import,
    entries: Sequence[ListedBook],
    token: str,
    *,
    is_scanning: bool,
) -> bool:
    """Of the entries of its folder the first is to be the book, and the only one."""
    copy = copy_of(row)
    check_files(copy)
    if len(entries) > 1:
        thin_out(server, row, entries, token)
        return False
    found = abs_.book(server, entries[0].id)
    if found is None:
        give_back(row, token)
        return False
    if trouble := about_stranger(server, copy, found):
        ask_a_person(row, trouble, token)
        return False
    proof = prove(server, copy, found)
    if proof.trouble and is_scanning:
        give_back(row, token)  # it may still be reading the files
    elif proof.trouble:
        ask_a_person(row, proof.trouble, token)
    else:
        keep(server, row, copy, found, token)
    return proof.is_proved


def thin_out(server: Server, row: Import, entries: Sequence[ListedBook], token: str) -> None:
    """A scan beside the watcher makes two of one: the younger goes, unless somebody has touched
    it. Another run looks again."""
    first, *younger = entries
    if any(is_curated(one, first) for one in younger):
        said = (
            f"{server.name} shows it {len(entries)} times, and somebody has edited one of them. "
            "Remove there the one that you do not want (without its files), then try again."
        )
        ask_a_person(row, said, token)
        return
    for one in younger:
        abs_.remove(server, one.id)
    give_back(row, token)


def about_stranger(server: Server, copy: ShelfCopy, found: ShelfBook) -> str:
    """An entry of another book got our files: the server goes by inode numbers, which are used
    again. Empty when it is ours."""
    book, others = copy.book, ShelfCopy.objects.filter(library=copy.library_id, shelf_id=found.id)
    other = others.exclude(folder=copy.folder).exclude(book=book).select_related("book").first()
    what = f"it was its entry of “{other.book}”" if other else ""
    for name in ("asin", "isbn"):
        theirs, ours = getattr(found.details, name), getattr(book, name)
        if theirs and ours and not same(name, theirs, ours):
            what = f"it has the {name.upper()} {theirs}, and “{book}” has {ours}"
    if not what:
        return ""
    return (
        f"{server.name} takes it for another book: {what}. Its files got the numbers of files that "
        "were deleted. Remove that entry there (without its files), then try again."
    )


def prove(server: Server, copy: ShelfCopy, found: ShelfBook) -> Proof:
    """A wrong order is put right once."""
    lines = [line for line in copy.manifest if line["name"] and suffix(line["path"]) in AUDIO]
    wanted = [(line["name"], line["size"]) for line in lines]
    proof = compare(found, wanted, server.name)
    if not proof.order:
        return proof
    if not copy.written.get(TRACKS):
        abs_.order_tracks(server, found.id, proof.order)
        copy.written[TRACKS] = True
        ShelfCopy.objects.filter(pk=copy.pk).update(written=copy.written)
        again = abs_.book(server, found.id)
        proof = compare(again, wanted, server.name) if again else proof
    if proof.order:
        return Proof(f"{server.name} plays its files in another order, also after it was told.")
    return proof


def keep(server: Server, row: Import, copy: ShelfCopy, found: ShelfBook, token: str) -> None:
    """It is proved. What our sidecar told is what TAME has written."""
    if tag_of(copy) not in found.tags and not row.replaces_id:
        add_tag(server, found.id, tag_of(copy))
    written = known_before(row, found) or as_found(copy, found)
    sentence = (
        f"{server.name} shows “{row.book}” in {found.path}: {counted(len(found.tracks), 'file')}, "
        "all that was placed, in its order."
    )
    finish(
        row, copy, sentence, token,
        shelf_id=found.id, written=written, scans=0, corrected_at=None,
    )  # fmt: skip


def add_tag(server: Server, number: str, tag: str) -> None:
    """To those that it has right now: a person may have given it one meanwhile."""
    if found := abs_.book(server, number):
        abs_.correct(server, number, {"tags": [*found.tags, tag]})


def known_before(row: Import, found: ShelfBook) -> dict[str, Any]:
    """At the place of an older copy the entry stays, with what a person has edited since TAME
    wrote it. Empty for a new entry."""
    old = row.replaces
    if old is None or old.shelf_id != found.id:
        return {}
    return {**old.written, "sidecar": ""}
