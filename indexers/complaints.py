"""What a bad answer of an indexer means, as the sentence a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urljoin, urlsplit

from indexers import markup
from tame.lib.call_errors import CallError
from tame.lib.errors import LoginRefusedError, ServiceDownError
from tame.lib.redact import MARK, first_line, redact

DAY = 86_400
LIMIT_SECONDS = 3600  # a limit that names no end: trackers count by the hour or the day
LOOK = "Look at this indexer in Jackett or Prowlarr."
ADDRESS = "Copy its Torznab address again from Jackett or Prowlarr."
REACH = "Check that Jackett or Prowlarr is running and that the address is right."
KEY = "Copy the API key again from Jackett or Prowlarr into this indexer."
SERVER_KEY = (
    "Give its API key again: Jackett shows it at the top of its page, Prowlarr under Settings, "
    "General."
)
PROXY = (
    "If a proxy in front of it asks for a login, use the address behind that proxy; otherwise copy "
    "the Torznab address again from Jackett or Prowlarr."
)

SAID_LIMIT = 160
DOTNET = re.compile(r"^(?:[\w.`]{1,100}Exception: |Exception \([^)]{0,80}\): )+")
WEB = re.compile(r"(?i)\b[a-z]{2,8}://(?:[^/\s\"'<>?#@]{0,200}@)?([\w.\[\]:-]{1,200})[^\s\"'<>]*")
LONG_WORD = re.compile(r"\b(?=[a-zA-Z_-]{0,200}\d)[\w-]{16,}")
TOO_MANY = re.compile(
    r"(?i)too ?many ?requests|rate.?limit|limit (?:is |was )?(?:reached|exceeded)"
)
CAUSES = (
    (r"TaskCanceled|TimeoutException|timed out", "the tracker did not answer in time"),
    (r"cloudflare|captcha|ddos-guard|challenge", "the tracker shows an anti-bot page"),
    (r"JsonReader|parsing value: <", "the tracker sent a web page instead of results"),
)
PASSWORD = re.compile(rb"(?i)type\s?=\s?[\"']?password|<title>[^<]{0,80}(?:log ?in|sign ?in)")
ANTI_BOT = re.compile(
    rb"(?i)cf.chl|challenge-platform|just a moment|attention required|checking your browser"
    rb"|ddos-guard|you have been blocked|verify you are (?:a )?human|incapsula|captcha"
)


def of_call(name: str, error: CallError) -> ServiceDownError:
    """No answer at all."""
    if error.code == "timeout":
        remedy = "It may be waiting for a slow tracker; TAME asks again later."
    elif error.code == "too-big":
        remedy = "Fewer categories make it shorter."
    elif error.code == "tls":
        remedy = "Check whether the address should begin with http instead of https."
    else:
        remedy = REACH
    return ServiceDownError(f"{name} gave no usable answer: {error.reason}. {remedy}")


def of_answer(
    name: str, status: int, headers: Mapping[str, str], body: bytes, url: str, key: str
) -> ServiceDownError:
    """An answer other than HTTP 200. The body is read first: the status often says less."""
    if 300 <= status < 400:
        return _redirected(name, headers.get("Location", ""), url, key)
    wait, form = retry_after(headers), markup.form_of(body)
    if form == "xml" and (error := error_in(body)):
        return of_error(name, *error, secrets=(key,), wait=wait)
    if form == "html" and (page := _known_page(name, body)):
        return page
    if form == "json" and status not in (401, 403, 404, 410, 429):
        return of_json(name, body, (key,))
    if status == 401 and "basic" in headers.get("WWW-Authenticate", "").lower():
        return ServiceDownError(
            f"A web server in front of {name} asks for a login. Use the address behind it, or let "
            "TAME through."
        )
    return _of_status(name, status, wait)


def _of_status(name: str, status: int, wait: float | None) -> ServiceDownError:
    if status in (401, 403):
        return LoginRefusedError(f"{name} refused the key (HTTP {status}). {KEY}")
    if status == 404:
        return _unknown(name)
    if status == 410:
        return _disabled(name)
    if status == 429:
        return _limited(name, wait)
    if status == 503:
        sentence = f"{name} is not ready (HTTP 503); it may be starting. TAME asks again later."
        return ServiceDownError(sentence, retry_after=wait)
    if status >= 500:
        return ServiceDownError(f"{name} failed (HTTP {status}). {LOOK}", retry_after=wait)
    return ServiceDownError(f"{name} answered HTTP {status} and no results. {ADDRESS}")


def of_error(
    name: str,
    code: str,
    description: str,
    *,
    secrets: Iterable[str] = (),
    wait: float | None = None,
) -> ServiceDownError:
    """An `<error>` document. `wait`: seconds that the service asked for."""
    number = number_of(code)
    said = quoted(description, secrets)
    if 100 <= number < 200:
        return LoginRefusedError(f"{name} refused the key: it says {said}. {KEY}")
    if number == 429 or TOO_MANY.search(first_line(description, 1000)):
        return _limited(name, wait or (LIMIT_SECONDS if number in (500, 501) else None))
    if number in (500, 501) and not description.strip():
        return _limited(name, wait or LIMIT_SECONDS)
    if number in (410, 901, 910):
        return _disabled(name)
    if "indexer is not configured" in description.lower():
        return ServiceDownError(
            f"{name} is not set up in Jackett. Set it up there, or disable it here."
        )
    if 200 <= number < 300:
        return ServiceDownError(f"{name} did not accept the request: it says {said}. {LOOK}")
    cause = next((clause for sign, clause in CAUSES if re.search(rf"(?i){sign}", description)), "")
    return ServiceDownError(f"{name} could not search: {cause or f'it says {said}'}. {LOOK}")


def number_of(code: str) -> int:
    """Of an error; 0 when it has none."""
    return int(code) if code.isascii() and code.strip().isdigit() and len(code) < 6 else 0


def refuse_other_than_xml(name: str, body: bytes, secrets: Iterable[str]) -> None:
    """Raises `ServiceDownError` for a body that is no XML, although HTTP said all is well."""
    form = markup.form_of(body)
    if form == "empty":
        raise ServiceDownError(f"{name} sent an empty answer. {LOOK}")
    if form == "json":
        raise of_json(name, body, secrets)
    if form == "html":
        raise _known_page(name, body) or ServiceDownError(
            f"{name} sent a web page instead of results. {ADDRESS}"
        )
    if form == "other":
        raise ServiceDownError(f"{name} sent something that is not XML. {ADDRESS}")


def unreadable(name: str, error: markup.UnreadableError) -> ServiceDownError:
    return ServiceDownError(f"{name} sent an answer that TAME cannot read: {error}. {LOOK}")


def not_asked_for(name: str, root: str) -> ServiceDownError:
    shown = f"<{root[:40]}>" if re.fullmatch(r"[\w:.-]+", root) else "another document"
    return ServiceDownError(f"{name} sent {shown} instead of what was asked for. {ADDRESS}")


def quoted(text: str, secrets: Iterable[str] = ()) -> str:
    """A service's own words in quotes: one line, hosts instead of addresses, no secrets."""
    line = DOTNET.sub("", first_line(text[:4000], 2000))
    line = redact(line, secrets)
    line = LONG_WORD.sub(MARK, WEB.sub(lambda web: web[1], line))
    line = "".join(letter for letter in line if letter.isprintable()).replace('"', "'")
    return f'"{first_line(line, SAID_LIMIT).rstrip(".")}"' if line.strip() else "nothing more"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The wait that a service asks for, in seconds, a day at most."""
    written = headers.get("Retry-After", "").strip()
    if written.isascii() and written.isdigit():
        seconds = float(written[:9])
    else:
        try:
            until = parsedate_to_datetime(written)
        except (ValueError, TypeError, IndexError):
            return None
        until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
        seconds = (until - datetime.now(UTC)).total_seconds()
    return min(seconds, DAY) if seconds > 0 else None


def _limited(name: str, wait: float | None) -> ServiceDownError:
    again = f"in {_shown(wait)}" if wait else "later"
    return ServiceDownError(
        f"{name} asks for a pause: too many requests, or its limit is reached. "
        f"TAME asks again {again}.",
        retry_after=wait,
    )


def _shown(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _unknown(name: str) -> ServiceDownError:
    return ServiceDownError(f"{name} does not exist at its address any more. {ADDRESS}")


def _disabled(name: str) -> ServiceDownError:
    return ServiceDownError(f"{name} is disabled in Prowlarr. Enable it there, or disable it here.")


def of_json(name: str, body: bytes, secrets: Iterable[str]) -> ServiceDownError:
    text = words_in(body)
    if "unknown indexer" in text.lower():
        return _unknown(name)
    if not text:
        return ServiceDownError(f"{name} sent JSON instead of a Torznab feed. {ADDRESS}")
    return ServiceDownError(f"{name} could not search: it says {quoted(text, secrets)}. {LOOK}")


def words_in(body: bytes) -> str:
    """What a JSON document says of an error."""
    said = markup.read_json(body)
    for name in ("error", "message", "title"):
        text = said.get(name) if isinstance(said, dict) else None
        if text and isinstance(text, str):
            return text
    return ""


def error_in(body: bytes) -> tuple[str, str] | None:
    """Code and description of an `<error>` document."""
    try:
        root = markup.read_tree(body)
    except markup.UnreadableError:
        return None
    if root.tag != "error":
        return None
    return root.get("code", ""), root.get("description") or root.text or ""


def _known_page(name: str, body: bytes) -> ServiceDownError | None:
    start = body[:200_000]
    if PASSWORD.search(start):
        return ServiceDownError(f"{name} sent a login page instead of results. {PROXY}")
    if ANTI_BOT.search(start):
        return ServiceDownError(
            f"{name} sent an anti-bot page instead of results. Use an address of Jackett or "
            "Prowlarr that has no such guard in front."
        )
    return None


def target_of(url: str, location: str) -> SplitResult:
    """Where a redirect leads, in parts; empty ones when that is no address."""
    try:
        return urlsplit(urljoin(url, location))
    except ValueError:
        return urlsplit("")


def _redirected(name: str, location: str, url: str, key: str) -> ServiceDownError:
    # Jackett puts the whole request, with the key, into the address of its login page.
    target = target_of(url, location)
    if "login" in target.path.lower() or "returnurl" in target.query.lower():
        return ServiceDownError(f"{name} sent TAME to a login page. {PROXY}")
    if target.scheme in ("http", "https") and target.hostname and location:
        host = target.netloc.rpartition("@")[2]
        path = _path_without_secrets(target.path, urlsplit(url).path)
        moved = redact(f"{target.scheme}://{host}{path}", (key,))
        return ServiceDownError(f"{name} answers at {moved}. Use that as its address.")
    return ServiceDownError(f"{name} sent TAME elsewhere without saying where. {ADDRESS}")


def _path_without_secrets(path: str, asked: str) -> str:
    """Words and what was asked for: anything else may be an account's key."""
    known = asked.split("/")
    parts = (part if part in known or part.isalpha() else MARK for part in path.split("/"))
    return "/".join(parts)
