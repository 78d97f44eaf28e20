"""TAME_URL decides hosts, cookies, HTTPS, the path below which TAME lives, and the port."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tame.lib import addresses
from tests.fakes.loopback import free_port
from tests.tame.running import ROOT, Running, wait_until
from tests.tame.visitor import Visitor

PASSWORD = "cranford-1853"
PAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
SHOWN = (
    "PORT", "BIND", "TAME_URL", "ALLOWED_HOSTS", "FORCE_SCRIPT_NAME", "STATIC_URL",
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_PATH",
    "CSRF_COOKIE_PATH",
    "SILENCED_SYSTEM_CHECKS", "TIME_ZONE", "OTHER_HOSTS", "HURRY", "LOG_LEVEL", "QB_PORT",
    "QB_PASSWORD", "BELLS", "DEBUG", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER",
)  # fmt: skip

Serve = Callable[..., int]
OverHttps = tuple[int, str]


def run(folder: Path, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"DJANGO_SETTINGS_MODULE": "tame.settings", "ENV_FILE": os.devnull}
    given |= {"TAME_DATA": str(folder), "SECRET_KEY": "for tests " + "x1Y" * 20}
    return subprocess.run(
        [sys.executable, *argv], cwd=ROOT, env={**os.environ, **given, **environment},
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def settings_with(folder: Path, **environment: str) -> dict[str, Any]:
    code = (
        "import json; from django.conf import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {SHOWN}}}))"
    )
    told = run(folder, "-c", code, **environment)
    assert told.returncode == 0, told.stderr
    return dict(json.loads(told.stdout))


# --- Read from the environment --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "url", "port", "bind"),
    [
        ({}, "http://localhost:8000", 8000, "127.0.0.1"),
        ({"TAME_URL": ""}, "http://localhost:8000", 8000, "127.0.0.1"),
        ({"TAME_PORT": "8123"}, "http://localhost:8123", 8123, "127.0.0.1"),
        ({"TAME_URL": "http://localhost:9000/"}, "http://localhost:9000", 9000, "127.0.0.1"),
        ({"TAME_URL": "http://nas.example:9000"}, "http://nas.example:9000", 8000, "127.0.0.1"),
        ({"TAME_URL": "https://shelf.example"}, "https://shelf.example", 8000, "127.0.0.1"),
        ({"TAME_URL": "https://localhost:443"}, "https://localhost:443", 8000, "127.0.0.1"),
        (
            {"TAME_URL": "http://localhost:9000", "TAME_PORT": "8123"},
            "http://localhost:9000",
            8123,
            "127.0.0.1",
        ),
    ],
)
def test_the_address_decides_where_it_listens(
    tmp_path: Path, environment: dict[str, str], url: str, port: int, bind: str
) -> None:
    found = settings_with(tmp_path, **environment)
    assert (found["TAME_URL"], found["PORT"], found["BIND"]) == (url, port, bind)


def test_on_the_network_its_own_names_are_let_in(tmp_path: Path) -> None:
    found = settings_with(tmp_path, TAME_LAN="yes")
    assert found["BIND"] == "0.0.0.0"  # noqa: S104
    assert socket.gethostname().lower() in found["ALLOWED_HOSTS"]
    assert "*" not in found["ALLOWED_HOSTS"]


def test_a_name_of_this_machine_is_its_own_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "own_names", lambda: ["nas", "nas.local", "192.0.2.7"])
    assert addresses.listening_port("http://nas.local:9000", 0) == 9000
    assert addresses.listening_port("http://192.0.2.7:9000", 0) == 9000
    assert addresses.listening_port("http://router:9000", 0) == 8000


@pytest.mark.parametrize(
    "url", ["nas:8000", "nas", "ftp://nas", "http://", "//nas", "http://nas:99999", "http://a b"]
)
def test_an_address_that_is_none_is_said_in_one_sentence(tmp_path: Path, url: str) -> None:
    told = run(tmp_path, "manage.py", "check", TAME_URL=url)
    assert told.returncode == 2
    assert told.stderr.startswith(f"TAME_URL is {url!r}, but must be what people type")
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("QB_PORT", "abc", "a number from 1 to 65535"),
        ("QB_PORT", "\u0663", "a number from 1 to 65535"),
        ("TAME_PORT", "abc", "a number from 1 to 65535"),
        ("TAME_PORT", "99999", "a number from 1 to 65535"),
        ("TAME_PORT", "0", "a number from 1 to 65535"),
        ("TAME_PORT", "9" * 5000, "a number from 1 to 65535"),
        ("TZ", "Nowhere/Land", "a time zone of this machine"),
        ("TZ", "Europe", "a time zone of this machine"),
        ("TZ", "../../etc/passwd", "a time zone of this machine"),
        ("LOG_LEVEL", "loud", "one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("TAME_HURRY", "x", "a number above 0"),
        ("TAME_HURRY", "0", "a number above 0"),
        ("TAME_HURRY", "nan", "a number above 0"),
        ("TAME_HURRY", "inf", "a number above 0"),
        ("TAME_LAN", "perhaps", "yes or no"),
        ("TAME_BELLS", "2", "yes or no"),
        ("DEBUG", "release", "yes or no"),
    ],
)
def test_a_value_that_is_none_is_said_in_one_sentence(
    tmp_path: Path, name: str, value: str, allowed: str
) -> None:
    told = run(tmp_path, "manage.py", "quickstart", "--prepare-only", **{name: value})
    assert told.returncode == 2
    assert told.stderr.startswith(f"{name} is {value!r}, but must be {allowed}")
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "url", ["nonsense", "postgres://ann:pw-1853@nas:high/tame", "mysql://a/b", "postgres://nas"]
)
def test_a_database_that_is_none_is_said_without_its_password(tmp_path: Path, url: str) -> None:
    told = run(tmp_path, "manage.py", "quickstart", "--prepare-only", DATABASE_URL=url)
    assert (told.returncode, told.stderr.count("\n")) == (2, 1)
    assert told.stderr.startswith("DATABASE_URL cannot be read. It must be an address like")
    assert "pw-1853" not in told.stderr


def test_a_missing_driver_is_named_with_its_remedy(tmp_path: Path) -> None:
    hide = "import sys; sys.modules['psycopg'] = sys.modules['psycopg2'] = None"
    (tmp_path / "sitecustomize.py").write_text(hide)
    url = {"DATABASE_URL": "postgres://nas/tame", "PYTHONPATH": str(tmp_path)}
    told = run(tmp_path / "data", "manage.py", "quickstart", "--prepare-only", **url)
    assert (told.returncode, told.stderr.count("\n")) == (2, 1)
    assert "pip install 'psycopg[binary]'" in told.stderr


def test_a_program_is_told_in_json(tmp_path: Path) -> None:
    told = run(tmp_path, "manage.py", "list_clients", "--json", QB_PORT="abc")
    document = json.loads(told.stdout)
    assert (told.returncode, document["ok"], told.stderr) == (2, False, "")
    assert document["error"].startswith("QB_PORT is 'abc'")


def test_an_empty_value_counts_as_not_set(tmp_path: Path) -> None:
    names = names_read() - {"ENV_FILE", "TAME_DATA", "SECRET_KEY"}
    unset = settings_with(tmp_path, TAME_HURRY="1")  # which the tests set themselves
    assert settings_with(tmp_path, **dict.fromkeys(names, "")) == unset


@pytest.mark.parametrize(
    ("name", "value", "setting", "read"),
    [
        ("LOG_LEVEL", "debug", "LOG_LEVEL", "DEBUG"),
        ("TAME_LAN", "No", "BIND", "127.0.0.1"),
        ("TAME_PORT", " 8123 ", "PORT", 8123),
        ("TZ", "Europe/Berlin", "TIME_ZONE", "Europe/Berlin"),
        ("TAME_HOSTS", "nas, attic", "OTHER_HOSTS", ["nas", "attic"]),
        ("QB_PASSWORD", "$ecret ", "QB_PASSWORD", "$ecret "),
    ],
)
def test_values_are_read_as_people_write_them(
    tmp_path: Path, name: str, value: str, setting: str, read: object
) -> None:
    assert settings_with(tmp_path, **{name: value})[setting] == read


OF_HTTPS = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
            "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER")  # fmt: skip


def test_over_plain_http_nothing_asks_for_https(tmp_path: Path) -> None:
    found = settings_with(tmp_path, TAME_URL="http://nas.local:8000")
    assert [found[name] for name in OF_HTTPS] == [False, False, False, 0, None]
    silenced = ["security.W004", "security.W008", "security.W012", "security.W016"]
    assert found["SILENCED_SYSTEM_CHECKS"] == silenced


def test_over_https_no_check_is_silenced(tmp_path: Path) -> None:
    found = settings_with(tmp_path, TAME_URL="https://shelf.example/tame")
    assert found["SILENCED_SYSTEM_CHECKS"] == []
    year, told_by_the_proxy = 31_536_000, ["HTTP_X_FORWARDED_PROTO", "https"]
    assert [found[name] for name in OF_HTTPS] == [True, True, True, year, told_by_the_proxy]
    assert (found["SESSION_COOKIE_PATH"], found["CSRF_COOKIE_PATH"]) == ("/tame", "/tame")


@pytest.mark.wide
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://shelf.example", "System check identified no issues (0 silenced)."),
        ("https://shelf.example/tame", "System check identified no issues (0 silenced)."),
        ("http://nas.local:8000", "System check identified no issues (4 silenced)."),
    ],
)
def test_the_deployment_checks_find_nothing(tmp_path: Path, url: str, said: str) -> None:
    told = run(
        tmp_path, "-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING",
        TAME_URL=url,
    )  # fmt: skip
    assert told.stdout.strip() == said, told.stderr
    assert told.returncode == 0


# --- Seen from a browser --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settings") / "data"
    told = run(
        folder, "manage.py", "quickstart", "--prepare-only", DJANGO_SUPERUSER_PASSWORD=PASSWORD
    )
    assert told.returncode == 0, told.stderr
    return folder


@contextmanager
def serving(folder: Path, port: int, **environment: str) -> Iterator[int]:
    """The web server as the supervisor runs it."""
    given = {"DJANGO_SETTINGS_MODULE": "tame.settings", "ENV_FILE": os.devnull}
    given |= {"SECRET_KEY": "for tests " + "x1Y" * 20}
    given |= {"TAME_DATA": str(folder), "TAME_PORT": str(port)} | environment
    code = "import django; django.setup(); from tame import programs; programs.serve()"
    with Running([sys.executable, "-c", code], folder.parent / "web.log", given) as running:
        wait_until(lambda: answers(port), 20, lambda: running.text)
        yield port


@pytest.fixture
def serve(prepared: Path, tmp_path: Path) -> Iterator[Serve]:
    """With a copy of the prepared folder."""
    shutil.copytree(prepared, tmp_path / "data")
    with ExitStack() as stack:
        yield lambda port, **given: stack.enter_context(serving(tmp_path / "data", port, **given))


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of one whose database is still empty."""
    with serving(
        tmp_path_factory.mktemp("home") / "data", free_port(), TAME_HOSTS="cellar"
    ) as port:
        yield port


