"""Read XML and JSON that strangers wrote: no document types, bounded, forgiving small slips."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any, Protocol, TypeVar
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

SIZE_LIMIT = 8 * 1024 * 1024
TAG_LIMIT = 500_000
AMPERSAND_LIMIT = 1_000_000
DEPTH_LIMIT = 40
BLANK = b" \t\r\n\xef\xbb\xbf"
ENCODING = re.compile(
    rb"""^<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,30})["'][^>]{0,100}?>"""
)
KNOWN_ENCODING = re.compile(
    r"utf[-_]?(8|16)|us-ascii|ascii|latin-?1|(iso-?8859|windows|cp|koi8|euc)[-_]?\w{1,4}"
    r"|gbk|gb2312|gb18030|big5|shift[-_]?jis",
    re.IGNORECASE,
)
LOOSE = re.compile(r"&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z]\w{1,31};)?")
CDATA = ("<![CDATA[", "]]>")
OWN = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"}
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
ROOT = re.compile(rb"<!--.*?-->|<([A-Za-z_][\w:.-]*)", re.DOTALL)
PAGE = re.compile(rb"(?i)\s*<!doctype\s+html")


class UnreadableError(Exception):
    """The document is broken, or refused; the text says why in a clause."""


class Reader(Protocol):
    """Takes what a pass over a document finds, in its order."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


R = TypeVar("R", bound=Reader)


def form_of(body: bytes) -> str:
    """empty, json, html, xml or other: what a body looks like from its beginning."""
    start = _utf_8(body[:4096])[0].lstrip(BLANK)
    if not start:
        return "empty"
    if start[:1] in b"{[":
        return "json"
    root = next((found[1].lower() for found in ROOT.finditer(start) if found[1]), b"")
    if PAGE.match(start) or root in {b"html", b"head", b"body"}:
        return "html"
    return "xml" if start[:1] == b"<" else "other"


def read(body: bytes, reader: Callable[[], R]) -> R:
    """One pass of a new reader over the document; a second, over a mended one, if that fails.

    Raises `UnreadableError`.
    """
    if len(body) > SIZE_LIMIT:
        raise UnreadableError(f"it is larger than {SIZE_LIMIT >> 20} MiB")
    plain, encoding = _utf_8(body)
    if plain.count(b"<") > TAG_LIMIT:
        raise UnreadableError(f"it has more than {TAG_LIMIT:,} tags")
    plain = plain.lstrip(BLANK)
    try:
        return _pass(plain, reader(), encoding)
    except (expat.ExpatError, ValueError, LookupError):
        pass
    if plain.count(b"&") > AMPERSAND_LIMIT:  # each is looked at while mending
        raise UnreadableError(f"it has more than {AMPERSAND_LIMIT:,} ampersands")
    try:
        return _pass(_mended(plain, encoding), reader(), "utf-8")
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableError(f"broken XML: {error}") from error


def read_tree(body: bytes) -> Element:
    """A small document as a tree. Raises `UnreadableError`."""
    return read(body, _Tree).builder.close()


def read_json(body: bytes) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


class _Tree:
    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.text = self.builder.data
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        check_depth(self._depth)
        self.builder.start(name, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(name)


def check_depth(depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise UnreadableError(f"its elements are nested more than {DEPTH_LIMIT} deep")


def _pass(body: bytes, reader: R, encoding: str | None) -> R:
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.Parse(body, True)
    return reader


def _refuse(*_: object) -> None:
    # Entities can make a few hundred bytes grow to gigabytes, or read files. No feed needs them.
    raise UnreadableError("it declares a document type, which TAME refuses for safety")


def _utf_8(body: bytes) -> tuple[bytes, str | None]:
    """The body in an encoding whose ASCII is ASCII, and the encoding if it is not as declared."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace").encode("utf-8", "replace"), "utf-8"
    if body[:2] in (b"<\x00", b"\x00<"):
        order = "utf-16-le" if body[:1] == b"<" else "utf-16-be"
        return body.decode(order, "replace").encode("utf-8", "replace"), "utf-8"
    return body, None


def _mended(body: bytes, encoding: str | None) -> bytes:
    """The same document without control characters and stray bytes, and with the ampersands and
    entities escaped that XML does not know."""
    declared = ENCODING.match(body)
    name = encoding or (declared[1].decode("ascii") if declared else "utf-8")
    if not KNOWN_ENCODING.fullmatch(name):
        name = "utf-8"
    try:
        text = body.decode(name, "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    opening, closing = CDATA
    first, *sections = text.split(opening)
    parts = [LOOSE.sub(_harmless, first)]
    for section in sections:
        raw, _, rest = section.partition(closing)
        parts.append(opening + raw + closing + LOOSE.sub(_harmless, rest))
    return NOT_XML.sub("", "".join(parts)).encode("utf-8")


def _harmless(found: re.Match[str]) -> str:
    whole = found.group()
    if whole in OWN:
        return whole
    letter = html.unescape(whole)
    if letter == whole:
        return "&amp;" + whole[1:]
    return html.escape(NOT_XML.sub("", letter))
