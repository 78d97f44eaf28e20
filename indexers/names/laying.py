"""What the wanted book explains in a release name: its authors, its title, its series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexers.names.dashes import are_dashes, parted
from indexers.names.marking import Marking
from indexers.names.parsing import Token, mark_of
from indexers.names.people import (
    NAMELESS,
    RANKS,
    Found,
    Naming,
    behind_comma,
    find_person,
    own_words,
)
from indexers.names.roles import Roles
from indexers.names.standing import places_of
from indexers.names.titles import (
    ARTICLES,
    JOINING,
    NUMBERED,
    Shape,
    articles_of,
    base_of,
    forms_of,
    last_number,
    title_words,
)
from indexers.wanted import Wanted
from tame.lib.pen_names import pen_names
from tame.lib.words import find_words, normalise, number_of, same_word

JOINTS = {"of", "de", "d", "di", "du", "da", "do", "av", "af", "door", "van", "des", "od"}
LISTING = {",", "&", "+", "/", ";", "."}
GIVEN_TOO = {"dante", "homer", "horace", "virgil"}  # who is called by one name
TELLING = 4  # letters of a word that stands for a title


def lay(tokens: Sequence[Token], wanted: Wanted, *, author_first: bool, has_dash: bool) -> Roles:
    """One way of explaining the tokens: by the book, and what is left by the vocabulary.
    `has_dash`: so its hyphens are none."""
    laying = lay_by_book(tokens, wanted, author_first=author_first)
    if not has_dash and are_dashes(laying.roles):
        laying = lay_by_book(parted(laying.roles), wanted, author_first=author_first)
    Marking(laying.roles)
    laying.lay_hints()
    return laying.roles


def lay_by_book(tokens: Sequence[Token], wanted: Wanted, *, author_first: bool) -> Laying:
    laying = Laying(Roles(tokens, title_words(wanted)), wanted)
    laying.lay_book(author_first=author_first)
    return laying


class Laying:
    """Gives roles to what the wanted book explains."""

    def __init__(self, roles: Roles, wanted: Wanted) -> None:
        self.roles, self.wanted = roles, wanted
        self.tokens, self.role, self.laid = roles.tokens, roles.role, roles.laid
        self.take, self.same_run = roles.take, roles.same_run

    def lay_book(self, *, author_first: bool) -> None:
        steps = [self.lay_author, self.lay_title]
        for step in steps if author_first else reversed(steps):
            step()
        if self.laid.author.naming not in (Naming.NAMED, Naming.SURNAME):
            self.lay_author()  # `DICKENS Hard Times`: now the title ends his name
        self.lay_author_in_title()
        self.lay_bearer()
        self.lay_namesake()
        self.lay_series()
        self.lay_decimals()
        self.lay_joints()
        self.lay_narrators()

    # --- Names ------------------------------------------------------------------------------------

    def lay_author(self) -> None:
        """Of his other names only a whole one counts: who knows what else bears its surname."""
        found = [Found(Naming.SURNAME)] if self.is_nameless() else []
        for author in self.wanted.authors:
            found += self.take_person(author, "author", (Naming.NAMED, Naming.SURNAME))
        for author in self.wanted.other_names + pen_names(self.wanted.authors):
            persons = self.take_person(author, "author", (Naming.NAMED,))
            found += [person for person in persons if person.naming is Naming.NAMED]
        order = list(Naming)
        self.laid.author = min([self.laid.author, *found], key=lambda at: order.index(at.naming))

    def lay_namesake(self) -> None:
        """`Gaskell, Oswin`: what stands behind the comma is neither the title nor a given name."""
        found = self.laid.author
        surname = found.end - 1
        first = found.start == 0 or not self.same_run(found.start - 1, found.start)
        if found.spelt_out:
            self.laid.namesake = found.spelt_out.title()
        elif found.naming is Naming.SURNAME and found.end and first and self.roles.start >= 0:
            given = behind_comma(self.tokens, self.roles.free, surname)
            said = [*given, self.tokens[surname].word] if given else []
            self.laid.namesake = " ".join(said).title()

    def lay_author_in_title(self) -> None:
        """`Narrative of the Life of Frederick Douglass`, by himself."""
        named = [own_words(author)[0] for author in self.wanted.authors]
        within = any(words and self.roles.title_words.issuperset(words) for words in named)
        if self.laid.author.naming is Naming.MISSING and self.laid.shape is Shape.FULL and within:
            self.laid.author = Found(Naming.SURNAME)

    def lay_bearer(self) -> None:
        """Dante Gabriel Rossetti bears Dante's name."""
        start, at = self.laid.author.start, self.laid.author.end
        is_given = at == start + 1 and self.tokens[start].word in GIVEN_TOO
        following = [n for n in range(at, len(self.tokens))[:1] if self.same_run(start, n)]
        if is_given and any(not (self.role[n] or self.tokens[n].soft) for n in following):
            text = f"{self.tokens[start].raw} {self.tokens[at].raw}"
            self.laid.author = Found(Naming.OTHER, start, at + 1, text)

    def is_nameless(self) -> bool:
        return any(normalise(author) in NAMELESS for author in self.wanted.authors)

    def take_person(self, name: str, role: str, sure: tuple[Naming, ...]) -> list[Found]:
        found = find_person(name, self.tokens, self.roles.free)
        for person in found:
            if person.naming in sure:
                self.take(person.start, person.end, role)
        return found

    def lay_decimals(self) -> None:
        """A novella's place between two volumes, 2.5: two words, as dots may stand for blanks."""
        for place in self.wanted.places:
            whole, _, part = f"{place.number or 0:g}".partition(".")
            for at in range(len(self.tokens) - 1) if part else ():
                said = [token.word.lstrip("0") for token in self.tokens[at : at + 2]]
                free = not (self.role[at] or self.role[at + 1])
                if said == [whole.lstrip("0"), part] and free and self.same_run(at, at + 1):
                    self.take(at, at + 2, "number")
                    self.laid.numbers.append(float(f"{whole}.{part}"))

    def lay_joints(self) -> None:
        """`of the Emperor` in `The Meditations of the Emperor Marcus Aurelius`."""
        for at in range(1, len(self.tokens)):
            if self.role[at] == "author" and not self.role[at - 1]:
                before = at - 1
                while self.is_beside(before, at) and self.tokens[before].word in RANKS | ARTICLES:
                    before -= 1
                if self.is_beside(before, at) and self.tokens[before].word in JOINTS:
                    self.take(before, before + 1, "joint")
                    self.take(before + 1, at, "author")

    def is_beside(self, before: int, at: int) -> bool:
        return before >= 0 and not self.role[before] and self.same_run(before, at)

    def lay_narrators(self) -> None:
        sure = (Naming.NAMED, Naming.SURNAME)
        for narrator in self.wanted.narrators:
            persons = self.take_person(narrator, "narrator", sure)
            self.laid.narrators += [narrator for person in persons if person.naming in sure]

    # --- Title and series -------------------------------------------------------------------------

    def lay_title(self) -> None:
        words = self.roles.free_words
        for form in forms_of(self.wanted):
            if places := self.outside_series(places_of(form, words)):
                first = min(places, key=self.strangers)
                self.roles.start, self.roles.end = first
                self.laid.shape = form.shape
                again = [] if form.shape is Shape.SERIES else filter(self.stands_alone, places)
                for start, end in [(first[0], self.with_volume(first[1])), *again]:
                    self.take(start, end, "title")
                    self.take_article(start)
                return

    def outside_series(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """`The Cranford Chronicles: Cranford and two others`: rather the second one."""
        rows = list(self.series_places()) if len(places) > 1 else []
        outside = [
            (start, end)
            for start, end in places
            if not any(at <= start and end <= last for at, last in rows)
        ]
        return outside or places

    def series_places(self) -> Iterator[tuple[int, int]]:
        words = self.roles.free_words
        for form in forms_of(self.wanted):
            if form.shape is Shape.SERIES:
                for at in find_words(words, form.words):
                    yield at, at + len(form.words)

    def with_volume(self, end: int) -> int:
        """`Winnetou, Erster Band` for Winnetou I."""
        is_number = number_of(self.tokens[end - 1].word) is not None
        goes_on = end < len(self.tokens) and self.same_run(end - 1, end)
        if is_number and goes_on and self.tokens[end].word in NUMBERED:
            self.roles.end = end + 1
        return self.roles.end

    def stands_alone(self, place: tuple[int, int]) -> bool:
        """The title once more, with nothing beside it."""
        return not self.strangers(place)[0]

    def take_article(self, start: int) -> None:
        at = start - 1
        articles = articles_of(self.wanted)
        if at >= 0 and self.tokens[at].word in articles and self.same_run(at, start):
            self.take(at, at + 1, self.role[start])

    def strangers(self, place: tuple[int, int]) -> tuple[int, bool, int]:
        """How much stands beside a title there; in a bracket it is rather a remark."""
        start, end = place
        inside = self.tokens[start]
        beside = [
            at
            for at, token in enumerate(self.tokens)
            if token.segment == inside.segment
            and not start <= at < end
            and not self.role[at]
            and mark_of(token.word) is None
        ]
        return len(beside), bool(inside.bracket), start

    def lay_series(self) -> None:
        if self.laid.shape is Shape.SERIES:
            self.laid.series = True
        for start, end in self.series_places():
            self.laid.series = True
            self.take(start, end, "series")
            self.take_article(start)

    # --- Hints ------------------------------------------------------------------------------------

    def lay_hints(self) -> None:
        """Where the title is not there: a range of numbers holds its own, or a list its name in
        short (`Dickens: Two Cities, Bleak House, Hard Times`)."""
        if self.laid.shape not in (Shape.NONE, Shape.SERIES):
            return
        base, span = base_of(self.wanted), self.laid.range
        if base and span and find_words([token.word for token in self.tokens], base):
            self.laid.is_hinted = span[0] <= (last_number(self.wanted) or 0) <= span[1]
        elif sum(token.soft in LISTING for token in self.tokens) > 1:
            short = [word for word in title_words(self.wanted) if word not in JOINING]
            self.laid.is_hinted = any(is_short_for(part, short) for part in self.listed_parts())

    def listed_parts(self) -> Iterator[list[str]]:
        """The words between the marks of a list."""
        part: list[str] = []
        for at, token in enumerate(self.tokens):
            if at and (token.soft or not self.same_run(at - 1, at)):
                yield part
                part = []
            if not self.role[at] and token.word not in JOINING:
                part.append(token.word)
        yield part


def is_short_for(part: Sequence[str], title: Sequence[str]) -> bool:
    """Nothing but words of the title, in their order, one of them long enough to tell."""
    rest = iter(title)
    in_order = all(any(same_word(word, other) for other in rest) for word in part)
    return in_order and any(len(word) >= TELLING for word in part)
