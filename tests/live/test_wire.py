"""The fakes speak as their models do: what is written down of a generation holds on a real one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from downloads.qbittorrent import QBittorrent
from tests.fakes.qbittorrent_generations import GENERATIONS, Generation
from tests.fakes.torrents import magnet_of
from tests.live.conftest import Book, Server

LIMITS = {
    "ratioLimit": "2.0",
    "seedingTimeLimit": "600",
    "inactiveSeedingTimeLimit": "-1",
    "shareLimitAction": "Stop",
    "shareLimitsMode": "MatchAny",
}
WORDS = ["pause", "resume", "stop", "start"]
UNKNOWN = "0123456789abcdef0123456789abcdef01234567"
Shelf = Callable[..., Book]


class Wire:
    """Requests without any library of qBittorrent's in between."""

    def __init__(self, server: Server) -> None:
        self.root = f"{server.url}/api/v2/"
        self.session = requests.Session()
        self.session.trust_env = False
        self.form = {"username": server.username, "password": server.password}

    def post(self, path: str, **form: Any) -> requests.Response:
        files = {"a.torrent": form.pop("payload")} if "payload" in form else None
        return self.session.post(self.root + path, data=form, files=files, timeout=10)

    def listed(self, **form: str) -> list[dict[str, Any]]:
        return list(self.post("torrents/info", **form).json())

    def add_and_wait(self, book: Book, **form: str) -> dict[str, Any]:
        self.post("torrents/add", payload=book.payload, **form)
        return self.wait_for(hashes=book.id)

    def wait_for(self, **form: str) -> dict[str, Any]:
        give_up = time.monotonic() + 10
        while not (found := self.listed(**form)):
            assert time.monotonic() < give_up
        return found[0]


@pytest.fixture(scope="session")
def logged_in(server: Server) -> Iterator[Wire]:
    wire = Wire(server)
    with wire.session:
        yield wire


@pytest.fixture
def wire(logged_in: Wire, client: QBittorrent) -> Wire:
    """Logged in, also after another test's restart; `client` tidies up."""
    logged_in.post("auth/login", **logged_in.form)
    return logged_in


@pytest.fixture
def how(server: Server) -> Generation:
    return GENERATIONS[server.generation]


def test_the_answer_to_a_login(server: Server, how: Generation) -> None:
    wire = Wire(server)
    with wire.session:
        answer = wire.post("auth/login", **wire.form)
        assert (answer.status_code, answer.text) == (
            (204, "") if how.login_without_body else (200, "Ok.")
        )
        port = server.url.rpartition(":")[2]
        assert list(wire.session.cookies.keys()) == [
            f"QBT_SID_{port}" if how.cookie_with_port else "SID"
        ]
        cookie = answer.headers["Set-Cookie"]
        assert ("expires=" in cookie) is how.cookie_with_port
        assert ("SameSite=Lax" if how.cookie_with_port else "SameSite=Strict") in cookie
        wire.post("auth/logout")


def test_the_answer_to_a_wrong_login(server: Server, how: Generation) -> None:
    wire = Wire(server)
    with wire.session:
        answer = wire.post("auth/login", username="captain", password="wrong")
        assert (answer.status_code, answer.text) == (
            (401, "Unauthorized") if how.login_without_body else (200, "Fails.")
        )
        wire.post("auth/login", **wire.form)  # a good one makes it forget the wrong one
        wire.post("auth/logout")


def test_without_a_login_and_under_another_name(server: Server) -> None:
    wire = Wire(server)
    with wire.session:
        assert wire.post("app/version").status_code == 403
        wire.session.headers["Host"] = "127.0.0.1:1"
        assert wire.post("app/version").status_code == 401


def test_the_words_for_stop_and_start(wire: Wire, how: Generation) -> None:
    told = {word: wire.post(f"torrents/{word}", hashes=UNKNOWN) for word in WORDS}
    known = [word for word, answer in told.items() if answer.status_code == 200]
    assert known == list(how.stop_words)
    refused = {answer.text for word, answer in told.items() if word not in known}
    assert refused == {how.unknown_endpoint}


def test_the_answer_to_adds(wire: Wire, how: Generation, new_book: Shelf) -> None:
    book = new_book()
    first = wire.post("torrents/add", payload=book.payload, paused="true", stopped="true")
    while not wire.post("torrents/info", hashes=book.v1).json():  # until then it is new once more
        time.sleep(0.05)
    again = wire.post("torrents/add", payload=book.payload)
    bad = wire.post("torrents/add", urls="magnet:?xt=urn:btih:zzzz")
    mixed = wire.post("torrents/add", urls=f"{magnet_of(new_book().payload)}\n{UNKNOWN}")
    junk = wire.post("torrents/add", payload=b"junk")
    told = [one.status_code if how.json_adds else one.text for one in (first, again, bad, mixed)]
    assert told == ([200, 409, 409, 200] if how.json_adds else ["Ok.", "Fails.", "Fails.", "Ok."])
    if how.json_adds:
        assert first.json()["added_torrent_ids"] == [book.v1]
        assert mixed.json()["success_count"] == 2
    assert (junk.status_code, junk.text) == (
        415,
        "Error: 'a.torrent' is not a valid torrent file.",
    )


