"""Which values of several sources a book gets: pure, no rows.

A source is believed only where title and author agree; where language, narrator or duration are
known and contradict, it speaks of another edition. Who is unsure says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median_low
from typing import Any

from books.metadata import Proposal
from books.metadata.cleaning import is_companion, read_title
from tame.lib.names import same_person
from tame.lib.words import normalise, number_of, romanised, same_title

TRUST: dict[str, tuple[str, ...]] = {  # of each field, the most trustworthy source first
    "title": ("audnexus", "open_library", "librivox", "audiobookshelf"),
    "authors": ("audnexus", "open_library", "librivox", "audiobookshelf", "tags"),
    "subtitle": ("audnexus", "open_library", "audiobookshelf", "tags", "librivox"),
    "year": ("open_library", "librivox", "tags"),  # others give the recording's
    "published_on": ("audnexus", "audiobookshelf"),
    "language": ("audnexus", "tags", "librivox", "audiobookshelf", "open_library"),
    "asin": ("audnexus", "tags", "audiobookshelf"),
    "isbn": ("open_library", "audnexus", "tags", "audiobookshelf"),
    "expected_seconds": ("audnexus", "audiobookshelf", "librivox"),
    "narrators": ("audnexus", "tags", "librivox", "audiobookshelf"),
    "series": ("audnexus", "tags", "audiobookshelf", "open_library", "librivox"),
    "description": ("audnexus", "audiobookshelf", "librivox", "open_library", "tags"),
    "publisher": ("audnexus", "tags", "audiobookshelf", "librivox"),
    "cover_url": ("audnexus", "audiobookshelf", "open_library", "librivox"),
}
NAMES = {"expected_seconds": "seconds", "cover_url": "cover"}  # in a proposal
OF_THE_WORK = {"title", "authors", "subtitle", "year", "series", "description", "cover_url"}
# That it is the very edition; a language that was only found would refuse all others.
NEEDS_PROOF = {"publisher", "published_on", "asin", "isbn", "language"}
FIRST_DOES = {"description", "cover_url", "subtitle"}  # where several differ
ONLY_OF_THE_WORK = {"title", "authors"}  # filled by what was identified, never by what was found
NEAR, NEAR_SECONDS = 0.03, 180  # durations of one recording, as two count it
SPREAD = 1.15  # durations of one book, as several read it
HARMLESS = {"or", "a", "an", "being"}  # first words of a subtitle that makes no other book


@dataclass(frozen=True)
class Known:
    """A book as far as it is known. `languages`: in which it may be; empty: any. `seconds`: of the
    copy that is there. `is_loose`: the title was only guessed, from a link."""

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    narrators: tuple[str, ...] = ()
    languages: frozenset[str] = field(default_factory=frozenset)
    seconds: int | None = None
    asin: str = ""
    isbn: str = ""
    is_loose: bool = False


@dataclass(frozen=True)
class Value:
    """What a field gets, and from which source."""

    value: Any
    source: str


@dataclass(frozen=True)
class Accepted:
    """`is_exact`: found by a number or link of the book's own. `is_proved`: also its narrator or
    duration are those that are known. `is_other`: they contradict, or its language does."""

    proposal: Proposal
    is_exact: bool = False
    is_proved: bool = False
    is_other: bool = False
    has_doubt: bool = False  # only one of both titles has a subtitle


def best(
    known: Known, proposals: Iterable[Proposal], exact: Iterable[Proposal] = ()
) -> dict[str, Value]:
    """What each field should be. `exact`: found by a number or link of the book's own."""
    accepted = [a for p in exact if (a := accept(known, p, is_exact=True))]
    accepted += without_doubt([a for p in proposals if (a := accept(known, p))])
    found = {}
    for name, sources in TRUST.items():
        value = first(name, sources, accepted)
        if value is not None:
            found[name] = value
    return found


def first(name: str, sources: Sequence[str], accepted: Sequence[Accepted]) -> Value | None:
    for source in sources:
        theirs = [one for one in accepted if one.proposal.source == source]
        said = agreed(name, speaking(name, theirs))
        if said:
            return Value(said, source)
    return None