@pytest.fixture(scope="module", params=["https://shelf.example", "https://home.example/shelf"])
def over_https(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The port of one whose database is still empty, and its address."""
    with serving(
        tmp_path_factory.mktemp("https") / "data", free_port(), TAME_URL=request.param
    ) as port:
        yield port, request.param


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.wide
@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("http://nas.local:{port}", {"TAME_URL": "http://nas.local:{port}"}),
        ("http://attic:{port}", {"TAME_HOSTS": "cellar,attic"}),
        ("http://192.0.2.9", {"TAME_URL": "http://192.0.2.9"}),
    ],
)
def test_a_log_in_works_over_http_by_name(serve: Serve, url: str, more: dict[str, str]) -> None:
    port = free_port()
    url = url.format(port=port)
    serve(port, **{name: value.format(port=port) for name, value in more.items()})
    visitor = Visitor(url, port)
    assert visitor.log_in("admin", PASSWORD).status == 302
    assert visitor.get("/admin/").status == 200


@pytest.mark.wide
@pytest.mark.parametrize(
    ("url", "stripped"),
    [
        ("https://shelf.example", False),
        ("https://home.example/shelf", False),
        ("https://home.example/shelf", True),
    ],
)
def test_a_log_in_works_behind_a_proxy(serve: Serve, url: str, stripped: bool) -> None:
    port, path = free_port(), url.removeprefix("https://").partition("/")[2]
    base = f"/{path}" if path else ""
    serve(port, TAME_URL=url)
    visitor = Visitor(url, port, proxy_takes_the_path_off=stripped)
    answer = visitor.log_in("admin", PASSWORD)
    assert (answer.status, answer.headers["Location"]) == (302, f"{base}/admin/")
    page = visitor.get(f"{base}/admin/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.cookies["tame_session"]
    assert (bool(cookie["secure"]), cookie["path"]) == (True, base or "/")
    sheet = re.search(r'href="([^"]+\.css)"', page.text)
    assert sheet is not None
    assert sheet[1].startswith(f"{base}/static/")
    assert visitor.get(sheet[1]).status == 200


def test_what_comes_to_an_https_address_without_it_is_sent_there(over_https: OverHttps) -> None:
    port, url = over_https
    answer = Visitor(url.replace("https:", "http:"), port).get("/admin/")
    assert (answer.status, answer.headers["Location"]) == (301, f"{url}/admin/")


def test_the_supervisor_can_ask_whether_an_https_site_is_alive(over_https: OverHttps) -> None:
    assert Visitor("http://localhost", over_https[0]).get("/healthz").status == 200


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ("attic:9000", ["TAME_URL=http://attic:9000", "TAME_HOSTS=cellar,attic<"]),
        ("192.0.2.9", ["TAME_URL=http://192.0.2.9", "TAME_HOSTS=cellar,192.0.2.9<"]),
    ],
)
def test_a_wrong_host_is_told_which_line_to_change(
    at_home: int, asked: str, lines: list[str]
) -> None:
    answer = Visitor(f"http://{asked}", at_home).get("/admin/")
    assert answer.status == 400
    assert [line for line in lines if line not in answer.text] == []


def test_a_host_that_is_no_name_is_not_repeated_as_a_line(at_home: int) -> None:
    answer = Visitor("http://<script>", at_home).get("/admin/")
    assert answer.status == 400
    assert "<script>" not in answer.text
    assert "TAME_URL=" not in answer.text


# --- .env.example ---------------------------------------------------------------------------------


def names_read() -> set[str]:
    """What the settings ask the environment for."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "tame" / "settings.py").read_text())):
        read = ("variables.", "os.environ")
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(read):
            found |= {str(arg.value) for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return found


def names_explained() -> set[str]:
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


ELSEWHERE = {  # explained there, read elsewhere
    "DJANGO_SUPERUSER_USERNAME",
    "DJANGO_SUPERUSER_PASSWORD",
    "DJANGO_SUPERUSER_EMAIL",
    "REQUESTS_CA_BUNDLE",
}
NOT_FOR_PEOPLE = {"ENV_FILE", "TAME_HURRY", "TAME_BELLS"}


def test_every_setting_is_explained() -> None:
    assert names_read() - NOT_FOR_PEOPLE - names_explained() == set()


def test_nothing_is_explained_that_nobody_reads() -> None:
    assert names_explained() - names_read() - ELSEWHERE == set()


def test_the_example_changes_nothing_until_a_line_is_uncommented() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_a_file_in_another_encoding_is_said_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "old.env"
    file.write_bytes("TZ=Europe/Zürich\n".encode("latin-1"))
    told = run(tmp_path, "manage.py", "list_clients", ENV_FILE=str(file))
    assert (told.returncode, told.stderr.count("\n")) == (2, 1)
    assert "is not written in UTF-8" in told.stderr
