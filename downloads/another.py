"""Whether the files call themselves another book than the one that is wanted.

Tags are often wrong, or a reader's and a translator's: only what is told by all of them, and
excused by nothing, is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from books.crediting import called
from books.metadata.cleaning import read_title
from books.metadata.tags import CHAPTER, Said, album_of, most_frequent, people_of
from books.models import Author, Book, Credit
from books.sound import Sound
from downloads.doubts import DoubtError
from downloads.manifest import Line, sound
from downloads.models import Import
from downloads.states import Doubt
from indexers.names.fitting import fit
from indexers.names.markers import FUNCTION_WORDS
from indexers.names.parsing import read_name
from indexers.names.titles import Shape
from indexers.values import wanted_of, with_names
from indexers.wanted import Wanted, language_code
from tame.lib.names import are_namesakes, same_person
from tame.lib.words import find_words, normalise, romanised, same_title, same_title_word

LEAST_NAMES = 2  # of a person: a single word may be anything
NO_PERSON = frozenset(
    normalise(
        """
        audio audiobook audiobooks audible book books publishing publisher publishers press verlag
        media studio studios production productions recorded records recordings entertainment radio
        bbc naxos librivox hachette penguin random house harper brilliance blackstone tantor podium
        cast theatre company group digital classics library edition editions inc ltd gmbh llc com
        net org www various unknown artist artists author authors narrator reader volunteers the of
        and
        """
    ).split()
)
ONE_NAME = frozenset(  # who are known by it, and need no second one to be a person
    normalise(
        """
        homer hesiod sappho aesop pindar aeschylus sophocles euripides aristophanes herodotus
        thucydides xenophon plato aristotle epictetus plutarch lucian virgil horace ovid livy
        tacitus suetonius lucretius cicero seneca boethius dante petrarch moliere voltaire
        stendhal novalis multatuli colette saki ouida
        """
    ).split()
)
NO_TITLE = frozenset(
    normalise(
        """
        unknown album audio audiobook audiobooks book books hörbuch untitled new title no track
        tracks disc disk cd side part chapter volume mp3 m4b podcast speech spoken word fiction
        novel classics classic literature collection various my music librivox recording unabridged
        abridged the a of and none na n complete
        """
    ).split()
)


def check_is_no_other(row: Import, lines: Sequence[Line], sounds: Sequence[Sound]) -> None:
    """Raises DoubtError where all files name another title, and another author."""
    if row.book.expected_seconds or a_person_said(row):  # better witnesses
        return
    said = said_by(sounds)
    title, authors = read_title(album_of(said)).title, people_of(said)[0]
    if not is_real_title(title):
        return
    [book] = with_names(Book.objects.filter(pk=row.book_id))
    wanted = wanted_of(book)
    if fits(title, said, wanted):
        return
    if is_called_so(row, lines, title, authors, wanted) and not is_known(title, authors, book):
        return
    if is_by_them(said, wanted):
        if not is_another_of_theirs(title, book):
            return
    elif not is_by_another(authors) or may_be_translated(title, wanted):
        return
    raise DoubtError(
        f"The files say they are {in_words(title, authors)}, not “{row.book}”. If only "
        "their tags are wrong, import it anyway; else say that it is the wrong book.",
        Doubt.BOOK,
    )


def in_words(title: str, authors: Sequence[str]) -> str:
    return f"“{title}” by {' and '.join(authors)}" if authors else f"“{title}”"


def tagged(sounds: Sequence[Sound]) -> str:
    """What the files call their book, for a person who compares; empty where they do not."""
    said = said_by(sounds)
    title = read_title(album_of(said)).title
    return in_words(title, people_of(said)[0]) if is_real_title(title) else ""


def a_person_said(row: Import) -> bool:
    """Which book a folder is, or which files are the book, or that this is right."""
    overruled = {Doubt.BOOK, Doubt.FILES} & set(row.overruled)
    return row.download is None or bool(row.chosen_files) or bool(overruled)


def said_by(sounds: Sequence[Sound]) -> Said:
    """What all of them say of the whole; nothing where the albums differ or one has none."""
    albums = {normalise(one.album) for one in sounds}
    if len(albums) > 1 or (len(sounds) > 1 and albums == {""}):
        return Said({}, len(sounds))
    tags = [sounds[at].tags for at in sorted({0, len(sounds) // 2, len(sounds) - 1})]
    people = {people_of(most_frequent([one]))[0] for one in tags}
    return most_frequent(tags) if len(people) == 1 else Said({}, len(sounds))


def is_real_title(title: str) -> bool:
    words = [word for word in normalise(title).split() if not word.isdecimal()]
    return bool(set(words) - NO_TITLE) and not CHAPTER.fullmatch(title)


def is_by_another(authors: Sequence[str]) -> bool:
    return bool(authors) and all(is_real_person(name) for name in authors)


def is_known(title: str, authors: Sequence[str], book: Book) -> bool:
    """Another book of TAME's, by its title and its author: then no name speaks for this one."""
    people = called(Author, authors).values()
    books = Book.objects.filter(credits__role=Credit.Role.AUTHOR, credits__author__in=people)
    titles = books.exclude(pk=book.pk).values_list("title", flat=True).distinct()
    return any(same_title(title, one) for one in titles)


