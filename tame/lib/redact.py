"""Take secrets out of text before anybody reads, stores or logs it.

Two nets: the secrets that TAME itself uses are known, in whatever way they are written; those of
others (a passkey in a tracker's address) are recognised by where they stand.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from types import TracebackType
from urllib.parse import quote, quote_plus

MARK = "…"
LEAST = 6  # a shorter secret would take words apart
LONG, RUN = 16, 8  # letters of a word, and of its part, that nobody reads
MOST_READ, MOST_SHOWN = 4000, 1000  # letters of a service's own words

NAMES = (
    r"[\w.-]*(?:key|pass|pwd|token|secret|cookie|session|signature|auth(?!or))[\w.-]*|link|path|"
    r"uid|sid|pid|username|user|back|rd|returnurl"
)
EDGE = r"\s\"'<>“”\\"
ADDRESS = r"(?:https?|udp|wss?|ftp|file)"
CODED = r"%(?:25)*"  # a percent sign, however often it was encoded
QUERY = re.compile(rf"(?i)([?&;](?:amp;)?(?:{NAMES})=)[^&;{EDGE}]+")
CODED_QUERY = re.compile(
    rf"(?i)({CODED}(?:3F|26|3B)(?:{NAMES}){CODED}3D)(?:(?!{CODED}26)[^&;{EDGE}])+"
)
ASSIGNED = re.compile(rf"(?i)(\b(?:{NAMES})(?:[\"']?\s?=|[\"']\s?:)\s?[\"']?)[^&;,{EDGE}]+")
SAID = re.compile(
    rf"(?i)(\b[\w-]*(?:key|pass|password|token|secret|cookie|session)[\"']?(?:\s?:|\sis|\s)\s?"
    rf"[\"'“]?)(?=[^,{EDGE}]*\d)[^,;{EDGE}]{{{LEAST},}}"
)
HEADER = re.compile(
    r"(?i)\b(authorization|cookie|set-cookie|x-api-key)\b([\"']?\s*[:=]\s*)[^\r\n]+"
)
SCHEME = re.compile(r"(?i)\b(bearer|basic)\s+[\w.+/=~-]{8,}")
API_KEY = re.compile(r"\bqbt_\w{8,}")  # qBittorrent's begin so
USERINFO = re.compile(rf"(?i)\b([a-z][a-z0-9+.-]*://)[^/@{EDGE}]+@")
ANNOUNCE = re.compile(rf"(?i)({ADDRESS}://[^/?{EDGE}]+)[/?][^{EDGE}]*announce[^{EDGE}]*")
CODED_ADDRESS = re.compile(rf"(?i)\b{ADDRESS}{CODED}3A[^&;{EDGE}]*")
MAGNET = re.compile(rf"(?i)\bmagnet(?::|{CODED}3A)[^{EDGE}]+")
SEGMENT = re.compile(rf"(?<=/)[^/?&#;,{EDGE}]{{{LONG},}}")
WORD = re.compile(rf"[A-Za-z0-9_-]{{{LONG},}}")
WEB = re.compile(rf"(?i)\b[a-z][a-z0-9+.-]{{1,8}}://(?:[^/@{EDGE}]*@)?([^/?#:{EDGE}]*)[^{EDGE}]*")

KEY_NAME = re.compile(NAMES, re.IGNORECASE)

_known: set[str] = set()


# --- What TAME knows ------------------------------------------------------------------------------


def keep_out(*secrets: str) -> None:
    """From now on, in this process, no redacted text holds these."""
    _known.update(secret for secret in secrets if len(secret) >= LEAST)


def blotted(body: bytes, secret: str) -> bytes:
    """What a service answered, without the secret that it was asked with: parts of it are kept and
    shown."""
    for form in written(secret) if len(secret) >= LEAST else ():
        body = body.replace(form.encode(), b"...")
    return body


@lru_cache(maxsize=512)
def written(secret: str) -> tuple[str, ...]:
    """The secret in every way it may be written, the longest first."""
    once = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    twice = {quote(form, safe="") for form in once}
    texts = {secret, json.dumps(secret)[1:-1], escape(secret), repr(secret)[1:-1]}
    forms = once | twice | texts | {_small(form) for form in once | twice}
    if len(secret) >= LEAST:
        forms |= _in_base64(secret.encode())
    return tuple(sorted(forms, key=len, reverse=True))


def _small(coded: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), coded)


def _in_base64(secret: bytes) -> set[str]:
    """What of it is the same whatever stands beside it, for the three ways it may be cut."""
    forms = set()
    for before in range(3):
        text = base64.b64encode(bytes(before) + secret)
        first, rest = (before * 8 + 5) // 6, (before + len(secret)) % 3
        form = text[first : len(text) - (4 - rest if rest else 0)].decode()
        forms |= {form, form.replace("+", "-").replace("/", "_")}
    return forms


# --- Text -----------------------------------------------------------------------------------------


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the given and the known secrets, and without whatever looks like one:
    values of key-like names, credentials in addresses and headers, announce paths, the trackers
    of magnets, parts of a path that are no words."""
    for secret in (*secrets, *_known):
        for form in written(secret) if secret else ():
            if form in text:
                text = text.replace(form, MARK)
    text = MAGNET.sub(_bare_magnet, text)
    text = HEADER.sub(rf"\1\2{MARK}", text)
    text = USERINFO.sub(r"\1", text)
    text = ANNOUNCE.sub(rf"\1/{MARK}", text)
    text = CODED_ADDRESS.sub(MARK, text)
    for pattern in (QUERY, CODED_QUERY, ASSIGNED, SAID, SCHEME):
        text = pattern.sub(rf"\1{'' if pattern is not SCHEME else ' '}{MARK}", text)
    text = API_KEY.sub(MARK, text)
    return SEGMENT.sub(lambda found: MARK if is_unreadable(found[0]) else found[0], text)


