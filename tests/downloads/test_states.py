"""The machines: every state against every state, and one owner each."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import IntegrityError, transaction

from books.models import Library
from downloads.models import Download, DownloadHistory, Import
from downloads.states import (
    A_PERSON,
    ENDS,
    IMPORT_MOVES,
    MOVES,
    OWNERS,
    ImportState,
    State,
    Wish,
)
from tame.lib.errors import LostRaceError
from tame.lib.machine import IllegalMoveError
from tame.schedules import SCHEDULES
from tests.factory import make_book, make_client, make_download

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("old", "new"), list(product(State, State)))
def test_illegal_moves_are_refused(old: State, new: State) -> None:
    download = make_download(state=old)
    if new in MOVES[old]:
        download.move_to(new, "Because.", actor="ann")
        assert DownloadHistory.objects.get().to_state == new
    else:
        with pytest.raises(IllegalMoveError):
            download.move_to(new, "Because.", actor="ann")
        assert not DownloadHistory.objects.exists()
    download.refresh_from_db()
    assert download.state == (new if new in MOVES[old] else old)


@pytest.mark.parametrize(("old", "new"), list(product(ImportState, ImportState)))
def test_illegal_moves_of_an_import_are_refused(old: ImportState, new: ImportState) -> None:
    library = Library.objects.create(name="Books", root="/books")
    delivery = Import.objects.create(
        source_folder="/in", book=make_book(), state=old, library=library
    )
    if new in IMPORT_MOVES[old]:
        delivery.move_to(new, "Because.", actor="ann")
    else:
        with pytest.raises(IllegalMoveError):
            delivery.move_to(new, "Because.", actor="ann")
    delivery.refresh_from_db()
    assert delivery.state == (new if new in IMPORT_MOVES[old] else old)


def test_every_state_has_an_owner_task() -> None:
    assert set(OWNERS) == set(State) - ENDS
    assert {owner for owner in OWNERS.values() if owner != A_PERSON} <= set(SCHEDULES)


def test_of_the_ends_only_what_was_given_up_can_be_taken_up_again() -> None:
    assert {state: MOVES[state] for state in ENDS if MOVES[state]} == {
        State.ABANDONED: {State.QUEUED}
    }


def test_the_second_worker_loses_the_race() -> None:
    ours, theirs = make_download(), Download.objects.get()
    ours.move_to(State.PUSHED, "First.", actor="TAME")
    with pytest.raises(LostRaceError):
        theirs.move_to(State.FAILED, "Second.", actor="TAME")
    assert [row.sentence for row in DownloadHistory.objects.all()] == ["First."]


def test_only_the_holder_of_the_lease_may_finish() -> None:
    download = make_download(leased_by="ours")
    with pytest.raises(LostRaceError):
        download.move_to(State.PUSHED, "Late.", actor="TAME", token="theirs")
    download.move_to(State.PUSHED, "In time.", actor="TAME", token="ours")


def test_a_lost_move_leaves_no_history() -> None:
    download = make_download()
    Download.objects.filter(pk=download.pk).update(state=State.CANCELLED)
    with pytest.raises(LostRaceError):
        download.move_to(State.PUSHED, "Lost.", actor="TAME")
    assert not DownloadHistory.objects.exists()


@pytest.mark.parametrize("state", [State.CANCELLED, State.ABANDONED])
def test_a_final_failure_does_not_block_the_book(state: State) -> None:
    book = make_book()
    download = make_download(book=book, state=State.FAILED)
    download.move_to(state, "No use.", actor="ann")
    book.refresh_from_db()
    assert not book.coming
    make_download(book=book)


def test_a_book_comes_only_once() -> None:
    book = make_book()
    make_download(book=book)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_download(book=book)


def test_a_hash_is_live_once_in_a_client_until_the_client_agrees_that_it_is_gone() -> None:
    client = make_client()
    first = make_download(client, hash_v1="a" * 40)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_download(client, hash_v1="a" * 40)
    Download.objects.filter(pk=first.pk).update(state=State.CANCELLED, client_wish=Wish.GONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_download(client, hash_v1="a" * 40)
    Download.objects.filter(pk=first.pk).update(client_wish=Wish.NONE)
    make_download(client, hash_v1="a" * 40)
    make_download(make_client("other"), hash_v1="a" * 40)
