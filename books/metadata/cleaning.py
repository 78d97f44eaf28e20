"""Titles, names and the rest as sources and tags write them, made what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import unescape

from django.utils import timezone

from tame.lib.words import normalise, number_of, title_words

MOST_SHOWN = 5000  # letters of a description
EARLIEST = 1000  # a year before is a number of something else
REMARK = re.compile(
    r"(?ix) \s* [\[({]? \s* \b(?:un-?abridged|complete\ and\ unabridged|audio\ ?book"
    r"|ungek(?:ü|ue)rzt|librivox(?:\ recording)?|version\ \d+|dramatic\ reading|mp3|m4b"
    r"|\d+\s?kbps)\b"
    r"\s* (?:edition|version|recording)? \s* [\])}]?"
)
EMPTY = re.compile(r"\s*[\[({]\s*[\])}]")
NUMBER = r"(?P<number>\d{1,3}(?:[.,]\d{1,2})?(?:\s?-\s?\d{1,3})?|[ivxl]{1,6}|[a-z]{3,9})"
LABEL = r"(?:book|bk\.?|vol(?:ume|\.)?|no\.?|number|part|band|tome|\#)"
COUNTED = rf"[\s,:;\-\u2013]+(?:{LABEL}\s*|\#){NUMBER}"
BRACKETED = re.compile(
    rf"(?i)\s*[\[(](?P<series>[^\[\]()]*?[^\[\]()\s,:;\-\u2013#]){COUNTED}[\])]\s*$"
)
BEHIND = re.compile(rf"(?i)^(?P<title>.+?)\s*(?::|\s-|\s\u2013|,)\s+(?P<series>[^:,]+?){COUNTED}$")
BEFORE = re.compile(rf"(?i)^(?P<series>[^:]+?){COUNTED}\s*(?::|\s-|\s\u2013)\s+(?P<title>.+)$")
COMPANION = re.compile(
    r"\b(?:study guide|guide to|summary|companion|notes|workbook|analysis|teachers?|critical|essays"
    r"|abridged|retold|adapted|adaptation|selections?|excerpts?|sampler|omnibus|collection|box set"
    r")\b"
)
LABELLED = re.compile(rf"^{LABEL}(?:\s+|(?=\d))")
NUMBERED = re.compile(rf"(?i){LABEL}\s*{NUMBER}")
LOWER = {
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "nor", "of", "on", "or", "the",
    "to", "with", "de", "la", "le", "du", "des", "et", "von", "der", "die", "das", "und", "van",
}  # fmt: skip
ROMAN = re.compile(r"(?i)(?=[mdclxvi])m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
BY = re.compile(r"(?i)^(?:written|narrated|read|performed|gelesen|lu)?\s*(?:by|von|par)\b[\s:]+")
ROLE = re.compile(
    r"(?i)\s*(?:[(\[]\s*(?:author|narrator|reader|translator|editor|foreword|introduction)\s*[)\]]"
    r"|\s-\s(?:translator|editor|foreword|introduction|afterword|contributor)\b.*)$"
)
OTHER_ROLE = re.compile(r"(?i)(?:\(|\s-\s)\s*(?:translator|editor|foreword|introduction|afterword)")
LIFE = re.compile(r",?\s*\(?\b\d{4}\s*[-\u2013]\s*(?:\d{4})?\)?$")
BETWEEN = re.compile(r"\s*[;/|]\s*|\s+(?:&|and|und|et|with)\s+", re.IGNORECASE)
NOBODY = {
    "", "unknown", "unknown author", "unknown artist", "various", "various artists", "n a", "none",
    "librivox", "librivox org", "audiobook", "anonymous", "full cast", "author",
}  # fmt: skip
TAG = re.compile(r"<(?:br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)
MARKUP = re.compile(r"<[^>]{1,400}>")


@dataclass(frozen=True)
class Titled:
    """A title and what else stood in it."""

    title: str
    subtitle: str = ""
    series: tuple[tuple[str, str], ...] = ()


def read_title(text: str) -> Titled:
    """`THE WARDEN (Barsetshire, Book 1) (Unabridged)` is The Warden, Barsetshire 1."""
    bare = strip_remarks(" ".join(unescape(text).split()))
    bare, series = split_series(bare)
    bare = article_first(of_cased(strip_remarks(bare)))
    title, subtitle = split_subtitle(bare)
    return Titled(title, subtitle, series)


def strip_remarks(text: str) -> str:
    """Without (Unabridged) and the like. What would leave nothing is kept."""
    bare = EMPTY.sub("", REMARK.sub(" ", text))
    bare = " ".join(bare.split()).strip(" -\u2013:,;_")
    return bare if normalise(bare) else text.strip()


def split_series(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The title, and the series with its position that stood beside it."""
    if found := BRACKETED.search(text):
        number = position_of(found["number"])
        before = text[: found.start()].strip(" -\u2013:,")
        if number and normalise(before):
            return before, ((series_name(found["series"]), number),)
    for shape in (BEHIND, BEFORE):
        found = shape.match(text)
        number = position_of(found["number"]) if found else ""
        if found and number and is_series_name(found["series"], found["title"]):
            return found["title"].strip(), ((series_name(found["series"]), number),)
    return text, ()


