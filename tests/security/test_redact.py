"""What is hidden, and what stays readable."""

from __future__ import annotations

import logging
import sys

import pytest

from tame.lib import redact as module
from tame.lib.redact import (
    RedactFilter,
    bare_address,
    blotted,
    is_unreadable,
    keep_out,
    quotable,
    redact,
    show_crash,
)

HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


@pytest.mark.parametrize(
    "text",
    [
        "GET /api?t=search&apikey=SECRET&q=emma",
        "GET /UI/Login?ReturnUrl=%2Fapi%3Fapikey%3DSECRET%26q%3Demma",
        "next=%252Fapi%253Fpasskey%253DSECRET",
        "authkey=SECRET, torrent_pass=SECRET",
        '{"apiKey": "SECRET", "path":"/rss/SECRET"}',
        "{'X-Api-Key': 'SECRET', 'a': 1}",
        "Login failed with passkey SECRET-4711 for ann",
        "password: SECRET4711",
        "Authorization: Bearer SECRET",
        "it sent bearer SECRETSECRET and more",
        "Cookie: uid=17; pass=SECRET",
        "http://ann:SECRET@tracker.example/",
        "http://tracker.example/SECRET/announce?x=1",
        "udp://tracker.example:80?SECRET=announce",
        "magnet:?xt=urn:btih:abc&tr=http%3A%2F%2Ft%2FSECRET%2Fannounce",
        "magnet%3A%3Fxt%3Durn%3Abtih%3Aabc%26tr%3Dhttp%253A%252F%252Ft%252FSECRET",
        "to=http%3A%2F%2Ftracker.example%2FSECRET%2Frss",
        f"http://tracker.example/rss/SECRET{HEX}/17",
        "the key is qbt_SECRETSECRETSECRET",
    ],
)
def test_where_secrets_stand_they_are_hidden(text: str) -> None:
    for said in (redact(text), redact(redact(text)), quotable(text)):
        assert "SECRET" not in said


@pytest.mark.parametrize(
    "text",
    [
        "Gutenberg refused the key (HTTP 401). Copy the API key again from Jackett or Prowlarr.",
        "seedbox refused the user name or the password: enter them again.",
        'Gutenberg refused the key: it says "Invalid API Key".',
        "3 pushed. seedbox cannot be reached at 192.168.1.10:8080: nothing answers there.",
        "Cranford by Elizabeth Gaskell [ENG / M4B] is in /downloads/Elizabeth Gaskell/Cranford",
        "GET /api/v2.0/indexers/gutenberg/results/torznab/api?t=search&cat=3030&q=emma+gaskell",
        "http://tracker.example/details/cranford-by-elizabeth-gaskell-64kbps-m4b?id=17",
        "magnet:?xt=urn:btih:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "2026-11-20 12:00:00 INFO tame: 12 wishes came true; author=Gaskell",
    ],
)
def test_words_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (f"Source: “http://t.example:80/get/{HEX}.torrent?a=b”", "Source: “t.example”"),
        ("see udp://ann:x@t.example:80/announce now", "see t.example now"),
        (f'Torrent "Cranford 1853" has {HEX}', 'Torrent "Cranford 1853" has …'),
        ('File: "/downloads/Cranford_by_Gaskell_1853/01.mp3"', None),
    ],
)
def test_a_services_words_name_hosts_only(text: str, quoted: str | None) -> None:
    assert quotable(text) == (text if quoted is None else quoted)


def test_what_a_service_says_has_an_end() -> None:
    assert len(quotable("It is down. " * 1000)) == 1000


@pytest.mark.parametrize("word", [HEX, "a8F-3kd_92xQ-77b", "x" * 32, "Zm9vYmFyYmF6cXV4MTIz"])
def test_keys_are_unreadable(word: str) -> None:
    assert is_unreadable(word)


@pytest.mark.parametrize(
    "word",
    ["cranford-by-elizabeth-gaskell", "Cranford.1853.Unabridged.M4B", "short4711", "Cranford1853"],
)
def test_names_are_readable(word: str) -> None:
    assert not is_unreadable(word)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("http://ann:rose/garden @h:1/x", "http://h:1/x"),
        ("http://h/api?t=caps&apikey=SECRET&q=1", "http://h/api?t=caps&q=1"),
        ("http://h/api?apikey=SECRET", "http://h/api"),
        ("seedbox:8080", "seedbox:8080"),
    ],
)
def test_an_address_is_shown_without_its_secrets(typed: str, shown: str) -> None:
    assert bare_address(typed) == shown


def test_what_is_known_goes_however_it_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_known", set())
    assert redact("a word: lilies") == "a word: lilies"
    keep_out("lilies", "", "k")
    assert redact("a word: lilies, k") == "a word: …, k"


def record(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        return logging.LogRecord("tame", 40, "x.py", 1, "it failed", None, sys.exc_info())


def test_a_traceback_that_another_handler_wrote_is_redacted_too() -> None:
    entry = record(ValueError("GET /api?apikey=SECRET"))
    entry.stack_info = "asked /api?apikey=SECRET"
    logging.Formatter().format(entry)
    assert "SECRET" in str(entry.exc_text)
    RedactFilter().filter(entry)
    assert "SECRET" not in logging.Formatter().format(entry)


def test_a_crash_is_shown_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    error = ValueError("GET /api?apikey=SECRET&q=emma")
    show_crash(ValueError, error, None)
    shown = capsys.readouterr().err
    assert "SECRET" not in shown
    assert "ValueError: GET /api?apikey=…&q=emma" in shown


@pytest.mark.parametrize(
    "written", ["a/key+of=1870", "a%2Fkey%2Bof%3D1870", "a%252Fkey%252Bof%253D1870"]
)
def test_an_answer_loses_the_key_it_was_asked_with(written: str) -> None:
    said = f'{{"cover": "http://attic/cover?token={written}&w=1"}}'.encode()
    assert blotted(said, "a/key+of=1870") == b'{"cover": "http://attic/cover?token=...&w=1"}'
    assert blotted(said, "") == blotted(said, "cover") == said
