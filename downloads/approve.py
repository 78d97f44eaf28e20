"""A person's word on the choices: taken as they are, or corrected; and when that is enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic

from django.db.models import F

from books.models import Book
from books.profiles import Profile
from downloads.choices import Choice, choices
from downloads.grab import How, grab
from downloads.models import Client, Download
from indexers.models import Release
from indexers.values import with_names
from tame.lib import bell
from tame.lib.errors import TameError

GRAB = "downloads.tasks.grab"
ENOUGH = 10  # presses in a row that took choices as they were
PATIENCE_SECONDS = 45  # a browser waits for the answer


def approve(book: Book, release: Release, *, actor: str) -> Download:
    """Take the choice as TAME put it. One that no rule objects to counts towards more trust.
    Raises what `grab` raises."""
    download, trusting = take_as_put(book, release, actor=actor)
    if trusting is not None:
        trust([trusting])
    return download


def take_as_put(book: Book, release: Release, *, actor: str) -> tuple[Download, Profile | None]:
    """Also the profile whose choice it was; another one in the place of a choice corrects it."""
    put = certain_choice(book)
    download = grab(book, release, actor=actor, how=How.APPROVED)
    if put is None:
        return download, None
    if put.verdict.release_id == release.pk:
        return download, put.profile
    correct(put.profile)
    return download, None


def trust(profiles: Iterable[Profile]) -> None:
    """One decision of a person, for each of these profiles."""
    pks = {profile.pk for profile in profiles}
    Profile.objects.filter(pk__in=pks).update(approvals=F("approvals") + 1)


def certain_choice(book: Book) -> Choice | None:
    return next((choice for choice in choices([book]) if choice.is_certain), None)


def correct_choice(book: Book, release: Release) -> None:
    """A person speaks against what TAME would have taken. Before the word takes effect."""
    put = certain_choice(book)
    if put is not None and put.verdict.release_id == release.pk:
        correct(put.profile)


@dataclass
class Approved:
    """What became of many; `left`: those there was no time for."""

    downloads: list[Download] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    left: int = 0


def approve_all(put: Iterable[Choice], *, actor: str) -> Approved:
    """Every certain one; a box set may have brought a book meanwhile. One press is one decision,
    however many it takes: nobody has looked at each of fifty choices."""
    done, ends, trusting = Approved(), monotonic() + PATIENCE_SECONDS, list[Profile]()
    certain = [choice for choice in put if choice.is_certain]
    for number, choice in enumerate(certain):
        if monotonic() > ends:
            done.left = len(certain) - number
            break
        try:
            release = choice.verdict.release
            download, profile = take_as_put(choice.book, release, actor=actor)
        except TameError as error:
            done.refused.append(f"{choice.book}: {error}")
            continue
        done.downloads.append(download)
        trusting += [profile] if profile else []
    trust(trusting)
    return done


def take_by_hand(
    book: Book,
    release: Release,
    *,
    actor: str,
    client: Client | None = None,
    anyway: bool = False,
) -> Download:
    """A person's own pick. Another than TAME's choice corrects it. Raises what `grab` raises."""
    put = certain_choice(book)
    how = How.ANYWAY if anyway else How.BY_HAND
    download = grab(book, release, actor=actor, client=client, how=how)
    if put is not None and put.verdict.release_id != release.pk:
        correct(put.profile)
    return download


def profile_of(book: Book) -> Profile:
    named = with_names(Book.objects.filter(pk=book.pk)).get()
    return named.chosen_profile() or Profile.usual()


def correct(profile: Profile) -> None:
    """The counting of approvals begins anew."""
    Profile.objects.filter(pk=profile.pk).update(approvals=0)


def correct_download(download: Download) -> None:
    """A person undoes what was taken as TAME had put it."""
    if download.decision.get("how") in (How.APPROVED, How.BY_ITSELF):
        for book in {delivery.book for delivery in download.imports.select_related("book")}:
            correct(profile_of(book))


# --- By itself from now on? -----------------------------------------------------------------------


def to_offer() -> Profile | None:
    """The profile that may be asked, once, whether its choices are taken without a person."""
    asked = Profile.objects.filter(automatic=False, offer_answered=False, approvals__gte=ENOUGH)
    return asked.first()


def answer_offer(profile: Profile, *, yes: bool) -> str:
    Profile.objects.filter(pk=profile.pk).update(automatic=yes, offer_answered=True)
    if not yes:
        return "The choices go on waiting for you."
    bell.ring(GRAB)
    return "From now on what is certain is taken by itself, within the brakes."
