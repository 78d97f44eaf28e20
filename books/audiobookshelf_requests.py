"""A request to an Audiobookshelf and its checked answer; what goes wrong is one of our errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from books import audiobookshelf_errors as errors
from tame.lib.allowed import Allowed
from tame.lib.call_errors import CallError
from tame.lib.http import Answer, get
from tame.lib.redact import blotted, keep_out

T = TypeVar("T")
Timeout = tuple[float, float]
MOST_BYTES = 64 * 2**20
LONGEST = 40  # seconds for a whole request: within a lease
UNREADABLE = object()


@dataclass(frozen=True)
class Server:
    """`url`: with its base path, without a slash at the end. `key`: of an API key, or an older
    token."""

    name: str
    url: str
    key: str = field(default="", repr=False)
    timeout: Timeout = (5, 30)

    def __post_init__(self) -> None:
        keep_out(self.key)


def ask(
    server: Server,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    need: str = "the right to see this library",
    also: tuple[int, ...] = (),
) -> Answer:
    """`also`: further answers that the caller understands."""
    headers = {"Authorization": f"Bearer {server.key}", "Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    sent = None if body is None else json.dumps(body).encode()
    try:
        answer = get(
            f"{server.url}/api/{path}",
            allowed=Allowed(server.url, public=False),
            timeout=server.timeout,
            cap=MOST_BYTES,
            headers=headers,
            total=LONGEST,
            method=method,
            body=sent,
        )
    except CallError as error:
        raise errors.of_call(server.name, server.url, error) from error
    if answer.status == 200 or answer.status in also:
        return answer
    raise errors.of_answer(server.name, server.url, answer, need)


def is_page(answer: Answer) -> bool:
    kind = answer.headers.get("Content-Type", "").lower()
    return "html" in kind or answer.body.lstrip()[:1] == b"<"


def read(server: Server, answer: Answer, reader: Callable[[Any], T]) -> T:
    """The answer's document, as `reader` takes it: what that cannot read is unreadable."""
    if is_page(answer):
        raise errors.web_page(server.name, server.url)
    document = _parsed(blotted(answer.body, server.key))
    if document is UNREADABLE:
        raise errors.unreadable(server.name)
    try:
        return reader(document)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise errors.unreadable(server.name) from error


def _parsed(body: bytes) -> Any:
    """Its error holds what could not be read, and that holds a token: it goes no further."""
    try:
        return json.loads(body)
    except ValueError:
        return UNREADABLE
