"""One HTTP request under a deadline and a size cap, to nobody but whom we may call."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from threading import Timer
from typing import Any, ClassVar, Self, cast

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from tame import __version__
from tame.lib.allowed import Allowed, origin_of
from tame.lib.call_errors import SERVICE_ERRORS, CallError, failure_of

USER_AGENT = f"TAME/{__version__}"
CHUNK = 65_536
DAY = 86_400.0


@dataclass(frozen=True)
class Answer:
    """`headers` know no case; `body` is unpacked; `url` is the one that was asked."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str = field(repr=False)

    @property
    def retry_after(self) -> float | None:
        """Seconds the service asks us to wait, at most a day; None when it says nothing."""
        text = self.headers.get("Retry-After", "").strip()
        try:
            wait = float(text) if text.isdecimal() else _seconds_until(text)
        except ValueError:
            return None
        return min(max(wait, 0.0), DAY)


def _seconds_until(date: str) -> float:
    then = parsedate_to_datetime(date)
    return (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def get(
    url: str,
    *,
    allowed: Allowed,
    timeout: tuple[float, float],
    cap: int,
    headers: Mapping[str, str] | None = None,
    total: float | None = None,
    method: str = "GET",
    body: bytes | str | None = None,
) -> Answer:
    """One request; redirects are an answer like any other. Raises `CallError`.

    `timeout`: seconds to connect and seconds between two reads. `cap`: bytes of the unpacked body.
    `total`: seconds for everything, by default twice both timeouts. No proxy, no .netrc, no
    cookies; a private certificate authority is taken from REQUESTS_CA_BUNDLE.
    """
    request = _prepared(method, url, headers, body)
    with _Call(allowed, total or 2 * sum(timeout)) as call:
        try:
            status, answered, data = _exchange(call, request, timeout, cap)
        except SERVICE_ERRORS as error:
            raise call.failure(error) from error
        if call.is_over:  # a connection cut at the deadline can look like the end of the body
            raise call.too_late()
    return Answer(status, answered, data, url)


def _prepared(
    method: str, url: str, headers: Mapping[str, str] | None, body: bytes | str | None
) -> requests.PreparedRequest:
    origin_of(url)
    ours = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", "Accept": "*/*"}
    try:
        # Not through a Session: it would read .netrc and the whole body of a redirect.
        return requests.Request(
            method, url, headers=ours | dict(headers or {}), data=body
        ).prepare()
    except (requests.RequestException, ValueError) as error:
        raise CallError("bad-url", "it is not a valid web address") from error


def _exchange(
    call: _Call, request: requests.PreparedRequest, timeout: tuple[float, float], cap: int
) -> tuple[int, Mapping[str, str], bytes]:
    authorities = os.environ.get("REQUESTS_CA_BUNDLE")
    if authorities and not Path(authorities).exists():
        raise CallError("tls", "the file that REQUESTS_CA_BUNDLE names does not exist")
    with closing(_Adapter(call)) as adapter:
        answer = adapter.send(request, stream=True, timeout=timeout, verify=authorities or True)
        with closing(answer):
            return answer.status_code, answer.headers, _body(answer.raw, cap)


def _body(raw: urllib3.HTTPResponse, cap: int) -> bytes:
    data = bytearray()
    for chunk in raw.stream(CHUNK, decode_content=True):
        data += chunk
        if len(data) > cap:
            raise CallError("too-big", f"the answer is larger than {cap / 1_048_576:.3g} MiB")
    return bytes(data)


class _Call:
    """Checks whom a socket reached, and cuts it at the deadline."""

    def __init__(self, allowed: Allowed, seconds: float) -> None:
        self.allowed = allowed
        self.seconds = seconds
        self.is_over = False
        self._line: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._line is not None:
            self._line.close()

    def check(self, host: str, port: int, address: str) -> None:
        if not self.allowed.reaches(host, port, address):
            raise CallError("not-allowed", f"it leads to {address}, which TAME may not call")

    def watch(self, sock: socket.socket) -> None:
        # A duplicate, because TLS takes the socket over; a timeout per read would let a server
        # that sends one byte at a time hold us for ever.
        self._line = sock.dup()
        if self.is_over:
            self._cut()

    def _cut(self) -> None:
        self.is_over = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def too_late(self) -> CallError:
        return CallError("timeout", f"it was not finished within {self.seconds:.3g} s")

    def failure(self, error: Exception) -> CallError:
        return self.too_late() if self.is_over else failure_of(error)


class _Connection(HTTPConnection):
    call: ClassVar[_Call]

    def _new_conn(self) -> socket.socket:
        with suppress(ValueError):  # a name, or an address in a form only the resolver knows
            self.call.check(self.host, self.port, str(ip_address(self.host.strip("[]"))))
        sock = super()._new_conn()
        try:
            # The address the socket has, not one that was looked up before: a name may resolve
            # to something else a moment later. Nothing was sent yet.
            self.call.check(self.host, self.port, sock.getpeername()[0])
            self.call.watch(sock)
        except (CallError, OSError):
            sock.close()
            raise
        return sock


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Adapter(HTTPAdapter):
    def __init__(self, call: _Call) -> None:
        self.call = call
        super().__init__(pool_connections=1, pool_maxsize=1)

    def get_connection_with_tls_context(
        self, *args: Any, **kwargs: Any
    ) -> urllib3.HTTPConnectionPool:
        pool = cast(
            urllib3.HTTPConnectionPool, super().get_connection_with_tls_context(*args, **kwargs)
        )
        kind = _TlsConnection if pool.scheme == "https" else _Connection
        pool.ConnectionCls = type(kind.__name__, (kind,), {"call": self.call})
        return pool
