"""Release names as words: what separates them, and what is known of each without any book.

Pure. A name is read as a row of tokens; a run of tokens between two hard breaks (a dash, a bracket,
a slash) is one segment. What is no title and no name of a person is a mark: see `markers`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from indexers.names.gaps import GAP_WORDS, GAPS, SHAPES
from indexers.names.markers import LONGEST_FROM, Mark, phrase_mark
from tame.lib.words import TENS, UNITS, number_of, romanised

MOST = 1000  # letters; the column of a release's title holds no more
ENDINGS = (
    "com|org|net|info|biz|club|site|online|xyz|example|ag|cc|co|eu|io|is|li|me|nu|ru|to|tv|uk|ws"
)

PLAIN_ENDINGS = "com|org|net|info|biz|club|site|online|xyz|example"  # no words before a dash


def site(endings: str) -> re.Pattern[str]:
    inside = rf"[^\])}}]*\b[\w-]+\.(?:{endings})\b[^\])}}]*"
    bare = rf"[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:{PLAIN_ENDINGS})[\s_.]+-(?=[\s_.])"
    www = rf"www(?:\.[a-z\d-]+)+?\.(?:{endings})(?:\.(?:uk|au|br|nz))?(?![^\W_])"
    return re.compile(rf"^\s*(?:[\[({{]{inside}[\])}}]|{www}|{bare})\s*-*\s*", re.IGNORECASE)


SITE, SITE_AMONG_DOTS = site("[a-z]{2,6}"), site(ENDINGS)
DASH = "-\u2013\u2014\u2015"
HARD = "\u2013\u2014\u2015|/\\\u00b7\u2022~"
DASHES = re.compile("--+")
BEHIND_A_STOP = re.compile(r"(?:(?<=[^\W_]{2})|(?<=\d))\.-(?=\w)")  # but J.-P. is no dash
INITIALS = re.compile(r"(?<=\b[^\W\d_])\.-(?=[^\W\d_])")
ELLIPSIS = re.compile(r"\.{3,}")
OPENING, CLOSING = "([{<\u3010\u300a\u3008\u300c\u300e", ")]}>\u3011\u300b\u3009\u300d\u300f"
COMMAS = ",\u3001\u30fb"
HAN = "\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff"  # the scripts that put no spaces between words
BESIDE_DIGITS = re.compile(rf"(?<=[{HAN}])(?=\d)|(?<=\d)(?=[{HAN}])")
APOSTROPHE = re.compile("[\u2018\u2019\u02bc`\u00b4]")
NO_SIGN = re.compile(r"\bno(?=\d)", re.IGNORECASE)  # what is left of the one sign for it
WITH = re.compile(r"\bw/", re.IGNORECASE)
PER_SECOND = re.compile("(k(?:bit|b)|mb)/s", re.IGNORECASE)
NUMBER = ("no", "nr", "nomer")
SIZE = re.compile(r"(?<![^\W_])\d+[.,]\d+[\s._]*[kmg]i?b(?![^\W_])", re.IGNORECASE)
FILE = r"\.(?:rar|par2|nzb|sfv|7z|zip)"
FILE_NAME = re.compile(rf'"[^"]+(?:{FILE}|\.(?:mp3|m4b|m4a))"', re.IGNORECASE)
POSTED = re.compile(  # the counters of a post, the pieces of an archive
    rf"[\[(]\d{{1,5}}/\d{{1,5}}[\])]|(?:\.part\d+|\.vol\d+\+\d+)?{FILE}|(?<![^\W_])yenc(?![^\W_])",
    re.IGNORECASE,
)
FULL_STOP = 4  # letters of a word that a full stop ends; behind fewer it shortens one
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
    """A release name that was read. `has_dash`: no hyphen of it need be one."""

    tokens: tuple[Token, ...]
    has_dash: bool = False

    @property
    def words(self) -> list[str]:
        return [token.word for token in self.tokens]


def read_name(title: str) -> Name:
    """Never raises, whatever the text."""
    text = plain(title[:MOST])
    found, has_dash = tokens_of(text)
    return Name(tuple(counted(found)), has_dash)


def plain(title: str) -> str:
    """Without a site's tag in front; with spaces where a name uses dots or underscores."""
    text = unicodedata.normalize("NFKC", title)
    text = without_counters(APOSTROPHE.sub("'", text))
    glued = " " not in text.strip()
    tag = SITE_AMONG_DOTS if glued else SITE
    text = tag.sub("", tag.sub("", text)) or text  # who passes it on adds another
    glued = " " not in text.strip()
    if "-" in text:
        text = DASHES.sub("\u2014", text) if "--" in text else text
        text = BEHIND_A_STOP.sub(" - ", text) if ".-" in text else text
    text = (ELLIPSIS.sub(". ", text) if "..." in text else text).replace("_", " ")
    text = spaced(text) if glued else text
    text = NO_SIGN.sub("no ", text)
    if "/" in text:
        text = PER_SECOND.sub(r"\1s", WITH.sub("with ", text))
    return BESIDE_DIGITS.sub(" ", text)


def without_counters(text: str) -> str:
    """`[15/42] - "Ann Reed - Emma.part14.rar" yEnc (1/37)`: a post counts its pieces, no book's."""
    blank = " " if " " in text.strip() else "."
    text = SIZE.sub(blank, text)
    return POSTED.sub(blank, text) if "yenc" in text.lower() or FILE_NAME.search(text) else text


