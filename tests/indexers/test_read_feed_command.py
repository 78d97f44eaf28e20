"""A saved answer, read on the command line."""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from indexers.management.commands.read_feed import Command
from tests.indexers.feeds import ANSWERS, HASH, answer, attribute, entry, feed

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

PROMISED = {"title", "guid", "size", "seeders", "peers", "info_hash", "link", "magnet", "published",
            "categories"}  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    code = 0
    try:
        Command().run_from_argv(["manage.py", "read_feed", *arguments])
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def understood(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, Any]:
    code, out, _ = run(capsys, str(path), "--json")
    document: dict[str, Any] = json.loads(out)
    assert (code == 0) == (document["error"] is None)
    return document


def test_all_fields_are_shown_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    document = understood(capsys, ANSWERS / "book_q_private.xml")
    (release,) = document["releases"]
    assert set(release) >= PROMISED
    assert document["skipped"] == 0
    assert release["title"].startswith("A Princess of Mars - Barsoom, Book 1")
    assert (release["size"], release["seeders"], release["peers"]) == (263000000, 0, 1)
    assert (release["info_hash"], release["identity"]) == (HASH, HASH)
    assert release["categories"] == [3030, 100013]
    assert release["kind"] == "private"
    assert datetime.fromisoformat(release["published"]).isoformat() == "2024-03-05T10:20:30+00:00"
    assert release["link"].startswith("http://127.0.0.1:9117/dl/pdprivate/?jackett_apikey=…")
    assert "APIKEY" not in json.dumps(document)


def test_no_secret_of_a_feed_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    magnet = f"magnet:?xt=urn:btih:{HASH}&amp;tr=http%3A%2F%2Ft.example%2F{KEY}%2Fannounce"
    enclosure = f'<enclosure url="http://jackett:9117/dl/a/?jackett_apikey={KEY}&amp;path=P" />'
    page = f"<comments>http://t.example/d?id=1&amp;passkey={KEY}</comments>"
    saved = tmp_path / "feed.xml"
    saved.write_bytes(
        feed(
            entry(page, guid=f"http://t.example/1?passkey={KEY}", enclosure=enclosure),
            entry(attribute("magneturl", magnet), guid=magnet, enclosure=""),
        )
    )
    assert len(understood(capsys, saved)["releases"]) == 2
    for arguments in ([str(saved)], [str(saved), "--json"]):
        assert KEY not in "".join(run(capsys, *arguments)[1:])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("badkey.xml", 'The indexer refused the key: it says "Invalid API Key".'),
        ("err502.xml", "The indexer could not search: it says "),
        ("unknown_indexer.json", "The indexer does not exist at its address any more."),
    ],
)
def test_an_error_is_told_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], name: str, sentence: str
) -> None:
    code, out, err = run(capsys, str(ANSWERS / name))
    assert (code, out) == (1, "")
    assert err.startswith(sentence)
    code, out, err = run(capsys, str(ANSWERS / name), "--json")
    assert (code, err) == (1, "")
    assert json.loads(out)["error"].startswith(sentence)
    assert json.loads(out)["releases"] == []


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize("name", ["nowhere.xml", ".", "\0"])
def test_a_file_that_cannot_be_read_ends_with_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, more: list[str]
) -> None:
    code, _, err = run(capsys, str(tmp_path / name), *more)
    assert code == 2
    assert " cannot be read: " in err


def test_standard_input_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(answer("search_wells.xml"))))
    code, out, _ = run(capsys, "-")
    assert code == 0
    assert "412.3 MB       42  2024-03-01  The War of the Worlds by H. G. Wells" in out
    assert out.endswith("3 releases understood, 0 entries left out.\n")


def test_what_is_unknown_is_a_question_mark(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    saved = tmp_path / "feed.xml"
    saved.write_bytes(feed(entry(enclosure="<link>http://t.example/1</link>"), "<item />"))
    _, out, _ = run(capsys, str(saved))
    assert out.splitlines()[1].split()[:3] == ["?", "?", "?"]
    assert out.endswith("1 release understood, 1 entry left out.\n")


def test_a_file_that_is_too_large_is_an_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    saved = tmp_path / "feed.xml"
    saved.write_bytes(b"<rss>" + b" " * 9 * 1024 * 1024)
    code, _, err = run(capsys, str(saved))
    assert code == 1
    assert "it is larger than 8 MiB" in err