def quotable(text: str, secrets: Iterable[str] = ()) -> str:
    """A service's own words as they may stand in a sentence: redacted, hosts in the place of
    addresses, nothing that no person could read, and an end."""
    text = WEB.sub(lambda web: web[1] or MARK, redact(text[:MOST_READ], secrets))
    text = WORD.sub(lambda word: MARK if is_unreadable(word[0]) else word[0], text)
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + MARK


def bare_address(typed: str) -> str:
    """An address without a login and without its key-like parameters."""
    head, mark, query = typed.partition("?")
    head = re.sub(r"(?i)^([a-z][a-z0-9+.-]*://)?.*@", r"\1", head.strip(), flags=re.DOTALL)
    kept = [part for part in query.split("&") if not KEY_NAME.fullmatch(part.partition("=")[0])]
    return head + (mark + "&".join(kept) if kept else "")


def is_unreadable(word: str) -> bool:
    """Whether it is rather a key than words: of its parts, letters and digits are mixed."""
    if len(word) < LONG:
        return False
    parts = [part for part in re.split(r"[^A-Za-z0-9]+", word) if part]
    mixed = [part for part in parts if not (part.isalpha() or part.isdigit())]
    return (
        2 * len(mixed) > len(parts)
        or any(len(part) >= RUN and not _is_name(part) for part in mixed)
        or any(len(part) >= 2 * LONG for part in parts)
    )


def _is_name(part: str) -> bool:
    """Digits before or after letters, as in Cranford1853 or 64kbps: one change of kind."""
    return len(re.findall(r"\d+|[A-Za-z]+", part)) == 2 and len(part) < LONG


def _bare_magnet(found: re.Match[str]) -> str:
    topics = re.findall(r"(?i)xt=urn:(?:btih|btmh):[a-z0-9]+", found.group())
    return "magnet:?" + "&".join(topics) if topics else f"magnet:{MARK}"


def first_line(text: str, limit: int = 200) -> str:
    """The first line of a service's own words, short enough to quote in a sentence."""
    line = text.strip().splitlines()[0].strip() if text.strip() else ""
    return line if len(line) <= limit else line[: limit - 1] + MARK


# --- Logs and tracebacks --------------------------------------------------------------------------


class RedactFilter(logging.Filter):
    """Redacts every log line, whoever wrote it, with its arguments and its tracebacks."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:  # it may come from a handler before, in clear
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def show_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """In the place of `sys.excepthook`: a traceback quotes what was being asked, with its key."""
    told = logging.Formatter().formatException((kind, error, trace))
    sys.stderr.write(redact(told) + "\n")
