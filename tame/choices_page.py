"""The page of choices: what TAME would take for each book, and why; one press takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest

from books.models import Book
from books.profiles import Profile
from downloads.approve import answer_offer, approve, approve_all, to_offer
from downloads.choices import Choice, certain_books, choices, open_books
from downloads.gate import Gate, that_fit
from downloads.models import Download
from indexers.ledger import is_number
from indexers.models import Release
from tame.lib.admin.base import log_many
from tame.lib.admin.verbs import some
from tame.lib.errors import TameError

A_PAGE = 50  # books
PARTS = {  # of a score, as a person reads them
    "title": "title", "author": "author", "left over": "words left over", "narrator": "narrator",
    "usual language": "no language said, taken for the indexer's usual one",
    "unabridged": "unabridged", "format": "format", "words": "preferred words",
    "seeders": "seeders", "freeleech": "freeleech",
}  # fmt: skip


@dataclass(frozen=True)
class Put:
    """A choice as the page shows it. `waits`: why TAME has not taken it by itself."""

    choice: Choice
    waits: str = ""

    @property
    def parts(self) -> str:
        return parts_of(self.choice.verdict.parts)


def parts_of(parts: dict[str, float]) -> str:
    """The score as its parts: title 40, author 30."""
    return ", ".join(f"{PARTS.get(name, name)} {points:g}" for name, points in parts.items())


def shown(request: HttpRequest) -> dict[str, Any]:
    page = Paginator(open_books(), A_PAGE).get_page(request.GET.get("p"))
    books = list(page.object_list)
    put, gate = choices(books), Gate(books)
    ours = that_fit([c for c in put if c.is_by_itself], gate)
    return {
        "title": "Choices",
        "page": page,
        "certain": [Put(c) for c in put if c.is_certain and not c.is_by_itself],
        "offered": [Put(c) for c in put if not c.is_certain],
        "by_itself": [Put(c, said(gate, c)) for c in ours],
        "offer": to_offer() if may_answer(request) else None,
    }


def said(gate: Gate, choice: Choice) -> str:
    held = gate.obstacles(choice)
    return held[0].sentence if held else "It is taken within a minute."


# --- Presses --------------------------------------------------------------------------------------


def press(request: HttpRequest) -> None:
    """One button of the page, by its name; each says what became of it."""
    if "by_itself" in request.POST:
        answer(request)
    elif request.POST.get("take") == "all":
        take_all(request)
    else:
        take(request, request.POST.get("take", ""))


def take(request: HttpRequest, which: str) -> None:
    book_pk, _, release_pk = which.partition(":")
    book = Book.objects.filter(pk=int(book_pk)).first() if is_number(book_pk) else None
    listed = Release.objects.select_related("indexer")
    release = listed.filter(pk=int(release_pk)).first() if is_number(release_pk) else None
    if book is None or release is None:
        messages.error(request, "This release is listed no longer.")
        return
    try:
        download = approve(book, release, actor=request.user.get_username())
    except TameError as error:
        messages.error(request, str(error))
        return
    note(request, [download])
    messages.success(request, f"“{download}” is queued for “{book}”.")


def take_all(request: HttpRequest) -> None:
    """Not only those of the page that was shown."""
    done = approve_all(all_certain(), actor=request.user.get_username())
    note(request, done.downloads)
    told = f"{len(done.downloads)} taken"
    if done.refused:
        told += f", {len(done.refused)} not: {some(done.refused)}"
    else:
        told += "."
    if done.left:
        told += f" {done.left} are left: this took long enough for one go."
    level = messages.WARNING if done.refused or done.left else messages.SUCCESS
    messages.add_message(request, level, told)


def all_certain() -> list[Choice]:
    """Those that wait for a person, whatever page they stand on."""
    found: list[Choice] = []
    pks = list(certain_books().values_list("pk", flat=True))
    for start in range(0, len(pks), A_PAGE):
        books = Book.objects.in_bulk(pks[start : start + A_PAGE])
        put = choices([books[pk] for pk in pks[start : start + A_PAGE] if pk in books])
        found += [choice for choice in put if not choice.profile.automatic]
    return found


def note(request: HttpRequest, downloads: Sequence[Download]) -> None:
    """In the admin's history of the books."""
    if downloads:
        books = Book.objects.filter(imports__download__in=[d.pk for d in downloads])
        log_many(request, books.distinct(), "Took TAME's choice.")


def may_answer(request: HttpRequest) -> bool:
    return request.user.has_perm("books.change_profile")


def answer(request: HttpRequest) -> None:
    profile: Profile | None = to_offer() if may_answer(request) else None
    if profile is None:
        messages.warning(request, "That is not asked any more.")
        return
    sentence = answer_offer(profile, yes=request.POST["by_itself"] == "yes")
    log_many(request, [profile], sentence)
    messages.success(request, sentence)
