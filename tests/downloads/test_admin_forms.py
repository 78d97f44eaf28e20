"""What is asked before a verb runs, and what saving a page writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext

from downloads.models import Download
from downloads.states import State, Wish
from indexers.models import Block
from tests.downloads.conftest import again
from tests.factory import make_client, make_download
from tests.people import browser, button_of, choose, messages, page_of

pytestmark = pytest.mark.django_db


# --- A form first ---------------------------------------------------------------------------------


def test_a_verb_with_a_form_asks_first() -> None:
    rows = [make_download(state=State.QUEUED) for _ in range(2)]
    answer = choose("cancel", *rows)
    assert "2 downloads" in answer.content.decode()
    assert {again(row).state for row in rows} == {State.QUEUED}
    choose("cancel", *rows, confirmed="2", torrent="gone_files")
    assert {again(row).state for row in rows} == {State.CANCELLED}
    assert {again(row).client_wish for row in rows} == {Wish.GONE_WITH_FILES}


def test_all_of_a_filtered_list_stays_filtered_through_the_form() -> None:
    client = make_client()
    queued = make_download(client, state=State.QUEUED)
    going = [make_download(client, state=State.DOWNLOADING) for _ in range(2)]
    query = "?state__exact=downloading"
    asked = choose("cancel", going[0], query=query, select_across="1")
    shown = asked.content.decode()
    assert "2 downloads" in shown
    assert 'name="select_across" value="1"' in shown
    assert 'action="' not in shown.split('<form method="post" class="tame-form"')[1].split(">")[0]
    choose("cancel", going[0], query=query, select_across="1", confirmed="2", torrent="gone")
    assert again(queued).state == State.QUEUED
    assert {again(row).state for row in going} == {State.CANCELLED}


def test_another_number_of_rows_than_was_shown_is_asked_again() -> None:
    client = make_client()
    rows = [make_download(client, state=State.QUEUED) for _ in range(3)]
    answer = choose("cancel", rows[0], select_across="1", confirmed="2", torrent="gone")
    assert messages(answer) == ["2 rows were shown, now there are 3: nothing was done."]
    assert {again(row).state for row in rows} == {State.QUEUED}


def test_a_form_that_is_not_filled_in_is_shown_again() -> None:
    download = make_download(state=State.DOWNLOADING)
    answer = choose("failed_because", download, confirmed="1", reason="")
    assert "This field is required" in answer.content.decode()
    assert again(download).state == State.DOWNLOADING


def test_a_button_with_a_form_asks_first_too() -> None:
    download = make_download(state=State.DOWNLOADING)
    page = browser()
    asked = page.post(button_of(download, "failed_because"))
    assert "Failed, because" in asked.content.decode()
    assert again(download).state == State.DOWNLOADING
    page.post(button_of(download, "failed_because"), {"confirmed": "1", "reason": "No voice."})
    assert again(download).state == State.FAILED
    assert again(download).last_error == "No voice."


def test_a_bad_release_is_blocked_when_a_person_says_so() -> None:
    download = make_download(state=State.DOWNLOADING, hash_v1="a" * 40)
    data = {"confirmed": "1", "reason": "Abridged.", "block": "on"}
    browser().post(button_of(download, "failed_because"), data)
    assert again(download).state == State.ABANDONED
    assert Block.objects.get().reason == "Abridged."


def test_the_page_before_a_cancel_knows_adopted_torrents() -> None:
    adopted = make_download(state=State.DOWNLOADING, adopted=True)
    ours = make_download(adopted.client, state=State.DOWNLOADING)
    answer = choose("cancel", adopted, ours)
    assert "1 of them were in qBittorrent before TAME" in answer.content.decode()
    choose("cancel", adopted, ours, confirmed="2", torrent="gone_files")
    assert again(adopted).client_wish == Wish.NONE
    assert again(ours).client_wish == Wish.GONE_WITH_FILES


def test_a_retry_is_put_off_to_a_date() -> None:
    download = make_download(state=State.FAILED)
    data = {"confirmed": "1", "when": "2099-05-01T08:30"}
    browser().post(button_of(download, "retry_on"), data)
    retry_at = again(download).retry_at
    assert retry_at is not None
    assert f"{retry_at:%Y-%m-%d %H:%M}" == "2099-05-01 08:30"


def test_a_category_that_qbittorrent_would_drop_is_refused() -> None:
    download = make_download(state=State.QUEUED)
    data = {"confirmed": "1", "category": "books//tame"}
    answer = browser().post(button_of(download, "set_category"), data)
    assert "must not be empty or hold" in answer.content.decode()
    browser().post(button_of(download, "set_category"), data | {"category": "books/tame"})
    assert again(download).category == "books/tame"


# --- Saving ---------------------------------------------------------------------------------------


def test_only_the_priority_can_be_changed() -> None:
    download = make_download(state=State.DOWNLOADING)
    data = {"priority": "7", "state": "completed", "title": "Other", "progress": "1"}
    browser().post(page_of(download), data)
    now = again(download)
    assert (now.priority, now.state, now.title) == (7, State.DOWNLOADING, download.title)


def test_saving_a_page_writes_one_column() -> None:
    download = make_download(state=State.DOWNLOADING)
    with CaptureQueriesContext(connection) as queries:
        browser().post(page_of(download), {"priority": "7"})
    written = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "downloads_download"')]
    assert len(written) == 1
    assert written[0].startswith('UPDATE "downloads_download" SET "priority" = 7 WHERE')


def test_saving_a_page_while_a_task_moves_the_row_loses_nothing() -> None:
    download = make_download(state=State.DOWNLOADING)
    page = browser()
    page.get(page_of(download))
    Download.objects.filter(pk=download.pk).update(progress=0.5)  # between GET and POST

    def move(sender: Any, instance: Any, **_: Any) -> None:  # between load and save
        row = Download.objects.get(pk=instance.pk)
        row.move_to(State.COMPLETED, "All is there.", actor="TAME", progress=1.0, speed=0)

    pre_save.connect(move, sender=Download)
    try:
        page.post(page_of(download), {"priority": "7"})
    finally:
        pre_save.disconnect(move, sender=Download)
    now = again(download)
    assert (now.priority, now.state, now.progress) == (7, State.COMPLETED, 1.0)


def test_a_page_that_was_saved_unchanged_writes_nothing() -> None:
    download = make_download()
    with CaptureQueriesContext(connection) as queries:
        browser().post(page_of(download), {"priority": "0"})
    assert not [q for q in queries if q["sql"].startswith('UPDATE "downloads_download"')]
