"""Calling out: whom we may reach, for how long, for how much, and what we never send."""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tame.lib.allowed import Allowed, is_public, origin_of
from tame.lib.call_errors import CallError
from tame.lib.http import Answer, get
from tests.fakes.loopback import free_port
from tests.fakes.site import Page, Site

MIB = 1024 * 1024
CHUNKED = b"HTTP/1.1 200 -\r\nTransfer-Encoding: chunked\r\n\r\n"
PERSUASION = b"Sir Walter Elliot, of Kellynch Hall, in Somersetshire"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def ask(
    url: str,
    site: Site | None = None,
    allowed: Allowed | None = None,
    timeout: tuple[float, float] = (1, 1),
    cap: int = MIB,
    total: float | None = None,
) -> Answer:
    allowed = allowed or Allowed(origin=site.url if site else "")
    return get(url, allowed=allowed, timeout=timeout, cap=cap, total=total)


def refusal(call: Callable[[], Answer]) -> CallError:
    with pytest.raises(CallError) as caught:
        call()
    return caught.value


# --- A plain call ---------------------------------------------------------------------------------


def test_an_answer_has_status_headers_and_body(site: Site) -> None:
    url = site.put("/persuasion", Page(201, PERSUASION, {"X-Chapter": "1"}))
    answer = ask(url, site)
    assert (answer.status, answer.body, answer.url) == (201, PERSUASION, url)
    assert answer.headers["x-chapter"] == "1"


def test_an_error_status_is_an_answer(site: Site) -> None:
    assert ask(site.url + "/nothing-here", site).status == 404


def test_tame_says_who_it_is(site: Site) -> None:
    ask(site.url, site)
    assert site.asked[0].headers["User-Agent"].startswith("TAME/")


def test_method_body_and_headers_are_sent(site: Site) -> None:
    allowed = Allowed(origin=site.url)
    get(
        site.url + "/notes",
        allowed=allowed,
        timeout=(1, 1),
        cap=MIB,
        method="POST",
        body=b"a note",
        headers={"X-Note": "yes"},
    )
    asked = site.asked[0]
    assert (asked.method, asked.path, asked.body) == ("POST", "/notes", b"a note")
    assert asked.headers["X-Note"] == "yes"


