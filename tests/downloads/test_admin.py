"""Downloads in the admin: one verb, told by a button or to many rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from downloads.actions import DOWNLOADS
from downloads.models import Client, Download, DownloadHistory
from downloads.states import State, Wish
from indexers.models import Block
from tame.lib.admin.asking import MAX_ROWS
from tame.runners import is_watched
from tests.downloads.conftest import again
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.people import bob, browser, button_of, list_of, messages, page_of

pytestmark = pytest.mark.django_db
LIST_QUERIES, PAGE_QUERIES = 13, 16
NOW = timezone.now()
VERBS = [verb.name for verb in DOWNLOADS]


def choose(verb: str, *rows: Download, query: str = "", **more: Any) -> Any:
    """Tick the rows in the list and press Go."""
    data = {"action": verb, "_selected_action": [row.pk for row in rows]} | more
    return browser().post(list_of(Download) + query, data, follow=True)


# --- Who may, and how -----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_never_told_by_get(verb: str) -> None:
    assert browser().get(button_of(make_download(), verb)).status_code == 405


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_needs_its_permission(verb: str) -> None:
    download = make_download(state=State.FAILED)
    others = {v.permission for v in DOWNLOADS} - {v.permission for v in DOWNLOADS if v.name == verb}
    page = browser(bob("downloads.view_download", *others))
    assert page.post(button_of(download, verb), {"confirmed": "1"}).status_code == 403
    assert again(download).state == State.FAILED
    shown = page.get(list_of(Download)).content.decode()
    assert f'value="{verb}"' not in shown


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_needs_the_token_of_our_own_pages(verb: str) -> None:
    strict = browser(enforce_csrf_checks=True)
    assert strict.post(button_of(make_download(), verb)).status_code == 403


def test_a_permission_alone_does_not_show_rows() -> None:
    download = make_download()
    assert (
        browser(bob("downloads.pause_download")).post(button_of(download, "pause")).status_code
        == 403
    )


def test_a_person_with_the_permission_alone_may() -> None:
    download = make_download(state=State.DOWNLOADING)
    page = browser(bob("downloads.view_download", "downloads.pause_download"))
    page.post(button_of(download, "pause"))
    assert again(download).client_wish == Wish.STOPPED
    assert DownloadHistory.objects.get().actor == "bob"


# --- The button -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "labels"),
    [
        (State.QUEUED, ["Push to qBittorrent", "Pause", "Set category", "Failed, because",
                        "Cancel"]),
        (State.PUSHED, ["Pause", "Re-announce", "Recheck", "Set category", "Failed, because",
                        "Cancel"]),
        (State.DOWNLOADING, ["Pause", "Re-announce", "Recheck", "Set category", "Failed, because",
                             "Cancel"]),
        (State.COMPLETED, ["Pause", "Re-announce", "Recheck", "Set category", "Cancel"]),
        (State.REMOVED, []),
        (State.FAILED, ["Retry", "Retry on", "Cancel"]),
        (State.HELD, ["Retry", "Cancel"]),
        (State.ABANDONED, ["Retry"]),
        (State.CANCELLED, []),
    ],
)  # fmt: skip
def test_a_page_offers_what_fits_the_state(state: State, labels: list[str]) -> None:
    answer = browser().get(page_of(make_download(state=state)))
    assert [button.label for button in answer.context.get("buttons", [])] == labels


def test_a_button_says_what_happened_and_is_noted_in_the_history() -> None:
    download = make_download(state=State.DOWNLOADING)
    answer = browser().post(button_of(download, "pause"), follow=True)
    assert messages(answer) == [f"“{download}” is paused."]
    assert LogEntry.objects.get().change_message == "Pause."
    assert "ann paused it." in answer.content.decode()


def test_a_verb_that_makes_no_sense_says_so() -> None:
    answer = browser().post(button_of(make_download(state=State.REMOVED), "pause"), follow=True)
    assert messages(answer)[0].endswith("is removed: there is nothing to do that to.")
    assert not LogEntry.objects.exists()


def test_resume_takes_the_place_of_pause() -> None:
    download = make_download(state=State.DOWNLOADING, client_wish=Wish.STOPPED)
    labels = [b.label for b in browser().get(page_of(download)).context["buttons"]]
    assert "Resume" in labels
    assert "Pause" not in labels


def test_the_next_best_is_named_and_taken() -> None:
    book, indexer = make_book(), make_indexer()
    bad, good = (make_release(indexer, book, title=t, identity=t) for t in ("Bad", "Good"))
    download = make_download(book=book, state=State.FAILED, release=bad, title="Bad")
    page = browser().get(page_of(download))
    assert "Take the next best: Good" in page.content.decode()
    answer = browser().post(button_of(download, "next_best"), follow=True)
    assert again(download).state == State.ABANDONED
    assert Download.objects.get(state=State.QUEUED).release == good
    assert "“Good” of Gutenberg Tracker is queued instead" in messages(answer)[0]


def test_nothing_is_offered_in_the_place_of_what_arrived() -> None:
    book = make_book()
    make_release(make_indexer(), book, title="Other")
    download = make_download(book=book, state=State.COMPLETED)
    assert "next best" not in browser().get(page_of(download)).content.decode()


# --- Many rows ------------------------------------------------------------------------------------


def test_many_rows_are_told_in_one_message() -> None:
    client = make_client()
    going = [make_download(client, state=State.DOWNLOADING) for _ in range(3)]
    over = make_download(client, title="Emma", state=State.REMOVED)
    answer = choose("pause", *going, over)
    assert messages(answer) == [
        "3 paused, 1 not: “Emma” is removed: there is nothing to do that to."
    ]
    assert {again(row).client_wish for row in going} == {Wish.STOPPED}
    assert LogEntry.objects.filter(change_message="Pause.").count() == 3


def test_different_refusals_are_summed_up() -> None:
    rows = [make_download(title=f"Part {n}", state=State.REMOVED) for n in range(5)]
    said = messages(choose("pause", *rows))
    assert said[0].startswith("0 paused, 5 not: ")
    assert said[0].endswith("And 2 more like these.")


def test_the_first_service_that_is_down_ends_it(fake: FakeQBittorrent) -> None:
    client = make_client(address=fake.url)
    fake.down()
    rows = [make_download(client, state=State.DOWNLOADING, hash_v1=letter * 40) for letter in "abc"]
    said = messages(choose("recheck", *rows))
    assert len(said) == 1
    assert said[0].startswith("0 being rechecked. seedbox ")
    assert said[0].endswith(" 3 left as they were.")
    assert not LogEntry.objects.exists()


def test_a_person_is_not_kept_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tame.lib.admin.verbs.PATIENCE_SECONDS", 0)
    client = make_client()
    said = messages(choose("pause", *[make_download(client, state="queued") for _ in range(3)]))
    assert said[0].startswith("1 paused. This took long enough for one go")
    assert said[0].endswith(" 2 left as they were.")


def test_the_filters_of_the_list_hold_after_an_action() -> None:
    download = make_download(state=State.DOWNLOADING)
    data = {"action": "pause", "_selected_action": download.pk}
    answer = browser().post(list_of(Download) + "?state__exact=downloading", data)
    assert answer.headers["Location"].endswith("?state__exact=downloading")


def test_too_many_rows_are_refused() -> None:
    client = make_client()
    Download.objects.bulk_create(
        Download(client=client, title=f"Part {n}", state=State.DOWNLOADING)
        for n in range(MAX_ROWS + 1)
    )
    answer = choose("pause", Download.objects.all()[0], select_across="1")
    assert messages(answer) == [
        f"{MAX_ROWS + 1} rows are too many for one go. Narrow the list to {MAX_ROWS} first."
    ]
    assert not Download.objects.exclude(client_wish="").exists()


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
    assert again(download).last_error == "ann: No voice."


def test_a_bad_release_is_blocked_when_a_person_says_so() -> None:
    download = make_download(state=State.DOWNLOADING, hash_v1="a" * 40)
    data = {"confirmed": "1", "reason": "Abridged.", "block": "on"}
    browser().post(button_of(download, "failed_because"), data)
    assert again(download).state == State.ABANDONED
    assert Block.objects.get().reason == "ann: Abridged."


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
    for said in ("42.0 %", "No byte arrived", "stalledDL", "Cranford", "Seeders"):
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
    assert (row["percent"], row["label"]) == ("50.0", "downloading")
    assert row["figures"] == "2.0\xa0MB/s, 5 minutes left, 4 seeds"


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
