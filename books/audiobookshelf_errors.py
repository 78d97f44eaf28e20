"""What can go wrong between TAME and an Audiobookshelf, each as a sentence with its remedy.

No sentence quotes an answer: the server puts a token that never expires into many of them.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from tame.lib.call_errors import CallError
from tame.lib.errors import LoginRefusedError, ServiceDownError
from tame.lib.http import Answer

KEY = "Make a new one in Audiobookshelf (Settings, API Keys) and enter it for this server in TAME."
REACH = {
    "dns": "Check the address; between containers it is the name of the container.",
    "tls": "Check whether the address should begin with http instead of https.",
    "timeout": "It is busy or hangs; TAME asks again later.",
    "closed": "It is starting, stopping, or behind a proxy that does not reach it.",
}
LOOK = "Start Audiobookshelf, and check the address and the port."
LIMIT_SECONDS = 600.0  # the server's own window, when its answer names none


class NotThisError(ServiceDownError):
    """It answers, and will not do this one thing: no reason to leave it alone with all others."""


def place(url: str) -> str:
    """Host and port of an address, without a login."""
    return urlsplit(url).netloc.rpartition("@")[2]


def of_call(name: str, url: str, error: CallError) -> ServiceDownError:
    """No answer at all."""
    remedy = REACH.get(error.code, LOOK)
    return ServiceDownError(f"{name} gave no answer at {place(url)}: {error.reason}. {remedy}")


def of_answer(name: str, url: str, answer: Answer, need: str) -> ServiceDownError:
    """An answer that is none of those asked for. `need`: the permission that the call takes."""
    status = answer.status
    if status == 401:
        return LoginRefusedError(
            f"{name} refused TAME's API key: it is mistyped, expired or switched off. {KEY}"
        )
    if status == 403:
        return NotThisError(
            f"{name} does not let TAME do this: the user of its API key lacks {need}. Give it in "
            "Audiobookshelf (Settings, Users), or enter the key of another user."
        )
    if status == 429:
        return ServiceDownError(
            f"{name} has been asked too often and wants to be left alone for a while.",
            retry_after=answer.retry_after or LIMIT_SECONDS,
        )
    return unwell(name, url, answer)


def no_library(name: str) -> NotThisError:
    return NotThisError(
        f"{name} does not have this library any more. Test the server in TAME, then choose under "
        "the library again which of its libraries shows it."
    )


def unwell(name: str, url: str, answer: Answer) -> ServiceDownError:
    status = answer.status
    if 300 <= status < 400:
        return ServiceDownError(
            f"{name} sends TAME elsewhere from {place(url)} ({status}): give the address that the "
            "browser shows when Audiobookshelf is open, with https if it is there."
        )
    if status == 404:
        return ServiceDownError(
            f"There is no Audiobookshelf at this path of {place(url)} (404), or it is too old. "
            "Check the address, and the base path if it has one."
        )
    if status in (502, 503, 504):
        return ServiceDownError(
            f"A proxy in front of {name} answered {status}: it does not reach Audiobookshelf. "
            "Start Audiobookshelf, or give TAME its own address.",
            retry_after=answer.retry_after,
        )
    return ServiceDownError(
        f"{name} did not carry the request out ({status}). Look at Audiobookshelf's log.",
        retry_after=answer.retry_after,
    )


def web_page(name: str, url: str) -> ServiceDownError:
    return ServiceDownError(
        f"A web page came from {place(url)} in the place of {name}'s answer. If a proxy in front "
        "of it asks for a login, give TAME the address behind that proxy."
    )


def unreadable(name: str) -> ServiceDownError:
    return ServiceDownError(
        f"{name}'s answer cannot be read: it is no Audiobookshelf, or a version that TAME does "
        "not know. Test it in TAME, under Audiobookshelf servers."
    )


def too_few(name: str, seen: int, total: int) -> ServiceDownError:
    return ServiceDownError(
        f"{name} listed {seen} of {total} books only: its list changed while it was read, or it "
        "is in trouble. TAME asks again later."
    )