def is_series_name(series: str, title: str) -> bool:
    """Not where `Part 2` is the title's own: `Faust: Part 2`, `Henry IV, Part 1`; nor a book about
    the book."""
    is_empty = normalise(series) in {"", "the", "a", normalise(title)}
    return not is_empty and not is_companion(series)


def is_companion(text: str) -> bool:
    """Whether it names a book about another one, or a part of it."""
    return bool(COMPANION.search(normalise(text)))


def series_name(text: str) -> str:
    name = re.sub(r"(?i)^(?:the\s+)?(.+?)\s+(?:series|saga|trilogy|cycle)$", r"\1", text.strip())
    return article_first(of_cased(name.strip(" -\u2013:,;#")))


def position_of(text: str) -> str:
    """1, 2.5 or 1-3 as text; a word or a Roman number is read; empty for what counts nothing."""
    text = LABELLED.sub("", text.strip().lower())
    if re.search(r",\s", text):  # several
        return ""
    text = re.sub(r"\s", "", text).replace(",", ".")
    if re.fullmatch(r"(?:\d{1,3}(?:\.\d{1,2})?|\.\d{1,2})", text):
        return f"{float(text):g}"
    if found := re.fullmatch(r"0*(\d{1,3})-0*(\d{1,3})", text):
        return f"{found[1]}-{found[2]}"
    number = number_of(text) if text.isalpha() else None
    return "" if number is None else str(number)


def split_subtitle(text: str) -> tuple[str, str]:
    """Only by a colon, or before `or,`: a dash may belong to the title."""
    if found := re.match(r"(?i)(.+?)[;,:]\s+(or,?\s+.+)$", text):
        return found[1].strip(), found[2].strip()
    title, colon, subtitle = text.partition(": ")
    has_both = colon and normalise(title) and normalise(subtitle)
    if not has_both or NUMBERED.fullmatch(subtitle.strip()):  # Faust: Part Two
        return text, ""
    return title.strip(), subtitle.strip()


def article_first(text: str) -> str:
    """`Time Machine, The` is The Time Machine."""
    front, comma, last = text.rpartition(", ")
    is_article = comma and len(last) <= 4 and len(title_words(text)) < len(text.split())
    return f"{last} {front}" if is_article and last[0].isupper() else text


def of_cased(text: str) -> str:
    """ALL CAPITALS become a title's; one short word (SHE, RUR) may be one of its own."""
    letters = [letter for letter in text if letter.isalpha()]
    is_shouted = len(letters) > 3 and all(letter.isupper() for letter in letters)
    if not is_shouted and not (len(letters) > 3 and all(letter.islower() for letter in letters)):
        return text
    words = text.split()
    return " ".join(
        _cased(word, at == 0 or words[at - 1][-1:] in ":;-") for at, word in enumerate(words)
    )


def _cased(word: str, is_first: bool) -> str:
    bare = word.strip(".,:;!?()'\"")
    if len(bare) > 1 and ROMAN.fullmatch(bare) and bare.lower() not in {"mix", "dim", "di", "mi"}:
        return word.upper()
    if bare.lower() in LOWER and not is_first:
        return word.lower()
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


# --- People ---------------------------------------------------------------------------------------


def read_names(values: Iterable[str] | str) -> tuple[str, ...]:
    """Several in one text are taken apart; translators and the like are left out, and nobodies."""
    many = [values] if isinstance(values, str) else list(values)
    names = [read_name(part) for value in many for part in apart(unescape(value))]
    known: dict[str, str] = {}
    for name in names:
        if normalise(name) not in NOBODY:
            known.setdefault(normalise(name), name)
    return tuple(known.values())


