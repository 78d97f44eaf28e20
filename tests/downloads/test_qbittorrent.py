"""The gateway against a client that misbehaves: nothing twice, one login, nothing betrayed."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from downloads.logins import connect
from downloads.qbittorrent import Login, QBittorrent
from tame.lib.errors import BadInputError, LoginRefusedError, ServiceDownError
from tests.fakes.gate import FolderGate
from tests.fakes.process import REFUSED, log_in_with_old_password
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.qbittorrent_generations import EACH
from tests.fakes.torrents import hashes_of, magnet_of, make_torrent

QUICK = (0.5, 0.3)
CRANFORD = make_torrent({"Cranford/01.mp3": b"a" * 40_000, "Cranford/02.mp3": b"b" * 9_000})
EMMA = make_torrent({"Emma/01.mp3": b"c" * 40_000, "Emma/02.mp3": b"d" * 9}, version="hybrid")
CRANFORD_HASH = hashes_of(CRANFORD)[0]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def gate(tmp_path: Path) -> FolderGate:
    return FolderGate(tmp_path)


@pytest.fixture
def login(fake: FakeQBittorrent) -> Login:
    return Login("Attic", fake.url, fake.username, fake.password)


@pytest.fixture
def client(login: Login, gate: FolderGate) -> QBittorrent:
    return QBittorrent(login, gate, timeout=QUICK)


def add(client: QBittorrent, payload: bytes | str = CRANFORD, **more: Any) -> None:
    how: dict[str, Any] = {
        "category": "audiobooks",
        "save_path": "/books",
        "tags": ["tame"],
        "stopped": True,
    }
    client.add(payload, **(how | more))


# --- Nothing is sent twice -------------------------------------------------------------------


def test_an_add_without_an_answer_is_no_verdict_and_not_repeated(
    fake: FakeQBittorrent, client: QBittorrent
) -> None:
    fake.hang_next("torrents/add", 2)
    add(client)
    assert len(fake.asked("torrents/add")) == 1
    assert [seen.hash for seen in client.find([CRANFORD_HASH])] == [CRANFORD_HASH]


def test_an_add_that_was_cut_off_is_no_verdict_and_not_repeated(
    fake: FakeQBittorrent, client: QBittorrent
) -> None:
    fake.cut_next("torrents/add")
    add(client)
    assert len(fake.asked("torrents/add")) == 1
    assert len(client.find([CRANFORD_HASH])) == 1


def test_half_an_answer_to_an_add_is_no_verdict(fake: FakeQBittorrent, client: QBittorrent) -> None:
    half = {"Content-Length": "100", "Connection": "close"}
    fake.answer_next("torrents/add", "O", 200, "text/plain", half)
    add(client)
    assert client.find([CRANFORD_HASH]) == ()


def test_ok_proves_nothing(fake: FakeQBittorrent, client: QBittorrent) -> None:
    fake.swallow_adds()
    add(client)
    assert client.find([CRANFORD_HASH]) == ()


def test_what_is_listed_late_is_found_later(fake: FakeQBittorrent, client: QBittorrent) -> None:
    fake.list_late(0.1)
    add(client)
    assert client.find([CRANFORD_HASH]) == ()
    time.sleep(0.1)
    assert len(client.find([CRANFORD_HASH])) == 1


def test_an_add_that_never_left_is_an_outage(fake: FakeQBittorrent, client: QBittorrent) -> None:
    client.version()
    fake.down()
    with pytest.raises(ServiceDownError, match="refused the connection"):
        add(client)


def test_an_add_whose_login_hangs_is_an_outage(fake: FakeQBittorrent, client: QBittorrent) -> None:
    client.version()
    fake.expire_sessions()
    fake.hang_next("auth/login", 2)
    with pytest.raises(ServiceDownError, match="did not answer in time"):
        add(client)
    assert fake.torrents == {}


def test_an_add_survives_an_ended_session(fake: FakeQBittorrent, client: QBittorrent) -> None:
    client.version()
    fake.expire_sessions()
    add(client, tags=["tame", "tame:7f3a"])
    (seen,) = client.find([CRANFORD_HASH])
    assert (seen.tags, seen.category) == (("tame", "tame:7f3a"), "audiobooks")


def test_a_look_without_an_answer_is_not_repeated(
    fake: FakeQBittorrent, client: QBittorrent
) -> None:
    fake.hang_next("app/version", 2)
    with pytest.raises(ServiceDownError, match="did not answer in time"):
        client.version()
    assert len(fake.asked("app/version")) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("torrents/add", lambda client: add(client)),
        ("torrents/delete", lambda client: client.delete([CRANFORD_HASH], with_files=True)),
        ("torrents/info", lambda client: client.all()),
        ("app/version", lambda client: client.version()),
    ],
)
def test_a_failure_is_not_asked_for_again(
    fake: FakeQBittorrent, client: QBittorrent, status: int, path: str, change: Any
) -> None:
    fake.answer_next(path, "", status)
    with pytest.raises(ServiceDownError):
        change(client)
    assert len(fake.asked(path)) == 1


# --- One login -------------------------------------------------------------------------------


def test_a_login_serves_many_requests(fake: FakeQBittorrent, client: QBittorrent) -> None:
    client.version()
    add(client)
    client.find([CRANFORD_HASH])
    client.stop([CRANFORD_HASH])
    paths = [one.path for one in fake.requests]
    assert paths.count("auth/login") == 1
    assert paths.count("app/webapiVersion") == 1


def test_threads_share_one_renewed_login(fake: FakeQBittorrent, client: QBittorrent) -> None:
    client.all()
    fake.expire_sessions()
    fake.answer_late(0.01)
    failures: list[Exception] = []

    def look() -> None:
        try:
            for _ in range(3):
                client.all()
        except ServiceDownError as error:
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(fake.asked("auth/login")) == 2


def test_six_processes_with_a_changed_password_make_one_login_request(
    fake: FakeQBittorrent, tmp_path: Path
) -> None:
    spawning = multiprocessing.get_context("spawn")
    start = spawning.Barrier(6)
    processes = [
        spawning.Process(target=log_in_with_old_password, args=(fake.url, tmp_path, start))
        for _ in range(6)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [REFUSED] * 6
    assert len(fake.asked("auth/login")) == 1


def test_a_newer_client_that_throws_out_old_logins_is_no_outage(gate: FolderGate) -> None:
    with FakeQBittorrent("5.3") as fake:
        login = Login("Attic", fake.url, fake.username, fake.password)
        clients = [QBittorrent(login, gate) for _ in range(16)]
        for client in clients:
            client.version()
        clients[0].version()
        assert len(fake.asked("auth/login")) == 17


def test_a_logged_out_session_logs_in_again(fake: FakeQBittorrent, client: QBittorrent) -> None:
    client.log_out()
    assert fake.requests == []
    client.version()
    client.log_out()
    client.version()
    assert len(fake.asked("auth/logout")) == 1
    assert len(fake.asked("auth/login")) == 2


def test_connect_gives_the_same_session_until_the_login_changes(
    fake: FakeQBittorrent, login: Login, gate: FolderGate
) -> None:
    first = connect(login, gate)
    first.version()
    assert connect(replace(login), FolderGate(gate.folder)) is first
    fake.password = "nautilus-1871"
    second = connect(replace(login, password=fake.password), gate)
    assert second is not first
    second.version()
    assert len(fake.asked("auth/logout")) == 1
    second.log_out()


TWO_PROCESSES = """
import multiprocessing, sys
from pathlib import Path
from downloads.logins import connect
from downloads.qbittorrent import Login
from tests.fakes.gate import FolderGate
from tests.fakes.process import REFUSED, log_in_with_old_password

