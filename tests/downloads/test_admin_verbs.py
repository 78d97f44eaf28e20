"""Verbs of downloads: told by a button or to many rows, with a form first where one is due."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from downloads.actions import DOWNLOADS
from downloads.models import Download, DownloadHistory
from downloads.states import State, Wish
from tame.lib.admin.asking import MAX_ROWS
from tame.models import Switch
from tests.downloads.conftest import again
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.people import bob, browser, button_of, choose, list_of, messages, page_of, reload

pytestmark = pytest.mark.django_db
GOOD = "Cranford - Elizabeth Gaskell [MP3]"
VERBS = [verb.name for verb in DOWNLOADS]


# --- Who may, and how -----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_never_told_by_get(verb: str) -> None:
    download = make_download()
    assert messages(reload(download, verb)) == ["Press the button again: nothing was done."]
    assert reload(download, verb).redirect_chain == [(page_of(download), 302)]
    assert reload(download, verb, bob("downloads.view_download")).status_code == 403
    assert again(download).state == download.state
    assert not download.history.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_actions_need_permission(verb: str) -> None:
    download = make_download(state=State.FAILED)
    others = {v.permission for v in DOWNLOADS} - {v.permission for v in DOWNLOADS if v.name == verb}
    page = browser(bob("downloads.view_download", *others))
    assert page.post(button_of(download, verb), {"confirmed": "1"}).status_code == 403
    assert again(download).state == State.FAILED
    shown = page.get(list_of(Download)).content.decode()
    assert f'value="{verb}"' not in shown


def test_each_verb_has_a_permission_of_its_own() -> None:
    assert len({verb.permission for verb in DOWNLOADS}) == len(DOWNLOADS)


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


@pytest.mark.parametrize(
    ("state", "verb"),
    [(State.QUEUED, "push"), (State.FAILED, "retry"), (State.DOWNLOADING, "pause")],
)
def test_nothing_is_promised_while_everything_is_paused(state: State, verb: str) -> None:
    Switch.objects.create(pk=1, everything_paused=True)
    answer = browser().post(button_of(make_download(state=state), verb), follow=True)
    assert "Everything is paused: go on with the switch" in messages(answer)[0]
    Switch.objects.update(everything_paused=False)
    answer = browser().post(button_of(make_download(state=state), verb), follow=True)
    assert "Everything" not in messages(answer)[0]


# --- The button -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "labels"),
    [
        (State.QUEUED, ["Push to qBittorrent", "Pause", "Set category…", "Failed, because…",
                        "Cancel…"]),
        (State.PUSHED, ["Pause", "Re-announce", "Recheck", "Set category…", "Failed, because…",
                        "Cancel…"]),
        (State.DOWNLOADING, ["Pause", "Re-announce", "Recheck", "Set category…", "Failed, because…",
                             "Cancel…"]),
        (State.COMPLETED, ["Pause", "Re-announce", "Recheck", "Set category…", "Cancel…"]),
        (State.REMOVED, []),
        (State.FAILED, ["Retry", "Retry on…", "Cancel…"]),
        (State.HELD, ["Retry", "Cancel…"]),
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
    bad, good = (make_release(indexer, book, title=t, identity=t) for t in ("Bad", GOOD))
    download = make_download(book=book, state=State.FAILED, release=bad, title="Bad")
    page = browser().get(page_of(download))
    assert f"Take the next best: {GOOD}" in page.content.decode()
    answer = browser().post(button_of(download, "next_best"), follow=True)
    assert again(download).state == State.ABANDONED
    assert Download.objects.get(state=State.QUEUED).release == good
    assert f"“{GOOD}” of Gutenberg Tracker is queued instead" in messages(answer)[0]


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
