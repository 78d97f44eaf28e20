"""Its requests and answers as HTTP."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from demo.audiobookshelf.api import answer, let_others_act
from demo.audiobookshelf.state import PLAIN, Answer, Asked, State

PREFIX = "/audiobookshelf"  # works with and without it


def as_sent(said: Answer) -> Answer:
    """As it is at this moment, whatever is changed before it arrives."""
    if isinstance(said.body, str | bytes):
        return said
    kind = said.kind or "application/json; charset=utf-8"
    return replace(said, body=json.dumps(said.body), kind=kind)


def page_of(state: State) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = self.read()
            with state.lock:
                state.asked.append(asked)
                try:
                    said = as_sent(answer(state, asked))
                    let_others_act(state, asked)
                except Exception:
                    state.faults.append(traceback.format_exc())
                    said = Answer(500, "Internal Server Error", kind=PLAIN)
            self.send(said)

        do_POST = do_PATCH = do_DELETE = do_GET

        def read(self) -> Asked:
            parts = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_json = "json" in self.headers.get("Content-Type", "")
            return Asked(
                self.command,
                parts.path.removeprefix(PREFIX),
                dict(parse_qsl(parts.query)),
                json.loads(sent) if sent and is_json else sent,
                dict(self.headers.items()),
            )

        def send(self, said: Answer) -> None:
            if said.hang_up:
                self.close_connection = True
                self.connection.close()
                return
            body = said.body if isinstance(said.body, bytes) else said.body.encode()
            self.send_response(said.status)
            for name, value in {"Content-Type": said.kind or PLAIN, **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Silent: what was asked is in `asked`."""

    return Page