def talk(parents):
    client = connect(login, gate)
    assert client is not parents
    client.version()

login, gate = Login("Attic", sys.argv[1], "captain", "nautilus-1870"), FolderGate(Path(sys.argv[2]))
mine = connect(login, gate)
mine.version()
child = multiprocessing.get_context("fork").Process(target=talk, args=(mine,))
child.start()
child.join()
mine.version()
sys.exit(child.exitcode)
"""


def test_a_forked_process_has_its_own_session_and_both_log_out(
    fake: FakeQBittorrent, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", TWO_PROCESSES, fake.url, str(tmp_path)]
    settings = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run(command, cwd=ROOT, env=settings, check=True, timeout=60)
    told = [one.path.removeprefix("auth/") for one in fake.requests if "auth/" in one.path]
    assert told == ["login", "login", "logout", "logout"]
    assert len(fake.asked("app/version")) == 3


# --- What is never sent ----------------------------------------------------------------------


@pytest.mark.parametrize("generation", EACH)
def test_network_binding_is_never_touched(generation: str, gate: FolderGate) -> None:
    with FakeQBittorrent(generation) as fake:
        before = dict(fake.preferences)
        client = QBittorrent(Login("Attic", fake.url, fake.username, fake.password), gate)
        everything(client)
        assert fake.preferences == before
        asked = {one.path for one in fake.requests}
        assert not {path for path in asked if "set" in path} - {"torrents/setCategory"}
        assert not [one for one in fake.requests if "filter" in one.form]


def everything(client: QBittorrent) -> None:
    add(client)
    hashes = [CRANFORD_HASH]
    for look in (client.find, client.start, client.stop, client.recheck, client.reannounce):
        look(hashes)
    for tell in (client.files, client.tracker_messages):
        tell(CRANFORD_HASH)
    client.find_by_tag("tame")
    client.ensure_category("read")
    client.set_category(hashes, "read")
    client.add_tags(hashes, ["read"])
    for ask in (client.version, client.api_version, client.default_save_path, client.free_space):
        ask()
    client.transfer()
    client.preferences()
    client.log_since(None)
    client.delete(hashes, with_files=False)
    assert client.all() == ()
    client.log_out()


def test_nothing_of_the_environment_gets_between(
    fake: FakeQBittorrent,
    client: QBittorrent,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login nemo password seven-seas\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    client.version()
    assert all("Authorization" not in one.headers for one in fake.requests)


def test_the_librarys_own_variables_are_not_ours(
    fake: FakeQBittorrent, gate: FolderGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QBITTORRENTAPI_USERNAME", fake.username)
    monkeypatch.setenv("QBITTORRENTAPI_PASSWORD", fake.password)
    monkeypatch.setenv("QBITTORRENTAPI_API_KEY", "qbt_from_elsewhere")
    with pytest.raises(LoginRefusedError, match="wants a login"):
        QBittorrent(Login("Attic", fake.url), gate).version()
    assert all("Authorization" not in one.headers for one in fake.requests)


@pytest.mark.parametrize(
    "more",
    [
        {"payload": "http://127.0.0.1:9117/dl/pd/?jackett_apikey=k"},
        {"payload": "/etc/passwd"},
        {"payload": f"magnet:?xt=urn:btih:{'a' * 40}\nhttp://127.0.0.1/"},
        {"save_path": "books"},
        {"save_path": "../books"},
        {"category": "a//b"},
        {"category": "/a"},
        {"category": "a\\b"},
        {"tags": ["tame,other"]},
        {"tags": [""]},
        {"tags": [" tame"]},
    ],
)
def test_what_the_client_would_misread_is_not_sent(
    fake: FakeQBittorrent, client: QBittorrent, more: dict[str, Any]
) -> None:
    with pytest.raises(BadInputError):
        add(client, **more)
    assert fake.requests == []


@pytest.mark.parametrize("path", ["/books", "C:\\books", "d:/books", "\\\\nas\\books"])
def test_whole_paths_of_any_machine_are_sent(
    fake: FakeQBittorrent, client: QBittorrent, path: str
) -> None:
    add(client, save_path=path)
    assert fake.asked("torrents/add")[0].form["savepath"] == path


@pytest.mark.parametrize("generation", EACH)
def test_a_given_path_is_not_left_to_automatic_management(
    generation: str, gate: FolderGate
) -> None:
    with FakeQBittorrent(generation) as fake:
        fake.preferences["auto_tmm_enabled"] = True
        add(QBittorrent(Login("Attic", fake.url, fake.username, fake.password), gate))
        (torrent,) = fake.torrents.values()
        assert (str(torrent.save_path), torrent.auto_management) == ("/books", False)


def test_a_category_that_exists_is_left_alone(fake: FakeQBittorrent, client: QBittorrent) -> None:
    fake.categories["audiobooks"] = "/books"
    assert client.ensure_category("audiobooks", "/elsewhere") == "/books"
    assert fake.asked("torrents/createCategory") == []


def test_a_category_that_is_not_made_is_told(fake: FakeQBittorrent, client: QBittorrent) -> None:
    fake.answer_next("torrents/createCategory", "Unable to create category", 409, "text/plain")
    with pytest.raises(BadInputError, match='Attic did not make the category "audiobooks"'):
        client.ensure_category("audiobooks")


@pytest.mark.parametrize("word", ["all", "", "A" * 40, "a" * 39, "a" * 40 + "|" + "b" * 40])
def test_no_word_stands_for_many_torrents(
    fake: FakeQBittorrent, client: QBittorrent, word: str
) -> None:
    with pytest.raises(ValueError, match="not an info hash"):
        client.delete([word], with_files=True)
    assert fake.requests == []


# --- Reading ---------------------------------------------------------------------------------


def test_a_hybrid_changes_its_hash_when_metadata_arrives(
    fake: FakeQBittorrent, client: QBittorrent
) -> None:
    v1, v2 = hashes_of(EMMA)
    add(client, magnet_of(EMMA, versions=["v1"]), tags=["tame:7f3a"])
    assert [seen.hash for seen in client.find([v1, v2])] == [v1]
    fake.give_metadata(v1, EMMA)
    assert client.find([v1]) == ()
    assert [seen.hash for seen in client.find([v1, v2])] == [v2[:40]]
    assert [seen.hash for seen in client.find_by_tag("tame:7f3a")] == [v2[:40]]


def test_a_client_below_a_path(gate: FolderGate) -> None:
    with FakeQBittorrent(base_path="/seedbox/qbt") as fake:
        for url in (fake.url, fake.url + "/"):
            login = Login("Attic", url, fake.username, fake.password)
            assert QBittorrent(login, gate).version() == "v5.1.0"


def test_log_lines_hold_no_secrets(fake: FakeQBittorrent, client: QBittorrent) -> None:
    fake.log("https://tracker.example/0f1e2d3c/announce?passkey=0f1e2d3c gave nautilus-1870", 8)
    fake.log("a normal line", 1)
    ((line,), _) = client.log_since(None)
    assert line.kind == 8
    assert "tracker.example" in line.text
    assert "0f1e2d3c" not in line.text
    assert "nautilus-1870" not in line.text


def test_log_lines_after_the_mark(fake: FakeQBittorrent, client: QBittorrent) -> None:
    fake.log("first")
    lines, mark = client.log_since(None)
    assert [line.text for line in lines] == ["first"]
    assert client.log_since(mark) == ((), mark)
    fake.log("second")
    lines, newer = client.log_since(mark)
    assert [line.text for line in lines] == ["second"]
    assert newer > mark


def test_the_log_of_a_restarted_client_is_read_from_its_beginning(
    fake: FakeQBittorrent, client: QBittorrent
) -> None:
    for number in range(9):
        fake.log(f"old {number}")
    _, mark = client.log_since(None)
    fake.restart()
    fake.log("new")
    lines, newer = client.log_since(mark)
    assert [line.text for line in lines] == ["new"]
    assert newer < mark


def test_an_empty_log_has_a_mark_too(fake: FakeQBittorrent, client: QBittorrent) -> None:
    lines, mark = client.log_since(None)
    assert lines == ()
    fake.log("first")
    assert [line.text for line in client.log_since(mark)[0]] == ["first"]


def test_free_space_is_known_after_a_restart_too(
    fake: FakeQBittorrent, client: QBittorrent
) -> None:
    room = client.free_space()
    assert room is not None
    assert client.free_space() == room
    fake.restart()
    assert client.free_space() == room


def test_a_login_shows_no_secret_and_its_digest_tells_changes(login: Login) -> None:
    assert login.password not in repr(login)
    assert "qbt_" not in repr(replace(login, api_key="qbt_key"))
    same = replace(login, name="Cellar")
    others = [replace(login, password="x"), replace(login, api_key="x"), replace(login, url="x")]
    assert login.digest() == same.digest()
    assert len({login.digest(), *(other.digest() for other in others)}) == 4
