"""Whom TAME asks for a torrent, and what a failure there means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexers.refusals import Refusal, read_refusal
from indexers.torznab import Endpoint
from tame.lib.call_errors import CallError
from tame.lib.errors import (
    BadInputError,
    LoginRefusedError,
    NotFetchedError,
    ServiceDownError,
    TameError,
)
from tame.lib.http import Answer

DOWN = {"unreachable", "dns", "tls", "timeout", "closed"}  # nothing is known about the release
MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")


@dataclass(frozen=True)
class Place:
    """Who is being asked, which decides what a failure means. `source`: the indexer that listed
    the link; an empty one for a link that a person gave."""

    source: Endpoint
    host: str = ""
    is_home: bool = False

    @property
    def name(self) -> str:
        return self.source.name if self.is_home and self.source.name else self.host or "This link"

    def no_torrent(self, code: str, clause: str, remedy: str = "") -> NotFetchedError:
        usual = "Choose another release, or test the indexer."
        remedy = remedy or (usual if self.source.url else "Check the link.")
        return NotFetchedError(f"{self.name} gave no torrent: {clause}. {remedy}", code=code)

    def no_use(self, code: str, error: BadInputError) -> NotFetchedError:
        return NotFetchedError(f"{self.name} gave no usable torrent. {error}", code=code)

    def failed(self, error: CallError) -> TameError:
        if self.is_home and error.code in DOWN:
            return ServiceDownError(
                f"{self.name} gave no answer: {error.reason}. "
                "Check that it runs and that its address in TAME is right."
            )
        remedy = ""
        if error.code == "not-allowed" and self.source.url:
            remedy = f"If you trust it, add {self.host} to the indexer's also allowed hosts."
        return self.no_torrent(error.code, error.reason, remedy)

    def refused(self, answer: Answer) -> TameError:
        """The error for an answer that is neither a torrent nor a redirect."""
        said = read_refusal(answer.body, (self.source.key,))
        clause = f"it answered {answer.status}{said.quote}"
        if answer.retry_after is not None:
            clause += f", and asks to wait {answer.retry_after:.0f} s"
        if self.is_home and _is_about_the_key(answer.status, said):
            return LoginRefusedError(
                f"{self.name} refuses TAME: {clause}. Enter the indexer's current API key."
            )
        if self.is_home and _is_about_the_indexer(answer.status, said):
            return ServiceDownError(
                f"{self.name} gives no torrents now: {clause}. It is asked again later.",
                retry_after=answer.retry_after,
            )
        return self.no_torrent(_code(answer.status), clause)

    def not_a_torrent(self, answer: Answer) -> TameError:
        said = read_refusal(answer.body, (self.source.key,))
        if said.quote:
            return self.refused(answer)
        if not answer.body:
            return self.no_torrent("not-a-torrent", "its answer was empty")
        named = MEDIA_TYPE.match(answer.headers.get("Content-Type", "").strip())
        kind = named[0] if named else "a file of an unknown type"
        is_page = said.form in ("html", "xml", "json")
        remedy = "A login page? Check the cookie or API key." if is_page else ""
        return self.no_torrent("not-a-torrent", f"it sent {kind} instead", remedy)


def _code(status: int) -> str:
    return "not-a-torrent" if status == 200 else f"http-{status}"


def _is_about_the_key(status: int, said: Refusal) -> bool:
    """Prowlarr answers 401, Jackett 200 or 401. 403 with a web page is a proxy's, and may pass."""
    return status == 401 or (status == 403 and said.form != "html") or 100 <= said.code < 200


def _is_about_the_indexer(status: int, said: Refusal) -> bool:
    """A 500 with a reason is said by the indexer itself about this one link, so it is not down."""
    if status == 500 and said.quote:
        return False
    return status in (403, 429) or status >= 500 or said.code in (429, 500, 501, 901, 910)
