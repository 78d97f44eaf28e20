"""Why a call over HTTP brought no answer, whatever library says so."""

from __future__ import annotations

import ssl
from http.client import IncompleteRead
from typing import TypeAlias

import requests
from requests.exceptions import InvalidURL
from urllib3.exceptions import (
    DecodeError,
    HTTPError,
    InvalidHeader,
    LocationValueError,
    NameResolutionError,
    ProtocolError,
)

Kinds: TypeAlias = type[Exception] | tuple[type[Exception], ...]
FAILURES: tuple[tuple[Kinds, str, str], ...] = (  # the first that is among an error's causes
    (ssl.SSLError, "tls", "the encrypted connection failed"),
    (NameResolutionError, "dns", "its name could not be resolved"),
    ((InvalidURL, LocationValueError), "bad-url", "it is not a valid web address"),
    (ConnectionRefusedError, "unreachable", "the connection was refused"),
    (requests.ConnectTimeout, "unreachable", "no connection was made in time"),
    (TimeoutError, "timeout", "it did not answer in time"),
    ((ConnectionError, IncompleteRead), "closed", "it broke the connection off"),
    (DecodeError, "closed", "its answer could not be unpacked"),
    ((ProtocolError, InvalidHeader, ValueError), "closed", "its answer could not be read"),
)
# ValueError: http.client's for a chunk of negative length.
SERVICE_ERRORS = (requests.RequestException, HTTPError, OSError, ValueError)


class CallError(Exception):
    """A call that brought no answer.

    `code`: unreachable, dns, tls, timeout, closed, too-big, not-allowed or bad-url.
    `reason`: a clause without secrets, for example "the connection was refused".
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def failure_of(error: Exception) -> CallError:
    """What a library's nested errors come down to."""
    causes = causes_of(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message.rstrip(".")
            return CallError("tls", f"its certificate was refused: {why}")
    for kinds, code, reason in FAILURES:
        if any(isinstance(cause, kinds) for cause in causes):
            return CallError(code, reason)
    return CallError("unreachable", "no connection could be made")


def causes_of(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found
