"""Fetching a torrent from where a link leads, however the other side misbehaves."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from indexers.fetching import Fetched, fetch
from indexers.links import hide_key
from indexers.torznab import Endpoint
from tame.lib.errors import LocalError, LoginRefusedError, NotFetchedError, ServiceDownError
from tests.fakes.loopback import free_port
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of, magnet_of, make_torrent

KEY = "harmless-key-of-1813"
EMMA = make_torrent({"Emma - Jane Austen/01.mp3": b"handsome, clever, and rich" * 100})
MAGNET = magnet_of(EMMA)
PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head></html>"
DOWNLOAD = "/dl/abb/"
LINK = DOWNLOAD + "?jackett_apikey={key}&path=Q2ZESjg%2B&file=Emma+%5BM4B%5D"
TIMEOUT = (1.0, 1.0)
CAP = 64 * 1024


@pytest.fixture
def jackett() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def tracker() -> Iterator[Site]:
    with Site() as site:
        yield site


def source(jackett: Site, *also: str) -> Endpoint:
    url = f"{jackett.url}/api/v2.0/indexers/abb/results/torznab/"
    return Endpoint("AudioBook Bay", url, KEY, also)


def get(link: str, source: Endpoint, timeout: tuple[float, float] = TIMEOUT) -> Fetched:
    return fetch(link, source, timeout=timeout, cap=CAP)


def refusal(link: str, source: Endpoint) -> NotFetchedError:
    with pytest.raises(NotFetchedError) as caught:
        get(link, source)
    assert KEY not in str(caught.value)
    return caught.value


def is_emma(fetched: Fetched) -> bool:
    assert fetched.torrent is not None
    assert fetched.magnet is None
    return fetched.data == EMMA and fetched.torrent.hash_v1 == hashes_of(EMMA)[0]


def is_emmas_magnet(fetched: Fetched) -> bool:
    assert fetched.magnet is not None
    assert (fetched.data, fetched.torrent) == (None, None)
    return fetched.magnet.hash_v1 == hashes_of(EMMA)[0]


# --- Good links -----------------------------------------------------------------------------------


def test_a_link_gives_the_torrent_and_its_hash(jackett: Site) -> None:
    jackett.put(DOWNLOAD, Page(body=EMMA))
    assert is_emma(get(jackett.url + LINK, source(jackett)))


def test_the_stored_link_gets_its_key_back(jackett: Site) -> None:
    jackett.put(DOWNLOAD, Page(body=EMMA))
    get(jackett.url + LINK, source(jackett))
    assert jackett.paths == [LINK.replace("{key}", KEY)]


@pytest.mark.parametrize(
    "host",
    [
        "http://localhost:9117",
        "http://127.0.0.1:1",
        "http://jackett:9117",
        "https://jackett.example",
        "HTTP://JACKETT:9117",
        "http://anne:harmless@jackett:9117",
        "http://[::1]:9117",
        " http://localhost:9117",
    ],
)
def test_localhost_link_is_fetched_by_us(jackett: Site, host: str) -> None:
    jackett.put(DOWNLOAD, Page(body=EMMA))
    assert is_emma(get(host + LINK, source(jackett)))
    assert jackett.paths == [LINK.replace("{key}", KEY)]


@pytest.mark.parametrize(
    ("configured", "path"),
    [
        ("/api/v2.0/indexers/abb/results/torznab", "/dl/abb"),
        ("/jackett/api/v2.0/indexers/abb/results/torznab/api", "/jackett/dl/abb/"),
        ("/api/v2.0/indexers/abb/results/torznab/", "/jackett/dl/ABB/"),
        ("/torznab/abb/api", "/dl/abb/"),
        ("/api/v2.0/indexers/all/results/torznab/", "/dl/abb/"),
        ("/api/v2.0/indexers/type:public/results/torznab/", "/dl/abb/"),
        ("/3/api", "/3/download"),
        ("/prowlarr/3/api", "/prowlarr/3/download"),
        ("/api/v1/indexer/3/newznab", "/api/v1/indexer/3/download"),
        ("/api/v1/indexer/3/newznab?t=caps", "/3/download"),
    ],
)
def test_an_indexers_download_path_leads_to_the_configured_address(
    jackett: Site, configured: str, path: str
) -> None:
    jackett.put(path, Page(body=EMMA))
    there = Endpoint("AudioBook Bay", jackett.url + configured, KEY)
    assert is_emma(get(f"http://localhost:9117{path}?apikey={{key}}&link=Q2ZE&file=Emma", there))


@pytest.mark.parametrize(
    ("configured", "path"),
    [
        ("/api/v2.0/indexers/abb/results/torznab", "/dl/other/"),
        ("/api/v2.0/indexers/abb/results/torznab", "/dl/abb/more"),
        ("/api/v2.0/indexers/abb/results/torznab", "/get?file=/dl/abb/"),
        ("/3/api", "/4/download"),
        ("/3/api", "/dl/3/"),
        ("/torznab", "/dl/abb/"),
    ],
)
def test_another_path_stays_where_it_is(jackett: Site, configured: str, path: str) -> None:
    there = Endpoint("AudioBook Bay", jackett.url + configured, KEY)
    assert refusal("http://127.0.0.2:9117" + path, there).code == "not-allowed"
    assert jackett.asked == []


def test_a_gzipped_torrent_is_unpacked_without_a_header(jackett: Site) -> None:
    jackett.put(DOWNLOAD, Page(body=gzip.compress(EMMA)))
    assert is_emma(get(jackett.url + LINK, source(jackett)))


def test_a_magnet_link_needs_no_request() -> None:
    assert is_emmas_magnet(get(f"  {MAGNET}\n", Endpoint()))


def test_a_link_a_person_gave_may_be_allowed(tracker: Site) -> None:
    url = tracker.put("/emma.torrent", Page(body=EMMA))
    assert is_emma(get(url, Endpoint(also_allowed=(tracker.host,))))


# --- Redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_magnet(jackett: Site, status: int) -> None:
    jackett.redirect(DOWNLOAD, MAGNET, status)
    assert is_emmas_magnet(get(jackett.url + LINK, source(jackett)))


def test_redirect_then_magnet(jackett: Site) -> None:
    jackett.redirect(DOWNLOAD, "/step")
    jackett.redirect("/step", MAGNET)
    assert is_emmas_magnet(get(jackett.url + LINK, source(jackett)))


@pytest.mark.parametrize("text", [MAGNET, f"\n {MAGNET}\r\nand more", MAGNET.replace("m", "M", 1)])
def test_a_body_that_is_a_magnet(jackett: Site, text: str) -> None:
    jackett.put(DOWNLOAD, Page(body=text.encode()))
    assert is_emmas_magnet(get(jackett.url + LINK, source(jackett)))


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        ("/got/Emma [M4B] 1.torrent", "/got/Emma%20%5BM4B%5D%201.torrent"),
        ("/got/Emma%20%5BM4B%5D.torrent?a=b", "/got/Emma%20%5BM4B%5D.torrent?a=b"),
        ("/got/J\u00e9r\u00f4me.torrent", "/got/J%C3%A9r%C3%B4me.torrent"),
        ("next", "/dl/abb/next"),
        ("//{host}/got/", "/got/"),
        ("{url}/got/?x=[1]", "/got/?x=%5B1%5D"),
    ],
)
def test_untidy_locations_are_understood(jackett: Site, location: str, asked: str) -> None:
    jackett.redirect(DOWNLOAD, location.format(host=jackett.host, url=jackett.url))
    jackett.put(asked.partition("?")[0], Page(body=EMMA))
    assert is_emma(get(jackett.url + LINK, source(jackett)))
    assert jackett.paths[-1] == asked


def test_the_indexer_may_redirect_to_its_other_name(jackett: Site) -> None:
    jackett.redirect(DOWNLOAD, f"http://jackett:9117/base/dl/abb/?jackett_apikey={KEY}", 307)
    jackett.put("/base/dl/abb/", Page(body=EMMA))
    assert is_emma(get(jackett.url + LINK, source(jackett)))


def test_five_redirects_are_followed(jackett: Site) -> None:
    for step in range(5):
        jackett.redirect(f"/{step}", f"/{step + 1}")
    jackett.put("/5", Page(body=EMMA))
    assert is_emma(get(jackett.url + "/0", source(jackett)))


def test_a_redirect_loop_ends(jackett: Site) -> None:
    jackett.redirect(DOWNLOAD, DOWNLOAD)
    error = refusal(jackett.url + LINK, source(jackett))
    assert error.code == "redirect-loop"
    assert str(error) == (
        "AudioBook Bay gave no torrent: it redirected more than 5 times. "
        "Choose another release, or test the indexer."
    )
    assert len(jackett.asked) == 6


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("file:///etc/hostname", "it redirects to a file: address, which TAME does not open"),
        ("ftp://anne:harmless@h/", "it redirects to a ftp: address, which TAME does not open"),
        ("javascript:alert(1)", "it redirects to a javascript: address, which TAME does not open"),
        ("data:text/plain,d4:", "it redirects to a data: address, which TAME does not open"),
        ("http://[::1", "it redirects to an address that cannot be read"),
        ("http://h:99999/", "it redirects to an address that cannot be read"),
        ("", "it answered 302 without saying where to go"),
    ],
)
def test_bad_redirects(jackett: Site, location: str, said: str) -> None:
    jackett.redirect(DOWNLOAD, location)
    error = refusal(jackett.url + LINK, source(jackett))
    assert error.code == "bad-redirect"
    assert said in str(error)
    assert "harmless" not in str(error)


def test_redirect_to_a_foreign_host(jackett: Site, tracker: Site) -> None:
    jackett.put(
        DOWNLOAD,
        Page(302, headers={"Location": tracker.url + "/emma", "Set-Cookie": "session=harmless"}),
    )
    tracker.put("/emma", Page(body=EMMA))
    login = source(jackett, tracker.host).url.replace("//", "//anne:harmless@")
    there = Endpoint("AudioBook Bay", login, KEY, (tracker.host,))
    assert is_emma(get(jackett.url + LINK, there))
    assert jackett.asked[0].headers["Authorization"].startswith("Basic ")
    sent = tracker.asked[0]
    assert not any(name in sent.headers for name in ("Authorization", "Cookie", "Referer"))
    assert KEY not in sent.path + str(sent.headers)


def test_redirect_to_a_foreign_host_that_is_not_allowed(jackett: Site, tracker: Site) -> None:
    jackett.redirect(DOWNLOAD, tracker.put("/emma", Page(body=EMMA)))
    error = refusal(jackett.url + LINK, source(jackett))
    assert error.code == "not-allowed"
    assert f"add {tracker.host} to the indexer's also allowed hosts" in str(error)
    assert tracker.asked == []


@pytest.mark.parametrize(
    "query",
    [
        f"?apikey={KEY}",
        f"?ReturnUrl=%2Fdl%3Fapikey%3D{KEY}",
        "?apikey=" + "".join(f"%{ord(letter):02x}" for letter in KEY),
        "?next=" + quote(quote("&apikey=" + "".join(f"%{ord(letter):02x}" for letter in KEY))),
        "?apikey={key}",
        f"#{KEY}",
    ],
)
def test_redirect_to_a_foreign_host_with_the_key(jackett: Site, tracker: Site, query: str) -> None:
    jackett.redirect(DOWNLOAD, tracker.url + "/emma" + query)
    error = refusal(jackett.url + LINK, source(jackett, tracker.host))
    assert error.code == "bad-redirect"
    assert f"it redirects with your API key to {tracker.host}" in str(error)
    assert tracker.asked == []


@pytest.mark.parametrize("query", ["?apikey={key}", f"?apikey={KEY}"])
def test_a_link_to_a_foreign_host_never_gets_the_key(
    jackett: Site, tracker: Site, query: str
) -> None:
    error = refusal(tracker.url + "/emma" + query, source(jackett, tracker.host))
    assert error.code == "not-allowed"
    assert tracker.asked == []


def test_a_redirect_cannot_ask_for_the_key(jackett: Site, tracker: Site) -> None:
    tracker.redirect("/emma", jackett.url + "/api/v2.0/server/config?apikey={key}")
    refusal(tracker.url + "/emma", source(jackett, tracker.host))
    assert KEY not in jackett.paths[0]


def test_another_scheme_of_the_configured_host_is_not_the_configured_one(jackett: Site) -> None:
    secure = jackett.url.replace("http:", "https:")
    jackett.redirect(DOWNLOAD, f"{secure}/emma?apikey={KEY}")
    assert refusal(jackett.url + LINK, source(jackett)).code == "bad-redirect"


# --- What is no torrent ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "code", "said"),
    [
        (Page(body=PAGE, headers={"Content-Type": "text/html; charset=utf-8"}),
         "not-a-torrent", "it sent text/html instead. A login page? Check the cookie or API key."),
        (Page(body=b' {"ok": false}', headers={"Content-Type": "application/json"}),
         "not-a-torrent", "it sent application/json instead. A login page?"),
        (Page(body=b"GIF89a", headers={"Content-Type": "image/gif"}),
         "not-a-torrent", "it sent image/gif instead. Choose another release"),
        (Page(body=b"Rate limited", headers={"Content-Type": "<b>\x01"}),
         "not-a-torrent", "it sent a file of an unknown type instead."),
        (Page(), "not-a-torrent", "its answer was empty."),
        (Page(204), "http-204", "it answered 204."),
        (Page(body=EMMA[:-20]), "not-a-torrent", "AudioBook Bay gave no usable torrent. "),
        (Page(body=b"d4:spam4:eggse"), "not-a-torrent", "gave no usable torrent. "),
        (Page(body=b"d" + bytes(CAP)), "too-big", "the answer is larger than 0.0625 MiB."),
        (Page(body=gzip.compress(bytes(50 * CAP))), "too-big", "answer is larger than 0.0625 MiB."),
        (Page(body=gzip.compress(EMMA)[:-30]), "not-a-torrent", "packed answer is not complete."),
        (Page(body=b"\x1f\x8bnonsense"), "not-a-torrent", "its packed answer is damaged."),
        (Page(body=b"magnet:?dn=Emma"), "bad-magnet", "gave no usable torrent. "),
        (Page(302, headers={"Location": "magnet:?xt=urn:btih:short"}),
         "bad-magnet", "gave no usable torrent. "),
    ],
    ids=["html_login_page", "json", "picture", "not_bencoded", "empty_body", "no_content",
         "truncated", "no_info", "oversize_body", "gzip_bomb", "half_a_gzip", "damaged_gzip",
         "magnet_without_a_hash", "redirect_to_a_bad_magnet"],
)  # fmt: skip
def test_what_is_no_torrent(jackett: Site, page: Page, code: str, said: str) -> None:
    jackett.put(DOWNLOAD, page)
    error = refusal(jackett.url + LINK, source(jackett))
    assert error.code == code
    assert said in str(error)


@pytest.mark.parametrize("link", ["", "emma.torrent", "file:///etc/hostname", "http://", "/dl/abb"])
def test_a_link_that_is_none(link: str) -> None:
    error = refusal(link, Endpoint())
    assert error.code == "bad-url"
    assert str(error).startswith("This link gave no torrent: it is not ")


def test_a_bad_magnet_of_a_person() -> None:
    assert refusal("magnet:?dn=Emma", Endpoint()).code == "bad-magnet"


# --- Error answers, at the indexer and elsewhere --------------------------------------------------


def error_document(code: int, description: str) -> bytes:
    shown = f'<error code="{code}" description="{description}" />'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{shown}'.encode()


JSON_OF_HARTFIELD = b'{"message": "Bad key hartfield"}'
JSON = b'{"result": "error", "error": "Value cannot be null: path"}'


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Page(401), LoginRefusedError),
        (Page(403), LoginRefusedError),
        (Page(403, PAGE), ServiceDownError),
        (Page(200, error_document(100, "Invalid API Key")), LoginRefusedError),
        (Page(400, error_document(101, "Account suspended")), LoginRefusedError),
        (Page(429), ServiceDownError),
        (Page(200, error_document(429, "Slow down")), ServiceDownError),
        (Page(200, error_document(501, "Download limit reached")), ServiceDownError),
        (Page(500), ServiceDownError),
        (Page(500, PAGE), ServiceDownError),
        (Page(502), ServiceDownError),
        (Page(503, JSON), ServiceDownError),
        (Page(500, JSON), NotFetchedError),
        (Page(500, error_document(500, "The tracker failed")), NotFetchedError),
        (Page(404), NotFetchedError),
        (Page(404, JSON), NotFetchedError),
        (Page(410, error_document(410, "Release gone")), NotFetchedError),
        (Page(400, error_document(900, "Tracker down")), NotFetchedError),
        (Page(405), NotFetchedError),
    ],
)
def test_an_error_at_the_indexer(jackett: Site, page: Page, expected: type[Exception]) -> None:
    jackett.put(DOWNLOAD, page)
    with pytest.raises((ServiceDownError, NotFetchedError)) as caught:
        get(jackett.url + LINK, source(jackett))
    assert type(caught.value) is expected
    assert str(caught.value).startswith("AudioBook Bay ")
    assert str(page.status) in str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 502, 503])
def test_an_error_at_a_foreign_host_says_nothing_about_the_indexer(
    jackett: Site, tracker: Site, status: int
) -> None:
    jackett.redirect(DOWNLOAD, tracker.put("/emma", Page(status)))
    error = refusal(jackett.url + LINK, source(jackett, tracker.host))
    assert error.code == f"http-{status}"
    assert str(error).startswith(f"{tracker.host} gave no torrent: it answered {status}.")


def test_the_indexers_own_words_are_quoted_without_secrets(jackett: Site) -> None:
    said = f"Exception (abb): Not found at https://abb.example/get?passkey=harmless&amp;k={KEY}"
    jackett.put(DOWNLOAD, Page(400, error_document(900, said)))
    error = refusal(jackett.url + LINK, source(jackett))
    assert "it answered 400 and says" in str(error)
    assert "Not found at" in str(error)
    assert "harmless" not in str(error)


@pytest.mark.parametrize("body", [error_document(900, "Bad key hartfield"), JSON_OF_HARTFIELD])
def test_a_key_that_looks_like_a_word_is_not_quoted(jackett: Site, body: bytes) -> None:
    jackett.put(DOWNLOAD, Page(404, body))
    there = Endpoint("AudioBook Bay", source(jackett).url, "hartfield")
    error = refusal(jackett.url + LINK, there)
    assert "it answered 404 and says" in str(error)
    assert "hartfield" not in str(error)


def test_an_error_document_in_place_of_a_torrent_is_quoted(jackett: Site) -> None:
    jackett.put(DOWNLOAD, Page(200, error_document(900, "No link found")))
    error = refusal(jackett.url + LINK, source(jackett))
    assert error.code == "not-a-torrent"
    assert 'it answered 200 and says "No link found".' in str(error)


@pytest.mark.parametrize("status", [429, 503])
def test_the_indexers_wish_to_wait_is_kept(jackett: Site, status: int) -> None:
    jackett.put(DOWNLOAD, Page(status, headers={"Retry-After": "90"}))
    with pytest.raises(ServiceDownError, match="asks to wait 90 s") as caught:
        get(jackett.url + LINK, source(jackett))
    assert caught.value.retry_after == 90


def test_a_foreign_hosts_wish_to_wait_is_shown(tracker: Site) -> None:
    url = tracker.put("/emma", Page(429, headers={"Retry-After": "90"}))
    error = refusal(url, Endpoint(also_allowed=(tracker.host,)))
    assert "it answered 429, and asks to wait 90 s. Check the link." in str(error)


# --- No answer ------------------------------------------------------------------------------------


def test_an_indexer_that_is_not_there_is_down(jackett: Site) -> None:
    jackett.down()
    with pytest.raises(ServiceDownError, match="AudioBook Bay gave no answer: the connection was"):
        get(jackett.url + LINK, source(jackett))


@pytest.mark.parametrize(
    "page", [Page(hang=True), Page(body=EMMA, drip=0.05), Page(body=EMMA, cut=True)]
)
def test_an_indexer_that_does_not_finish_is_down(jackett: Site, page: Page) -> None:
    jackett.put(DOWNLOAD, page)
    with pytest.raises(ServiceDownError):
        get(jackett.url + LINK, source(jackett), timeout=(0.2, 0.2))


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Page(hang=True), "timeout"),
        (Page(body=EMMA, drip=0.05), "timeout"),
        (Page(body=EMMA, cut=True), "closed"),
    ],
)
def test_a_foreign_host_that_does_not_finish(tracker: Site, page: Page, code: str) -> None:
    url = tracker.put("/emma", page)
    with pytest.raises(NotFetchedError) as caught:
        get(url, Endpoint(also_allowed=(tracker.host,)), timeout=(0.2, 0.2))
    assert caught.value.code == code


def test_a_foreign_host_that_is_not_there() -> None:
    port = free_port()
    error = refusal(f"http://127.0.0.1:{port}/emma", Endpoint(also_allowed=("127.0.0.1",)))
    assert error.code == "unreachable"
    assert str(error).startswith(f"127.0.0.1:{port} gave no torrent: the connection was refused.")


def test_all_redirects_share_one_deadline(jackett: Site) -> None:
    jackett.redirect("/slow", "/slow")
    jackett.pages["/slow"] = Page(302, bytes(30), {"Location": "/slow"}, drip=0.02)
    with pytest.raises(ServiceDownError, match="it was not finished within"):
        get(jackett.url + "/slow", source(jackett), timeout=(0.3, 0.3))
    assert len(jackett.asked) < 6


def test_a_link_to_a_private_address_is_not_called(tracker: Site) -> None:
    error = refusal(tracker.put("/emma", Page(body=EMMA)), Endpoint())
    assert error.code == "not-allowed"
    assert str(error) == (
        f"{tracker.host} gave no torrent: it leads to 127.0.0.1, which TAME may not call. "
        "Check the link."
    )
    assert tracker.asked == []


def test_ssrf_guard_holds_for_the_metadata_address(jackett: Site) -> None:
    jackett.redirect(DOWNLOAD, "http://169.254.169.254/latest/meta-data/")
    assert refusal(jackett.url + LINK, source(jackett)).code == "not-allowed"


def test_an_indexer_without_a_usable_address_is_our_fault() -> None:
    with pytest.raises(LocalError, match="The address of AudioBook Bay cannot be used"):
        get("http://archive.example/emma", Endpoint("AudioBook Bay", "jackett:9117", KEY))


# --- The key in stored links ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "key", "stored"),
    [
        ("http://j:1/dl/abb/?jackett_apikey=k3y&path=x", "k3y", "http://j:1/dl/abb/?jackett_apikey={key}&path=x"),
        ("http://j/3/download?apikey=a%2Fb&file=x", "a/b", "http://j/3/download?apikey={key}&file=x"),
        ("http://j/3/download?apikey=a%2fb", "a/b", "http://j/3/download?apikey={key}"),
        ("http://j/3/download?apikey=a+b", "a b", "http://j/3/download?apikey={key}"),
        ("http://j/3/download?apikey=a/b", "a/b", "http://j/3/download?apikey={key}"),
        ("http://jackett/dl/x/?k=jackett", "jackett", "http://jackett/dl/x/?k={key}"),
        ("http://j/rss/k3y/1.torrent", "k3y", "http://j/rss/{key}/1.torrent"),
        ("http://j/dl?next=%3Fapikey%3Dk3y", "k3y", "http://j/dl?next=%3Fapikey%3D{key}"),
        ("http://j/dl?x=1", "", "http://j/dl?x=1"),
        ("http://j/dl?x=a.c", "abc", "http://j/dl?x=a.c"),
        ("", "k3y", ""),
    ],
)  # fmt: skip
def test_a_stored_link_has_no_key(link: str, key: str, stored: str) -> None:
    assert hide_key(link, key) == stored


@pytest.mark.parametrize("key", [KEY, "a/b+c d&e=\u00e9", "\\1{key"])
def test_a_stored_link_works_again(jackett: Site, key: str) -> None:
    jackett.put(DOWNLOAD, Page(body=EMMA))
    there = Endpoint("AudioBook Bay", source(jackett).url, key)
    path = f"{DOWNLOAD}?jackett_apikey={quote(key, safe='')}&path=Q2ZE"
    stored = hide_key(jackett.url + path, key)
    assert key not in stored
    assert is_emma(get(stored, there))
    assert jackett.paths == [path]


def test_what_was_fetched_stays_out_of_tracebacks(jackett: Site) -> None:
    jackett.put(DOWNLOAD, Page(body=EMMA))
    assert KEY not in repr(source(jackett))
    assert "handsome" not in repr(get(jackett.url + LINK, source(jackett)))
