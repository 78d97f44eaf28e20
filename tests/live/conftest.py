"""The servers of the contract: every real one found, and a fake of each generation."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from downloads.qbittorrent import Login, QBittorrent
from tests.fakes.gate import FolderGate
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.qbittorrent_generations import GENERATIONS, QUICK
from tests.fakes.torrents import hashes_of, make_torrent, noise
from tests.fakes.webseed import WebSeed
from tests.live.servers import RealServer, has_api_keys, servers_found

USUAL = "5.1"
TIMEOUT = (3.05, 10.0)


class Server(Protocol):
    """`api_key` is empty where the generation has none."""

    username: str
    password: str
    api_key: str

    @property
    def generation(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def downloads(self) -> Path: ...
    def restart(self) -> None: ...


@dataclass(frozen=True)
class Book:
    """A torrent of a book of two files, with its hashes ("" for the one it lacks)."""

    name: str
    files: dict[str, bytes]
    payload: bytes
    v1: str
    v2: str

    @property
    def id(self) -> str:
        return (self.v2 or self.v1)[:40]


def marks_of(kind: str, generation: str, is_slow: bool) -> list[pytest.MarkDecorator]:
    if kind == "real":
        wide = is_slow and generation != USUAL
        return [pytest.mark.live, pytest.mark.wide] if wide else [pytest.mark.live]
    return [] if generation in QUICK else [pytest.mark.wide]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`server` is each of them in turn; with `api_key` only those that have API keys. A module
    that says `IS_SLOW` has but one real one in a quick run."""
    if "server" not in metafunc.fixturenames:
        return
    generations = [("fake", name) for name in GENERATIONS]
    generations += [("real", name) for name in servers_found()]
    if "api_key" in metafunc.fixturenames:
        generations = [one for one in generations if has_api_keys(one[1])]
    is_slow = hasattr(metafunc.module, "IS_SLOW")
    metafunc.parametrize(
        "server",
        [pytest.param(one, id="-".join(one), marks=marks_of(*one, is_slow)) for one in generations],
        indirect=True,
        scope="session",
    )


@pytest.fixture(scope="session")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    kind, generation = request.param
    folder = tmp_path_factory.mktemp(f"{kind}-{generation}")
    if kind == "fake":
        with FakeQBittorrent(generation, downloads=folder) as fake:
            yield fake
    else:
        with RealServer(generation, servers_found()[generation], folder) as real:
            yield real


@pytest.fixture(scope="session")
def api_key(server: Server) -> str:
    return server.api_key


@pytest.fixture(scope="session")
def shared(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[QBittorrent, FolderGate]]:
    gate = FolderGate(tmp_path_factory.mktemp("gate"))
    login = Login("Attic", server.url, server.username, server.password)
    client = QBittorrent(login, gate, timeout=TIMEOUT)
    yield client, gate
    client.log_out()


@pytest.fixture
def gate(shared: tuple[QBittorrent, FolderGate]) -> FolderGate:
    return shared[1]


@pytest.fixture
def client(shared: tuple[QBittorrent, FolderGate]) -> Iterator[QBittorrent]:
    """Logged in once for all tests; its list is empty before and after each: what the last one
    added may have come late."""
    empty(shared[0])
    yield shared[0]
    empty(shared[0])


def empty(client: QBittorrent) -> None:
    while left := [torrent.hash for torrent in client.all()]:
        client.delete(left, with_files=True)
        time.sleep(0.02)


@pytest.fixture(scope="session")
def seed() -> Iterator[WebSeed]:
    with WebSeed() as seed:
        yield seed


@pytest.fixture(scope="session")
def new_book(seed: WebSeed) -> Callable[..., Book]:
    """Makes another book each time; its web seed serves it at once."""
    numbers = itertools.count(1)

    def make(version: str = "v1", trackers: tuple[str, ...] = ()) -> Book:
        number = next(numbers)
        name = f"Cranford {number}"
        files = {
            f"{name}/01 Our Society.mp3": noise(200_000, number),
            f"{name}/02 The Captain.mp3": noise(50_000, -number),
        }
        seed.put(files)
        payload = make_torrent(files, web_seed=seed.url, version=version, trackers=trackers)
        return Book(name, files, payload, *hashes_of(payload))

    return make
