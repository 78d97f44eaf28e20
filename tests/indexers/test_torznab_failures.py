"""Every way in which an indexer fails has its sentence, its class, and no secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote, quote_plus

import pytest

from indexers.torznab import Endpoint, caps, search
from tame.lib.errors import LoginRefusedError, ServiceDownError
from tests.fakes.loopback import free_port
from tests.fakes.site import Page, Site
from tests.fakes.torznab import FakeIndexer, Offer
from tests.fakes.torznab_failures import ANYBODY, JACKETT, PROWLARR
from tests.indexers.asking import QUICK, SLOW, ask, at

REFUSED = "Gutenberg refused the key"
PAUSE = "Gutenberg asks for a pause: too many requests, or its limit is reached. TAME asks again "
UNREADABLE = "Gutenberg sent an answer that TAME cannot read: "


# --- What can go wrong: every row of the table ----------------------------------------------------

DOWN, LOGIN = ServiceDownError, LoginRefusedError
NO_ANSWER = "Gutenberg gave no usable answer: "
FAILED = "Gutenberg could not search: "
SITUATIONS = [
    # both
    ("both", "suspended", LOGIN, f'{REFUSED}: it says "Account of apikey=', None),
    ("both", "request-limit", DOWN, f"{PAUSE}in 60 min.", 3600),
    ("both", "download-limit", DOWN, f"{PAUSE}in 60 min.", 3600),
    ("both", "limit-code", DOWN, f"{PAUSE}later.", None),
    ("both", "429", DOWN, f"{PAUSE}in 90 s.", 90),
    ("both", "401", LOGIN, f"{REFUSED} (HTTP 401). Copy the API key again", None),
    ("both", "403", LOGIN, f"{REFUSED} (HTTP 403). Copy the API key again", None),
    ("both", "404", DOWN, "Gutenberg does not exist at its address any more.", None),
    ("both", "502", DOWN, "Gutenberg failed (HTTP 502). Look at this indexer", None),
    ("both", "503", DOWN, "Gutenberg is not ready (HTTP 503); it may be", 90),
    ("both", "proxy-login", DOWN, "A web server in front of Gutenberg asks for", None),
    ("both", "login-page", DOWN, "Gutenberg sent a login page instead of", None),
    ("both", "login-redirect", DOWN, "Gutenberg sent TAME to a login page.", None),
    ("both", "anti-bot", DOWN, "Gutenberg sent an anti-bot page instead of", None),
    ("both", "web-page", DOWN, "Gutenberg sent a web page instead of results.", None),
    ("both", "moved", DOWN, "Gutenberg answers at http://new.example:9117/torz", None),
    ("both", "lost", DOWN, "Gutenberg sent TAME elsewhere without saying where", None),
    ("both", "empty-body", DOWN, "Gutenberg sent an empty answer.", None),
    ("both", "other-json", DOWN, "Gutenberg sent JSON instead of a Torznab feed.", None),
    ("both", "text", DOWN, "Gutenberg sent something that is not XML.", None),
    ("both", "other-xml", DOWN, "Gutenberg sent <caps> instead of what was", None),
    ("both", "cut-off-xml", DOWN, f"{UNREADABLE}broken XML: no element found", None),
    ("both", "hostile-xml", DOWN, f"{UNREADABLE}it declares a document type", None),
    ("both", "deep-xml", DOWN, f"{UNREADABLE}its elements are nested more", None),
    ("both", "too-big", DOWN, f"{NO_ANSWER}the answer is larger than 8 MiB. Fewer", None),
    ("both", "teapot", DOWN, "Gutenberg answered HTTP 418 and no results.", None),
    ("both", "hang", DOWN, f"{NO_ANSWER}it did not answer in time.", None),
    ("both", "closed", DOWN, f"{NO_ANSWER}it broke the connection off.", None),
    # Jackett: HTTP 200 for a wrong key, 400 for a dead tracker, 500 and JSON for no indexer
    ("jackett", "bad-key", LOGIN, f'{REFUSED}: it says "Invalid API Key".', None),
    ("jackett", "unsupported", DOWN, "Gutenberg did not accept the request: it", None),
    ("jackett", "not-configured", DOWN, "Gutenberg is not set up in Jackett.", None),
    ("jackett", "unknown-indexer", DOWN, "Gutenberg does not exist at its", None),
    ("jackett", "broken-request", DOWN, f"{FAILED}it says ", None),
    (
        "jackett",
        "tracker-down",
        DOWN,
        f'{FAILED}it says "Request to tracker.example failed (Error BadGateway) '
        '- It is down". Look at this indexer in Jackett or Prowlarr.',
        None,
    ),
    ("jackett", "tracker-login", DOWN, f"{FAILED}the tracker sent a web page", None),
    ("jackett", "tracker-limit", DOWN, f"{PAUSE}later.", None),
    ("jackett", "tracker-hangs", DOWN, f"{FAILED}the tracker did not answer in time.", None),
    ("jackett", "tracker-anti-bot", DOWN, f"{FAILED}the tracker shows an anti-bot page.", None),
    # Prowlarr: an empty 401, an empty feed for a dead tracker, 410, 429
    ("prowlarr", "bad-key", LOGIN, f"{REFUSED} (HTTP 401).", None),
    ("prowlarr", "unsupported", DOWN, "Gutenberg did not accept the request: it", None),
    ("prowlarr", "no-function", DOWN, "Gutenberg did not accept the request: it", None),
    ("prowlarr", "unknown-indexer", DOWN, "Gutenberg does not exist at its", None),
    ("prowlarr", "disabled", DOWN, "Gutenberg is disabled in Prowlarr.", None),
    ("prowlarr", "tracker-limit", DOWN, f"{PAUSE}in 90 s.", 90),
    ("prowlarr", "broken-request", DOWN, f"{FAILED}it says ", None),
    ("prowlarr", "tracker-down", DOWN, "Gutenberg found nothing because its tracker failed", 90),
]  # fmt: skip
PAIRS = [
    (kind, name, error, sentence, wait)
    for both, name, error, sentence, wait in SITUATIONS
    for kind in (["jackett", "prowlarr"] if both == "both" else [both])
]


@pytest.mark.parametrize(
    ("kind", "name", "error", "sentence", "wait"), PAIRS, ids=[f"{k}-{n}" for k, n, *_ in PAIRS]
)
def test_every_failure_has_its_sentence(
    kind: str, name: str, error: type[ServiceDownError], sentence: str, wait: float | None
) -> None:
    with FakeIndexer(kind) as fake:
        fake.fail(name, wait=90)
        with pytest.raises(ServiceDownError) as raised:
            search(at(fake), "cranford", timeout=QUICK)
        said = str(raised.value)
        assert said.startswith(sentence)
        assert type(raised.value) is error
        assert raised.value.retry_after == (wait if wait is None else pytest.approx(wait, abs=2))
        assert said.endswith(".")
        for form in (fake.key, quote(fake.key), quote(fake.key, safe=""), quote_plus(fake.key)):
            assert form not in said


def test_every_failure_of_the_fake_is_in_the_table() -> None:
    told = {kind: {name for k, name, *_ in PAIRS if k == kind} for kind in ("jackett", "prowlarr")}
    assert told["jackett"] == set(ANYBODY | JACKETT)
    assert told["prowlarr"] == set(ANYBODY | PROWLARR | {"tracker-down": None})


@pytest.mark.parametrize("name", sorted(set(ANYBODY) - {"hang", "too-big", "other-xml"}))
def test_caps_fail_with_the_same_sentences(fake: FakeIndexer, name: str) -> None:
    fake.fail(name, wait=90)
    with pytest.raises(ServiceDownError) as searched:
        ask(fake)
    with pytest.raises(ServiceDownError) as asked:
        caps(at(fake), timeout=SLOW)
    assert (str(asked.value), type(asked.value)) == (str(searched.value), type(searched.value))


def test_a_service_that_recovers_is_believed(fake: FakeIndexer) -> None:
    fake.releases = [Offer()]
    fake.fail("502", times=1)
    with pytest.raises(ServiceDownError):
        ask(fake)
    assert len(ask(fake)) == 1


def test_a_wrong_key_is_refused(fake: FakeIndexer) -> None:
    for key in ("", "tulip"):
        with pytest.raises(LoginRefusedError, match="Gutenberg refused the key"):
            search(replace(at(fake), key=key), "cranford", timeout=SLOW)


def test_nobody_there() -> None:
    nowhere = Endpoint("Gutenberg", f"http://127.0.0.1:{free_port()}/1/api", "lily")
    sentence = "Gutenberg gave no usable answer: the connection was refused. Check that"
    with pytest.raises(ServiceDownError, match=sentence):
        search(nowhere, "cranford", timeout=QUICK)
    with pytest.raises(ServiceDownError, match="not an http or https address"):
        caps(replace(nowhere, url="jackett"), timeout=QUICK)


def test_https_at_a_plain_port_says_what_to_try(jackett: FakeIndexer) -> None:
    secure = replace(at(jackett), url=jackett.url.replace("http:", "https:"))
    with pytest.raises(ServiceDownError, match="should begin with http instead of https"):
        search(secure, "cranford", timeout=QUICK)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("120", 120, 120),
        (format_datetime(datetime.now(UTC) + timedelta(hours=20), usegmt=True), 1, 72_001),
        ("999999999", 86400, 86400),
        ("99999999999999999999", 86400, 86400),
    ],
    ids=["seconds", "date", "too long", "far too long"],  # the same in every process
)
def test_the_wait_is_in_seconds_or_a_date(written: str, low: float, high: float) -> None:
    with Site() as site:
        site.put("/api", Page(429, headers={"Retry-After": written}))
        with pytest.raises(ServiceDownError) as raised:
            search(Endpoint("Gutenberg", f"{site.url}/api"), "cranford", timeout=QUICK)
    assert raised.value.retry_after is not None
    assert low <= raised.value.retry_after <= high


@pytest.mark.parametrize("written", ["0", "-5", "soon", "", "Sat, 01 Jan 2000 00:00:00 GMT"])
def test_a_wait_that_is_none_is_left_out(written: str) -> None:
    with Site() as site:
        site.put("/api", Page(429, headers={"Retry-After": written}))
        with pytest.raises(ServiceDownError) as raised:
            search(Endpoint("Gutenberg", f"{site.url}/api"), "cranford", timeout=QUICK)
    assert raised.value.retry_after is None


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (Page(410), "Gutenberg is disabled in Prowlarr."),
        (Page(400, b"<rss><channel/></rss>"), "Gutenberg answered HTTP 400 and no results."),
        (Page(400, b"<error"), "Gutenberg answered HTTP 400 and no results."),
        (Page(500, b"{"), "Gutenberg sent JSON instead of a Torznab feed."),
        (Page(503, b"<html>nginx</html>"), "Gutenberg is not ready (HTTP 503)"),
        (Page(200, b'<error code="501" />'), f"{PAUSE}in 60 min."),
        (Page(200, b'<error code="910" description="API disabled" />'), "Gutenberg is disabled"),
        (Page(200, b"<error />"), "Gutenberg could not search: it says nothing more."),
        (Page(200, b'<error code="x">Too many requests</error>'), f"{PAUSE}later."),
        (Page(200, b'<error code="300" description="No such item" />'), FAILED),
        (Page(302, headers={"Location": "/login"}), "Gutenberg sent TAME to a login page."),
        (Page(302, headers={"Location": "/?ReturnUrl=x"}), "Gutenberg sent TAME to a login page."),
        (Page(301, headers={"Location": "http://["}), "Gutenberg sent TAME elsewhere without"),
        (Page(301, headers={"Location": "magnet:?xt=1"}), "Gutenberg sent TAME elsewhere"),
        (
            Page(301, headers={"Location": "http://ann:lily@h.example/x"}),
            "Gutenberg answers at http://h.ex",
        ),
    ],
)
def test_rarer_answers_have_sentences_too(page: Page, sentence: str) -> None:
    with Site() as site:
        site.put("/api", page)
        with pytest.raises(ServiceDownError) as raised:
            search(Endpoint("Gutenberg", f"{site.url}/api", "lily"), "cranford", timeout=QUICK)
    assert str(raised.value).startswith(sentence)
    assert "lily" not in str(raised.value)


def test_long_words_and_addresses_are_not_quoted() -> None:
    said = (
        "Login failed at https://ann:rose@t.example/rss/0123456789abcdef0123/?passkey=tulip for "
        "cookie 0123456789abcdef0123456789abcdef, see udp://t.example:80/abc/announce"
    )
    with Site() as site:
        site.put("/api", Page(400, f'<error code="900" description="{said}" />'.encode()))
        with pytest.raises(ServiceDownError) as raised:
            search(Endpoint("Gutenberg", f"{site.url}/api"), "cranford", timeout=QUICK)
    assert 'it says "Login failed at t.example for cookie' in str(raised.value)
    for secret in ("rose", "tulip", "0123456789abcdef", "ann", "abc/"):
        assert secret not in str(raised.value)
    assert len(str(raised.value)) < 300


def test_no_redirect_is_followed_with_the_key() -> None:
    with Site() as other, Site() as site:
        site.redirect("/api", f"{other.url}/stolen?apikey=lily")
        with pytest.raises(ServiceDownError, match=f"answers at {other.url}/stolen. Use that"):
            search(Endpoint("Gutenberg", f"{site.url}/api", "lily"), "cranford", timeout=QUICK)
        assert other.asked == []


def test_prowlarrs_base_path_is_named() -> None:
    with FakeIndexer("prowlarr", base_path="/prowlarr") as fake:
        without = replace(at(fake), url=fake.url.replace("/prowlarr", ""))
        with pytest.raises(ServiceDownError) as raised:
            search(without, "cranford", timeout=QUICK)
    assert str(raised.value) == f"Gutenberg answers at {fake.url}. Use that as its address."


# --- Prowlarr hides failures in empty feeds -------------------------------------------------------


def test_outage_is_not_an_empty_result(prowlarr: FakeIndexer) -> None:
    prowlarr.releases = [Offer()]
    prowlarr.fail("tracker-down", wait=300)
    with pytest.raises(ServiceDownError, match="because its tracker failed") as raised:
        ask(prowlarr)
    assert raised.value.retry_after == pytest.approx(300, abs=5)
    status = prowlarr.requests[-1]
    assert (status.path, status.query) == ("/api/v1/indexerstatus", {})
    assert status.headers["X-Api-Key"] == prowlarr.key


def test_an_empty_feed_of_a_healthy_prowlarr_is_believed(prowlarr: FakeIndexer) -> None:
    assert ask(prowlarr, "zzzz") == ()


@pytest.mark.parametrize(
    "status",
    [
        Page(404),
        Page(200, b"<html>"),
        Page(200, b"[]"),
        Page(200, b'[7, {"indexerId": 2, "disabledTill": "2099-01-01T00:00:00Z"}]'),
        Page(200, b'[{"indexerId": 1, "disabledTill": "2020-01-01T00:00:00Z"}]'),
        Page(200, b'[{"indexerId": 1, "disabledTill": null}]'),
        Page(200, b'{"indexerId": 1}'),
        Page(200, b"[]", hang=True),
    ],
)
def test_an_empty_feed_is_believed_unless_prowlarr_says_otherwise(status: Page) -> None:
    with Site() as site:
        site.put("/1/api", Page(200, b"<rss><channel/></rss>"))
        site.put("/api/v1/indexerstatus", status)
        endpoint = Endpoint("Gutenberg", f"{site.url}/1/api", "lily")
        assert search(endpoint, "cranford", timeout=(0.5, 0.5)) == ()


def test_jackett_is_not_asked_for_a_status(jackett: FakeIndexer) -> None:
    ask(jackett, "zzzz")
    assert len(jackett.requests) == 1
