"""An edited profile, tried on what is stored, before anybody saves it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Author
from books.profiles import Profile
from indexers.decide import decide_due
from indexers.models import Rejection, Release, Verdict
from tests.commanding import done, run, run_json
from tests.factory import make_book, make_indexer, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stored(db: None, settings: Any) -> None:
    settings.BELLS = False
    indexer, book = make_indexer(), make_book()
    make_release(indexer, book, title="Cranford - Elizabeth Gaskell [M4B] retail")
    make_release(indexer, book, title="Cranford - Elizabeth Gaskell (Abridged) [MP3]")
    decide_due()


def test_what_would_change_is_told_with_its_reason() -> None:
    told = done("what_if", "Default", "--set", "takes_abridged=yes", "--set", "ignored=retail")
    assert told["now"] == {"take": 1, "reject": 1}
    assert told["then"] == {"reject": 1, "take": 1}
    assert [(row["now"], row["then"]) for row in told["changed"]] == [
        ("take", "reject"), ("reject", "take"),
    ]  # fmt: skip
    assert told["changed"][0]["why"] == ["The profile ignores releases with “retail”."]


def test_nothing_is_written() -> None:
    before = list(Verdict.objects.values()), list(Rejection.objects.values())
    profile = dict(Profile.objects.values().get())
    run("what_if", "Default", "--set", "least_seeders=99")
    assert (list(Verdict.objects.values()), list(Rejection.objects.values())) == before
    assert dict(Profile.objects.values().get()) == profile


def test_unedited_nothing_changes() -> None:
    assert done("what_if", "Default")["changed"] == []


def test_a_person_reads_it() -> None:
    code, out, _ = run("what_if", "Default", "--set", "least_seeders=99")
    assert code == 0
    assert "take: 1 now, 0 then." in out
    assert "Cranford: take to offer: Cranford - Elizabeth Gaskell [M4B] retail" in out


def test_only_what_was_seen_in_those_days_counts() -> None:
    Release.objects.update(last_seen_at=timezone.now() - timedelta(days=9))
    assert done("what_if", "Default", "--days", "7")["now"] == {}
    assert done("what_if", "Default", "--days", "10")["now"] == {"take": 1, "reject": 1}


def test_only_its_own_books_count() -> None:
    mine = Profile.objects.create(name="Mine")
    assert done("what_if", "Mine")["now"] == {}
    Author.objects.update(profile=mine)
    assert done("what_if", "Mine")["now"] == {"take": 1, "reject": 1}


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("colour=red", "A profile has no “colour”. It has: "),
        ("least_seeders", "“least_seeders” sets nothing"),
        ("least_seeders=many", "least_seeders: Enter a whole number."),
        ("formats=epub", "formats: “epub” is no audio format."),
        ("languages=ger,klingon", "languages: Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_said(setting: str, sentence: str) -> None:
    code, document = run_json("what_if", "Default", "--set", setting)
    assert code == 2
    assert document["error"].startswith(sentence)
