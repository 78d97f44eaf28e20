"""The first page, the switch, schedules, and the way of somebody who has never seen TAME."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from books.models import Book, Library, ShelfServer
from downloads import confirm as confirming
from downloads import push as pushing
from downloads.models import Download, Import
from downloads.states import ImportState, State
from indexers import search as searching
from indexers.decide import decide_due
from indexers.models import Indexer
from tame import schedules
from tame.models import NamedLease, SchedulePreference, Switch
from tame.tasks import beat
from tests.factory import make_book, make_client, make_download, make_indexer
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.torznab import FakeIndexer, Offer
from tests.people import bob, browser, button_of, leads_back, list_of, messages, page_of, reload

pytestmark = pytest.mark.django_db
FIRST = "/admin/"


def next_of(answer: Any) -> str:
    found = re.search(r"<strong>Next:</strong> (.*?)</p>", answer.content.decode(), re.DOTALL)
    return unescape(found[1]) if found else ""


def link_of(answer: Any, label: str) -> str:
    """The address behind a link or button of the next step."""
    step = answer.content.decode().split('class="tame-next"')[1].split("</form>")[0]
    found = re.search(rf'(?:href|formaction)="([^"]+)">{label}<', step)
    assert found, f"no {label!r} in {step}"
    return found[1]


# --- The way --------------------------------------------------------------------------------------


def test_whoever_has_never_seen_it_is_led_all_the_way(settings: Any) -> None:
    settings.BELLS = False
    page = browser()
    with FakeQBittorrent() as qbittorrent, FakeIndexer() as jackett:
        jackett.releases = [Offer("Cranford by Elizabeth Gaskell [ENG / M4B]")]
        here = page.get(FIRST)
        assert "connect the qBittorrent" in next_of(here)
        data = {
            "name": "seedbox", "address": qbittorrent.url, "username": qbittorrent.username,
            "new_password": qbittorrent.password, "category": "tame", "unfinished_limit": 5,
        }  # fmt: skip
        here = page.post(link_of(here, "Connect my qBittorrent"), data, follow=True)
        here = page.post(link_of(here, "Test seedbox"), follow=True)
        assert "Tell TAME where to search" in next_of(here)
        server = {"address": jackett.server, "key": jackett.key}
        listed = page.post(link_of(here, "Add all of a Jackett or Prowlarr"), server)
        chosen = [one.url for one, _ in listed.context["listed"]]
        carried = listed.context["form"].initial | {"chosen": chosen, "add": "1"}
        here = page.post(listed.request["PATH_INFO"], carried, follow=True)
        assert next_of(here) == "Nothing is known of Gutenberg yet: test it."
        here = page.post(link_of(here, "Test Gutenberg"), follow=True)
        assert "or which book you want" in next_of(here)
        wanted = {"title": "Cranford", "authors": "Elizabeth Gaskell", "priority": 0}
        assert link_of(here, "Want a book") == reverse("admin:books_book_find")
        here = page.post(reverse("admin:books_book_add"), wanted, follow=True)
        assert "is searched within a minute" in next_of(here)
        here = page.post(link_of(here, "Search"), follow=True)
        searching.search_due(lambda: True)
        here = page.get(page_of(Book.objects.get()))
        assert "are judged within a minute" in next_of(here)
        decide_due()
        here = page.get(page_of(Book.objects.get()))
        assert next_of(here).endswith("under “Releases found” and press Grab.")
        grab = re.search(r'formaction="([^"]+/grab/)"', here.content.decode())
        assert grab
        here = page.post(grab[1], follow=True)
        download = Download.objects.get()
        assert next_of(here) == "It is handed to seedbox within a minute. Nothing to do."
        pushing.push_due()
        confirming.confirm_due()
        assert next_of(page.get(page_of(download))).startswith("It is downloading")
        Download.objects.update(state=State.COMPLETED, content_path="/downloads/Cranford")
        here = page.get(page_of(download))
        assert next_of(here) == (
            "It is complete in /downloads/Cranford of seedbox. Say where your audiobooks stand, "
            "and it is put there."
        )
        assert link_of(here, "Add a library") == reverse("admin:books_library_add")
        Library.objects.create(name="Home", root="/srv/audiobooks")
        assert next_of(page.get(page_of(download))).endswith(
            "It is put into the library within a minute. Nothing to do."
        )


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"state": State.FAILED, "last_error": "No list."}, "No list. It is tried again by itself"),
        ({"state": State.HELD, "last_error": "Gone."}, "Gone. Retry when the cause is gone"),
        ({"state": State.QUEUED, "client_wish": "stopped"}, "It is paused and was not handed"),
        ({"state": State.DOWNLOADING, "client_wish": "stopped"}, "It is paused."),
        ({"state": State.DOWNLOADING, "warning": "No seed."}, "It is downloading, but: No seed."),
        ({"state": State.PUSHED}, "It was handed to seedbox, and is looked for there."),
        ({"state": State.ABANDONED}, "It is given up."),
    ],
)
def test_a_download_s_page_says_what_it_waits_for(columns: dict[str, Any], said: str) -> None:
    download = make_download(make_client(last_ok_at=timezone.now()), make_book(), **columns)
    answer = browser().get(page_of(download))
    assert next_of(answer).startswith(said)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"last_error": "seedbox does not answer."}, "waits for seedbox: seedbox does not answer"),
        ({"enabled": False}, "waits for seedbox: seedbox is switched off."),
        ({"unfinished_limit": 0}, "waits for a place: seedbox gets 0 unfinished downloads"),
    ],
)
def test_a_queued_download_says_what_keeps_it(columns: dict[str, Any], said: str) -> None:
    later = timezone.now() + timedelta(hours=1)
    down = {"off_until": later} if "last_error" in columns else {}
    download = make_download(make_client(**columns | down))
    assert said in next_of(browser().get(page_of(download)))


def test_a_paused_tame_says_so_on_a_download_s_page() -> None:
    Switch.objects.create(pk=1, everything_paused=True)
    assert next_of(browser().get(page_of(make_download()))).startswith("Everything is paused")


def test_a_paused_tame_promises_no_search() -> None:
    make_client(last_ok_at=timezone.now())
    make_indexer(last_ok_at=timezone.now())
    book = make_book()
    Switch.objects.create(pk=1, everything_paused=True)
    for shown in (page_of(book), FIRST):
        said = next_of(browser().get(shown))
        assert said.startswith("“Cranford” is not searched. Everything is paused: go on")


def test_a_paused_tame_names_no_download_under_way() -> None:
    make_client(last_ok_at=timezone.now())
    make_indexer(last_ok_at=timezone.now())
    make_download(book=make_book(), state=State.DOWNLOADING)
    Switch.objects.create(pk=1, everything_paused=True)
    assert next_of(browser().get(FIRST)).startswith("Everything is paused: go on")


def test_the_book_that_comes_leads_to_its_download() -> None:
    book = make_book()
    download = make_download(book=book, state=State.DOWNLOADING, progress=0.4)
    answer = browser().get(page_of(book))
    assert "40 % are there" in next_of(answer)
    assert link_of(answer, "Look at the download") == page_of(download)


def test_many_untested_indexers_are_tested_in_the_list() -> None:
    make_client(last_ok_at=timezone.now())
    for n in range(3):
        make_indexer(f"Attic {n}", f"http://127.0.0.1:1/{n}/api")
    assert "Test your 3 indexers" in next_of(browser().get(list_of(Indexer)))


def test_an_add_page_says_itself_what_to_fill_in() -> None:
    assert next_of(browser().get(reverse("admin:books_book_add"))) == ""


def test_a_button_that_a_person_may_not_press_is_not_shown() -> None:
    see = ("books.view_book", "indexers.view_indexer", "downloads.view_client",
           "downloads.view_download")  # fmt: skip
    shown = browser(bob(*see)).get(FIRST)
    assert "connect the qBittorrent" in next_of(shown)
    assert "Connect my qBittorrent" not in shown.content.decode()


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ((), ""),
        (("books.view_book",), "“Cranford” is searched within a minute"),
        (("books.view_book", "downloads.view_download"), "A download waits for you."),
        (("downloads.view_download",), "A download waits for you."),
        (("indexers.view_indexer",), ""),
    ],
)
def test_the_next_step_is_among_what_a_person_may_see(seen: tuple[str, ...], said: str) -> None:
    make_client(last_ok_at=timezone.now())
    make_indexer(last_ok_at=timezone.now())
    make_book()
    make_download(state=State.HELD)
    assert next_of(browser(bob(*seen)).get(FIRST)).startswith(said)


def test_a_service_s_trouble_is_named_to_those_who_may_see_it() -> None:
    make_client(last_error="seedbox does not answer.")
    book = make_book()
    page = browser(bob("books.view_book"))
    for shown in (FIRST, page_of(book)):
        said = next_of(page.get(shown))
        assert said == "TAME waits for a client or an indexer, which others than you look after."
    bob("downloads.view_client")
    assert next_of(page.get(FIRST)) == "seedbox does not answer."


def test_a_download_s_page_names_no_trouble_of_a_hidden_service() -> None:
    waits = make_download(make_client(enabled=False), make_book())
    page = browser(bob("downloads.view_download", "books.view_book"))
    assert next_of(page.get(page_of(waits))) == ""
    Download.objects.update(state=State.HELD, last_error="Gone.")
    assert next_of(page.get(page_of(waits))).startswith("Gone. Retry when")


def test_a_book_s_page_leads_only_where_a_person_may_go() -> None:
    make_client(last_ok_at=timezone.now())
    make_indexer(last_ok_at=timezone.now())
    book = make_book()
    make_download(book=book, state=State.DOWNLOADING, progress=0.4)
    page = browser(bob("books.view_book"))
    shown = page.get(page_of(book))
    assert next_of(shown) == "“Cranford” is coming."
    assert "Look at the download" not in shown.content.decode()


# --- The first page -------------------------------------------------------------------------------


def test_the_first_page_offers_to_connect_or_to_run_a_client() -> None:
    page = browser()
    answer = page.get(FIRST)
    assert link_of(answer, "Connect my qBittorrent") == reverse("admin:downloads_client_add")
    how = page.get(link_of(answer, "Run one here"))
    assert "TAME can run a qBittorrent of its own" in how.content.decode()


def test_a_silent_worker_is_warned_of() -> None:
    page = browser()
    warning = "The background worker does not answer."
    assert warning in page.get(FIRST).content.decode()
    beat()
    assert warning not in page.get(FIRST).content.decode()
    NamedLease.objects.update(until=timezone.now() - timedelta(seconds=61))
    assert warning in page.get(FIRST).content.decode()


def test_passwords_in_clear_are_told_of_once() -> None:
    page = browser()
    told = "passwords and keys that you type travel in clear"
    assert told in page.get(FIRST).content.decode()
    assert told not in page.get(FIRST, secure=True).content.decode()
    page.post(reverse("admin:plain_http"))
    assert told not in page.get(FIRST).content.decode()
    assert told not in browser(bob()).get(FIRST).content.decode()


def test_who_sits_at_the_machine_is_not_told_of_plain_http() -> None:
    told = "passwords and keys that you type travel in clear"
    for host, is_told in (("localhost:8000", False), ("127.0.0.1", False), ("testserver", True)):
        shown = browser().get(FIRST, headers={"host": host}).content.decode()
        assert (told in shown) is is_told


def test_an_import_that_fails_is_the_next_step() -> None:
    make_client(last_ok_at=timezone.now())
    make_indexer(last_ok_at=timezone.now())
    download = make_download(book=make_book(), state=State.COMPLETED)
    download.imports.update(state=ImportState.FAILED, last_error="There is no room left.")
    here = browser().get(FIRST)
    assert next_of(here) == "“Cranford” is complete, but: There is no room left."
    assert "</strong> import failed" in here.content.decode()


def test_an_import_that_waits_says_so_on_its_page() -> None:
    row = make_download(book=make_book(), state=State.COMPLETED).imports.get()
    Import.objects.update(state=ImportState.REVIEW)
    page = browser()
    said = "It waits for you: say with a button below what is right."
    assert next_of(page.get(page_of(row))) == said
    Import.objects.update(state=ImportState.FAILED, retry_at=timezone.now() + timedelta(days=3))
    shown = page.get(page_of(row))
    assert re.match(r"It is tried again on \d+ \w+, \d\d:\d\d\. When its", next_of(shown))
    assert shown.content.decode().count(button_of(row, "again")) == 2  # beside the others, too


def test_an_audiobookshelf_says_what_it_needs_next() -> None:
    make_client(last_ok_at=timezone.now())
    make_indexer(last_ok_at=timezone.now())
    server = ShelfServer.objects.create(name="Shelf", address="http://127.0.0.1:1")
    page = browser()
    assert next_of(page.get(page_of(server))) == "Nothing is known of Shelf yet: test it."
    ShelfServer.objects.update(last_ok_at=timezone.now())
    assert "library of Shelf shows your books" in next_of(page.get(page_of(server)))
    ShelfServer.objects.update(last_error="Shelf refused the key.")
    assert next_of(page.get(page_of(server))) == "Shelf refused the key."


def test_everything_is_paused_by_one_switch_and_goes_on() -> None:
    page = browser()
    switch = reverse("admin:switch")
    assert messages(page.post(switch, {"to": "pause"}, follow=True))[0].startswith("Everything is")
    page.post(switch, {"to": "pause"})
    assert Switch.objects.get(pk=1).everything_paused
    assert "Everything is paused." in page.get(FIRST).content.decode()
    page.post(switch, {"to": "go-on"})
    assert not Switch.objects.get(pk=1).everything_paused
    assert LogEntry.objects.count() == 3


def test_going_on_rings_for_what_is_due(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        browser().post(reverse("admin:switch"), {"to": "go-on"})
    rung = {queued.task["func"] for queued in OrmQ.objects.all()}
    assert {"downloads.tasks.push", "indexers.tasks.search"} <= rung


@pytest.mark.parametrize("name", ["admin:switch", "admin:plain_http"])
def test_a_switch_needs_post_a_token_and_the_permission(name: str) -> None:
    address = reverse(name)
    assert leads_back(address, to="/admin/")
    assert browser(enforce_csrf_checks=True).post(address).status_code == 403
    assert browser(bob("downloads.view_download")).post(address).status_code == 403
    assert not Switch.objects.exists()


def test_what_needs_attention_is_listed_with_its_sentence() -> None:
    client = make_client(last_error="seedbox does not answer.")
    off = make_indexer(last_error="The attic is empty.", enabled=False)
    held = make_download(client, state=State.HELD, title="Emma", last_error="Somebody removed it.")
    make_download(client, state=State.FAILED, title="Cranford", last_error="Not in the list.")
    make_download(client, state=State.COMPLETED, title="Persuasion", last_error="Long ago.")
    shown = browser().get(FIRST).content.decode()
    for said in ("seedbox does not answer.", "Somebody removed it.", "Not in the list.",
                 page_of(client), page_of(held)):  # fmt: skip
        assert said in shown
    assert "Long ago." not in shown
    assert off.last_error not in shown


def test_only_what_a_person_may_see_is_on_the_first_page() -> None:
    make_download(make_client(last_error="Away."), state=State.HELD, last_error="Removed.")
    shown = browser(bob("downloads.view_client")).get(FIRST).content.decode()
    assert "Away." in shown
    assert "Removed." not in shown
    assert "wait for you" not in shown


@pytest.mark.parametrize("rows", [1, 30])
def test_the_first_page_costs_the_same_whatever_there_is(rows: int) -> None:
    beat()
    client = make_client(last_ok_at=timezone.now())
    for n in range(rows):
        make_indexer(f"Attic {n}", f"http://127.0.0.1:1/{n}", last_ok_at=timezone.now())
        make_download(client, make_book(f"Part {n}"), state=State.DOWNLOADING)
        make_download(client, state=State.FAILED, last_error="Not in the list.")
    page = browser()
    page.get(FIRST)
    with CaptureQueriesContext(connection) as queries:
        page.get(FIRST)
    assert len(queries) == 30


# --- Schedules ------------------------------------------------------------------------------------


@pytest.fixture
def search_schedule() -> SchedulePreference:
    schedules.sync()
    return SchedulePreference.objects.get(name="search")


def test_schedules_show_when_they_run_and_what_they_said(
    search_schedule: SchedulePreference,
) -> None:
    SchedulePreference.objects.filter(pk=search_schedule.pk).update(last_result="7 books searched.")
    Schedule.objects.filter(name="tame:search").update(next_run="2026-12-24T18:00Z")
    shown = browser().get(list_of(SchedulePreference)).content.decode()
    for said in (*schedules.SCHEDULES, "7 books searched.", "minute (usual)", "24 Dec 2026"):
        assert said in shown


def test_a_schedule_s_timing_is_a_person_s(
    search_schedule: SchedulePreference, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        browser().post(page_of(search_schedule), {"minutes": "15", "name": "evil"})
    theirs = Schedule.objects.get(name="tame:search")
    assert (theirs.minutes, theirs.repeats) == (15, -1)
    with django_capture_on_commit_callbacks(execute=True):
        browser().post(page_of(search_schedule), {"minutes": "", "paused": "on"})
    theirs.refresh_from_db()
    assert (theirs.minutes, theirs.repeats) == (1, 0)


def test_a_schedule_is_run_now(
    search_schedule: SchedulePreference, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser().post(button_of(search_schedule, "run"), follow=True)
    assert messages(answer)[0].startswith("search runs as soon as a worker is free.")
    assert [queued.task["func"] for queued in OrmQ.objects.all()] == ["indexers.tasks.search"]


def test_nothing_is_run_while_everything_is_paused(search_schedule: SchedulePreference) -> None:
    Switch.objects.create(pk=1, everything_paused=True)
    answer = browser().post(button_of(search_schedule, "run"), follow=True)
    assert messages(answer)[0].startswith("Everything is paused")


def test_running_a_schedule_needs_its_permission(search_schedule: SchedulePreference) -> None:
    see = ("tame.view_schedulepreference", "tame.change_schedulepreference")
    page = browser(bob(*see))
    assert page.post(button_of(search_schedule, "run")).status_code == 403
    assert messages(reload(search_schedule, "run")) == ["Press the button again: nothing was done."]
    bob("tame.run_schedulepreference")
    assert page.post(button_of(search_schedule, "run")).status_code == 302


def test_a_first_day_has_nothing_to_count() -> None:
    page = browser()
    assert "tame-counts" not in page.get(reverse("admin:index")).content.decode()
    make_book()
    assert "book wanted" in page.get(reverse("admin:index")).content.decode()
