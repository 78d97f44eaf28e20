"""The name that an indexer would show for a spoken edition, in one of many shapes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from random import Random

from tests.indexers.lists.works import Edition, folded, known_of, own_words, tokens, words, works

SHAPES = (
    (14, "{author} - {title}"),
    (8, "{title} - {author}"),
    (12, "{title} {by} {author}"),
    (7, "{last_first} - {title}"),
    (5, "{title} ({author})"),
    (4, "[{author}] {title}"),
    (4, "{author} - {year} - {title}"),
    (3, "{author}: {title}"),
    (3, "{author} \u2013 {title}"),
    (2, "{title}, {author}"),
    (2, "{title} [{author}]"),
    (2, "{surname} - {title}"),
)
IN_SERIES = (
    (6, "{author} - [{series} {position:02}] - {title}"),
    (6, "{author} - {series} {position:02} - {title}"),
    (5, "{author} - {title} ({series} #{position})"),
    (4, "{author} - {title} ({series}, {book})"),
    (3, "{series} {position} - {title} - {author}"),
    (3, "{title}: {series}, {book} - {author}"),
    (3, "{last_first} - {series} {position:02} - {title}"),
)
BRACKETS = (" [{}]", " ({})", " - {}", " {}", " {{{}}}")
PARTICLES = {"de", "van", "von", "of"}


@dataclass(frozen=True)
class Spoken:
    """What is said of a recording; the mark says why it is not the whole work."""

    edition: Edition
    hours: float
    kbps: int
    mark: str = ""
    tag: str = ""


def name_of(spoken: Spoken, chance: Random) -> str:
    if chance.random() < 0.1:
        return _scene(spoken, chance)
    name = _head(spoken.edition, chance) + tail(spoken, chance)
    if chance.random() < 0.12:
        name = folded(name)
    if chance.random() < 0.1:
        name = name.replace(" ", "_")
    elif chance.random() < 0.04:
        name = name.lower()
    return _framed(name, chance)


def _framed(name: str, chance: Random) -> str:
    if chance.random() < 0.05:
        site = chance.choice(["[www.books.example]", "books.example -", "[ listen.example ]"])
        return f"{site} {name}"
    return f"{name}-{chance.choice(['GRP', 'EARS', 'iNSPiRE'])}" if chance.random() < 0.06 else name


def _scene(spoken: Spoken, chance: Random) -> str:
    edition = spoken.edition
    tag = spoken.tag or (_tag(edition, chance) if edition.needs_a_tag else "")
    reading = "" if spoken.mark else chance.choice(["", "Unabridged"])
    said = (written_author(edition, chance), edition.title, spoken.mark, reading, tag)
    parts = [*said, chance.choice(["AUDIOBOOK", "MP3", ""]), f"{chance.randint(2005, 2024)}", "GRP"]
    bare = [re.sub(r"[^\w'+-]+", ".", folded(part)).strip(".") for part in parts if part]
    return chance.choice(["-", ".-.", "."]).join(bare)


def _head(edition: Edition, chance: Random) -> str:
    shapes = [*SHAPES, *((5, shape) for shape in own_words(edition.language, "shapes"))]
    work = edition.work
    if edition.series and chance.random() < 0.5:
        shapes = list(IN_SERIES)
    shape = chance.choices([shape for _, shape in shapes], [weight for weight, _ in shapes])[0]
    author, single = written_author(edition, chance), edition.authors[0]
    first, last = first_last(single, work.author) or ("", "")
    return shape.format(
        author=author,
        title=written_title(edition, chance),
        by=chance.choice(words(edition.language, "by") or ["-"]),
        last_first=f"{last}, {first}" if last else author,
        last=last or author,
        first=first,
        initials=_initials(first),
        surname=last if last and not _is_shared(last) else author,
        year=work.year,
        series=edition.series,
        position=work.position or 0,
        book=chance.choice(words(edition.language, "book")).format(work.position),
    ).strip()


def first_last(author: str, known_as: str) -> tuple[str, str] | None:
    """None for a name that is not turned round."""
    known = known_of(known_as)
    parts = author.split()
    if known.get("whole") or len(parts) < 2:
        return None
    last = str(known.get("last", parts[-1]))
    if not author.endswith(last):
        last = parts[-1]
    return author.removesuffix(last).strip(), last


@cache
def _surnames() -> Counter[str]:
    authors = {work.author for work in works()}
    return Counter(author.split()[-1] for author in authors)


def _is_shared(last: str) -> bool:
    return len(last) < 6 or _surnames()[last] > 1


def _initials(first: str) -> str:
    return " ".join(f"{part[0]}." for part in first.split() if part not in PARTICLES)


def written_author(edition: Edition, chance: Random) -> str:
    names, roll = edition.authors, chance.random()
    if len(names) > 1:
        joined = chance.choice([" & ", ", ", f" {words(edition.language, 'and')[0]} "])
        return joined.join(names) if roll < 0.8 else names[0]
    also: list[str] = known_of(edition.work.author).get("also", [])
    if roll < 0.08 and also and names[0] == edition.work.author:
        other = chance.choice(also)
        is_spelling = set(tokens(other)) & set(tokens(names[0]))
        return other if is_spelling else f"{names[0]} ({other})"
    turned = first_last(names[0], edition.work.author)
    if roll < 0.15 and turned:
        first, last = _initials(turned[0]), turned[1]
        return f"{chance.choice([first, first.replace(' ', ''), re.sub('[. ]', '', first)])} {last}"
    return names[0]


def written_title(edition: Edition, chance: Random) -> str:
    title, work, roll = edition.title, edition.work, chance.random()
    is_first = edition.language == work.language
    if roll < 0.08 and work.subtitle and is_first:
        return title + chance.choice([": ", " - ", ", or, ", "; or, "]) + work.subtitle
    if roll < 0.1 and work.also and is_first:
        return chance.choice(work.also)
    article, _, rest = title.partition(" ")
    if roll < 0.15 and rest and article in words(edition.language, "articles"):
        return f"{rest}, {article}"
    if roll < 0.18:
        return title.replace(" and ", " & ").replace(" und ", " & ")
    return title.replace("'", "\u2019") if roll < 0.21 else title


def _tag(edition: Edition, chance: Random) -> str:
    return chance.choice(words(edition.language, "tags"))


def tail(spoken: Spoken, chance: Random) -> str:
    edition, language = spoken.edition, spoken.edition.language
    tag, sound = spoken.tag or _tag(edition, chance), _sound(spoken.kbps, chance)
    if chance.random() < 0.12:
        mark = f" ({spoken.mark})" if spoken.mark else ""
        return f"{mark} [{tag} / {chance.choice(['M4B', 'MP3', 'M4B MP3'])}]"
    reader = chance.choice(["LibriVox", *words(language, "people")])
    said = [
        (0.15, str(chance.choice([edition.work.year, chance.randint(1995, 2025)]))),
        (0 if spoken.mark else 0.25, chance.choice(words(language, "unabridged"))),
        (0.3, chance.choice(words(language, "audiobook"))),
        (0.2, chance.choice(words(language, "read")).format(reader)),
        (0.05, _duration(spoken.hours)),
        (0.03, "LibriVox"),
        (_of_translation(edition), f"translated by {chance.choice(words('english', 'people'))}"),
        (0.6, sound),
        (1 if spoken.tag or edition.needs_a_tag else 0.12, tag),
        (0.03, chance.choice(["MP3 + EPUB", "M4B+PDF", "audio + ebook"])),
    ]
    chosen = [text for share, text in said if chance.random() < share]
    if spoken.mark:
        chosen.insert(chance.choice([0, 0, len(chosen)]), spoken.mark)
    around = chance.choice(BRACKETS[:2])
    mixed = chance.random() < 0.4
    return "".join((chance.choice(BRACKETS) if mixed else around).format(t) for t in chosen)


def _of_translation(edition: Edition) -> float:
    return 0.1 if edition.language == "english" != edition.work.language else 0


def _duration(hours: float) -> str:
    return f"{int(hours)}h {int(hours % 1 * 60):02}m"


def _sound(kbps: int, chance: Random) -> str:
    if kbps > 400:
        return chance.choice(["FLAC", "FLAC Lossless"])
    forms = ("MP3", "M4B", "MP3 {}kbps", "{} kbps", "{}k MP3", "M4B {}kbps", "mp3@{}", "MP3 CBR {}")
    return chance.choice(forms).format(kbps)
