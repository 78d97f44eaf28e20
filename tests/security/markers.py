"""Secrets that can be told apart, and every way in which one may be written down."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from html import escape
from urllib.parse import quote, quote_plus

HEAD = 10  # so much of one is as good as all of it


@dataclass(frozen=True)
class Secrets:
    """One for each place where services put them."""

    key: str
    other_key: str
    environment_key: str
    password: str
    environment_password: str
    api_key: str
    cookie: str
    announce_path: str
    announce_query: str
    magnet: str
    web_seed: str
    location: str
    location_path: str
    said: str
    said_path: str
    page: str
    details: str
    guid: str
    log: str
    log_path: str
    tracker_message: str
    given_link: str
    shelf_key: str
    shelf_token: str
    shelf_environment_key: str
    shelf_forever: str
    shelf_said: str
    shelf_location: str
    source_key: str

    @property
    def named(self) -> dict[str, str]:
        return asdict(self)


LONG = Secrets(  # as services make them up
    key="k1w2e3n0/0f1e2d3c+jackett=",
    other_key="c4d1f5a2b3e6978081726354c4d1f5a2",
    environment_key="env1ronm3nt0key5b6c7d8e9f0a1b2c3",
    password="Naut1lus rose+garden/of=1870",
    environment_password="c4ptain N3mo of=the+env/1870",
    api_key="qbt_MarkerOfTheApiKey1870abcdefg1",
    cookie="c00k1e5e5510n0fth3tr4ck3rab12cd34",
    announce_path="4nn0unc3pa55k3y0f1e2d3c4b5a69788",
    announce_query="4nn0unc3qu3ry0f1e2d3c4b5a6978879",
    magnet="m4gn3ttr0f1e2d3c4b5a69788796a5b4",
    web_seed="w3b533dt0k3n0f1e2d3c4b5a69788796",
    location="l0c4t10n0f1e2d3c4b5a69788796a5b4",
    location_path="l0cp4thf1e2d3c4b5a69788796a5b4c3",
    said="5t4cktr4ce0f1e2d3c4b5a69788796a5",
    said_path="tr4c3p4th0f1e2d3c4b5a69788796a5b",
    page="w3bp4g3f0rm0f1e2d3c4b5a69788796a",
    details="d3t41l5pag30f1e2d3c4b5a69788796a",
    guid="gu1dp455k3y0f1e2d3c4b5a69788796a",
    log="cl13ntl0gl1ne0f1e2d3c4b5a6978879",
    log_path="l0gp4th0f1e2d3c4b5a69788796a5b4c",
    tracker_message="tr4ck3rm55g0f1e2d3c4b5a69788796a",
    given_link="p3r50nl1nk0f1e2d3c4b5a69788796a5",
    shelf_key="5h3lfk3y0f1e2d3c.4b5a69788796a5b4.c3d2e1f0",  # in three parts, as they are
    shelf_token="0ld5h3lft0k3n0f1e2d3c.4b5a6978.8796a5b4",
    shelf_environment_key="5h3lf3nv0f1e2d3c.4b5a69788796a5.b4c3d2e1",
    shelf_forever="f0r3v3rt0k3n0f1e2d3c.4b5a6978.8796a5b4",
    shelf_said="r3fu53d5h3lf0f1e2d3c.4b5a6978.8796a5b4",
    shelf_location="5h3lfl0c0f1e2d3c4b5a69788796a5b4",
    source_key="50urc3k3y0f1e2d3c4b5a69788796a5b4",
)
IN_A_PATH = ("details", "guid")  # of a page that a person opens: a short one there is a word
SHORT = Secrets(  # as people choose them
    **{name: f"{name.replace('_', '-')}-4711" for name in LONG.named if name not in IN_A_PATH},
    **{name: getattr(LONG, name) for name in IN_A_PATH},
)


def forms(secret: str) -> set[str]:
    """Plain (its beginning, too), percent-encoded once and twice, as JSON, HTML, Base64."""
    coded = {quote(secret, safe=""), quote_plus(secret), quote(secret)}
    twice = {quote(form, safe="") for form in coded}
    written = {json.dumps(secret)[1:-1], escape(secret), repr(secret)[1:-1]}
    head = secret[:HEAD] if any(letter.isdigit() for letter in secret[:HEAD]) else secret
    return {secret, head, *coded, *twice, *written, *in_base64(secret.encode())}


def in_base64(secret: bytes) -> set[str]:
    """The part of it that does not depend on its neighbours, for each way it may be cut."""
    found = set()
    for before in range(3):
        text = base64.b64encode(bytes(before) + secret)
        first, rest = (before * 8 + 5) // 6, (before + len(secret)) % 3
        alone = text[first : len(text) - (4 - rest if rest else 0)].decode()
        found |= {alone, alone.replace("+", "-").replace("/", "_")}
    return found


class Searcher:
    """Looks for all forms of all secrets, in small and in capital letters."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.forms = {
            name: {form.lower() for form in forms(secret)} for name, secret in secrets.items()
        }

    def leaks(self, places: Iterable[tuple[str, str]]) -> list[str]:
        """For each leak the place, the secret's name and the words around it."""
        return [leak for place, text in places for leak in self._in(place, text)]

    def _in(self, place: str, text: str) -> list[str]:
        low, found = text.lower(), []
        for name, written in self.forms.items():
            at = next((low.index(form) for form in written if form in low), -1)
            if at >= 0:
                around = " ".join(text[max(at - 90, 0) : at + 60].split())
                found.append(f"{place}: {name}: …{around}…")
        return found
