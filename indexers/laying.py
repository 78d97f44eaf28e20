"""What each word of a release name is for, when a wanted book is laid over it.

Owns the roles of the tokens. The words that have none in the end are sorted in `fitting`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexers.markers import (
    AUDIO_FORMATS,
    EBOOK_FORMATS,
    LANGUAGE_OF,
    SAID_BY_A_WORD,
    SCRIPTS,
    TWO_LETTERS,
    Mark,
)
from indexers.parsing import Token, marks_at
from indexers.people import NAMELESS, Found, Naming, find_person
from indexers.titles import ARTICLES, Shape, bare, forms_of, words_of
from indexers.wanted import Wanted
from tame.lib.words import find_words, normalise, number_of

CODES = {"eng", "ger", "deu", "fre", "fra", "ita", "rus", "jpn", "jap", "swe", "nld", "pol", "cze"}
BEHIND_A_LANGUAGE = {"edition", "audiobook", "version", "unabridged", "translation", "audio"}


@dataclass
class Laid:
    """What the explained words say."""

    shape: Shape = Shape.NONE
    author: Found = field(default_factory=lambda: Found(Naming.MISSING))
    numbers: list[float] = field(default_factory=list)
    title_number: float | None = None
    range: tuple[float, float] | None = None
    series: bool = False
    bracketed_number: bool = False
    marks: dict[Mark, list[str]] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    narrators: list[str] = field(default_factory=list)

    def has(self, *marks: Mark) -> bool:
        return any(mark in self.marks for mark in marks)

    @property
    def audio_formats(self) -> list[str]:
        return [word for word in self.marks.get(Mark.AUDIO, []) if word in AUDIO_FORMATS]

    @property
    def ebook_formats(self) -> list[str]:
        return [word for word in self.marks.get(Mark.EBOOK, []) if word in EBOOK_FORMATS]


class Laying:
    """One way of explaining the tokens; `role` says what each is for, `laid` what they say."""

    def __init__(self, tokens: Sequence[Token], wanted: Wanted, *, author_first: bool) -> None:
        self.tokens, self.wanted = tokens, wanted
        self.role = [""] * len(tokens)
        self.laid = Laid()
        self.start = self.end = -1
        steps = [self.lay_author, self.lay_title]
        for step in steps if author_first else reversed(steps):
            step()
        if self.laid.author.naming not in (Naming.NAMED, Naming.SURNAME):
            self.lay_author()  # `DICKENS Hard Times`: now the title ends his name
        self.lay_series()
        self.lay_narrators()
        self.lay_marks()
        self.lay_numbers()
        self.read_script()

    @property
    def free(self) -> list[bool]:
        return [not role for role in self.role]

    @property
    def free_words(self) -> list[str]:
        """The words without a role; in place of others what no title holds."""
        pairs = zip(self.tokens, self.role, strict=True)
        return ["\0" if role else token.word for token, role in pairs]

    def take(self, start: int, end: int, role: str) -> None:
        for at in range(max(start, 0), min(end, len(self.role))):
            self.role[at] = self.role[at] or role

    def same_run(self, one: int, other: int) -> bool:
        return self.tokens[one].segment == self.tokens[other].segment

    # --- Names ------------------------------------------------------------------------------------

    def lay_author(self) -> None:
        best = self.laid.author
        order = list(Naming)
        for author in self.wanted.authors:
            if normalise(author) in NAMELESS:
                best = Found(Naming.SURNAME)
            for found in find_person(author, self.tokens, self.free):
                if found.naming in (Naming.NAMED, Naming.SURNAME):
                    self.take(found.start, found.end, "author")
                if order.index(found.naming) < order.index(best.naming):
                    best = found
        self.laid.author = best

    def lay_narrators(self) -> None:
        for narrator in self.wanted.narrators:
            for found in find_person(narrator, self.tokens, self.free):
                if found.naming in (Naming.NAMED, Naming.SURNAME):
                    self.take(found.start, found.end, "narrator")
                    self.laid.narrators.append(narrator)

    # --- Title and series -------------------------------------------------------------------------

    def lay_title(self) -> None:
        words = self.free_words
        for form in forms_of(self.wanted):
            places = find_words(words, form.words)
            if places:
                self.start = min(places, key=lambda at: self.strangers(at, len(form.words)))
                self.end = self.start + len(form.words)
                self.take(self.start, self.end, "title")
                self.take_article(self.start)
                self.laid.shape = form.shape
                return

    def take_article(self, start: int) -> None:
        at = start - 1
        if at >= 0 and self.tokens[at].word in ARTICLES and self.same_run(at, start):
            self.take(at, at + 1, self.role[start])

    def strangers(self, start: int, count: int) -> tuple[int, bool, int]:
        """How much stands beside a title there; in a bracket it is rather a remark."""
        inside = self.tokens[start]
        beside = [
            at
            for at, token in enumerate(self.tokens)
            if token.segment == inside.segment
            and not start <= at < start + count
            and not self.role[at]
            and marks_at([token.word], 0)[0] is None
        ]
        return len(beside), bool(inside.bracket), start

    def lay_series(self) -> None:
        if self.laid.shape is Shape.SERIES:
            self.laid.series = True
        for place in self.wanted.places:
            series = bare(words_of(place.series))
            for at in find_words(self.free_words, series):
                self.laid.series = True
                self.take(at, at + len(series), "series")
                self.take_article(at)

    # --- Marks ------------------------------------------------------------------------------------

    def lay_marks(self) -> None:
        at = 0
        words = self.free_words
        while at < len(self.tokens):
            mark, count = (None, 1) if self.role[at] else self.mark_at(words, at)
            if mark:
                self.note(mark, at, count)
            at += count if mark else 1

    def mark_at(self, words: list[str], at: int) -> tuple[Mark | None, int]:
        if code := self.language_at(at):
            self.laid.languages.add(code)
            return Mark.LANGUAGE, 1
        mark, count = marks_at(words, at)
        if mark and not self.is_one_phrase(at, count):
            mark, count = marks_at([words[at]], 0)
        return mark, count

    def is_one_phrase(self, at: int, count: int) -> bool:
        """No break within, but a hyphen where a name has no spaces."""
        pairs = pairwise(self.tokens[at : at + count])
        return all(one.segment == two.segment or two.tight for one, two in pairs)

    def language_at(self, at: int) -> str:
        """A code in a bracket; a language's name in one or before `edition`."""
        token = self.tokens[at]
        code = LANGUAGE_OF.get(token.word, "")
        following = self.tokens[at + 1].word if at + 1 < len(self.tokens) else ""
        if code and (token.bracket or token.word in CODES or following in BEHIND_A_LANGUAGE):
            return code
        return TWO_LETTERS.get(token.word, "") if self.is_alone(at) else ""

    def is_alone(self, at: int) -> bool:
        """A word between two hyphens without spaces."""
        return self.tokens[at].tight and all(token.tight for token in self.tokens[at + 1 : at + 2])

    def note(self, mark: Mark, at: int, count: int) -> None:
        text = " ".join(token.word for token in self.tokens[at : at + count])
        if text in ("sequel to", "prequel to") and 0 <= self.start < at:
            self.take_name(at, count, Mark.TRANSLATOR)  # it tells of the book that it follows
            self.take(at, at + count, Mark.NOISE)
            return
        self.laid.marks.setdefault(mark, []).append(text)
        if text in SAID_BY_A_WORD:
            self.laid.languages.add(SAID_BY_A_WORD[text])
        self.take(at, at + count, mark.value)
        if mark in (Mark.NARRATOR, Mark.TRANSLATOR):
            self.take_name(at, count, mark)
        if mark is Mark.RANGE:
            numbers = [n for token in self.tokens[at : at + count] if (n := number_of(token.word))]
            self.laid.range = (numbers[0], numbers[-1]) if numbers else None
        if mark is Mark.NUMBER:
            self.add_number(number_of(self.tokens[at + count - 1].word))
            self.laid.bracketed_number = bool(self.tokens[at].bracket)

    def take_name(self, at: int, count: int, mark: Mark) -> None:
        """The words after `read by`; of `Julie Rose translation` those before it, too."""
        end = at + count
        while end - at - count < 4 and self.is_of_a_name(at, end):
            end += 1
        if mark is Mark.NARRATOR:
            named = [token.word for token in self.tokens[at + count : end]]
            self.laid.narrators.append(" ".join(named).title())
        self.take(at + count, end, mark.value)
        before = at - 1
        while mark is Mark.TRANSLATOR and before >= 0 and self.same_run(at, before):
            if self.role[before] or at - before > 3:
                break
            self.role[before] = mark.value
            before -= 1

    def is_of_a_name(self, at: int, end: int) -> bool:
        return (
            end < len(self.tokens)
            and self.same_run(at, end)
            and not self.tokens[end].soft
            and not self.role[end]
            and marks_at([self.tokens[end].word], 0)[0] in (None, Mark.NOISE)
        )

    def read_script(self) -> None:
        """The letters of the title say its language, unless a mark does."""
        raw = "".join(token.raw for token in self.tokens[max(self.start, 0) : max(self.end, 0)])
        scripts = [unicodedata.name(letter, "").partition(" ")[0] for letter in raw]
        if not self.laid.languages and raw:
            common = max(set(scripts), key=scripts.count)
            self.laid.languages |= {SCRIPTS[common]} if common in SCRIPTS else set()

    # --- Numbers ----------------------------------------------------------------------------------

    def add_number(self, number: float | None) -> None:
        if number is not None:
            self.laid.numbers.append(float(number))

    def lay_numbers(self) -> None:
        """A bare number: behind the title it numbers the title, elsewhere a place in a series."""
        for at, token in enumerate(self.tokens):
            if self.role[at] or not self.is_number(at):
                continue
            if token.tight and at and self.role[at - 1] == "number":
                self.laid.range = (self.laid.numbers[-1], float(number_of(token.word) or 0))
                self.laid.marks.setdefault(Mark.RANGE, []).append(token.word)
            behind = at == self.end and self.same_run(at, self.end - 1) and not token.soft
            self.role[at] = "number"
            if behind and self.laid.shape is not Shape.SERIES:
                self.laid.title_number = float(number_of(token.word) or 0)
            self.add_number(number_of(token.word))

    def is_number(self, at: int) -> bool:
        """Digits; roman ones only where a segment ends with them."""
        word = self.tokens[at].word
        if word.isdecimal():
            return len(word) <= 3
        ends = at + 1 == len(self.tokens) or not self.same_run(at, at + 1)
        return ends and len(word) > 1 and set(word) <= set("ivx") and number_of(word) is not None
