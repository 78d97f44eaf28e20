"""Long lists stay quick, and say so."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.contrib import admin

from books.admin import BookAdmin
from books.models import Book, MetadataSource
from books.profiles import Profile
from downloads.models import Brakes, Client, Download, Seeding
from indexers.models import Indexer
from tame.lib.admin.base import BaseAdmin
from tame.lib.admin.paginator import CappedPaginator
from tame.models import SchedulePreference
from tests.factory import make_book, make_client, make_download, make_indexer
from tests.people import browser, button_of, list_of, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CappedPaginator, "cap", 3)
    monkeypatch.setattr(BookAdmin, "list_per_page", 2)
    Book.objects.bulk_create(Book(title=f"Part {n}") for n in range(5))


@pytest.mark.usefixtures("three_at_most")
def test_a_long_list_is_counted_no_further_than_anybody_reads() -> None:
    answer = browser().get(list_of(Book))
    assert answer.context["cl"].result_count == 3
    assert answer.context["cl"].paginator.num_pages == 2
    assert "Only the first 3 are listed" in answer.content.decode()


@pytest.mark.usefixtures("three_at_most")
def test_a_page_beyond_the_cap_leads_back() -> None:
    answer = browser().get(list_of(Book), {"p": "9"})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?e=1")


def test_a_short_list_says_nothing_of_it() -> None:
    Book.objects.create(title="Cranford")
    assert "Only the first" not in browser().get(list_of(Book)).content.decode()


def empty_lists() -> list[type[Any]]:
    """All but those whose rows are there from the beginning."""
    ours = (one for one in admin.site._registry.values() if isinstance(one, BaseAdmin))
    there = (Brakes, MetadataSource, Profile, SchedulePreference, Seeding)
    return [one.model for one in ours if one.model not in there]


@pytest.mark.parametrize("model", empty_lists(), ids=lambda model: model._meta.model_name)
def test_an_empty_list_says_what_comes_into_it(model: type[Any]) -> None:
    said = admin.site._registry[model].nothing_yet  # type: ignore[attr-defined]
    shown = unescape(browser().get(list_of(model)).content.decode())
    assert said != BaseAdmin.nothing_yet
    assert f"<p>{said}</p>" in shown
    assert "0 " not in shown.partition('id="changelist-form"')[2].partition("</form>")[0]


def test_a_list_that_is_searched_in_vain_shows_the_way_back() -> None:
    shown = browser().get(list_of(Book), {"q": "Cranford"}).content.decode()
    assert 'None is like that. <a href="?">Show all</a>' in shown


def test_what_deletes_is_the_last_of_the_actions() -> None:
    Book.objects.create(title="Cranford")
    actions = browser().get(list_of(Book)).context["action_form"].fields["action"].choices
    assert [name for name, _ in actions][1:] != []
    assert actions[-1][0] == "delete_selected"


SERVICE = ["Test", "Reset pause", "Switch off", "Switch on"]


@pytest.mark.parametrize(
    ("model", "labels"),
    [
        (Book, ["Search", "Want", "Park"]),
        (
            Download,
            ["Push to qBittorrent", "Retry", "Retry on…", "Pause", "Resume", "Re-announce",
             "Recheck", "Set category…", "Failed, because…", "Cancel…"],
        ),
        (Client, SERVICE),
        (Indexer, SERVICE),
    ],
)  # fmt: skip
def test_what_is_done_to_one_row_is_done_to_many_from_the_list(
    model: type[Any], labels: list[str]
) -> None:
    make_download(make_client(), make_book(), indexer=make_indexer())
    actions = browser().get(list_of(model)).context["action_form"].fields["action"].choices
    assert [label for label in labels if label not in dict(actions).values()] == []


def test_a_cell_of_an_inline_row_has_a_name() -> None:
    shown = browser().get(page_of(make_book())).content.decode()
    for name in ("Author, line 1", "Role, line 1", "Order, line 1", "Delete, line 1"):
        assert f'aria-label="{name}"' in shown
    assert 'aria-label="Series, new line"' in shown


def test_a_page_that_asks_leads_back_before_it_leads_on() -> None:
    row = make_download(book=make_book(), state="downloading")
    shown = browser().post(button_of(row, "cancel")).content.decode()
    below = shown.partition('class="submit-row"')[2]
    assert below.index("Leave it") < below.index('value="Yes, cancel"')
    assert f'<a href="{page_of(row)}">{row}</a> &rsaquo; Cancel' in shown