def speaking(name: str, theirs: Sequence[Accepted]) -> list[Proposal]:
    """Whose word counts for the field: what is exact before what was only found."""
    exact = [one.proposal for one in theirs if one.is_exact]
    if exact or name in ONLY_OF_THE_WORK:
        return exact
    if name in OF_THE_WORK:
        return [one.proposal for one in theirs]
    proved = [one.proposal for one in theirs if one.is_proved]
    if proved or name in NEEDS_PROOF:
        return proved
    return [one.proposal for one in theirs if not one.is_other]


def agreed(name: str, proposals: Sequence[Proposal]) -> Any:
    """The one value of those that have any; None where they differ."""
    said = [value for one in proposals if (value := getattr(one, NAMES.get(name, name)))]
    if not said:
        return None
    if name in FIRST_DOES or all(alike(said[0], other) for other in said[1:]):
        return said[0]
    if name == "expected_seconds" and max(said) <= SPREAD * min(said):
        return median_low(said)
    return None


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, tuple):
        return normalise(str(one)) == normalise(str(other))
    return bool(one == other)


# --- Whether it is the same book ------------------------------------------------------------------


def accept(known: Known, proposal: Proposal, *, is_exact: bool = False) -> Accepted | None:
    """None for another book, and for what cannot be told."""
    is_same = is_same_title(known, proposal) and is_same_author(known, proposal)
    if is_exact:
        return Accepted(proposal, is_exact=True) if is_same or known.is_loose else None
    if not is_same or not known.authors:
        return None
    spoken = proposal.language
    if spoken and known.languages and spoken not in known.languages:
        return None
    witness = edition_of(known, proposal)
    doubt = bool(proposal.subtitle) != bool(subtitle_of(known)) and not is_harmless(proposal, known)
    is_own = proposal.source == "tags"
    return Accepted(
        proposal,
        is_proved=witness is True or is_own,
        is_other=witness is False and not is_own,
        has_doubt=doubt and not is_own,
    )


def is_same_title(known: Known, proposal: Proposal) -> bool:
    mine, theirs = subtitle_of(known), proposal.subtitle
    if not same_title(read_title(known.title).title, proposal.title):
        return False
    if mine and theirs:
        openers = {normalise(mine).partition(" ")[0], normalise(theirs).partition(" ")[0]}
        return same_title(mine, theirs) or "or" in openers
    return not is_companion(mine or theirs) and not counts(mine or theirs)


def counts(subtitle: str) -> bool:
    """A number in it makes another book; I, V and X alone may be words."""
    words = [word for word in romanised(subtitle).split() if len(word) > 1 or word.isdigit()]
    return any(number_of(word) is not None for word in words)


def subtitle_of(known: Known) -> str:
    return known.subtitle or read_title(known.title).subtitle


def is_same_author(known: Known, proposal: Proposal) -> bool:
    """One of the book's authors is among them; who is not named contradicts nobody."""
    if not known.authors or not proposal.authors:
        return not known.authors
    return any(same_person(one, other) for one in known.authors for other in proposal.authors)


def is_harmless(proposal: Proposal, known: Known) -> bool:
    words = romanised(proposal.subtitle or subtitle_of(known)).split()
    return bool(words) and words[0] in HARMLESS


def edition_of(known: Known, proposal: Proposal) -> bool | None:
    """Whether it is the edition that is known; None where nothing says so."""
    if known.seconds and proposal.seconds:
        return abs(known.seconds - proposal.seconds) <= max(NEAR_SECONDS, NEAR * known.seconds)
    if known.narrators and proposal.narrators:
        pairs = ((one, other) for one in known.narrators for other in proposal.narrators)
        return any(same_person(*pair) for pair in pairs)
    return None


def without_doubt(accepted: list[Accepted]) -> list[Accepted]:
    """Those whose titles differ in a subtitle give way to those that are equal; several with
    different subtitles are several books."""
    kept = []
    for source in dict.fromkeys(one.proposal.source for one in accepted):
        theirs = [one for one in accepted if one.proposal.source == source]
        sure = [one for one in theirs if not one.has_doubt or one.is_proved]
        subtitles = {normalise(one.proposal.subtitle) for one in theirs}
        kept += sure or (theirs if len(subtitles) == 1 else [])
    return kept


def known_of(proposal: Proposal) -> Known:
    """Of a book that only its files speak of."""
    return Known(
        proposal.title,
        proposal.subtitle,
        proposal.authors,
        proposal.narrators,
        frozenset(filter(None, [proposal.language])),
        proposal.seconds,
        proposal.asin,
        proposal.isbn,
    )
