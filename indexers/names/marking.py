"""What the vocabulary of release names explains in one: marks, languages, numbers, readers.

Knows nothing of the wanted book, but which words it has taken already.
"""

from __future__ import annotations

import unicodedata

from indexers.names.markers import HINTS, LANGUAGE_OF, SAID_BY_A_WORD, SCRIPTS, Mark
from indexers.names.parsing import mark_of, marks_at
from indexers.names.roles import Roles
from indexers.names.spoken import SHORT_CODE, Languages
from indexers.names.titles import Shape
from tame.lib.words import ORDINALS, number_of

ADDED = {"with", "incl", "including", "plus", "inkl", "mit", "avec", "con", "met", "med"}
KINDS = {  # what a word of the wanted title does not make of a release
    Mark.MUSIC, Mark.VIDEO, Mark.COMIC, Mark.DRAMATISED, Mark.ABRIDGED, Mark.SAMPLE, Mark.PART,
    Mark.ABOUT, Mark.RETOLD, Mark.BOX_SET,
}  # fmt: skip
FOLLOWING = ("sequel to", "prequel to")


class Marking:
    """Gives roles to what is still without one."""

    def __init__(self, roles: Roles) -> None:
        self.roles = roles
        self.tokens, self.role, self.laid = roles.tokens, roles.role, roles.laid
        self.take, self.same_run = roles.take, roles.same_run
        self.languages = Languages(roles)
        self.lay_marks()
        self.lay_numbers()
        self.read_script()

    # --- Marks ------------------------------------------------------------------------------------

    def lay_marks(self) -> None:
        at = 0
        words = self.roles.free_words
        while at < len(self.tokens):
            mark, count = (None, 1) if self.role[at] else self.mark_at(words, at)
            if mark:
                self.note(mark, at, count)
            at += count if mark else 1

    def mark_at(self, words: list[str], at: int) -> tuple[Mark | None, int]:
        code, count = self.languages.language_at(at)
        mark, length = marks_at(words[at : self.phrase_end(at)], 0)
        if code and not self.is_within_a_mark(words, at, count):
            self.laid.languages.add(code)
            return Mark.LANGUAGE, count
        return (Mark.PART, 2) if self.is_fraction(at) else (mark, length)

    def is_within_a_mark(self, words: list[str], at: int, count: int) -> bool:
        """`en français facile` tells no language."""
        starts = ((n, marks_at(words[n : self.phrase_end(n)], 0)) for n in range(at, at + count))
        return any(mark in KINDS and n + long > at + count for n, (mark, long) in starts)

    def is_fraction(self, at: int) -> bool:
        """`3/6`, and no date."""
        words = [token.word for token in self.tokens[at : at + 2]]
        if len(words) < 2 or not all(w.isdecimal() and len(w) <= 2 for w in words):
            return False
        slashes = [token.soft == "/" for token in self.tokens[at : at + 3]]
        is_pair = slashes[1] and not slashes[0] and slashes[2:] != [True]
        return is_pair and not self.role[at + 1] and 0 < int(words[0]) <= int(words[1])

    def phrase_end(self, at: int) -> int:
        """No phrase goes over a break, but for a hyphen."""
        end = at + 1
        while end < len(self.tokens) and (self.same_run(at, end) or self.tokens[end].tight):
            end += 1
        return end

    def note(self, mark: Mark, at: int, count: int) -> None:
        text = " ".join(token.word for token in self.tokens[at : at + count])
        if text in FOLLOWING and 0 <= self.roles.start < at:
            self.take_name(at, count, Mark.TRANSLATOR)  # it tells of the book that it follows
            self.take(at, at + count, Mark.NOISE)
            return
        if mark is Mark.ABOUT and self.is_of_something(text, at + count):
            mark = Mark.NOISE
        if mark in KINDS and self.roles.title_words.issuperset(text.split()):
            mark = Mark.NOISE
        if mark is Mark.EBOOK and self.is_addition(at) and not self.laid.has(Mark.EBOOK):
            self.laid.is_bundle = True
        self.laid.marks.setdefault(mark, []).append(text)
        if text in SAID_BY_A_WORD:
            self.laid.languages.update(SAID_BY_A_WORD[text].split())
        if text in HINTS:
            self.laid.hints[text] = HINTS[text]
        self.take(at, at + count, mark.value)
        if mark in (Mark.NARRATOR, Mark.TRANSLATOR):
            self.take_name(at, count, mark)
        elif mark in (Mark.RANGE, Mark.NUMBER):
            self.note_numbers(mark, at, count)

    def is_of_something(self, text: str, end: int) -> bool:
        """`A Study of Provincial Life`, and of no book or author."""
        following = [token.word for token in self.tokens[end : end + 1]]
        plain = not any(self.role[at] for at in self.run_from(end)[:3])
        return text == "a study" and following in (["of"], ["in"]) and plain

    def run_from(self, at: int) -> list[int]:
        return [n for n in range(at, len(self.tokens)) if self.same_run(at, n)]

    def note_numbers(self, mark: Mark, at: int, count: int) -> None:
        every = [number_of(token.word) for token in self.tokens[at : at + count]]
        numbers = [number for number in every if number is not None]
        if mark is Mark.RANGE and numbers:
            self.laid.range = (numbers[0], numbers[-1])
        if mark is Mark.NUMBER and numbers:
            self.laid.numbers.append(float(numbers[0]))
            self.roles.volumes.append(at)

    def is_addition(self, at: int) -> bool:
        """`+ PDF`, `with e-book`."""
        before = self.tokens[at - 1].word if at else ""
        return self.tokens[at].soft in ("+", "&") or before in ADDED

    def take_name(self, at: int, count: int, mark: Mark) -> None:
        """The words after `read by`; of `Julie Rose translation` those before it, too."""
        end = self.name_end(at + count, 6 if mark is Mark.TRANSLATOR else 4)
        while mark is Mark.NARRATOR and self.goes_on(end):
            end = self.name_end(end + (self.tokens[end].word == "and"))
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

    def name_end(self, start: int, most: int = 4) -> int:
        """Up to so many words; a mark may stand before them (`read by: Ann Reed`), not within."""
        end = start
        while end - start < most and self.is_of_a_name(start, end):
            end += 1
        return end

    def is_of_a_name(self, start: int, end: int) -> bool:
        return (
            end < len(self.tokens)
            and self.same_run(start - 1, end)
            and (end == start or not self.tokens[end].soft)
            and not self.role[end]
            and self.tokens[end].word != "and"
            and not self.is_language(end)
            and mark_of(self.tokens[end].word) in (None, Mark.NOISE)
        )

    def is_language(self, at: int) -> bool:
        word = self.tokens[at].word
        return word in LANGUAGE_OF and len(word) > SHORT_CODE and not self.languages.is_source(at)

    def goes_on(self, end: int) -> bool:
        """`Ann Reed, Bob Lane and Cy Hill`."""
        if end >= len(self.tokens) or self.role[end] or not self.same_run(end - 1, end):
            return False
        token = self.tokens[end]
        return (token.soft in (",", "&") or token.word == "and") and (
            self.name_end(end + (token.word == "and")) > end
        )

    def read_script(self) -> None:
        """The letters of the title say its language, unless a mark does."""
        raw = "".join(
            token.raw for token in self.tokens[max(self.roles.start, 0) : max(self.roles.end, 0)]
        )
        scripts = [unicodedata.name(letter, "").partition(" ")[0] for letter in raw]
        if not self.laid.languages and raw:
            common = max(set(scripts), key=scripts.count)
            self.laid.languages |= set(SCRIPTS.get(common, "").split())

    # --- Numbers ----------------------------------------------------------------------------------

    def lay_numbers(self) -> None:
        """A bare number: behind the title it numbers the title, elsewhere a place in a series."""
        for at, token in enumerate(self.tokens):
            if self.role[at] or not (self.is_number(at) or self.counts_a_series(at)):
                continue
            number = float(number_of(token.word) or 0)
            first = self.number_before(at) if token.tight and at else None
            if first is not None and first < number:
                self.laid.range = (first, number)
                self.laid.marks.setdefault(Mark.RANGE, []).append(token.word)
            behind = (
                at == self.roles.end and self.same_run(at, self.roles.end - 1) and not token.soft
            )
            self.role[at] = "number"
            if behind and self.laid.shape is not Shape.SERIES:
                self.laid.title_number = number
            self.laid.numbers.append(number)

    def number_before(self, at: int) -> float | None:
        """A bare one, or that of the title: `Winnetou I-III`."""
        if self.role[at - 1] == "number":
            return self.laid.numbers[-1]
        own = number_of(self.tokens[at - 1].word) if self.role[at - 1] == "title" else None
        return float(own) if own is not None and at == self.roles.end else None

    def counts_a_series(self, at: int) -> bool:
        """`The Second Richard Hannay Novel`."""
        return self.tokens[at].word in ORDINALS and self.role[at + 1 : at + 2] == ["series"]

    def is_number(self, at: int) -> bool:
        """Digits; roman ones only where a segment ends with them."""
        word = self.tokens[at].word
        if word.isdecimal():
            return len(word) <= 3
        last = at + 1 == len(self.tokens) or self.languages.is_group(at + 1)
        ends = last or not self.same_run(at, at + 1) or self.goes_on_from_title(at)
        return ends and len(word) > 1 and set(word) <= set("ivx") and number_of(word) is not None

    def goes_on_from_title(self, at: int) -> bool:
        """`Volumes I-VI`."""
        return self.tokens[at].tight and at > 0 and self.role[at - 1] == "title"
