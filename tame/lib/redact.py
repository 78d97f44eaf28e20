"""Take secrets out of text before anybody reads, stores or logs it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

KEY_LIKE = (
    "apikey|jackett_apikey|api_key|passkey|authkey|torrent_pass|password|passwd|pwd|secret|token|"
    "key|uid|rsskey|sid|cookie|link|path|username"
)
QUERY = re.compile(rf"(?i)([?&;](?:{KEY_LIKE})=)[^&;\s\"'<>]+")
HEADER = re.compile(r"(?i)\b(authorization|cookie|set-cookie|x-api-key)\b(\s*[:=]\s*)[^\r\n]+")
USERINFO = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/@\s]+@")
ANNOUNCE = re.compile(r"(?i)((?:https?|udp|wss?)://[^/\s\"'<>]+)/[^\s\"'<>]*announce[^\s\"'<>]*")
LONG_SEGMENT = re.compile(r"(?<=/)[A-Za-z0-9_-]{24,}(?=[/?\s\"'<>]|$)")
MAGNET = re.compile(r"(?i)magnet:\?[^\s\"'<>]+")
MARK = "…"


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the given secrets (plain or percent-encoded) and without whatever looks like
    one: key-like query values, credentials in URLs and headers, announce paths, magnets' trackers.
    """
    for secret in secrets:
        if secret:
            for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
                text = text.replace(form, MARK)
    text = MAGNET.sub(_bare_magnet, text)
    text = ANNOUNCE.sub(rf"\1/{MARK}", text)
    text = QUERY.sub(rf"\1{MARK}", text)
    text = HEADER.sub(rf"\1\2{MARK}", text)
    text = USERINFO.sub(r"\1", text)
    return LONG_SEGMENT.sub(MARK, text)


def _bare_magnet(found: re.Match[str]) -> str:
    topics = re.findall(r"(?i)xt=urn:(?:btih|btmh):[a-z0-9]+", found.group())
    return "magnet:?" + "&".join(topics) if topics else f"magnet:{MARK}"


def first_line(text: str, limit: int = 200) -> str:
    """The first line of a service's own words, short enough to quote in a sentence."""
    line = text.strip().splitlines()[0].strip() if text.strip() else ""
    return line if len(line) <= limit else line[: limit - 1] + MARK


class RedactFilter(logging.Filter):
    """Redacts every log line, whoever wrote it, with its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True
