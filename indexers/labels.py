"""A person's word on releases: block one, or say whether it is right; and the words as lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from books.models import Book, Credit
from books.wishes import tell
from indexers.models import Block, Label, Release, Verdict
from indexers.values import book_with_names, wanted_of
from tame.lib.moments import day

NOT_THIS_ONE = "Not this one"


def block(
    release: Release, *, book: Book | None, reason: str, actor: str, days: int | None = None
) -> str:
    """Take it no more: for one book, or for every book; for some days, or for good. By its info
    hash, else by its listing."""
    until = timezone.now() + timedelta(days=days) if days else None
    where: dict[str, Any] = {"info_hash": release.info_hash, "book": book}
    if not release.info_hash:
        where |= {"indexer": release.indexer, "identity": release.identity}
    Block.objects.update_or_create(
        **where,
        defaults={
            "title": release.title, "reason": reason, "blocked_by": actor, "until": until,
            "blocked_at": timezone.now(),
        },
    )  # fmt: skip
    return f"“{release}” is blocked {about(book, until)}."


def unblock(row: Block, *, actor: str) -> str:
    """For the book, whose story says so, or for every book. The word *Not this one* behind it is
    taken back, too."""
    with transaction.atomic():
        if row.book and row.reason.startswith(NOT_THIS_ONE):
            wrong = [said.pk for said in said_of(row.book, [row.title]) if not said.right]
            Label.objects.filter(pk__in=wrong).delete()
        Block.objects.filter(pk=row.pk).delete()
        if row.book:
            said = f"{actor} allowed “{row}” again; it was blocked: {row.reason}"
            tell([row.book.pk], said, actor=actor)
    return f"“{row}” may be taken {about(row.book, None)} again."


def about(book: Book | None, until: datetime | None) -> str:
    what = f"for “{book}”" if book else "for every book"
    return f"{what} until {day(timezone.localtime(until))}" if until else what


def not_this_one(book: Book, release: Release, *, actor: str) -> str:
    """Wrong for this book: the word is kept, and the release blocked for it."""
    with transaction.atomic():
        label(book, release, right=False, actor=actor)
        standing = Block.on(release.info_hash, release, book)
        if standing is None or standing.until:  # else there is a better reason
            block(release, book=book, reason=f"{NOT_THIS_ONE}, said {actor}.", actor=actor)
    return f"“{release}” is not “{book}”: it is not taken for it any more."


def this_is_right(book: Book, release: Release, *, actor: str) -> str:
    """Right for this book: the word is kept, and an earlier one against it taken back. It is
    passed over no longer."""
    with transaction.atomic():
        label(book, release, right=True, actor=actor)
        pass_over_no_longer(book, release, actor=actor)
        blocks = Block.objects.filter(book=book, reason__startswith=NOT_THIS_ONE)
        for row in [row for row in blocks if row.is_on(release)]:
            row.delete()
        tell([book.pk], f"{actor} says that “{release}” is right.", actor=actor)
    return f"“{release}” is right for “{book}”: that is kept."


def pass_over_no_longer(book: Book, release: Release, *, actor: str) -> str:
    """What was learnt of it does not count any more; nothing is said about whether it is right."""
    Verdict.objects.filter(book=book, release=release).update(passed_over_until=None, why="")
    tell([book.pk], f"{actor} passes “{release}” over no longer.", actor=actor)
    return f"“{release}” is passed over for “{book}” no longer."


def label(book: Book, release: Release, *, right: bool, actor: str) -> Label:
    verdict = Verdict.objects.filter(book=book, release=release).first()
    said = verdict.outcome if verdict and verdict.digest else ""
    named = {"size": release.size, "categories": release.categories, "said": said}
    return label_name(book, release.title, right=right, actor=actor, **named)


def label_name(book: Book, title: str, *, right: bool, actor: str, **named: Any) -> Label:
    """The last word on a release for a book is the one that counts. `named`: columns."""
    Label.objects.filter(pk__in=[said.pk for said in said_of(book, [title])]).delete()
    line = wanted_as_line(book)
    return Label.objects.create(
        wanted=line, release_title=title, right=right, labelled_by=actor, **named
    )


def label_import(
    book: Book, release: Release | None, title: str, size: int | None, because: str, actor: str
) -> Label:
    """What was learnt of a name once the book was here. A damaged one is the right one by name:
    the judge must not learn from it that it was wrong."""
    right = because == Label.Because.DAMAGED
    if release is None:
        return label_name(book, title, right=right, actor=actor, size=size, because=because)
    row = label(book, release, right=right, actor=actor)
    row.because = because
    row.save(update_fields=["because"])
    return row


def wanted_as_line(book: Book) -> dict[str, Any]:
    """As `judge` reads it."""
    wanted = wanted_of(book_with_names(book.pk))
    place = wanted.places[0] if wanted.places else None
    return {
        "author": list(wanted.authors),
        "title": wanted.title,
        "series": place.series if place else "",
        "series_position": place.number if place else None,
        "narrator": list(wanted.narrators),
        "language": wanted.language,
    }


def as_line(row: Label) -> dict[str, Any]:
    """A labelled pair, as `judge` reads it and as the project's own corpora are kept."""
    return {
        "id": row.pk,
        **row.wanted,
        "release_title": row.release_title,
        "size": row.size,
        "category": row.categories[0] if row.categories else None,
        "is_match": int(row.right),
        "because": row.because,
    }


def labelled(book: Book, releases: Iterable[Release]) -> dict[str, bool]:
    """What was said of these for the book, by their titles."""
    said = said_of(book, [release.title for release in releases])
    return {row.release_title: row.right for row in said}


def said_of(book: Book, titles: Iterable[str]) -> list[Label]:
    """What was said of these names for the book."""
    rows = Label.objects.filter(wanted__title=book.title, release_title__in=list(titles))
    return of_book(book, rows)


def of_book(book: Book, rows: QuerySet[Label]) -> list[Label]:
    """Of rows of its title those with one of its authors: more may have been learnt of it since."""
    found = list(rows.order_by("pk"))
    authors = set(book.names(Credit.Role.AUTHOR)) if found else set()
    return [row for row in found if authors & set(row.wanted.get("author", ())) or not authors]
