"""A qBittorrent on loopback that speaks the wire of any generation and can misbehave."""

from __future__ import annotations

import secrets
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from email.utils import formatdate
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.loopback import Loopback
from tests.fakes.qbittorrent_api import Answer, Api
from tests.fakes.qbittorrent_generations import GENERATIONS
from tests.fakes.qbittorrent_torrent import Torrent

USERNAME, PASSWORD = "captain", "nautilus-1870"
API_KEY = "qbt_TwentyThousandLeagues1870xyz"
WRONG_LOGINS = 5
BANNED = "Your IP address has been banned after too many failed authentication attempts."
GIVE_UP = 15.0  # seconds after which a hanging answer lets go, so that no thread stays behind


@dataclass(frozen=True)
class Asked:
    """One request: `path` is like "torrents/add"; `files` the names of the uploaded fields."""

    method: str
    path: str
    form: dict[str, str]
    files: tuple[str, ...]
    headers: Message
    at: float = field(default_factory=time.monotonic)


class FakeQBittorrent(Loopback):
    """A context manager. `torrents` by hash; `requests` is everything that was asked.

    `base_path` is where a proxy would put it, for example "/qbt". `web_port` is the port it
    believes to have: another one in a Host header is refused.
    """

    def __init__(
        self,
        generation: str = "5.1",
        *,
        downloads: Path | None = None,
        base_path: str = "",
        port: int = 0,
    ) -> None:
        self._folder = None if downloads else tempfile.TemporaryDirectory()
        self.downloads = downloads or Path(self._folder.name)  # type: ignore[union-attr]
        self.how = GENERATIONS[generation]
        self.generation = generation
        self.username, self.password = USERNAME, PASSWORD
        self.api_key = API_KEY if self.how.api_keys else ""
        self.base_path = base_path
        self.api = Api(self.how, self.downloads)
        self.requests: list[Asked] = []
        self.faults: list[str] = []
        self.session_seconds = 3600.0
        self.renews_cookies = True
        self.late = 0.0
        self._sessions: dict[str, float] = {}
        self._baked: dict[str, float] = {}  # when each login got its cookie
        self._wrong_logins = 0
        self._next: dict[str, list[Answer | float | None]] = {}
        self._waiting = threading.Event()
        super().__init__(_page(self), port)
        self.web_port = self.port

    @property
    def url(self) -> str:
        return super().url + self.base_path

    @property
    def torrents(self) -> dict[str, Torrent]:
        return self.api.torrents

    @property
    def categories(self) -> dict[str, str]:
        """Name to save path."""
        return self.api.categories

    @property
    def preferences(self) -> dict[str, Any]:
        return self.api.preferences

    def asked(self, path: str) -> list[Asked]:
        """The requests for one endpoint, for example "auth/login"."""
        return [one for one in self.requests if one.path == path]

    # --- Misbehaving -------------------------------------------------------------------------

    def hang_next(self, path: str, seconds: float) -> None:
        """Do what the next such request wants, but answer only after that many seconds."""
        self._next.setdefault(path, []).append(seconds)

    def cut_next(self, path: str) -> None:
        """Do what the next such request wants, then hang up without an answer."""
        self._next.setdefault(path, []).append(None)

    def answer_next(
        self,
        path: str,
        body: str,
        status: int = 200,
        kind: str = "text/html",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer the next such request like this, and do nothing. "*" is any request."""
        self._next.setdefault(path, []).append(Answer(body, status, kind, headers or {}))

    def answer_late(self, seconds: float) -> None:
        self.late = seconds

    def swallow_adds(self, swallow: bool = True) -> None:
        """Say yes to every add and list nothing."""
        self.api.swallows_adds = swallow

    def list_late(self, seconds: float) -> None:
        """Show what is added only after a while."""
        self.api.listed_after = seconds

    def restart(self) -> None:
        """Forget logins, bans and the log, as a real one does; torrents stay."""
        self.down()
        self._sessions.clear()
        self._wrong_logins = 0
        self.api.greet()
        self.up()

    def expire_sessions(self) -> None:
        self._sessions.clear()

    def ban(self) -> None:
        self._wrong_logins = WRONG_LOGINS

    def vanish(self, torrent: str) -> None:
        """Somebody removed it in the client."""
        self.torrents.pop(torrent).stopped = True

    def say_tracker(self, torrent: str, message: str, status: int = 4) -> None:
        """Every tracker of it says this. Status: 2 works, 4 does not."""
        self.torrents[torrent].told = {"msg": message, "status": status}

    def set_state(self, torrent: str, state: str, **fields: Any) -> None:
        """Tell this state, and these fields of torrents/info. "" goes back to the truth."""
        self.torrents[torrent].show(state, fields)

    def give_metadata(self, torrent: str, payload: bytes) -> str:
        """A magnet link gets its file list; its hash after that, which may be another one."""
        with self.api.lock:
            found = self.torrents.pop(torrent)
            found.take_metadata(payload)
            self.torrents[found.hash] = found
        if not found.stopped:
            found.run(self.api.log)
        return found.hash

    def log(self, message: str, kind: int = 4) -> None:
        self.api.log(message, kind)

    # --- Answering ---------------------------------------------------------------------------

    def answer(self, asked: Asked, uploads: Mapping[str, bytes]) -> Answer | None:
        """None: hang up."""
        planned = self._next.get(asked.path) or self._next.get("*") or []
        plan: Answer | float | None = planned.pop(0) if planned else self.late
        if isinstance(plan, Answer):
            return plan
        answer = self._let_in(asked, uploads)
        if plan:
            self._waiting.wait(min(plan, GIVE_UP))
        return None if plan is None else answer

    def _let_in(self, asked: Asked, uploads: Mapping[str, bytes]) -> Answer:
        if self._is_foreign(asked.headers):
            return Answer("Unauthorized", 401)
        has_key = self.api_key and asked.headers.get("Authorization") == f"Bearer {self.api_key}"
        if asked.path == "auth/login":
            return Answer("Forbidden", 403) if has_key else self._log_in(asked)
        session = self._session_of(asked.headers)
        if not session and not has_key:
            return Answer("Forbidden", 403)
        if asked.path == "auth/logout":
            self._sessions.pop(session, None)
            return Answer()
        answer = self.api.answer(asked.path, asked.form, uploads)
        return self._with_cookie(answer, session) if self._is_stale(session) else answer

    def _is_foreign(self, headers: Message) -> bool:
        told = urlsplit(f"//{headers.get('Host', '')}")
        if told.port is not None and told.port != self.web_port:
            return True
        origin = headers.get("Origin") or headers.get("Referer")
        return origin is not None and urlsplit(origin).netloc != told.netloc

    def _log_in(self, asked: Asked) -> Answer:
        if self._wrong_logins >= WRONG_LOGINS:
            return Answer(BANNED, 403)
        yes = Answer(status=204) if self.how.login_without_body else Answer("Ok.")
        if self._session_of(asked.headers):
            return yes
        given = asked.form.get("username"), asked.form.get("password")
        if given != (self.username, self.password):
            self._wrong_logins += 1
            return Answer("Unauthorized", 401) if self.how.login_without_body else Answer("Fails.")
        self._wrong_logins = 0
        session = secrets.token_urlsafe(24)
        self._sessions[session] = time.monotonic()
        while self.how.logins_kept and len(self._sessions) > self.how.logins_kept:
            del self._sessions[next(iter(self._sessions))]
        return self._with_cookie(yes, session)

    def _with_cookie(self, answer: Answer, session: str) -> Answer:
        self._baked[session] = time.time()
        about = "SameSite=Strict"
        if self.how.cookie_with_port:
            end = formatdate(time.time() + self.session_seconds, usegmt=True)
            about = f"SameSite=Lax; expires={end}"
        cookie = f"{self._cookie}={session}; HttpOnly; {about}; path=/"
        return replace(answer, headers={**answer.headers, "Set-Cookie": cookie})

    def _is_stale(self, session: str) -> bool:
        """Whether the cookie has been in use for half of its life: it gets a new end then."""
        ends = bool(session) and self.how.cookie_with_port and self.renews_cookies
        return ends and time.time() - self._baked[session] > self.session_seconds / 2

    @property
    def _cookie(self) -> str:
        return f"QBT_SID_{self.web_port}" if self.how.cookie_with_port else "SID"

    def _session_of(self, headers: Message) -> str:
        """The living login of the request's cookie, or ""."""
        cookies: SimpleCookie = SimpleCookie(headers.get("Cookie", ""))
        told = cookies[self._cookie].value if self._cookie in cookies else ""
        if time.monotonic() - self._sessions.get(told, float("-inf")) > self.session_seconds:
            self._sessions.pop(told, None)
            return ""
        self._sessions[told] = time.monotonic()
        return told

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._waiting.set()
        for torrent in self.torrents.values():
            torrent.stopped = True
        super().__exit__(kind, error, trace)
        if self._folder:
            self._folder.cleanup()
        if self.faults and error is None:
            raise AssertionError("the fake qBittorrent is broken:\n" + self.faults[0])


def _page(fake: FakeQBittorrent) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._serve("GET", parts.path, dict(parse_qsl(parts.query, True)), {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kind = self.headers.get("Content-Type", "")
            if kind.startswith("multipart/form-data"):
                form, uploads = _multipart(kind, body)
            else:
                form, uploads = dict(parse_qsl(body.decode(), True)), {}
            self._serve("POST", urlsplit(self.path).path, form, uploads)

        def _serve(
            self, method: str, path: str, form: dict[str, str], uploads: dict[str, bytes]
        ) -> None:
            root = f"{fake.base_path}/api/v2/"
            if not path.startswith(root):
                self._send(Answer("Not Found", 404))
                return
            asked = Asked(method, path.removeprefix(root), form, tuple(uploads), self.headers)
            fake.requests.append(asked)
            try:
                answer = fake.answer(asked, uploads)
            except Exception:
                fake.faults.append(traceback.format_exc())
                answer = Answer("the fake is broken", 500)
            if answer is None:
                self.close_connection = True
            else:
                self._send(answer)

        def _send(self, answer: Answer) -> None:
            body = answer.body.encode()
            about = {"Content-Type": answer.kind, "Content-Length": str(len(body))}
            headers = (about if answer.status != 204 else {}) | dict(answer.headers)
            self.send_response(answer.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: tests read `requests`."""

    return Page


def _multipart(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """Fields and uploaded files; an upload's key is its file name, as qBittorrent shows it."""
    boundary = b"--" + kind.partition("boundary=")[2].strip('"').encode()
    form: dict[str, str] = {}
    uploads: dict[str, bytes] = {}
    for part in body.split(boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        told = dict(
            piece.strip().split("=", 1) for piece in head.decode().split(";") if "=" in piece
        )
        told = {name: value.split("\r\n")[0].strip('"') for name, value in told.items()}
        if "filename" in told:
            uploads[told["filename"]] = content
        else:
            form[told["name"]] = content.decode()
    return form, uploads
