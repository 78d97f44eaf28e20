"""Every way a client can fail us: whose fault it is, one sentence with the remedy, no secret."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from downloads.qbittorrent import Login, QBittorrent
from tame.lib.errors import LoginRefusedError, ServiceDownError
from tests.fakes.gate import FolderGate
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.tame.test_http import certificate, secured

QUICK = (0.5, 0.3)
PLAIN = "text/plain; charset=UTF-8"
Arrange = Callable[[FakeQBittorrent], None]


@pytest.fixture
def gate(tmp_path: Path) -> FolderGate:
    return FolderGate(tmp_path)


@pytest.fixture(params=["4.5", "5.3"])
def either(request: pytest.FixtureRequest) -> Iterator[FakeQBittorrent]:
    """A fake with the older and one with the newer way to answer a login."""
    with FakeQBittorrent(request.param) as fake:
        yield fake


def login_to(fake: FakeQBittorrent) -> Login:
    return Login("Attic", fake.url, fake.username, fake.password)


def failure(login: Login, gate: FolderGate) -> ServiceDownError:
    """What listing the torrents raises; checked for what every such error owes the reader."""
    with pytest.raises(ServiceDownError) as caught:
        QBittorrent(login, gate, timeout=QUICK).all()
    sentence = str(caught.value)
    assert "Attic" in sentence
    assert sentence.endswith(".")
    for secret in (login.password, login.api_key):
        assert not secret or secret not in sentence
    return caught.value


# --- Logins ----------------------------------------------------------------------------------


def test_a_wrong_password(either: FakeQBittorrent, gate: FolderGate) -> None:
    wrong = replace(login_to(either), password="hunter2-hunter2")
    error = failure(wrong, gate)
    assert isinstance(error, LoginRefusedError)
    assert "refused the user name or the password" in str(error)
    assert gate.refusals == [str(error)]
    assert len(either.asked("auth/login")) == 1


def test_refused_credentials_are_not_tried_again(either: FakeQBittorrent, gate: FolderGate) -> None:
    wrong = replace(login_to(either), password="hunter2-hunter2")
    first = failure(wrong, gate)
    again = failure(wrong, gate)
    assert isinstance(again, LoginRefusedError)
    assert str(again) == str(first)
    assert len(either.asked("auth/login")) == 1
    QBittorrent(login_to(either), gate).all()


def test_a_lock_out_says_how_long(either: FakeQBittorrent, gate: FolderGate) -> None:
    either.ban()
    error = failure(login_to(either), gate)
    assert not isinstance(error, LoginRefusedError)  # the password may well be right
    assert error.retry_after == 3600
    assert "for an hour" in str(error)
    assert "restart qBittorrent, or wait" in str(error)
    assert gate.refusals == []


def test_a_lock_out_does_not_end_a_login(either: FakeQBittorrent, gate: FolderGate) -> None:
    client = QBittorrent(login_to(either), gate)
    client.all()
    either.ban()
    assert client.all() == ()


def test_a_wrong_api_key(either: FakeQBittorrent, gate: FolderGate) -> None:
    error = failure(Login("Attic", either.url, api_key="qbt_" + "w" * 28), gate)
    assert isinstance(error, LoginRefusedError)
    assert "refused the API key" in str(error)
    assert gate.refusals == [str(error)]
    assert either.asked("auth/login") == []


def test_an_api_key_that_is_withdrawn_later(gate: FolderGate) -> None:
    with FakeQBittorrent("5.3") as fake:
        client = QBittorrent(Login("Attic", fake.url, api_key=fake.api_key), gate)
        client.all()
        fake.api_key = "qbt_another"
        with pytest.raises(LoginRefusedError, match="refused the API key"):
            client.all()
        assert len(gate.refusals) == 1


def test_a_missing_login(either: FakeQBittorrent, gate: FolderGate) -> None:
    error = failure(Login("Attic", either.url), gate)
    assert isinstance(error, LoginRefusedError)
    assert "wants a login" in str(error)


def test_another_port_in_front(either: FakeQBittorrent, gate: FolderGate) -> None:
    """Docker with -p 18080:8080. On 5.2 and later it looks like a wrong password."""
    either.web_port = 8080
    error = failure(login_to(either), gate)
    assert not isinstance(error, LoginRefusedError)
    assert "invalid Host header" in str(error)
    assert f"127.0.0.1:{either.port}" in str(error)
    assert gate.refusals == []


def test_a_session_is_renewed_once_and_no_more(either: FakeQBittorrent, gate: FolderGate) -> None:
    client = QBittorrent(login_to(either), gate)
    client.version()
    for _ in range(3):
        either.answer_next("torrents/info", "Forbidden", 403, PLAIN)
    with pytest.raises(ServiceDownError, match="just accepted the login"):
        client.all()
    assert len(either.asked("auth/login")) == 2
    assert len(either.asked("torrents/info")) == 2


def test_a_good_password_that_opens_nothing(either: FakeQBittorrent, gate: FolderGate) -> None:
    either.answer_next("app/webapiVersion", "Forbidden", 403, PLAIN)
    error = failure(login_to(either), gate)
    assert "just accepted the login" in str(error)
    assert gate.refusals == []


# --- No connection ---------------------------------------------------------------------------


def test_nobody_listens(gate: FolderGate) -> None:
    with FakeQBittorrent() as fake:
        fake.down()
        error = failure(login_to(fake), gate)
    assert f"refused the connection at 127.0.0.1:{fake.port}" in str(error)
    assert "start qBittorrent" in str(error)


def test_an_unknown_name(gate: FolderGate, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(Login("Attic", "http://seedbox:8080", "captain", "nautilus"), gate)
    assert "no machine is called seedbox" in str(error)


def test_a_host_that_never_answers_the_door(gate: FolderGate) -> None:
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(2):  # fills the queue; from now on the kernel drops whoever knocks
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        error = failure(Login("Attic", url, "captain", "nautilus"), gate)
    assert "nothing answers there" in str(error)


def test_no_answer_in_time(gate: FolderGate) -> None:
    with FakeQBittorrent() as fake:
        fake.hang_next("torrents/info", 5)
        assert "did not answer in time" in str(failure(login_to(fake), gate))


def test_a_broken_off_connection(gate: FolderGate) -> None:
    with FakeQBittorrent() as fake:
        fake.cut_next("torrents/info")
        assert "broke the connection off" in str(failure(login_to(fake), gate))


def test_half_an_answer(gate: FolderGate) -> None:
    half = {"Content-Length": "100", "Connection": "close"}
    with FakeQBittorrent() as fake:
        fake.answer_next("torrents/info", "[{", 200, "application/json", half)
        assert "broke the connection off" in str(failure(login_to(fake), gate))


def test_https_where_http_is_spoken(gate: FolderGate) -> None:
    with FakeQBittorrent() as fake:
        login = replace(login_to(fake), url=fake.url.replace("http:", "https:"))
        assert "does not speak https" in str(failure(login, gate))
        assert fake.requests == []


def test_a_certificate_nobody_vouches_for(gate: FolderGate, tmp_path: Path) -> None:
    with secured(certificate(tmp_path, "127.0.0.1")) as site:
        error = failure(Login("Attic", site.url, "captain", "nautilus"), gate)
        assert "not trusted here" in str(error)
        assert site.asked == []


def test_a_certificate_of_ones_own(
    gate: FolderGate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with secured(path) as site:
        failure(Login("Attic", site.url, "captain", "nautilus"), gate)
        assert len(site.asked) == 1


@pytest.mark.parametrize(
    "url", ["", "attic", "http://", "ftp://attic:8080", "http://[::1", "http://.attic"]
)
def test_an_address_that_is_none(gate: FolderGate, url: str) -> None:
    failure(Login("Attic", url, "captain", "nautilus"), gate)


# --- Somebody else answers -------------------------------------------------------------------


def page(status: int) -> Arrange:
    return lambda fake: fake.answer_next("*", "<html>Please log in</html>", status)


def plainly(path: str, body: str, status: int = 200, **headers: str) -> Arrange:
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda fake: fake.answer_next(path, body, status, PLAIN, shown)


SSO = "https://sso.example/login?back=nautilus-1870"
STRANGE = [
    ("web page", page(200), "A web page answered in the place of Attic"),
    ("page instead of 401", page(401), "A web page answered in the place of Attic"),
    ("page instead of 403", page(403), "A web page answered in the place of Attic"),
    ("redirect", plainly("*", "", 302, Location=SSO), "sends TAME on to https://sso.example:"),
    ("bad gateway", page(502), "A proxy in front of Attic answered 502"),
    ("gateway timeout", page(504), "A proxy in front of Attic answered 504"),
    ("inner failure", plainly("torrents/info", "Boom", 500), "(500: Boom)"),
    ("not there", plainly("*", "Not Found", 404), "is no qBittorrent, or not at this path"),
    ("too old", plainly("app/webapiVersion", "2.6.1"), "Attic is too old: it has Web API 2.6.1"),
    ("no version", plainly("app/webapiVersion", "pong"), "cannot read (no version number)"),
    ("strange yes", plainly("auth/login", "Sure"), "neither yes nor no to the login"),
    ("no JSON", plainly("torrents/info", "[{"), "no JSON where JSON was expected"),
    ("no list", plainly("torrents/info", "{}"), "no list where a list was expected"),
    ("no objects", plainly("torrents/info", '["a"]'), "where an object was expected"),
    ("no name", plainly("torrents/info", json.dumps([{"eta": 1}])), 'no usable "hash"'),
]


@pytest.mark.parametrize(
    ("arrange", "words"), [row[1:] for row in STRANGE], ids=[row[0] for row in STRANGE]
)
def test_strange_answers(gate: FolderGate, arrange: Arrange, words: str) -> None:
    with FakeQBittorrent() as fake:
        arrange(fake)
        error = failure(login_to(fake), gate)
    assert words in str(error)
    assert not isinstance(error, LoginRefusedError)
    assert gate.refusals == []


def test_a_proxy_says_when_to_come_back(gate: FolderGate) -> None:
    with FakeQBittorrent() as fake:
        fake.answer_next("torrents/info", "", 503, PLAIN, {"Retry-After": "120"})
        assert failure(login_to(fake), gate).retry_after == 120


def test_a_password_follows_no_redirect(gate: FolderGate) -> None:
    with FakeQBittorrent() as fake, FakeQBittorrent() as other:
        fake.answer_next("auth/login", "", 307, PLAIN, {"Location": other.url})
        failure(login_to(fake), gate)
        assert other.requests == []


@pytest.mark.parametrize(
    "missing",
    ["state", "progress", "amount_left", "completion_on", "save_path", "tags", "ratio", "size"],
)
def test_a_missing_key_is_an_outage(gate: FolderGate, missing: str) -> None:
    with FakeQBittorrent() as fake:
        client = QBittorrent(login_to(fake), gate)
        client.add("magnet:?xt=urn:btih:" + "a" * 40, category="", save_path="", tags=[])
        told = next(iter(fake.torrents.values())).info()
        fake.answer_next("torrents/info", json.dumps([told]), kind="application/json")
        assert len(client.all()) == 1
        del told[missing]
        fake.answer_next("torrents/info", json.dumps([told]), kind="application/json")
        with pytest.raises(ServiceDownError, match=f'no usable "{missing}"'):
            client.all()
