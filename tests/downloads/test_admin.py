"""Downloads in the admin: where each is, why, and how they move while somebody looks."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from downloads.models import Client, Download, DownloadHistory
from downloads.states import State
from tame.runners import is_watched
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.people import bob, browser, list_of, page_of

pytestmark = pytest.mark.django_db
LIST_QUERIES, PAGE_QUERIES = 17, 10
NOW = timezone.now()


# --- Pages ----------------------------------------------------------------------------------------


def test_a_page_tells_where_it_is_and_why() -> None:
    book = make_book()
    download = make_download(
        book=book, state=State.DOWNLOADING, progress=0.42, client_state="stalledDL",
        warning="No byte arrived for an hour: no seed is online.", decision={"seeders": 12},
    )  # fmt: skip
    for sentence in ("ann took this for “Cranford”.", "seedbox lists it under aaaa."):
        DownloadHistory.objects.create(
            row=download, to_state="pushed", actor="TAME", sentence=sentence
        )
    shown = browser().get(page_of(download)).content.decode()
    for said in ("42 %", "No byte arrived", "stalledDL", "Cranford", "Seeders"):
        assert said in shown
    assert shown.index("lists it under aaaa") < shown.index("took this for")


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_costs_the_same_whatever_its_length(rows: int) -> None:
    client, indexer = make_client(last_ok_at=NOW), make_indexer(last_ok_at=NOW)
    make_book()
    for n in range(rows):
        make_download(client, title=f"Part {n}", state=State.DOWNLOADING, indexer=indexer)
    page = browser()
    page.get(list_of(Download))
    with CaptureQueriesContext(connection) as queries:
        page.get(list_of(Download))
    assert len(queries) == LIST_QUERIES


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_costs_the_same_whatever_was_found(rows: int) -> None:
    book, indexer = make_book(), make_indexer()
    for n in range(rows):
        make_release(indexer, book, title=f"Edition {n}", identity=str(n))
    download = make_download(book=book, state=State.FAILED)
    page = browser()
    page.get(page_of(download))
    with CaptureQueriesContext(connection) as queries:
        page.get(page_of(download))
    assert len(queries) == PAGE_QUERIES


def test_tabs_count_and_open_the_states() -> None:
    client = make_client()
    make_download(client, state=State.FAILED)
    make_download(client, title="Emma", state=State.QUEUED)
    answer = browser().get(list_of(Download) + "?state__exact=failed&q=cranford")
    tabs = {tab.label: tab for tab in answer.context["tabs"]}
    assert (tabs["Failed"].count, tabs["Queued"].count, tabs["Complete"].count) == (1, 1, None)
    assert tabs["Failed"].is_open
    assert tabs["Queued"].link == "?q=cranford&state__exact=queued"
    assert tabs["All"].link == "?q=cranford"
    assert "Emma" not in answer.content.decode().split("result_list")[1]


def test_a_download_is_found_by_its_info_hash() -> None:
    download = make_download(hash_v1="a" * 40)
    make_download(download.client, title="Emma", hash_v1="b" * 40)
    answer = browser().get(list_of(Download), {"q": "a" * 40})
    assert [row.pk for row in answer.context["cl"].result_list] == [download.pk]


@pytest.mark.parametrize(("chosen", "found"), [("due", "Due"), ("later", "Later")])
def test_the_list_shows_which_retries_are_due(chosen: str, found: str) -> None:
    client = make_client()
    make_download(client, title="Due", state=State.FAILED, retry_at="2020-01-01T00:00Z")
    make_download(client, title="Later", state=State.FAILED, retry_at="2099-01-01T00:00Z")
    answer = browser().get(list_of(Download), {"retry": chosen})
    assert [row.title for row in answer.context["cl"].result_list] == [found]


# --- Live -----------------------------------------------------------------------------------------


def test_a_list_is_told_how_its_rows_move() -> None:
    going = make_download(state=State.DOWNLOADING, progress=0.5, speed=2_097_152, eta=300, seeds=4)
    asked = {"ids": f"{going.pk},no,"}
    told = browser().get(reverse("admin:downloads_download_live"), asked).json()
    assert told["busy"] is True
    row = told["rows"][0]
    assert (row["percent"], row["label"]) == ("50", "downloading")
    assert row["figures"] == "2.1 MB/s, 5 minutes left, 4 seeds"


def test_somebody_who_watches_makes_the_client_be_asked_more_often() -> None:
    going = make_download(state=State.COMPLETED)
    page = browser()
    address = reverse("admin:downloads_download_one_live", args=[going.pk])
    assert page.get(address).json()["busy"] is False
    assert not is_watched()
    Download.objects.update(state=State.DOWNLOADING)
    assert page.get(address).json()["busy"] is True
    assert is_watched()


def test_the_stamp_changes_with_what_the_page_says() -> None:
    going = make_download(state=State.DOWNLOADING)
    address = reverse("admin:downloads_download_one_live", args=[going.pk])
    page = browser()
    before = page.get(address).json()["stamp"]
    Download.objects.update(progress=0.7)
    assert page.get(address).json()["stamp"] == before
    assert f'data-live-stamp="{before}"' in page.get(page_of(going)).content.decode()
    Download.objects.update(warning="No seed is online.")
    assert page.get(address).json()["stamp"] != before


def test_whoever_may_not_see_downloads_is_told_nothing() -> None:
    going = make_download()
    page = browser(bob())
    assert page.get(reverse("admin:downloads_download_live")).status_code == 403
    one = reverse("admin:downloads_download_one_live", args=[going.pk])
    assert page.get(one).status_code == 403


def test_clients_keep_their_downloads() -> None:
    download = make_download()
    client = Client.objects.get()
    address = reverse("admin:downloads_client_delete", args=[client.pk])
    shown = browser().post(address, {"post": "yes"}).content.decode()
    assert "would require deleting the following protected related objects" in shown
    assert str(download) in shown
    assert Client.objects.exists()


def test_its_history_calls_the_states_as_the_lists_do() -> None:
    row = make_download(state=State.HELD)
    DownloadHistory.objects.create(
        row=row, from_state=State.DOWNLOADING, to_state=State.HELD, actor="TAME", sentence="Gone."
    )
    assert "downloading → waits for you" in browser().get(page_of(row)).content.decode()