def is_another_of_theirs(title: str, book: Book) -> bool:
    """A book that TAME knows: else it may be this one's title in another language."""
    kin = Book.objects.filter(people__credits__book=book.pk).exclude(pk=book.pk)
    return any(same_title(title, one) for one in kin.values_list("title", flat=True).distinct())


def is_real_person(name: str) -> bool:
    """A single word may be anything, unless it is known as an author's."""
    words = normalise(name).split()
    if len(words) < LEAST_NAMES and not is_known_by_it(words):
        return False
    return all(word.isalpha() and word not in NO_PERSON for word in words)


def is_known_by_it(words: Sequence[str]) -> bool:
    written = Author.objects.filter(normalised__in=words, credits__role=Credit.Role.AUTHOR)
    return not ONE_NAME.isdisjoint(words) or written.exists()


def fits(title: str, said: Said, wanted: Wanted) -> bool:
    """In any of its spellings, or by one telling word that both share; or it is the series."""
    texts = [title, *(said.first(name) for name in ("title", "album", "subtitle", "series"))]
    if any(names(text, wanted) for text in texts if text):
        return True
    own = telling(" ".join([wanted.title, wanted.subtitle, *(p.series for p in wanted.places)]))
    return any(same_title_word(a, b) for a in own for b in telling(title))


def names(text: str, wanted: Wanted) -> bool:
    """The title, a short form of it, or the series."""
    if same_title(text, wanted.title):
        return True
    return fit(read_name(text), wanted).shape is not Shape.NONE


def telling(text: str) -> set[str]:
    small = set().union(*FUNCTION_WORDS.values())
    return {w for w in romanised(text).split() if w not in small | NO_TITLE and len(w) > 1}


def is_by_them(said: Said, wanted: Wanted) -> bool:
    """Anybody of the book is in any tag: the author, who may call it otherwise, or who reads it.
    Of a namesake, as a sister, the surname says nothing."""
    known = [*wanted.authors, *wanted.other_names, *wanted.narrators]
    if not wanted.authors:
        return True
    tagged = [name for group in people_of(said) for name in group]
    if any(same_person(one, other) for one in tagged for other in known):
        return True
    authors = [*wanted.authors, *wanted.other_names]
    others = [name for name in tagged if any(are_namesakes(name, one) for one in authors)]
    told = [without(romanised(text), others) for text in said.tags.values()]
    surnames = [romanised(name).split()[-1:] for name in known]
    return any(last and find_words(words, last) for last in surnames for words in told)


def without(text: str, names: Sequence[str]) -> list[str]:
    """Its words, but for these names, whichever part of them comes first."""
    text = f" {text} "
    for name in names:
        *given, surname = romanised(name).split()
        for way in ([*given, surname], [surname, *given]):
            text = text.replace(f" {' '.join(way)} ", " ")
    return text.split()


def may_be_translated(title: str, wanted: Wanted) -> bool:
    """By its small words it is of another language than the wanted one; or by its letters."""
    if romanised(title).isascii() != romanised(wanted.title).isascii():
        return True
    if normalise(title).isascii() != normalise(wanted.title).isascii() or not title.isascii():
        return True
    theirs, own = tongues_of(title), tongues_of(wanted.title)
    if own and theirs:
        return not own & theirs
    language = language_code(wanted.language) or "eng"
    return bool(theirs) and language not in theirs


def tongues_of(title: str) -> set[str]:
    words = set(romanised(title).split())
    return {code for code, small in FUNCTION_WORDS.items() if words & small}


def is_called_so(
    row: Import, lines: Sequence[Line], title: str, authors: Sequence[str], wanted: Wanted
) -> bool:
    """Every file is called as the wanted book; or a name that names it names what the tags say as
    well: its title in another language, or who reads it."""
    paths = [PurePosixPath(line.path) for line in sound(lines)]
    if all(names(path.stem, wanted) for path in paths):
        return True
    release = [row.download.title] if row.download else []
    called = dict.fromkeys([*release, *(part for path in paths for part in path.parts)])
    told = [romanised(text).split() for text in (title, *authors)]
    mine = [romanised(name).split() for name in called if names(name, wanted)]
    return any(find_words(name, words) for name in mine for words in told)