@pytest.mark.parametrize("version", ["v1", "hybrid", "v2"])
def test_a_refused_file_gives_its_metadata_to_the_magnet(
    wire: Wire, how: Generation, new_book: Shelf, version: str
) -> None:
    book = new_book(version)
    link = magnet_of(book.payload, versions=["v1" if book.v1 else "v2"])
    wire.post("torrents/add", urls=link, category="mine", tags="a,b", paused="true", stopped="true")
    waiting = wire.wait_for(hashes=book.v1 or book.id)
    again = wire.post("torrents/add", payload=book.payload)
    assert (again.status_code, again.text) == (
        (409, "Conflict") if how.json_adds else (200, "Fails.")
    )
    told = wire.wait_for(hashes=book.id)
    while not (files := wire.post("torrents/files", hash=book.id).json()):
        time.sleep(0.05)
    assert len(files) == 2
    assert len(wire.listed()) == 1
    kept = ("category", "tags", "save_path")
    assert [told[name] for name in kept] == [waiting[name] for name in kept]
    assert (told["category"], told["tags"]) == ("mine", "a, b")


def test_an_address_is_only_promised(wire: Wire, how: Generation) -> None:
    answer = wire.post("torrents/add", urls="http://127.0.0.1:1/cranford.torrent")
    if how.json_adds:
        assert (answer.status_code, answer.json()["pending_count"]) == (202, 1)
    else:
        assert answer.text == "Ok."
    assert wire.listed() == []


def test_an_unknown_filter_is_no_filter(wire: Wire, new_book: Shelf) -> None:
    wire.add_and_wait(new_book(), paused="true", stopped="true")
    assert wire.listed(filter="completed") == []
    assert len(wire.listed(filter="bound in leather")) == 1


def test_how_a_torrent_is_told(wire: Wire, how: Generation, new_book: Shelf) -> None:
    tracker = "http://127.0.0.1:1/announce"
    book = new_book(trackers=(tracker,))
    told = wire.add_and_wait(book, tags=" shelf 3 ,x", paused="true", stopped="true")
    assert told["completion_on"] == how.never
    assert told["tracker"] == (tracker if how.names_tracker else "")
    tags = wire.session.get(wire.root + "torrents/tags", timeout=10).json()
    assert ("shelf 3" if how.trims_tags else " shelf 3 ") in tags


def test_the_parameter_for_stopped(wire: Wire, how: Generation, new_book: Shelf) -> None:
    book = new_book()
    told = wire.add_and_wait(book, **{how.stopped_parameter: "true"})
    while told["state"].startswith("checking"):
        told = wire.listed()[0]
    assert told["state"] == f"{how.stopped_state}DL"


def test_what_share_limits_need(wire: Wire, how: Generation) -> None:
    for missing in how.limits_needed:
        form = {name: LIMITS[name] for name in how.limits_needed if name != missing}
        assert wire.post("torrents/setShareLimits", hashes=UNKNOWN, **form).status_code == 400
    assert wire.post("torrents/setShareLimits", hashes=UNKNOWN, **LIMITS).status_code == 200


def test_parents_of_categories(wire: Wire, how: Generation, new_book: Shelf) -> None:
    name = f"Bookcase {time.monotonic_ns()}"
    wire.add_and_wait(new_book(), category=f"{name}/top", paused="true", stopped="true")
    known = wire.session.get(wire.root + "torrents/categories", timeout=10).json()
    assert f"{name}/top" in known
    assert (name in known) is how.makes_parent_categories


@pytest.mark.parametrize("category", ["a//b", "/a", "a\\b"])
def test_bad_categories_are_dropped_without_a_word(
    wire: Wire, new_book: Shelf, category: str
) -> None:
    told = wire.add_and_wait(new_book(), category=category, paused="true", stopped="true")
    assert told["category"] == ""


def test_who_wins_path_or_automatic_management(
    wire: Wire, how: Generation, server: Server, new_book: Shelf
) -> None:
    wire.post("app/setPreferences", json=json.dumps({"auto_tmm_enabled": True}))
    try:
        folder = str(server.downloads / "given")
        told = wire.add_and_wait(new_book(), savepath=folder, paused="true", stopped="true")
        assert (told["save_path"] == folder) is how.save_path_beats_auto
    finally:
        wire.post("app/setPreferences", json=json.dumps({"auto_tmm_enabled": False}))


def test_failed_links_in_the_log(wire: Wire, how: Generation) -> None:
    wire.post("torrents/add", urls="http://127.0.0.1:1/lost.torrent")
    deadline = time.monotonic() + 0.5
    told: list[str] = []
    while not told and time.monotonic() < deadline:
        lines = wire.session.get(wire.root + "log/main", timeout=10).json()
        told = [x["message"] for x in lines if x["type"] == 4 and "lost.torrent" in x["message"]]
    assert bool(told) is how.logs_failed_adds
    assert not told or "refused the connection" in told[0]
