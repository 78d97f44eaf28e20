"""Indexers and releases in the admin: one by one, all of a server, and what they listed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from indexers.admin import IndexerAdmin
from indexers.labels import not_this_one
from indexers.models import Block, Indexer, Label, Release
from tame.environment import declare_indexer
from tests.factory import make_book, make_client, make_indexer, make_release
from tests.fakes.torznab import FakeIndexer, Member, Offer
from tests.people import bob, browser, button_of, filled_in, list_of, messages, page_of, reload

pytestmark = pytest.mark.django_db
ADD = "/admin/indexers/indexer/add/"
ADD_ALL = "/admin/indexers/indexer/add-all/"


def filled(row: Indexer, **changed: Any) -> dict[str, Any]:
    """The row's form as a browser would send it: the key is always empty."""
    kept = {
        "address": row.address, "new_key": "", "name": row.name, "enabled": "on",
        "priority": row.priority, "categories": "3030", "also_allow": row.also_allow,
    }  # fmt: skip
    return kept | changed


def again(row: Indexer) -> Indexer:
    return Indexer.objects.get(pk=row.pk)


# --- One ------------------------------------------------------------------------------------------


def test_an_indexer_is_added_and_tested(fake: FakeIndexer) -> None:
    fake.releases = [Offer("Cranford by Elizabeth Gaskell [ENG / M4B]")]
    make_client(last_ok_at=timezone.now())
    page = browser()
    added = page.post(ADD, {"address": f"{fake.url}?apikey={quote(fake.key)}"}, follow=True)
    indexer = Indexer.objects.get()
    assert added.redirect_chain[-1][0] == page_of(indexer)
    assert "yet: test it." in added.content.decode()
    assert (indexer.address, indexer.kind) == (fake.url, fake.kind)
    assert not fake.requests
    tested = page.post(button_of(indexer, "test"), follow=True)
    said = " ".join(messages(tested))
    assert "answers and can be searched" in said
    assert "Cranford by Elizabeth Gaskell" in said
    assert "or which book you want." in tested.content.decode()


def test_a_refused_key_says_what_to_do_and_a_new_one_helps(fake: FakeIndexer) -> None:
    page = browser()
    page.post(ADD, {"address": fake.url, "new_key": "wrong"})
    indexer = Indexer.objects.get()
    tested = page.post(button_of(indexer, "test"), follow=True)
    assert "Save it, then test." in tested.content.decode()
    assert again(indexer).key_was_refused
    page.post(page_of(indexer), filled(indexer, new_key=fake.key))
    assert again(indexer).is_usable
    assert again(indexer).key == fake.key


def test_what_is_no_indexer_s_address_is_said_beside_the_field() -> None:
    shown = browser().post(ADD, {"address": "http://nas.local:9117/UI/Dashboard"}).content.decode()
    assert "not an indexer" in shown
    assert not Indexer.objects.exists()


def test_an_indexer_that_is_here_already_is_not_added_twice() -> None:
    indexer = make_indexer(address="http://nas:9117/api/v2.0/indexers/pd/results/torznab/api")
    shown = browser().post(ADD, {"address": indexer.address + "?apikey=x"}).content.decode()
    assert "already exists" in shown


def test_the_key_is_never_shown() -> None:
    indexer = make_indexer()
    Indexer.objects.update(last_error="Away.")
    page = browser()
    page.post(page_of(indexer), filled(indexer, new_key="other-4711"))
    assert again(indexer).key == "other-4711"
    for address in (page_of(indexer), list_of(Indexer), reverse("admin:index")):
        assert "4711" not in page.get(address).content.decode()
    assert LogEntry.objects.get().get_change_message().startswith("Changed API key")