def apart(text: str) -> list[str]:
    parts = [part for part in BETWEEN.split(BY.sub("", " ".join(text.split()))) if part]
    if len(parts) == 2 and " " not in parts[0] and parts[1].count(" ") == 1 and ";" not in text:
        parts[0] += " " + parts[1].split()[1]  # Jacob and Wilhelm Grimm
    return [name for part in parts for name in _by_commas(part) if not OTHER_ROLE.search(name)]


def _by_commas(text: str) -> list[str]:
    """`Verne, Jules` is one person; `Jules Verne, Ann Reader` are two."""
    parts = [part.strip() for part in LIFE.sub("", text).split(",") if part.strip()]
    if len(parts) == 3 and is_addition(parts[2]):  # Dumas, Alexandre, fils
        return [f"{parts[1]} {parts[0]}, {parts[2]}"]
    if len(parts) == 2 and (" " not in parts[0] or is_addition(parts[1])):
        return [", ".join(parts)]
    if len(parts) > 2 and len(parts) % 2 == 0 and all(" " not in part for part in parts[::2]):
        return [", ".join(parts[at : at + 2]) for at in range(0, len(parts), 2)]
    return parts


def is_addition(word: str) -> bool:
    return normalise(word) in {"jr", "sr", "phd", "md", "fils", "pere", "esq", "ii", "iii"}


def read_name(text: str) -> str:
    """First name first: `VERNE, JULES (1828-1905)` is Jules Verne."""
    bare = ROLE.sub("", LIFE.sub("", BY.sub("", text.strip()))).strip(" ,;-")
    last, comma, given = bare.partition(", ")
    if comma and not is_addition(given):
        bare = f"{given.strip()} {last.strip()}"
    bare = re.sub(r"(?<=\b[A-Z]\.)(?=[A-Z])", " ", bare)  # H.G. Wells
    return _name_cased(bare)


def _name_cased(name: str) -> str:
    letters = [letter for letter in name if letter.isalpha()]
    if len(letters) < 4 or not (name.isupper() or name.islower()):
        return name
    return " ".join(
        _cased(word, True) if "." not in word else word.upper() for word in name.split()
    )


# --- The rest -------------------------------------------------------------------------------------


def read_year(text: object) -> int | None:
    """The first four digits that may be a year; not one in the future."""
    found = re.search(r"(?<!\d)(\d{4})(?!\d)", str(text or ""))
    year = int(found[1]) if found else 0
    return year if EARLIEST <= year <= timezone.now().year + 2 else None


def read_date(text: object) -> date | None:
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", str(text or ""))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def read_isbn(text: object) -> str:
    """In thirteen digits, which an older one of ten has too. Only one whose check digit is
    right."""
    isbn = re.sub(r"[\s\u2010-\u2015-]", "", str(text or "")).upper()
    if re.fullmatch(r"\d{13}", isbn):
        total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(isbn))
        return isbn if total % 10 == 0 else ""
    if re.fullmatch(r"\d{9}[\dX]", isbn):
        digits = [10 if digit == "X" else int(digit) for digit in isbn]
        is_right = sum((10 - at) * digit for at, digit in enumerate(digits)) % 11 == 0
        return as_isbn13(isbn) if is_right else ""
    return ""


def as_isbn13(isbn: str) -> str:
    """An old one of ten digits with its new ones."""
    if len(isbn) != 10:
        return isbn
    head = f"978{isbn[:9]}"
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(head))
    return f"{head}{-total % 10}"


def read_asin(text: object) -> str:
    """Audible's begin with B0; ten digits are an ISBN."""
    asin = str(text or "").strip().upper()
    return asin if re.fullmatch(r"B0[A-Z0-9]{8}", asin) else ""


def read_description(text: object) -> str:
    """Plain text of HTML."""
    bare = MARKUP.sub("", TAG.sub("\n", text if isinstance(text, str) else ""))
    lines = [" ".join(line.split()) for line in unescape(bare).splitlines()]
    return "\n".join(line for line in lines if line)[:MOST_SHOWN]


def read_seconds(text: object) -> int | None:
    """Of seconds, or of 3:52:38."""
    said = str(text or "").strip()
    if re.fullmatch(r"\d{1,7}", said):
        return int(said) or None
    if found := re.fullmatch(r"(\d{1,4}):(\d\d):(\d\d)", said):
        hours, minutes, seconds = map(int, found.groups())
        return (hours * 60 + minutes) * 60 + seconds or None
    return None