def test_a_redirect_is_not_followed(site: Site) -> None:
    url = site.redirect("/old", site.url + "/new")
    answer = ask(url, site)
    assert (answer.status, answer.headers["Location"]) == (302, site.url + "/new")
    assert site.paths == ["/old"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_gzipped_body_is_unpacked(site: Site, chunked: bool) -> None:
    page = Page(
        body=gzip.compress(PERSUASION), headers={"Content-Encoding": "gzip"}, chunked=chunked
    )
    assert ask(site.put("/packed", page), site).body == PERSUASION


def test_a_page_and_its_address_stay_out_of_tracebacks(site: Site) -> None:
    answer = ask(site.put("/feed", Page(body=PERSUASION)) + "?apikey=harmless-value", site)
    assert "harmless-value" not in repr(answer)
    assert "Walter" not in repr(answer)


# --- What is never sent or kept -------------------------------------------------------------------


def test_proxy_variables_are_ignored(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        ask(site.url + "/direct", site)
        assert proxy.asked == []
    assert site.paths == ["/direct"]


def test_netrc_is_ignored(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login anne password harmless-value\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    ask(site.url, site)
    assert "Authorization" not in site.asked[0].headers


def test_cookies_are_not_kept(site: Site) -> None:
    url = site.put("/cookie", Page(headers={"Set-Cookie": "visit=1; Path=/"}))
    ask(url, site)
    ask(url, site)
    assert ["Cookie" in asked.headers for asked in site.asked] == [False, False]


def test_a_password_in_the_address_is_sent_as_a_login(site: Site) -> None:
    ask(site.url.replace("//", "//anne:harmless@"), site)
    assert site.asked[0].headers["Authorization"].startswith("Basic ")


# --- Size and time --------------------------------------------------------------------------------


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("status", [200, 302])
def test_a_body_over_the_cap_is_refused(site: Site, chunked: bool, status: int) -> None:
    location = {"Location": "/elsewhere"}
    url = site.put("/large", Page(status, bytes(2 * MIB), location, chunked=chunked))
    error = refusal(lambda: ask(url, site))
    assert (error.code, error.reason) == ("too-big", "the answer is larger than 1 MiB")


def test_a_body_of_just_the_cap_is_taken(site: Site) -> None:
    assert len(ask(site.put("/full", Page(body=bytes(MIB))), site).body) == MIB


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("rounds", [1, 2])
def test_a_gzip_bomb_is_refused(site: Site, chunked: bool, rounds: int) -> None:
    bomb = gzip.compress(bytes(64 * MIB))
    for _ in range(rounds - 1):
        bomb = gzip.compress(bomb)
    encoding = ", ".join(["gzip"] * rounds)
    page = Page(body=bomb, headers={"Content-Encoding": encoding}, chunked=chunked)
    assert refusal(lambda: ask(site.put("/bomb", page), site)).code == "too-big"


def test_what_is_not_gzip_after_all_cannot_be_unpacked(site: Site) -> None:
    page = Page(body=PERSUASION, headers={"Content-Encoding": "gzip"})
    error = refusal(lambda: ask(site.put("/liar", page), site))
    assert (error.code, error.reason) == ("closed", "its answer could not be unpacked")


def test_a_site_that_hangs_is_given_up(site: Site) -> None:
    url = site.put("/hang", Page(hang=True))
    assert refusal(lambda: ask(url, site, timeout=(1, 0.1))).code == "timeout"


@pytest.mark.parametrize("slow_head", [False, True])
def test_a_slow_drip_is_cut_at_the_deadline(site: Site, slow_head: bool) -> None:
    url = site.put("/drip", Page(body=bytes(10_000), drip=0.01, slow_head=slow_head))
    start = time.monotonic()
    error = refusal(lambda: ask(url, site, total=0.3))
    assert (error.code, error.reason) == ("timeout", "it was not finished within 0.3 s")
    assert time.monotonic() - start < 1


def test_a_drip_of_unknown_length_is_not_taken_for_the_whole_body(site: Site) -> None:
    chunked = Page(body=bytes(10_000), drip=0.01, chunked=True)
    assert refusal(lambda: ask(site.put("/drip", chunked), site, total=0.2)).code == "timeout"


def test_without_a_deadline_twice_the_timeouts_count(site: Site) -> None:
    url = site.put("/drip", Page(body=bytes(10_000), drip=0.01))
    assert refusal(lambda: ask(url, site, timeout=(0.1, 0.1))).code == "timeout"


def test_a_tls_handshake_that_never_ends_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        allowed = Allowed(origin=url)
        error = refusal(lambda: ask(url, allowed=allowed, timeout=(5, 5), total=0.2))
    assert error.code == "timeout"


# --- No answer ------------------------------------------------------------------------------------


def test_a_refused_connection(site: Site) -> None:
    site.down()
    error = refusal(lambda: ask(site.url, site))
    assert (error.code, error.reason) == ("unreachable", "the connection was refused")


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    assert refusal(lambda: ask("http://pemberley.example/")).code == "dns"


def test_a_body_that_ends_too_early(site: Site) -> None:
    url = site.put("/half", Page(body=PERSUASION, cut=True))
    assert refusal(lambda: ask(url, site)).code == "closed"


@contextlib.contextmanager
def babbler(words: bytes) -> Iterator[str]:
    """A server that says these bytes to its first caller, whatever was asked; its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(10_000)
                caller.sendall(words)

        speaker = threading.Thread(target=speak)
        speaker.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        speaker.join()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (b"", "it broke the connection off"),
        (b"Elliot of Kellynch Hall\r\n\r\n", "its answer could not be read"),
        (b"HTTP/1.1 two hundred\r\n\r\n", "its answer could not be read"),
        (b"HTTP/1.1 200 -\r\n" + b"X: y\r\n" * 101 + b"\r\n", "its answer could not be read"),
        (b"HTTP/1.1 200 -\r\nX: " + b"y" * 70_000, "its answer could not be read"),
        (b"%s-5\r\nabcde\r\n0\r\n\r\n" % CHUNKED, "its answer could not be read"),
        (b"%sword\r\n" % CHUNKED, "it broke the connection off"),
        (b"%s9\r\nabc" % CHUNKED, "it broke the connection off"),
        (b"%sffffffffffffffffffff\r\nabc" % CHUNKED, "it broke the connection off"),
    ],
)
def test_an_answer_that_is_no_http(words: bytes, reason: str) -> None:
    with babbler(words) as url:
        error = refusal(lambda: ask(url, allowed=Allowed(origin=url)))
    assert (error.code, error.reason) == ("closed", reason)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "pemberley.example/book.torrent",
        "ftp://pemberley.example/",
        "file:///etc/hostname",
        "http:///path",
        "http://[::1/",
        "http://pember ley.example/",
        "http://pemberley.example:99999/",
        "http://pemberley.example:port/",
        f"http://{'a' * 64}.example/",
        "http://.example/",
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    assert refusal(lambda: ask(url)).code == "bad-url"


def test_a_reason_holds_no_secret(site: Site) -> None:
    site.down()
    url = site.url.replace("//", "//anne:harmless@") + "/dl/?apikey=harmless-value"
    assert "harmless" not in str(refusal(lambda: ask(url, site)))


# --- Whom we may reach: the guard against forged requests -----------------------------------------


def resolve(monkeypatch: pytest.MonkeyPatch, *answers: str | Exception) -> list[object]:
    """A resolver that gives these answers one after the other, the last one for ever."""
    asked: list[object] = []

    def getaddrinfo(host: object, port: int, *_: object, **__: object) -> list[object]:
        answer = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        if isinstance(answer, Exception):
            raise answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0.0.0.0",  # noqa: S104 - an address to call, not to listen on
        "169.254.169.254",
        "[fe80::1]",
        "10.0.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "[fd00::1]",
    ],
)
def test_ssrf_guard(site: Site, host: str) -> None:
    error = refusal(lambda: ask(f"http://{host}:{site.port}/latest/meta-data", allowed=Allowed()))
    assert error.code == "not-allowed"
    assert site.asked == []


def test_ssrf_guard_looks_at_the_connected_socket(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve(monkeypatch, "127.0.0.1")
    error = refusal(lambda: ask(f"http://rosings.example:{site.port}/", allowed=Allowed()))
    assert (error.code, error.reason) == (
        "not-allowed",
        "it leads to 127.0.0.1, which TAME may not call",
    )
    assert (asked, site.asked) == (["rosings.example"], [])


def test_a_name_that_changes_its_address_is_looked_up_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve(monkeypatch, "127.0.0.1", "93.184.216.34")
    refusal(lambda: ask(f"http://rebind.example:{site.port}/", allowed=Allowed()))
    assert len(asked) == 1


def test_the_configured_name_may_be_private(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, "127.0.0.1")
    origin = f"http://jackett:{site.port}"
    assert ask(origin + "/", allowed=Allowed(origin=origin)).status == 404


def test_another_port_of_the_configured_host_is_not_the_configured_one(site: Site) -> None:
    with Site() as neighbour:
        error = refusal(lambda: ask(neighbour.url, allowed=Allowed(origin=site.url)))
        assert (error.code, neighbour.asked) == ("not-allowed", [])


@pytest.mark.parametrize("also", ["127.0.0.1", "127.0.0.1:{port}", "LOCALHOST", "localhost:{port}"])
def test_further_hosts_may_be_named(site: Site, also: str) -> None:
    host = also.partition(":")[0].lower()
    allowed = Allowed(also=(also.format(port=site.port),))
    assert ask(f"http://{host}:{site.port}/", allowed=allowed).status == 404


def test_without_public_only_the_named_hosts_count(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = Allowed(origin="http://jackett:9117", public=False)
    assert not allowed.reaches("archive.example", 80, "93.184.216.34")
    assert allowed.reaches("jackett", 9117, "172.18.0.5")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::5db8:d822", True),
        ("127.0.0.1", False),
        ("127.0.0.2", False),
        ("0.0.0.0", False),  # noqa: S104
        ("0.1.2.3", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("100.127.255.255", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
        ("2001:db8::1", False),
        ("fc00::1", False),
        ("fd12:3456::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_only_the_open_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://jackett:9117/api?apikey=x", "http://jackett:9117"),
        ("http://Jackett./", "http://jackett:80"),
        ("https://jackett", "https://jackett:443"),
        ("HTTPS://jackett:443/", "https://jackett:443"),
        ("http://anne:secret@jackett/", "http://jackett:80"),
        ("http://[::1]:9117/", "http://[::1]:9117"),
        ("http://tracker.example\\@jackett:9117/", "http://tracker.example:80"),
        ("http://jackett:9117#@tracker.example/", "http://jackett:9117"),
        ("http://jackett:9117@tracker.example/", "http://tracker.example:80"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "trick", ["{home}\\@{other}/", "{home}#@{other}/", "{home}?@{other}/", "{home}/@{other}/"]
)
def test_who_is_called_is_who_the_origin_names(site: Site, trick: str) -> None:
    with Site() as other:
        url = trick.format(home=site.url, other=other.host)
        assert origin_of(url) == site.url
        ask(url, allowed=Allowed(also=(site.host, other.host)))
        assert (len(site.asked), len(other.asked)) == (1, 0)


# --- TLS ------------------------------------------------------------------------------------------


def certificate(folder: Path, address: str) -> Path:
    """A self-signed certificate for an IP address, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Kellynch Hall")])
    now = datetime.now(UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


def secured(path: Path) -> Site:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return Site(tls=context)


def test_tls_is_verified(tmp_path: Path) -> None:
    with secured(certificate(tmp_path, "127.0.0.1")) as site:
        error = refusal(lambda: ask(site.url, site))
        assert (error.code, site.asked) == ("tls", [])
        assert error.reason.startswith("its certificate was refused: self")


def test_a_certificate_for_another_host_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path, "127.0.0.9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with secured(path) as site:
        assert refusal(lambda: ask(site.url, site)).code == "tls"
        assert site.asked == []


def test_a_private_authority_can_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with secured(path) as site:
        assert ask(site.put("/", Page(body=PERSUASION)), site).body == PERSUASION


def test_a_missing_bundle_of_authorities_is_named(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/authorities.pem")
    error = refusal(lambda: ask(site.url, site))
    assert (error.code, site.asked) == ("tls", [])
    assert "REQUESTS_CA_BUNDLE" in error.reason


def test_a_slow_drip_over_tls_is_cut_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with secured(path) as site:
        url = site.put("/drip", Page(body=bytes(10_000), drip=0.01))
        start = time.monotonic()
        assert refusal(lambda: ask(url, site, total=0.3)).code == "timeout"
        assert time.monotonic() - start < 1


def test_a_plain_site_asked_for_tls(site: Site) -> None:
    url = site.url.replace("http:", "https:")
    assert refusal(lambda: ask(url, allowed=Allowed(origin=url))).code == "tls"


# --- Asked to wait --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("60", 60), ("0", 0), ("", None), ("soon", None), ("-5", None), ("9" * 400, 86_400)],
)
def test_retry_after_in_seconds(site: Site, text: str, seconds: float | None) -> None:
    url = site.put("/busy", Page(429, headers={"Retry-After": text}))
    assert ask(url, site).retry_after == seconds


@pytest.mark.parametrize(("minutes", "low", "high"), [(10, 590, 600), (-10, 0, 0)])
def test_retry_after_as_a_date(site: Site, minutes: int, low: float, high: float) -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)
    wait = ask(site.put("/busy", Page(503, headers={"Retry-After": then})), site).retry_after
    assert wait is not None
    assert low <= wait <= high


def test_a_silent_host_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", free_port()), backlog=1) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(6)]
        try:
            for caller in waiting:  # more than the backlog holds: the next gets no answer
                caller.setblocking(False)
                caller.connect_ex(("127.0.0.1", port))
            url = f"http://127.0.0.1:{port}/"
            error = refusal(lambda: ask(url, allowed=Allowed(origin=url), timeout=(0.2, 5)))
        finally:
            for caller in waiting:
                caller.close()
    assert (error.code, error.reason) == ("unreachable", "no connection was made in time")