def spaced(text: str) -> str:
    """Of a name without spaces: dots as spaces, two of them as a full stop."""
    text = INITIALS.sub("-", text.replace("..", ". "))
    return re.sub(r"(?<!\d)\.(?!\s)|\.(?![\d\s])", " ", text)


def tokens_of(text: str) -> tuple[list[Token], bool]:
    """And whether a dash stands between some of them."""
    found: list[Token] = []
    state = Cursor()
    ends = 0
    for piece in PIECE.finditer(text):
        apart = piece.start() > ends or piece.start() == 0
        ends = piece.end()
        mark = piece.group()
        if mark == "&":
            state.soft = mark
        if word := read_word(mark):
            found += state.words(word, mark)
            state.soft = mark if mark == "&" else ""
        else:
            after = text[ends : ends + 1]
            if mark == "." and after.isspace() and found and ends_a_sentence(found[-1]):
                state.soft = mark
            state.pass_over(mark, spaced=apart or after.isspace() or not after)
    return found, state.has_dash


@lru_cache(maxsize=8192)
def read_word(word: str) -> str:
    return romanised(word)


def ends_a_sentence(token: Token) -> bool:
    return len(token.word) >= FULL_STOP or token.word.isdecimal()


def counted(tokens: list[Token]) -> list[Token]:
    """Thirty nine and thirty-nine are one word: 39; and `no 6` is number 6."""
    made: list[Token] = []
    for token in tokens:
        last = made[-1] if made else None
        unit = UNITS.get(token.word, 0)
        if last and last.word in NUMBER and token.word.isdecimal():
            made[-1] = replace(last, word="number")
        if last and last.word in TENS and 0 < unit < 10 and token.segment == last.segment:
            made[-1] = replace(last, word=str(TENS[last.word] + unit))
        elif last and is_thousands(last, token):
            made[-1] = replace(last, word=f"{number_of(last.word)}000")
        else:
            made.append(token)
    return made


def is_thousands(last: Token, token: Token) -> bool:
    """Twenty thousand, 20,000 and 20 000 are 20000."""
    if token.segment != last.segment or token.word not in ("thousand", "000"):
        return False
    is_said = last.word in UNITS or last.word in TENS
    return (last.word.isdecimal() and len(last.word) <= 3) or (is_said and token.word != "000")


class Cursor:
    """Where in the name the reading is."""

    def __init__(self) -> None:
        self.segment = self.bracket = self.brackets = 0
        self.soft, self.tight, self.has_dash = "", False, False

    def words(self, word: str, raw: str) -> list[Token]:
        first, *rest = word.split()
        made = [Token(first, raw, self.segment, self.bracket, self.soft, self.tight)]
        self.soft, self.tight = "", False
        return made + [Token(part, raw, self.segment, self.bracket) for part in rest]

    def pass_over(self, mark: str, *, spaced: bool) -> None:
        if mark in OPENING:
            self.brackets += 1
            self.segment, self.bracket = self.segment + 1, self.brackets
        elif mark in CLOSING:
            self.segment, self.bracket = self.segment + 1, 0
        elif mark in HARD or (mark == "-" and spaced):
            self.segment += 1
            self.soft = "/" if mark == "/" else ""
            self.has_dash = self.has_dash or mark in DASH
        elif mark == "-":
            self.tight = True
        elif mark in COMMAS:
            self.soft = ","
        elif mark in ":;&+":
            self.soft = mark


# --- Marks ----------------------------------------------------------------------------------------


def marks_at(words: list[str], start: int) -> tuple[Mark | None, int]:
    """The mark that begins at this word, and how many words it takes: the longest."""
    kind, taken = gap_at(words, start)
    longest = LONGEST_FROM.get(words[start], 1)
    for length in range(min(longest, len(words) - start), taken, -1):
        if mark := phrase_mark(tuple(words[start : start + length])):
            return mark, max(length, behind_article(mark, words, start))
    if kind:
        return kind, taken
    return shape_of(words[start]), 1


def behind_article(mark: Mark, words: list[str], start: int) -> int:
    """`A study guide` is more than `a study`: how many words it is with its article."""
    if words[start] not in ("a", "the") or start + 1 == len(words):
        return 0
    behind, length = marks_at(words, start + 1)
    return length + 1 if behind is mark else 0


@lru_cache(maxsize=8192)
def mark_of(word: str) -> Mark | None:
    """That of a word by itself."""
    return marks_at([word], 0)[0]


compiled = cache(re.compile)


@lru_cache(maxsize=8192)
def shape_of(word: str) -> Mark | None:
    return next((kind for kind, pattern in SHAPES if compiled(pattern).fullmatch(word)), None)


def gap_at(words: list[str], start: int) -> tuple[Mark | None, int]:
    word = words[start]
    if word in GAP_WORDS or word[:1].isdecimal():
        return gap_in(" ".join(words[start : start + 6]))
    return None, 0


@lru_cache(maxsize=8192)
def gap_in(text: str) -> tuple[Mark | None, int]:
    for kind, gap in GAPS:
        if found := compiled(gap).match(text):
            return kind, len(found.group().split())
    return None, 0
