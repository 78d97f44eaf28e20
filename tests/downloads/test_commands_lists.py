"""Downloads and clients listed on the command line."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from downloads.models import ClientPath
from downloads.states import State
from tests.commanding import done
from tests.factory import make_book, make_client, make_download

pytestmark = pytest.mark.django_db


def titles(*arguments: object) -> list[str]:
    return [row["title"] for row in done("list_downloads", *arguments)["downloads"]]


def test_downloads_are_listed_newest_first_with_their_books() -> None:
    book = make_book()
    make_download(make_client(), title="Emma")
    newest = make_download(book=book, progress=0.25, size=1000, priority=2)
    document = done("list_downloads")
    row = document["downloads"][0]
    assert (row["id"], row["state"], row["client"]) == (newest.pk, "queued", "seedbox")
    assert (row["progress"], row["size"], row["priority"]) == (0.25, 1000, 2)
    assert row["books"] == [{"id": book.pk, "title": "Cranford"}]
    assert document["downloads"][1]["title"] == "Emma"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--state", "queued"], ["Emma"]),
        (["--state", "failed", "--state", "abandoned"], ["Ruth", "Persuasion", "Cranford"]),
        (["--retry-due"], ["Cranford"]),
        (["--retry-due", "--state", "queued"], []),
    ],
)
def test_what_waits_what_failed_and_what_is_due(arguments: list[str], expected: list[str]) -> None:
    client, soon = make_client(), timezone.now() + timedelta(hours=1)
    make_download(client, title="Emma")
    make_download(client, title="Cranford", state=State.FAILED, retry_at=timezone.now())
    make_download(client, title="Persuasion", state=State.FAILED, retry_at=soon)
    make_download(client, title="Ruth", state=State.ABANDONED)
    assert titles(*arguments) == expected


@pytest.mark.parametrize("rows", [1, 30])
def test_downloads_take_four_queries(rows: int, django_assert_num_queries: Any) -> None:
    client = make_client()
    for number in range(rows):
        make_download(client, book=make_book(f"Volume {number}"))
    with django_assert_num_queries(4):  # count, downloads with client, imports, books
        assert len(done("list_downloads")["downloads"]) == rows


def test_clients_are_listed_without_their_passwords() -> None:
    client = make_client(api_key="qbt_harmless")
    ClientPath.objects.create(client=client, client_prefix="/downloads", our_prefix="/mnt/d")
    document = done("list_clients")
    assert document["clients"][0]["name"] == "seedbox"
    assert document["clients"][0]["paths"] == [{"client": "/downloads", "here": "/mnt/d"}]
    assert "rose garden" not in json.dumps(document)
    assert "qbt_harmless" not in json.dumps(document)


@pytest.mark.parametrize("rows", [1, 30])
def test_clients_take_three_queries(rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        make_client(f"client {number}")
    with django_assert_num_queries(3):
        assert len(done("list_clients")["clients"]) == rows
