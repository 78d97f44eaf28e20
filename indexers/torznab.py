"""Ask an indexer by Torznab: what it can do, what it has, and which others its server has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from indexers import complaints, figures, markup
from indexers.addresses import Address, read_address, read_server
from indexers.capabilities import (
    Caps,
    Listed,
    jackett_indexers,
    prowlarr_indexers,
    read_caps,
)
from indexers.feed import once_each, read_feed
from indexers.found import FoundRelease
from tame.lib.allowed import Allowed
from tame.lib.call_errors import CallError
from tame.lib.errors import BadInputError, LoginRefusedError, ServiceDownError
from tame.lib.http import Answer, get
from tame.lib.redact import keep_out

Timeout = tuple[float, float]
ALL = "/api/v2.0/indexers/all/results/torznab/api"
STATUS_SECONDS = 10  # a question to Prowlarr's own database


@dataclass(frozen=True)
class Endpoint:
    """An indexer. `url`: its Torznab address without key and query. `also_allowed`: further
    private hosts that its links may lead to."""

    name: str = ""
    url: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    also_allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keep_out(self.key)


def caps(endpoint: Endpoint, *, timeout: Timeout) -> Caps:
    """What the indexer offers. Raises `ServiceDownError`, `LoginRefusedError`."""
    answer = _ask(endpoint, {"t": "caps"}, timeout)
    return read_caps(
        answer.body,
        name=endpoint.name,
        secrets=(endpoint.key,),
        wait=complaints.retry_after(answer.headers),
    )


def search(
    endpoint: Endpoint,
    query: str,
    categories: Sequence[int] = (),
    *,
    timeout: Timeout,
    offset: int = 0,
) -> tuple[FoundRelease, ...]:
    """The releases that match; an empty query lists the newest.

    `categories`: only ones that the indexer knows, see `usable_categories`; with another one it
    finds nothing. Raises `ServiceDownError`, `LoginRefusedError`.
    """
    # Always t=search with q: sent an author or a title that it does not know as a parameter,
    # Jackett lists its newest uploads and Prowlarr nothing at all.
    asked = {"t": "search", "extended": "1", "q": query}
    if categories:
        asked["cat"] = ",".join(str(number) for number in dict.fromkeys(categories))
    if offset:
        asked["offset"] = str(offset)
    answer = _ask(endpoint, asked, timeout)
    wait = complaints.retry_after(answer.headers)
    feed = read_feed(answer.body, name=endpoint.name, secrets=(endpoint.key,), wait=wait)
    if not feed.releases and not feed.skipped and not offset:
        _refuse_swallowed_failure(endpoint, timeout)
    # A release is stored once for an indexer, even if several of an aggregate list it.
    return tuple(once_each(("", release) for release in feed.releases))


def list_indexers(base_url: str, key: str, *, timeout: Timeout) -> tuple[Listed, ...]:
    """The torrent indexers that the Jackett or Prowlarr at this address has set up.

    Raises `BadInputError`, `ServiceDownError`, `LoginRefusedError`.
    """
    keep_out(key)
    try:
        return _listed(read_server(base_url), key, timeout)
    except LoginRefusedError as error:  # there is no indexer yet to copy a key into
        said = str(error).removesuffix(complaints.KEY)
        raise LoginRefusedError(f"{said}{complaints.SERVER_KEY}") from error


def _listed(server: str, key: str, timeout: Timeout) -> tuple[Listed, ...]:
    answer = _ask_jackett(server, key, timeout)
    if moved := _base_path(answer):
        server = moved
        answer = _ask_jackett(server, key, timeout)
    if markup.form_of(answer.body) == "xml":
        return jackett_indexers(answer.body, server, name=f"Jackett at {server}", secrets=(key,))
    return _ask_prowlarr(server, key, timeout)


def _ask_jackett(server: str, key: str, timeout: Timeout) -> Answer:
    asked = {"apikey": key, "t": "indexers", "configured": "true"}
    name = f"Jackett or Prowlarr at {server}"
    return _call(name, f"{server}{ALL}?{urlencode(asked)}", Allowed(server), timeout)


def _ask_prowlarr(server: str, key: str, timeout: Timeout) -> tuple[Listed, ...]:
    name = f"Prowlarr at {server}"
    url = f"{server}/api/v1/indexer"
    answer = _call(name, url, Allowed(server), timeout, {"X-Api-Key": key})
    if answer.status == 200 and markup.form_of(answer.body) == "json":
        return prowlarr_indexers(answer.body, server, name=name, secrets=(key,))
    if answer.status in (401, 403, 429) or answer.status >= 500:
        raise complaints.of_answer(name, answer.status, answer.headers, answer.body, url, key)
    raise ServiceDownError(
        f"Neither Jackett nor Prowlarr answers at {server}. Open its page in a browser and paste "
        "the address from there."
    )


def _base_path(answer: Answer) -> str:
    """Where the server really is: Prowlarr redirects to its base path what comes without it."""
    if not 300 <= answer.status < 400:
        return ""
    asked = urlsplit(answer.url)
    moved = complaints.target_of(answer.url, answer.headers.get("Location", ""))
    is_here = (moved.scheme, moved.netloc) == (asked.scheme, asked.netloc)
    if not is_here or moved.path == asked.path or not moved.path.endswith(ALL):
        return ""
    return f"{moved.scheme}://{moved.netloc}{moved.path.removesuffix(ALL)}"


def _ask(endpoint: Endpoint, asked: Mapping[str, str], timeout: Timeout) -> Answer:
    """An answer of HTTP 200, whatever is in it."""
    key = {"apikey": endpoint.key} if endpoint.key else {}
    url = f"{endpoint.url}?{urlencode(key | dict(asked))}"
    answer = _call(endpoint.name, url, _allowed(endpoint), timeout)
    if answer.status == 200:
        return answer
    raise complaints.of_answer(
        endpoint.name, answer.status, answer.headers, answer.body, url, endpoint.key
    )


def _allowed(endpoint: Endpoint) -> Allowed:
    return Allowed(endpoint.url, endpoint.also_allowed)


def _call(
    name: str,
    url: str,
    allowed: Allowed,
    timeout: Timeout,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    try:
        return get(
            url,
            allowed=allowed,
            timeout=timeout,
            cap=markup.SIZE_LIMIT,
            headers=headers,
            total=sum(timeout),
        )
    except CallError as error:
        raise complaints.of_call(name, error) from error


def _refuse_swallowed_failure(endpoint: Endpoint, timeout: Timeout) -> None:
    """Prowlarr answers for a tracker that failed with an empty feed, and blocks it for a while.

    Raises `ServiceDownError` when Prowlarr says that it just did so.
    """
    try:
        address = read_address(endpoint.url)
    except BadInputError:
        return
    if address.kind != "prowlarr":
        return
    until = _blocked_until(endpoint, address, (timeout[0], min(timeout[1], STATUS_SECONDS)))
    seconds = (until - datetime.now(UTC)).total_seconds() if until else 0
    if seconds > 0:
        raise ServiceDownError(
            f"{endpoint.name} found nothing because its tracker failed; Prowlarr leaves it alone "
            f"for now. Look at its log in Prowlarr.",
            retry_after=min(seconds, complaints.DAY),
        )


def _blocked_until(endpoint: Endpoint, address: Address, timeout: Timeout) -> datetime | None:
    url = f"{address.server}/api/v1/indexerstatus"
    headers = {"X-Api-Key": endpoint.key}
    try:
        answer = _call(endpoint.name, url, _allowed(endpoint), timeout, headers)
    except ServiceDownError:
        return None  # the empty feed is all there is to know
    entries = markup.read_json(answer.body) if answer.status == 200 else None
    number = address.url.rsplit("/", 2)[1]
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and str(entry.get("indexerId")) == number:
            return figures.instant(str(entry.get("disabledTill")))
    return None
