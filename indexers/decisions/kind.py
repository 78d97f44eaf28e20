"""What kind of thing it is: a spoken book, whole, as it was written."""

from __future__ import annotations

import re

from indexers.decisions.case import Case, Objection
from indexers.decisions.figures import SMALLEST
from indexers.decisions.title import COLLECTED
from indexers.names.gaps import EPISODES
from indexers.names.markers import Mark
from indexers.names.titles import Shape
from tame.lib.words import number_of

EBOOKS = range(7000, 8000)
VIDEOS = range(2000, 3000)
LARGEST_TEXT = 50 * 10**6  # bytes; what is larger may be sound with a text beside it
ALONE = {"single story", "one story"}  # that may be the wanted one
WORKS = COLLECTED | {  # of which a box set of all an author wrote may speak
    "novels", "novellas", "poetry", "books", "fiction", "prose", "all", "and", "the",
}  # fmt: skip
EPISODE_WORDS = frozenset(EPISODES.split())
FIRST_BOOK = ("book 1", "book one")  # it may be the first of a series that nobody told us of


def medium(case: Case) -> Objection | None:
    """Audio wins over e-book formats: a bundle is right. A category alone only casts doubt."""
    fit = case.fit
    if fit.has(Mark.VIDEO):
        return Objection("medium", "It is a film.")
    if is_comic(case):
        return Objection("medium", "It is a comic.")
    if fit.has(Mark.MUSIC) and not fit.has(Mark.UNABRIDGED):
        return Objection("medium", "It is music.")
    sounds = fit.audio_formats or fit.has(Mark.BITRATE) or fit.is_bundle
    if fit.has(Mark.EBOOK) and not sounds:
        large = case.offer.size is not None and case.offer.size > LARGEST_TEXT
        return Objection("medium", "It is an e-book without sound.", is_grave=not large)
    return by_category(case)


def is_comic(case: Case) -> bool:
    """CBR beside a format of sound is a constant bit rate."""
    said = set(case.fit.marks.get(Mark.COMIC, []))
    sounds = case.fit.audio_formats or case.fit.has(Mark.BITRATE)
    return bool(said - {"cbr"} if sounds else said)


def by_category(case: Case) -> Objection | None:
    sounds = case.fit.has(Mark.AUDIO, Mark.BITRATE, Mark.UNABRIDGED, Mark.NARRATOR)
    if sounds or not case.offer.categories:
        return None
    if all(number in VIDEOS for number in case.offer.categories):
        return Objection("medium", "Its indexer files it under films.")
    if all(number in EBOOKS for number in case.offer.categories):
        small = case.offer.size is not None and case.offer.size < SMALLEST
        return Objection("medium", "Its indexer files it under e-books.", is_grave=small)
    return None


def abridged(case: Case) -> Objection | None:
    if case.taste.wants_abridged or not case.fit.has(Mark.ABRIDGED):
        return None
    return Objection("abridged", "It is abridged.")


def dramatised(case: Case) -> Objection | None:
    """A full cast that reads the whole text is the book."""
    fit = case.fit
    if case.taste.wants_dramatised or fit.has(Mark.UNABRIDGED):
        return None
    if fit.has(Mark.DRAMATISED):
        return Objection("dramatised", "It is a dramatisation.")
    if fit.has(Mark.CAST):
        return Objection(
            "dramatised", "A full cast reads it, and nothing says unabridged.", is_grave=False
        )
    return None


def part(case: Case) -> Objection | None:
    fit = case.fit
    if fit.has(Mark.SAMPLE):
        return Objection("part", "It is a sample.")
    parts = [said for said in fit.marks.get(Mark.PART, []) if not counts_series(said, case)]
    if parts:
        is_grave = not (set(parts) <= ALONE and fit.shape is Shape.FULL)
        return Objection("part", f"It is {parts[0]}, not the whole book.", is_grave=is_grave)
    episodes = [said for said in fit.marks.get(Mark.NUMBER, []) if is_episode(said)]
    if episodes and not case.wanted.places:
        return Objection("part", f"It is {episodes[0]}, not the whole book.")
    if fit.only:
        return Objection("part", f"It is “{fit.only}”.")
    if case.is_range_of_parts:
        return Objection("part", "It holds a range of the book's parts, not the whole book.")
    if fit.volume_alone and not case.wanted.places:
        is_grave = fit.volume_alone not in FIRST_BOOK
        return Objection("part", f"It is {fit.volume_alone} only.", is_grave=is_grave)
    return None


def is_episode(said: str) -> bool:
    return not EPISODE_WORDS.isdisjoint(said.split())


def is_book(said: str) -> bool:
    """`Book 3 of 11`, and no chapter or disc."""
    return said.split()[0] in ("book", "volume", "vol", "band", "tome", "tomo", "deel", "tom")


def counts_series(said: str, case: Case) -> bool:
    """`Tales of Barset, 2 of 6` and, beside a series that is named, `Teil 2`: the second one is
    wanted."""
    wanted = {place.number for place in case.wanted.places if place.number is not None}
    digits = re.findall(r"\d+", said)
    if len(digits) > 1 and (said[0].isdecimal() or (case.fit.series and is_book(said))):
        return int(digits[0]) in wanted
    only = [number for word in said.split() if (number := number_of(word)) is not None]
    is_place = case.fit.series and not wanted & set(case.fit.numbers)  # it is not said already
    return is_place and len(only) == 1 and only[0] in wanted


def about(case: Case) -> Objection | None:
    if not case.fit.has(Mark.ABOUT):
        return None
    said = case.fit.marks[Mark.ABOUT][0]
    return Objection("about the book", f"“{said}”: it is about the book, not the book.")


def retold(case: Case) -> Objection | None:
    if not case.fit.has(Mark.RETOLD):
        return None
    said = case.fit.marks[Mark.RETOLD][0]
    return Objection("retold", f"“{said}”: it is made from the book, not the book.")


def box_set(case: Case) -> Objection | None:
    """Offered where the book is in it; taken by itself only where the profile says so."""
    if not case.is_box_set:
        return None
    fit = case.fit
    numbers = [place.number for place in case.wanted.places if place.number is not None]
    if fit.range and numbers and not any(fit.range[0] <= n <= fit.range[1] for n in numbers):
        first, last = fit.range
        return Objection("box set", f"It holds the volumes {first:g} to {last:g}, not this one.")
    if not (case.has_title or fit.series or fit.is_hinted):
        if not case.has_author:
            return Objection("box set", "It is a box set, and nothing says that the book is in it.")
        strange = [*case.strangers, fit.behind, fit.before]
        if any(not WORKS.issuperset(words) for words in strange):
            return Objection("box set", "It is a box set of something else.")
    if case.taste.takes_box_sets or all_of_it_is_wanted(case):
        return None
    return Objection("box set", "It is a box set that may hold the book.", is_grave=False)


def all_of_it_is_wanted(case: Case) -> bool:
    """It says which volumes it holds, and each of them is wanted."""
    if not case.fit.range:
        return False
    first, last = case.fit.range
    volumes = {float(number) for number in range(int(first), int(last) + 1)}
    return any(volumes <= set(place.wanted) for place in case.wanted.places)
