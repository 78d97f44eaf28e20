"""Release names as words: what separates them, and what is known of each without any book.

Pure. A name is read as a row of tokens; a run of tokens between two hard breaks (a dash, a bracket,
a slash) is one segment. What is no title and no name of a person is a mark: see `markers`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from indexers.markers import GAPS, LONGEST, PHRASES, SHAPES, Mark
from tame.lib.words import TENS, UNITS, romanised

MOST = 1000  # letters; the column of a release's title holds no more
SITE = re.compile(
    r"^\s*(?:[\[({][^\])}]*\b[\w-]+\.[a-z]{2,6}[^\])}]*[\])}]|www\.[^\s\]]+)\s*-*\s*", re.IGNORECASE
)
HARD = "\u2013\u2014\u2015|/\\\u00b7\u2022~"
GLUE = "\u2043"  # a hyphen that is a dash or joins two words: in a name without spaces who knows
OPENING, CLOSING = "([{\u3010\u300a<", ")]}\u3011\u300b>"
PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?|[^\w\s]|_", re.UNICODE)


@dataclass(frozen=True)
class Token:
    """One word of a name. `soft`: a comma, colon, semicolon or ampersand stands before it;
    `tight`: a hyphen without spaces; `bracket`: 0 outside of any."""

    word: str
    raw: str
    segment: int
    bracket: int = 0
    soft: str = ""
    tight: bool = False


@dataclass(frozen=True)
class Name:
    """A release name that was read: its tokens, and the marks that stand on some of them."""

    tokens: tuple[Token, ...]

    @property
    def words(self) -> list[str]:
        return [token.word for token in self.tokens]


def read_name(title: str) -> Name:
    """Never raises, whatever the text."""
    text = plain(title[:MOST])
    return Name(tuple(counted(tokens_of(text))))


def plain(title: str) -> str:
    """Without a site's tag in front; with spaces where a name uses dots or underscores."""
    text = unicodedata.normalize("NFKC", title)
    text = re.sub("[\u2018\u2019\u02bc`\u00b4]", "'", text)
    text = SITE.sub("", text) or text
    if "_" in text or " " not in text.strip():
        glued = " " not in text.strip()
        text = text.replace("_", " ")
        if glued:
            text = re.sub(r"(?<!\d)\.|\.(?!\d)", " ", text)
            text = text if re.search(r"\s-\s", text) else re.sub(r"(?<!\d)-|-(?!\d)", GLUE, text)
    return text


def tokens_of(text: str) -> list[Token]:
    found: list[Token] = []
    state = Place()
    ends = 0
    for piece in PIECE.finditer(text):
        spaced = piece.start() > ends or piece.start() == 0
        ends = piece.end()
        mark = piece.group()
        if mark == "&":
            state.soft = mark
        if word := romanised(mark):
            found += state.words(word, mark)
            state.soft = mark if mark == "&" else ""
        else:
            after = text[ends : ends + 1]
            state.pass_over(mark, spaced=spaced or after.isspace() or not after)
    return found


def counted(tokens: list[Token]) -> list[Token]:
    """Thirty nine and thirty-nine are one word: 39."""
    made: list[Token] = []
    for token in tokens:
        last = made[-1] if made else None
        unit = UNITS.get(token.word, 0)
        if last and last.word in TENS and 0 < unit < 10 and token.segment == last.segment:
            made[-1] = replace(last, word=str(TENS[last.word] + unit))
        else:
            made.append(token)
    return made


class Place:
    """Where in the name the reading is."""

    def __init__(self) -> None:
        self.segment = self.bracket = self.brackets = 0
        self.soft, self.tight = "", False

    def words(self, word: str, raw: str) -> list[Token]:
        made = [
            Token(part, raw, self.segment, self.bracket, self.soft, self.tight)
            for part in word.split()
        ]
        self.soft, self.tight = "", False
        return [made[0], *(replace(token, soft="", tight=False) for token in made[1:])]

    def pass_over(self, mark: str, *, spaced: bool) -> None:
        if mark in OPENING:
            self.brackets += 1
            self.segment, self.bracket = self.segment + 1, self.brackets
        elif mark in CLOSING:
            self.segment, self.bracket = self.segment + 1, 0
        elif mark == GLUE:
            self.segment, self.tight = self.segment + 1, True
        elif mark in HARD or (mark == "-" and spaced):
            self.segment += 1
            self.soft = "/" if mark == "/" else ""
        elif mark == "-":
            self.tight = True
        elif mark in ",:;&+":
            self.soft = mark


# --- Marks ----------------------------------------------------------------------------------------


def marks_at(words: list[str], start: int) -> tuple[Mark | None, int]:
    """The mark that begins at this word, and how many words it takes."""
    for length in range(min(LONGEST, len(words) - start), 0, -1):
        if mark := PHRASES.get(tuple(words[start : start + length])):
            return mark, length
    for kind, pattern in SHAPES:
        if pattern.fullmatch(words[start]):
            return kind, 1
    for kind, gap in GAPS:
        if found := gap.match(" ".join(words[start : start + 6])):
            return kind, len(found.group().split())
    return None, 1
