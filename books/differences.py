"""Where Audiobookshelf shows a book in another way than TAME knows it, and whose each field is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Q

from books import sidecar
from books.audiobookshelf_answers import ShelfBook
from books.corrections import Correction
from books.details import NAMES, identical, in_words, known, listed, same, shown_by
from books.models import ShelfCopy
from books.shelf import tag_of
from books.states import Origin

AS_ADDED = timedelta(minutes=1)  # a server reads files and covers for so long
UNDONE = "A person has undone this correction."
TOUCHED = "It was changed in Audiobookshelf since TAME wrote it or saw it: it is a person's."
NOT_OURS = "TAME did not import this book: it is written only when you confirm it."


@dataclass(frozen=True)
class Difference:
    """A field that Audiobookshelf shows in another way. `held`: why TAME does not write it by
    itself; empty when it does."""

    field: str
    old: Any
    new: Any
    held: str = ""

    @property
    def name(self) -> str:
        return NAMES[self.field]

    @property
    def shown(self) -> str:
        return in_words(self.old) or "—"

    @property
    def wanted(self) -> str:
        return in_words(self.new)


def differences(copy: ShelfCopy, seen: ShelfBook) -> list[Difference]:
    """Of the fields that TAME knows; what it does not know is left as it is."""
    has, undone = shown_by(seen.details), undone_fields(copy)
    return [
        Difference(name, has[name], listed(new), held(copy, name, has[name], undone))
        for name, new in known(copy.book, copy.narrator).items()
        if not same(name, new, has[name])
    ]


def held(copy: ShelfCopy, name: str, old: Any, undone: set[str]) -> str:
    """Whose the field is by now: compared with what TAME wrote last, else with what it found."""
    if copy.origin != Origin.IMPORT:
        return NOT_OURS
    if name in undone:
        return UNDONE
    fields, found = copy.written.get("fields", {}), copy.written.get("found", {})
    before = fields[name] if name in fields else found.get(name)
    is_untouched = not old if before is None else identical(name, old, before)
    return "" if is_untouched else TOUCHED


def as_found(copy: ShelfCopy, found: ShelfBook) -> dict[str, Any]:
    """A new entry: where it carries our tag already, it has read our sidecar. What else it shows
    came from tags and names, unless it was changed since it was added: then it may be a person's.
    """
    tag, folder = tag_of(copy), copy.path
    is_new = found.updated_at - found.added_at <= AS_ADDED
    shows = shown_by(found.details)
    return {
        "fields": sidecar.read(folder, tag) if tag in found.tags else {},
        "found": {name: value for name, value in shows.items() if is_new or not value},
        "sidecar": sidecar.digest(folder, tag),
    }


def undone_fields(copy: ShelfCopy) -> set[str]:
    """Whose last correction was undone: the person wants them as they were. The entry may have
    been an older copy's before."""
    last: dict[str, bool] = {}
    mine = Q(copy=copy.pk)
    if copy.shelf_id:
        mine |= Q(copy__library=copy.library_id, copy__shelf_id=copy.shelf_id)
    rows = Correction.objects.filter(mine).exclude(seen_at=None)
    for field, undone_at in rows.order_by("pk").values_list("field", "undone_at"):
        last[field] = undone_at is not None
    return {field for field, is_undone in last.items() if is_undone}


def digest_of(found: Iterable[Difference]) -> str:
    """What a person has seen and confirms."""
    text = repr([(one.field, one.old, one.new) for one in found])
    return sha256(text.encode()).hexdigest()[:16]
