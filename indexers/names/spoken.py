"""Which language a release name says it is read in: a code, or a language's name, that is no word
of a title and no part of a person's name."""

from __future__ import annotations

from indexers.names.markers import AUDIO_FORMATS, LANGUAGE_OF, TWO_LETTERS, Mark
from indexers.names.parsing import mark_of
from indexers.names.roles import Roles

CODES = {  # that are no words
    "eng", "ger", "deu", "fre", "fra", "ita", "rus", "jpn", "jap", "swe", "nld", "pol", "cze",
    "dut", "spa", "hun", "ukr", "rum",
}  # fmt: skip
REGIONS = {"br", "pt", "us", "gb", "uk", "es", "mx", "fr", "ca", "de", "at", "ch", "cn", "tw"}
BEHIND_A_LANGUAGE = {"edition", "audiobook", "version", "unabridged", "translation", "audio"}
INS = {"in", "auf", "en", "po", "na", "pa"}  # before the name of a language
FROMS = {"from", "aus", "du", "dal", "uit", "fran", "fra", "iz"}  # before that of the original
SHORT_CODE = 3  # letters: `dan` and `ron` are rather names


class Languages:
    """Looks at what stands beside a word; gives no roles."""

    def __init__(self, roles: Roles) -> None:
        self.roles = roles
        self.tokens, self.role, self.same_run = roles.tokens, roles.role, roles.same_run

    def language_at(self, at: int) -> tuple[str, int]:
        """A code or a name in a bracket, or among marks; two letters between hyphens."""
        word, following = self.tokens[at].word, self.tokens[at + 1 : at + 2]
        is_in = word in INS and bool(following) and self.same_run(at, at + 1)
        if is_in and (code := LANGUAGE_OF.get(following[0].word)):
            return code, 2
        if is_in and self.is_preposition(at):
            return "", 1
        if word in TWO_LETTERS and self.has_region(at):
            return TWO_LETTERS[word], 2
        if word in TWO_LETTERS and self.is_alone(at):
            return TWO_LETTERS[word], 1
        code = LANGUAGE_OF.get(word, "")
        return (code, 1) if code and self.is_spoken(at) else ("", 1)

    def is_preposition(self, at: int) -> bool:
        """`Obras completas en audiolibro`; but `[EN MP3]` is English."""
        following = self.tokens[at + 1]
        return mark_of(following.word) is Mark.AUDIO and following.word not in AUDIO_FORMATS

    def has_region(self, at: int) -> bool:
        """`pt-BR`, with nothing tight to it."""
        following = self.tokens[at + 1 : at + 2]
        is_region = bool(following) and following[0].tight and following[0].word in REGIONS
        glued = self.tokens[at].tight or not (is_region and self.same_run(at, at + 1))
        return is_region and not glued

    def is_spoken(self, at: int) -> bool:
        """Not the language that it was translated from."""
        return not self.is_source(at) and self.is_among_marks(at)

    def is_source(self, at: int) -> bool:
        return bool(FROMS & {token.word for token in self.tokens[max(at - 2, 0) : at]})

    def is_alone(self, at: int) -> bool:
        """Between two hyphens without spaces, in a segment of its own, or among marks: those two
        letters may be a word."""
        if self.tokens[at].tight and all(token.tight for token in self.tokens[at + 1 : at + 2]):
            return at == 0 or bool(self.role[at - 1])  # no Sci-Fi
        return all(map(self.is_a_mark, self.beside(at))) or self.is_code_among_words(at)

    def beside(self, at: int) -> list[int]:
        """The tokens next to it in its run, but for a group that ends the name."""
        near = [n for n in (at - 1, at + 1) if 0 <= n < len(self.tokens) and self.same_run(n, at)]
        return [n for n in near if n < at or not self.is_group(n)]

    def is_group(self, at: int) -> bool:
        is_end = at + 1 == len(self.tokens) and self.tokens[at].tight
        return is_end and self.role[at] in ("", Mark.NOISE)

    def is_code_among_words(self, at: int) -> bool:
        """Right behind a name, and nothing but marks behind it: `Rob Roy DE 2014`."""
        known = at > 0 and self.role[at - 1] in ("title", "author") and not self.tokens[at].soft
        following = [n for n in self.beside(at) if n > at]
        return known and at >= self.roles.end > 0 and all(map(self.is_a_mark, following))

    def is_among_marks(self, at: int) -> bool:
        """Not `Dan Stevens` or `Her German Garden`: no other word stands beside it."""
        word, following = self.tokens[at], self.tokens[at + 1 : at + 2]
        if following and following[0].word in BEHIND_A_LANGUAGE:
            return True
        beside = self.beside(at)
        is_sure = word.word in CODES or bool(word.bracket)
        if all(map(self.is_a_mark, beside)):
            return True
        return (is_sure or len(word.word) > SHORT_CODE) and all(
            self.is_a_mark(other) or self.is_parted(other, at, is_sure=is_sure) for other in beside
        )

    def is_parted(self, beside: int, at: int, *, is_sure: bool) -> bool:
        """A name ends before it; beside what is surely a language any mark is enough."""
        second = self.tokens[max(beside, at)]
        parted = bool(second.soft or second.tight)
        return (bool(self.role[beside]) and (is_sure or beside < at)) or (is_sure and parted)

    def is_a_mark(self, at: int) -> bool:
        if self.role[at]:
            return self.role[at] not in ("title", "author", "series")
        return bool(mark_of(self.tokens[at].word))