def test_a_usual_language_is_one_that_is_known(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.BELLS = True
    indexer = make_indexer(address="http://nas:9117/api/v2.0/indexers/pd/results/torznab/api")
    shown = browser().post(page_of(indexer), filled(indexer, language="Klingon"))
    assert "TAME knows no such language" in shown.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        browser().post(page_of(indexer), filled(indexer, language="German"))
    assert again(indexer).language == "German"
    assert "indexers.tasks.decide" in {queued.task["func"] for queued in OrmQ.objects.all()}


def test_a_key_in_a_pasted_address_is_taken_out_of_it() -> None:
    indexer = make_indexer(address="http://nas:9117/api/v2.0/indexers/pd/results/torznab/api")
    browser().post(page_of(indexer), filled(indexer, address=indexer.address + "?apikey=k-4711"))
    now = again(indexer)
    assert (now.address, now.key, now.kind) == (indexer.address, "k-4711", "jackett")


def test_an_empty_field_keeps_the_key() -> None:
    indexer = make_indexer()
    browser().post(page_of(indexer), filled(indexer, name="PD"))
    assert (again(indexer).name, again(indexer).key) == ("PD", "k-indexer-1")
    browser().post(page_of(indexer), filled(indexer, name="PD", **{"new_key-remove": "on"}))
    assert again(indexer).key == ""


@pytest.mark.parametrize(
    ("written", "stored"), [("3030", [3030]), ("3030, 3010", [3030, 3010]), ("", [])]
)
def test_categories_are_written_as_numbers(written: str, stored: list[int]) -> None:
    indexer = make_indexer(caps={"categories": {"3030": "Audio/Audiobook"}})
    assert "3030 Audio/Audiobook" in browser().get(page_of(indexer)).content.decode()
    browser().post(page_of(indexer), filled(indexer, categories=written))
    assert again(indexer).categories == stored


def test_categories_that_are_no_numbers_are_refused() -> None:
    indexer = make_indexer()
    answer = browser().post(page_of(indexer), filled(indexer, categories="audiobooks"))
    assert "Write numbers" in answer.content.decode()


def test_saving_an_indexer_while_a_task_writes_its_row_loses_nothing() -> None:
    indexer = make_indexer()

    def note(sender: Any, instance: Any, **_: Any) -> None:
        Indexer.objects.filter(pk=instance.pk).update(failures=3, last_error="Away.", caps={"a": 1})

    pre_save.connect(note, sender=Indexer)
    try:
        browser().post(page_of(indexer), filled(indexer, priority=9))
    finally:
        pre_save.disconnect(note, sender=Indexer)
    now = again(indexer)
    assert (now.priority, now.failures, now.last_error, now.caps) == (9, 3, "Away.", {"a": 1})


def test_a_page_that_was_open_for_long_takes_nothing_back() -> None:
    indexer = make_indexer()
    page = browser()
    opened = page.get(page_of(indexer))
    Indexer.objects.update(enabled=False, categories=[3010], key="newer")
    page.post(page_of(indexer), filled_in(opened, priority=9))
    now = again(indexer)
    assert (now.priority, now.enabled, now.categories, now.key) == (9, False, [3010], "newer")


def test_what_the_environment_owns_is_shown_and_not_changed(settings: Any) -> None:
    settings.INDEXER_URL = "http://nas:9117/api/v2.0/indexers/pd/results/torznab/api"
    settings.INDEXER_KEY = "harmless-4711"
    declare_indexer()
    indexer = Indexer.objects.get()
    shown = browser().get(page_of(indexer)).content.decode()
    assert "INDEXER_URL and INDEXER_KEY in the environment own" in shown
    assert "4711" not in shown
    assert 'name="address"' not in shown
    assert 'name="new_key"' not in shown
    browser().post(page_of(indexer), filled(indexer, name="PD", address="http://x/1/api"))
    assert (again(indexer).name, again(indexer).address) == ("PD", settings.INDEXER_URL)
    data = {"action": "delete_selected", "_selected_action": indexer.pk, "post": "yes"}
    shown = browser().post(list_of(Indexer), data).content.decode()
    assert "PD, which variables in the environment declare" in shown
    assert Indexer.objects.exists()


def test_an_indexer_takes_its_releases_with_it() -> None:
    indexer = make_indexer()
    make_release(indexer, make_book())
    address = reverse("admin:indexers_indexer_delete", args=[indexer.pk])
    assert "Releases with their verdicts: 1" in browser().get(address).content.decode()
    browser().post(address, {"post": "yes"})
    assert not Release.objects.exists()


@pytest.mark.parametrize("verb", [verb.name for verb in IndexerAdmin.verbs])
def test_a_verb_needs_post_a_token_and_its_permission(verb: str) -> None:
    indexer = make_indexer()
    assert messages(reload(indexer, verb)) == ["Press the button again: nothing was done."]
    strict = browser(enforce_csrf_checks=True)
    assert strict.post(button_of(indexer, verb)).status_code == 403
    page = browser(bob("indexers.view_indexer"))
    assert page.post(button_of(indexer, verb)).status_code == 403


# --- All of a server ------------------------------------------------------------------------------


def test_all_indexers_of_a_server_are_listed_and_the_ticked_ones_added(fake: FakeIndexer) -> None:
    fake.members = [Member(fake.id, "Gutenberg"), Member("7", "LibriVox"), Member("8", "Attic")]
    page = browser()
    listed = page.post(ADD_ALL, {"address": fake.server, "key": fake.key})
    shown = listed.content.decode()
    assert all(name in shown for name in ("Gutenberg", "LibriVox", "Attic"))
    assert fake.key not in shown
    assert not Indexer.objects.exists()
    sealed = listed.context["form"].initial["sealed"]
    urls = [one.url for one, _ in listed.context["listed"]][:2]
    data = {"address": fake.server, "sealed": sealed, "chosen": urls, "add": "1"}
    added = page.post(ADD_ALL, data, follow=True)
    assert messages(added) == ["2 indexers added."]
    assert {i.name for i in Indexer.objects.all()} == {"Gutenberg", "LibriVox"}
    assert {i.key for i in Indexer.objects.all()} == {fake.key}
    assert {i.kind for i in Indexer.objects.all()} == {fake.kind}
    assert LogEntry.objects.count() == 2


def test_a_server_is_listed_again_at_will_without_its_key(fake: FakeIndexer) -> None:
    make_indexer("Mine", fake.url, enabled=False)
    Indexer.objects.update(key=fake.key)
    fake.members = [Member(fake.id, "Gutenberg"), Member("7", "LibriVox")]
    page = browser()
    listed = page.post(ADD_ALL, {"address": fake.server})
    assert "is here already" in listed.content.decode()
    urls = [one.url for one, known in listed.context["listed"] if not known]
    sealed = listed.context["form"].initial["sealed"]
    page.post(ADD_ALL, {"address": fake.server, "sealed": sealed, "chosen": urls, "add": "1"})
    mine = Indexer.objects.get(name="Mine")
    assert not mine.enabled
    assert Indexer.objects.get(name="LibriVox").key == fake.key


def test_a_known_one_that_is_ticked_gets_the_key_and_keeps_the_rest(fake: FakeIndexer) -> None:
    mine = make_indexer("Mine", fake.url, key="of last year", enabled=False, failures=1)
    data = {"address": fake.server, "key": fake.key, "chosen": [fake.url], "add": "1"}
    added = browser().post(ADD_ALL, data, follow=True)
    assert messages(added) == ["0 indexers added. 1 known one got the key."]
    now = again(mine)
    assert (now.name, now.enabled, now.key) == ("Mine", False, fake.key)
    assert not now.key_was_refused


def test_a_server_that_is_down_says_so(fake: FakeIndexer) -> None:
    fake.down()
    shown = browser().post(ADD_ALL, {"address": fake.server, "key": "x"}).content.decode()
    assert "errorlist" in shown
    assert fake.server in shown


def test_a_wrong_key_says_so_and_is_not_shown(fake: FakeIndexer) -> None:
    sent = {"address": fake.server, "key": "k-wrong-rose"}
    shown = browser().post(ADD_ALL, sent).content.decode()
    assert "errorlist" in shown
    assert "k-wrong-rose" not in shown


def test_nothing_ticked_is_nothing_added(fake: FakeIndexer) -> None:
    data = {"address": fake.server, "key": fake.key, "add": "1"}
    assert messages(browser().post(ADD_ALL, data, follow=True)) == [
        "None was ticked, none was added."
    ]


def test_adding_all_needs_the_permission_to_add() -> None:
    page = browser(bob("indexers.view_indexer"))
    assert page.get(ADD_ALL).status_code == 403
    assert page.post(ADD_ALL, {"address": "http://127.0.0.1:1"}).status_code == 403
    assert "add-all" not in page.get(list_of(Indexer)).content.decode()
    assert browser(enforce_csrf_checks=True).post(ADD_ALL).status_code == 403


# --- Releases and the blocklist -------------------------------------------------------------------


def test_releases_are_listed_with_seeders_size_age_and_indexer() -> None:
    indexer, book = make_indexer(), make_book()
    make_release(indexer, book, size=314_572_800, seeders=None, published_at=timezone.now())
    make_release(indexer, title="Emma", seeders=12)
    shown = browser().get(list_of(Release)).content.decode()
    for said in ("314.6 MB", ">?<", ">12<", "0\xa0minutes", "Gutenberg Tracker"):
        assert said in shown
    assert page_of(book) in shown


def test_releases_are_filtered_by_book() -> None:
    indexer, book = make_indexer(), make_book()
    make_release(indexer, book, title="Cranford M4B")
    make_release(indexer, title="Emma M4B")
    answer = browser().get(list_of(Release), {"book": book.pk})
    assert [row.title for row in answer.context["cl"].result_list] == ["Cranford M4B"]
    assert "Book: Cranford" in answer.content.decode()
    assert browser().get(list_of(Release), {"book": "no"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_of_releases_costs_the_same_whatever_its_length(rows: int) -> None:
    indexer = make_indexer()
    for n in range(rows):
        make_release(indexer, make_book(f"Book {n}"), title=f"Release {n}")
    page = browser()
    page.get(list_of(Release))
    with CaptureQueriesContext(connection) as queries:
        page.get(list_of(Release))
    assert len(queries) == 8


def test_deleting_a_block_allows_the_release_again() -> None:
    release = make_release(make_indexer(), make_book(), info_hash="a" * 40)
    block = Block.objects.create(info_hash="a" * 40, reason="Abridged.", blocked_by="ann")
    browser().post(reverse("admin:indexers_block_delete", args=[block.pk]), {"post": "yes"})
    assert Block.on("a" * 40, release, release.verdicts.get().book) is None


@pytest.mark.parametrize("one_by_one", [True, False])
def test_a_deleted_block_takes_the_word_behind_it_back(one_by_one: bool) -> None:
    book = make_book()
    not_this_one(book, make_release(make_indexer(), book), actor="ann")
    pk = Block.objects.get().pk
    if one_by_one:
        browser().post(reverse("admin:indexers_block_delete", args=[pk]), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": pk, "post": "yes"}
        browser().post(reverse("admin:indexers_block_changelist"), chosen)
    assert not Block.objects.exists()
    assert not Label.objects.exists()
