"""Lay a wanted book over a release name: what is explained by it, and which words are left over.

The gain over any string distance: a name is right when nothing in it remains to be explained.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
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
from indexers.parsing import Name, Token, marks_at
from indexers.people import NAMELESS, Found, Naming, find_person
from indexers.titles import ARTICLES, Shape, bare, forms_of, unglued, words_of
from indexers.wanted import Wanted
from tame.lib.words import find_words, normalise, number_of

LISTS = {"&", "/", "+"}
CODES = {"eng", "ger", "deu", "fre", "fra", "ita", "rus", "jpn", "jap", "swe", "nld", "pol", "cze"}
MOST_NAMES = 3  # words of a person's further names
BEHIND_A_LANGUAGE = {"edition", "audiobook", "version", "unabridged", "translation", "audio"}


@dataclass
class Fit:
    """A name with the wanted book laid over it. Words are those left over, in their order."""

    shape: Shape = Shape.NONE
    author: Found = field(default_factory=lambda: Found(Naming.MISSING))
    before: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    subtitle: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    strange_before: list[list[str]] = field(default_factory=list)
    strange_after: list[list[str]] = field(default_factory=list)
    bracketed: list[list[str]] = field(default_factory=list)
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


def fit(name: Name, wanted: Wanted) -> Fit:
    """Author first, so that a title within a person's name is not taken for one; where that finds
    no title (`The Autobiography of Mark Twain`), the title first."""
    tokens = unglued(name.tokens, wanted)
    first = Laying(tokens, wanted, author_first=True)
    if first.fit.shape is Shape.NONE:
        second = Laying(tokens, wanted, author_first=False)
        if second.fit.shape is not Shape.NONE:
            return second.fit
    return first.fit


# --- Laying ---------------------------------------------------------------------------------------


class Laying:
    """One way of explaining the tokens; `role` says what each is for."""

    def __init__(self, tokens: Sequence[Token], wanted: Wanted, *, author_first: bool) -> None:
        self.tokens, self.wanted = tokens, wanted
        self.role = [""] * len(tokens)
        self.fit = Fit()
        self.start = self.end = -1
        steps = [self.lay_author, self.lay_title]
        for step in steps if author_first else reversed(steps):
            step()
        if self.fit.author.naming not in (Naming.NAMED, Naming.SURNAME):
            self.lay_author()  # `DICKENS Hard Times`: now the title ends his name
        self.lay_series()
        self.lay_narrators()
        self.lay_marks()
        self.lay_numbers()
        self.read_script()
        self.collect()

    @property
    def free(self) -> list[bool]:
        return [not role for role in self.role]

    def take(self, start: int, end: int, role: str) -> None:
        for at in range(max(start, 0), min(end, len(self.role))):
            self.role[at] = self.role[at] or role

    # --- Names ------------------------------------------------------------------------------------

    def lay_author(self) -> None:
        best = self.fit.author
        order = list(Naming)
        for author in self.wanted.authors:
            if normalise(author) in NAMELESS:
                best = Found(Naming.SURNAME)
            for found in find_person(author, self.tokens, self.free):
                if found.naming in (Naming.NAMED, Naming.SURNAME):
                    self.take(found.start, found.end, "author")
                if order.index(found.naming) < order.index(best.naming):
                    best = found
        self.fit.author = best

    def lay_narrators(self) -> None:
        for narrator in self.wanted.narrators:
            for found in find_person(narrator, self.tokens, self.free):
                if found.naming in (Naming.NAMED, Naming.SURNAME):
                    self.take(found.start, found.end, "narrator")
                    self.fit.narrators.append(narrator)

    # --- Title ------------------------------------------------------------------------------------

    def lay_title(self) -> None:
        words = [
            token.word if free else "\0" for token, free in zip(self.tokens, self.free, strict=True)
        ]
        for form in forms_of(self.wanted):
            places = find_words(words, form.words)
            if places:
                self.start = min(places, key=lambda at: self.strangers(at, len(form.words)))
                self.end = self.start + len(form.words)
                self.take(self.start, self.end, "title")
                self.take_article(self.start)
                self.fit.shape = form.shape
                return

    def take_article(self, start: int) -> None:
        at = start - 1
        if at >= 0 and self.tokens[at].word in ARTICLES and self.same_run(at, start):
            self.take(at, at + 1, self.role[start])

    def same_run(self, one: int, other: int) -> bool:
        return self.tokens[one].segment == self.tokens[other].segment

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

    # --- Series, marks, numbers -------------------------------------------------------------------

    def lay_series(self) -> None:
        if self.fit.shape is Shape.SERIES:
            self.fit.series = True
        for place in self.wanted.places:
            series = bare(words_of(place.series))
            words = [
                token.word if free else "\0"
                for token, free in zip(self.tokens, self.free, strict=True)
            ]
            for at in find_words(words, series):
                self.fit.series = True
                self.take(at, at + len(series), "series")
                self.take_article(at)

    def lay_marks(self) -> None:
        at = 0
        words = [
            token.word if free else "\0" for token, free in zip(self.tokens, self.free, strict=True)
        ]
        while at < len(self.tokens):
            if self.role[at]:
                at += 1
                continue
            mark, count = self.mark_at(words, at)
            if mark is None:
                at += 1
                continue
            self.note(mark, at, count)
            at += count

    def mark_at(self, words: list[str], at: int) -> tuple[Mark | None, int]:
        if code := self.language_at(at):
            self.fit.languages.add(code)
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
        self.fit.marks.setdefault(mark, []).append(text)
        if text in SAID_BY_A_WORD:
            self.fit.languages.add(SAID_BY_A_WORD[text])
        self.take(at, at + count, mark.value)
        if mark in (Mark.NARRATOR, Mark.TRANSLATOR):
            self.take_name(at, count, mark)
        if mark is Mark.RANGE:
            numbers = [n for token in self.tokens[at : at + count] if (n := number_of(token.word))]
            self.fit.range = (numbers[0], numbers[-1]) if numbers else None
        if mark is Mark.NUMBER:
            self.add_number(number_of(self.tokens[at + count - 1].word))
            self.fit.bracketed_number = bool(self.tokens[at].bracket)

    def take_name(self, at: int, count: int, mark: Mark) -> None:
        """The words after `read by`; of `Julie Rose translation` those before it, too."""
        end = at + count
        while (
            end < len(self.tokens)
            and self.same_run(at, end)
            and not self.tokens[end].soft
            and not self.role[end]
            and marks_at([self.tokens[end].word], 0)[0] in (None, Mark.NOISE)
            and end - at - count < 4
        ):
            end += 1
        named = [token.word for token in self.tokens[at + count : end]]
        if mark is Mark.NARRATOR:
            self.fit.narrators.append(" ".join(named).title())
        self.take(at + count, end, mark.value)
        before = at - 1
        while mark is Mark.TRANSLATOR and before >= 0 and self.same_run(at, before):
            if self.role[before] or at - before > 3:
                break
            self.role[before] = mark.value
            before -= 1

    def add_number(self, number: float | None) -> None:
        if number is not None:
            self.fit.numbers.append(float(number))

    def lay_numbers(self) -> None:
        """A bare number: behind the title it numbers the title, elsewhere a place in a series."""
        for at, token in enumerate(self.tokens):
            if self.role[at] or not self.is_number(at):
                continue
            if token.tight and at and self.role[at - 1] == "number":
                self.fit.range = (self.fit.numbers[-1], float(number_of(token.word) or 0))
                self.fit.marks.setdefault(Mark.RANGE, []).append(token.word)
            behind = at == self.end and self.same_run(at, self.end - 1) and not token.soft
            self.role[at] = "number"
            if behind and self.fit.shape is not Shape.SERIES:
                self.fit.title_number = float(number_of(token.word) or 0)
            self.add_number(number_of(token.word))

    def is_number(self, at: int) -> bool:
        """Digits; roman ones only where a segment ends with them."""
        word = self.tokens[at].word
        if word.isdecimal():
            return len(word) <= 3
        ends = at + 1 == len(self.tokens) or not self.same_run(at, at + 1)
        return ends and len(word) > 1 and set(word) <= set("ivx") and number_of(word) is not None

    def read_script(self) -> None:
        """The letters of the title say its language, unless a mark does."""
        raw = "".join(token.raw for token in self.tokens[max(self.start, 0) : max(self.end, 0)])
        scripts = [unicodedata.name(letter, "").partition(" ")[0] for letter in raw]
        if not self.fit.languages and raw:
            common = max(set(scripts), key=scripts.count)
            self.fit.languages |= {SCRIPTS[common]} if common in SCRIPTS else set()

    # --- What is left -----------------------------------------------------------------------------

    def collect(self) -> None:
        self.pass_noise()
        for run in self.runs():
            left = [at for at in run if not self.role[at]]
            if not left:
                continue
            if self.start >= 0 and any(self.start <= at < self.end for at in run):
                self.beside_title(run)
            else:
                self.elsewhere(run, left)

    def pass_noise(self) -> None:
        """A group behind the name, tight to what stands before it."""
        last = len(self.tokens) - 1
        while last > 0 and self.role[last] in ("", Mark.NOISE) and self.tokens[last].tight:
            self.role[last] = "group"
            last -= 1

    def runs(self) -> Iterator[list[int]]:
        """The tokens of each segment; `by` outside of the title begins another."""
        run: list[int] = []
        for at, token in enumerate(self.tokens):
            breaks = token.word in ("by", "von") and self.role[at] == Mark.NOISE
            if run and (breaks or not self.same_run(at, run[-1])):
                yield run
                run = []
            run.append(at)
        if run:
            yield run

    def beside_title(self, run: list[int]) -> None:
        before = [at for at in run if at < self.start and not self.role[at]]
        after = [at for at in run if at >= self.end and not self.role[at]]
        title = self.tokens[max(self.start - self.has_article, 0)]
        softs = {title.soft, self.tokens[self.start].soft}
        if before and (softs & (LISTS | {","}) or self.is_after_and()):
            self.fit.listed += self.say(before)
        else:
            self.fit.before += self.say(before)
        self.behind_title(after, [at for at in run if at >= self.end])

    def is_after_and(self) -> bool:
        """`The Iliad and The Odyssey`: the other one comes first."""
        at = self.start - 1 - self.has_article
        return at > 0 and self.tokens[at].word in ("and", "und", "et", "y", "e", "en", "och", "i")

    @property
    def has_article(self) -> bool:
        at = self.start - 1
        return at >= 0 and self.role[at] == "title"

    def behind_title(self, after: list[int], run: list[int]) -> None:
        if not after:
            return
        softs = [self.tokens[at].soft for at in run if self.tokens[at].soft]
        until = [at for at in run if at <= after[0]]
        soft = next((self.tokens[at].soft for at in until if self.tokens[at].soft), "")
        is_list = soft in LISTS or softs.count(",") > 1 or bool(LISTS & set(softs))
        if soft and is_list:
            self.fit.listed += self.say(after)
        elif soft or self.begins_with_or(run):
            self.fit.subtitle += [] if self.begins_with_or(run) else self.say(after)
        else:
            self.fit.behind += self.say(after)

    def begins_with_or(self, run: list[int]) -> bool:
        return self.tokens[run[0]].word in ("or", "oder", "ou", "eller")

    def elsewhere(self, run: list[int], left: list[int]) -> None:
        words = self.say(left)
        first = self.tokens[run[0]]
        if self.is_or(run) or (self.is_of_author(run) and len(words) <= MOST_NAMES):
            return
        following = self.tokens[run[-1] + 1 : run[-1] + 2]
        plain = all(self.role[at] in ("", Mark.NOISE) for at in run)
        if plain and "/" in (first.soft, *(token.soft for token in following)):
            self.fit.listed += words
        elif first.bracket:
            self.fit.bracketed.append(words)
        elif self.start >= 0 and run[0] > self.start:
            self.fit.strange_after.append(words)
        else:
            self.fit.strange_before.append(words)

    def is_of_author(self, run: list[int]) -> bool:
        """Middle names and the name behind a pen name: `Hector Hugh Munro (Saki)`."""
        following = run[-1] + 1
        beside = [*run, following] if following < len(self.tokens) else run
        in_bracket = following < len(self.tokens) and self.tokens[following].bracket
        return any(self.role[at] == "author" for at in (beside if in_bracket else run))

    def is_or(self, run: list[int]) -> bool:
        """`(or The Modern Prometheus)` right behind the title."""
        return run[0] == self.end and self.begins_with_or(run)

    def say(self, places: Iterable[int]) -> list[str]:
        return [self.tokens[at].word for at in places]
