"""Releases that a search finds beside the right ones, each with the reason why it is wrong."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.indexers.lists.names import Spoken, tail, written_author
from tests.indexers.lists.search import (
    AUDIO,
    COMIC,
    EBOOK,
    FILM,
    MEGABYTE,
    MUSIC,
    OTHERS,
    SOFTWARE,
    Release,
    Search,
)
from tests.indexers.lists.works import (
    Edition,
    Work,
    known_in,
    of_author,
    own_words,
    plain,
    tokens,
    words,
    works,
)

FIRST_NAMES = ("Rosalind", "Miles", "Verity", "Oswin", "Tamsin", "Benedict")
GENERAL = {"poems", "letters", "tales", "essays", "gedichte", "novelle", "shortstories", "rimas"}


def same_author(search: Search) -> Release | None:
    siblings = search.siblings()
    return search.spoken("wrong:same_author", search.chance.choice(siblings)) if siblings else None


def other_volume(search: Search) -> Release | None:
    work, series = search.edition.work, search.edition.series
    others = [e for e in search.siblings() if series and e.series == series]
    if not others:
        return None
    if search.chance.random() < 0.75:
        return search.spoken("wrong:other_volume", search.chance.choice(others))
    last = max([7, *(other.work.position or 0 for other in others)])
    number = search.chance.choice([n for n in (*range(1, last + 1), 7, 7) if n != work.position])
    book = search.word("book").format(number)
    author = written_author(search.edition, search.chance)
    name = search.chance.choice(
        ["{0} - {1} {2:02}", "{0} - {1}, {3}", "{1} {2} - {0}", "{1} {3} {0}"]
    )
    ending = tail(Spoken(search.edition, 9, 64), search.chance)
    return search.audio(
        "wrong:other_volume", name.format(author, series, number, book) + ending, 9, 64
    )


def same_title(search: Search) -> Release:
    real = _of_same_title(search.edition)
    if real and search.chance.random() < 0.7:
        return search.spoken("wrong:same_title", search.chance.choice(real))
    return search.spoken("wrong:same_title", _by(search.chance.choice(OTHERS), search))


def namesake(search: Search) -> Release | None:
    """The same title by another of the same surname, whose first name is not shortened."""
    first, last = search.chance.choice(FIRST_NAMES), search.edition.authors[0].split()[-1]
    found = search.spoken("wrong:namesake", _by(f"{first} {last}", search))
    is_told = first.casefold() in found.name.casefold() and " " in search.edition.authors[0]
    return found if is_told else None


def _by(author: str, search: Search) -> Edition:
    edition, year = search.edition, search.chance.randint(1990, 2022)
    return Edition(Work(author, edition.title, edition.language, year, 9), edition.language)


def _of_same_title(edition: Edition) -> list[Edition]:
    ours, title = of_author(edition.work.author), plain(edition.title)
    alike = [other for other in known_in(edition.language) if plain(other.title) == title]
    return [other for other in alike if other.work not in ours]


def contains(search: Search) -> Release:
    longer = [e for e in _with_words_of(search.edition) if search.chance.random() < 0.6]
    if longer and search.chance.random() < 0.5:
        return search.spoken("wrong:contains", search.chance.choice(longer))
    return search.talk("wrong:contains", "contains", search.chance.uniform(6, 14))


def _with_words_of(edition: Edition) -> list[Edition]:
    title = f" {' '.join(tokens(edition.title))} "
    found = known_in(edition.language)
    longer = [other for other in found if title in f" {' '.join(tokens(other.title))} "]
    return [other for other in longer if plain(other.title) != plain(edition.title)]


def language(search: Search) -> Release:
    work, ours = search.edition.work, search.edition
    tongues = [tongue for tongue in work.titles if tongue != ours.language]
    if tongues and search.chance.random() < 0.8:
        theirs = Edition(work, search.chance.choice(tongues))
        is_alike = plain(theirs.title) == plain(ours.title)
        tag = search.chance.choice(words(theirs.language, "tags")) if is_alike else ""
        return search.spoken("wrong:language", theirs, tag=tag)
    tongues = ["german", "french", "spanish", "italian", "english"]
    foreign = [tongue for tongue in tongues if tongue not in (ours.language, work.language)]
    return search.spoken("wrong:language", _under_our_title(ours, search.chance.choice(foreign)))


def _under_our_title(ours: Edition, foreign: str) -> Edition:
    """In a language that only its tag tells."""
    same = {ours.language: ours.title, foreign: ours.title}
    return Edition(replace(ours.work, translated=same), foreign)


def abridged(search: Search) -> Release:
    return search.spoken("wrong:abridged", search.edition, search.word("abridged"), 0.35)


def drama(search: Search) -> Release:
    part = min(1, search.chance.uniform(1, 3) / search.edition.work.hours)
    return search.spoken("wrong:drama", search.edition, search.word("drama"), part)


def adaptation(search: Search) -> Release:
    part = min(1, search.chance.uniform(0.8, 2) / search.edition.work.hours)
    return search.spoken("wrong:adaptation", search.edition, search.word("adaptation"), part)


def part_of(search: Search) -> Release | None:
    if search.edition.work.hours < 2:
        return None
    count = search.chance.choice([2, 2, 3, 4, 6, 10])
    mark = search.word("part").format(n=search.chance.randint(1, count), m=count)
    return search.spoken("wrong:part", search.edition, mark, 1 / count)


def talk(what: str, least: float, most: float) -> Callable[[Search], Release]:
    def found(search: Search) -> Release:
        return search.talk(f"wrong:{what}", what, search.chance.uniform(least, most))

    return found


def ebook(search: Search) -> Release:
    siblings = [search.edition, search.edition, *search.siblings()[:4]]
    edition = search.chance.choice(siblings)
    shapes = ("{} - {}", "{1} - {0}", "{1} by {0}", "[{}] {}", "{} - {} (retail)")
    shape = search.chance.choice(shapes).replace("{}", "{0}", 1).replace("{}", "{1}", 1)
    name = shape.format(written_author(edition, search.chance), edition.title)
    formats = ("epub", "EPUB", "[epub, mobi]", "(azw3)", "pdf", "[PDF]", "(ePUB)", "EPUB MOBI AZW3")
    is_said = search.chance.random() < 0.85
    name = f"{name} {search.chance.choice(formats)}" if is_said else f"{name} ({edition.work.year})"
    misfiled = is_said and search.chance.random() < 0.2
    size = round(search.chance.uniform(0.2, 6) * MEGABYTE)
    return Release(name, "wrong:ebook", size, AUDIO if misfiled else EBOOK)


def other_medium(what: str, category: int, least: int, most: int) -> Callable[[Search], Release]:
    def found(search: Search) -> Release:
        template = search.word(what)
        name = template.format(
            title=search.edition.title,
            author=search.edition.authors[0],
            other=search.chance.choice(OTHERS),
            dotted=search.edition.title.replace(" ", "."),
            year=search.chance.randint(1970, 2022),
        )
        filed = AUDIO if search.chance.random() < 0.12 else category
        size = search.chance.randint(least, most) * MEGABYTE
        return Release(name, f"wrong:{what}", size, filed)

    return found


def box_set(search: Search) -> Release | None:
    """One that holds the wanted work: to be offered, not to be taken."""
    edition, siblings = search.edition, search.siblings()
    if plain(edition.title) in GENERAL:
        return None
    series = [e.work.position or 0 for e in siblings if e.series == edition.series != ""]
    language = edition.language
    if len(series) > 1 and search.chance.random() < 0.5:
        last = max(*series, edition.work.position or 0)
        templates = own_words(language, "whole_series") or words("english", "whole_series")
        name = _box_name(search, templates, last=last)
        return search.audio("boxset", name, 9 * last)
    if not siblings:
        return None
    count = search.chance.randint(6, 40)
    another = search.chance.choice(siblings).title
    name = _box_name(search, words(language, "everything"), count=count, another=another)
    return search.audio("boxset", name, 9 * count)


def other_box_set(search: Search) -> Release | None:
    edition, siblings = search.edition, search.siblings()
    series = sorted(e.work.position or 0 for e in siblings if e.series == edition.series != "")
    ranges = [
        (first, last)
        for first in series
        for last in series
        if first < last and not first <= (edition.work.position or 0) <= last
    ]
    if ranges and search.chance.random() < 0.7:
        first, last = search.chance.choice(ranges)
        name = _box_name(search, words(edition.language, "some_series"), first=first, last=last)
        return search.audio("wrong:box_set", name, 9 * (last - first + 1))
    if len(siblings) < 3:
        return None
    three = search.chance.sample(siblings, 3)
    titles = ", ".join(other.title for other in three)
    name = f"{edition.authors[0]} - {titles}{tail(Spoken(three[0], 20, 64), search.chance)}"
    return search.audio("wrong:box_set", name, sum(other.work.hours for other in three))


def _box_name(search: Search, templates: Sequence[str], **more: object) -> str:
    edition = search.edition
    author = written_author(edition, search.chance)
    return search.chance.choice(templates).format(
        author=author, title=edition.title, series=edition.series, **more
    )


def noise(search: Search) -> Release:
    long = [word for word in tokens(search.edition.title) if len(word) > 3]
    wanted = search.chance.choice([*long, *tokens(search.edition.authors[0])[-1:]])
    sharing = [work for work in works() if wanted in tokens(f"{work.author} {work.title}")]
    foreign = [work for work in sharing if work not in of_author(search.edition.work.author)]
    if search.chance.random() < 0.5:
        work = search.chance.choice(foreign or works())
        if work not in of_author(search.edition.work.author):
            return search.spoken("wrong:noise", Edition.of(work, search.edition.language))
    other = search.chance.choice(OTHERS)
    name = search.word("noise").format(word=string.capwords(wanted), other=other)
    filed = search.chance.choice([AUDIO, AUDIO, MUSIC, SOFTWARE, FILM])
    return replace(search.audio("wrong:noise", name, 6), category=filed)


REASONS: tuple[tuple[int, Callable[[Search], Release | None]], ...] = (
    (18, same_author),
    (13, other_volume),
    (6, same_title),
    (2, namesake),
    (7, contains),
    (7, talk("guide", 0.4, 3)),
    (3, talk("about", 3, 14)),
    (4, talk("pastiche", 5, 12)),
    (10, ebook),
    (6, abridged),
    (5, drama),
    (3, adaptation),
    (6, part_of),
    (7, language),
    (3, other_medium("film", FILM, 700, 9000)),
    (2, other_medium("sound", MUSIC, 80, 400)),
    (2, other_medium("song", MUSIC, 40, 500)),
    (2, other_medium("comic", COMIC, 30, 300)),
    (6, box_set),
    (4, other_box_set),
    (10, noise),
)
