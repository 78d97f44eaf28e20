"""Fetch one picture from the web, for a book."""

from __future__ import annotations

from urllib.parse import urljoin

from books.metadata.asking import MOST_REDIRECTS, REDIRECTS
from tame.lib.allowed import Allowed, origin_of
from tame.lib.call_errors import CallError
from tame.lib.errors import ServiceDownError, TameError
from tame.lib.http import Answer, get
from tame.lib.pictures import kind_of

MOST_BYTES = 3 * 2**20
FINAL = {"too-big", "not-allowed", "bad-url"}  # asking again does not help


class NoPictureError(TameError):
    """There is none at this address, and asking again does not help."""


def fetch_picture(url: str, *, home: str, timeout: tuple[float, float]) -> tuple[bytes, str]:
    """Its bytes and its kind. `home`: the address of the source that named it, which a person gave
    and which may be a private one; all else has to be public, behind redirects too.

    Raises ServiceDownError, NoPictureError for what is no picture.
    """
    for _ in range(MOST_REDIRECTS + 1):
        answer = ask(url, home, timeout)
        if answer.status not in REDIRECTS:
            return read(answer)
        url = urljoin(url, answer.headers.get("Location", ""))
    raise NoPictureError("The cover's address redirects in a circle.")


def ask(url: str, home: str, timeout: tuple[float, float]) -> Answer:
    try:
        allowed = Allowed(origin_of(home) if home else "", public=True)
        return get(url, allowed=allowed, timeout=timeout, cap=MOST_BYTES,
                   headers={"Accept": "image/jpeg, image/png, image/webp"})  # fmt: skip
    except (CallError, ValueError) as error:
        reason = error.reason if isinstance(error, CallError) else "it is no web address"
        said = f"The cover could not be fetched: {reason}."
        if not isinstance(error, CallError) or error.code in FINAL:
            raise NoPictureError(said) from error
        raise ServiceDownError(said) from error


def read(answer: Answer) -> tuple[bytes, str]:
    if answer.status in (429, 500, 502, 503, 504):
        said = f"The cover could not be fetched (HTTP {answer.status})."
        raise ServiceDownError(said, retry_after=answer.retry_after)
    if answer.status != 200:
        raise NoPictureError(f"There is no cover at its address (HTTP {answer.status}).")
    kind = kind_of(answer.body)
    if not kind:
        raise NoPictureError("What is at the cover's address is no JPEG, PNG or WebP picture.")
    return answer.body, kind
