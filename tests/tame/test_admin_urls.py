"""Every page of the admin answers, and only those who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from books.models import (
    Author,
    Book,
    Correction,
    Cover,
    Library,
    MoveIn,
    Series,
    ShelfCopy,
    ShelfServer,
    Volume,
)
from downloads.models import Brakes, DownloadHistory, Seeding
from indexers.models import Block, Label, Query, Release, Search
from tame import schedules
from tame.lib.admin.base import BaseAdmin
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.people import ann, bob, browser

pytestmark = pytest.mark.django_db
NO_ROW_HAS_A_PAGE = {"admin:view_on_site"}  # there is no site beside the admin
OPEN_TO_ALL_STAFF = {
    "admin:index", "admin:login", "admin:logout", "admin:password_change",
    "admin:password_change_done", "admin:jsi18n",
}  # fmt: skip


@pytest.fixture(autouse=True)
def one_row_of_everything(settings: Any) -> None:
    settings.BELLS = False
    schedules.sync()
    ann()
    Group.objects.create(name="Family")
    book, indexer = make_book(), make_indexer()
    release = make_release(indexer, book, size=1000, published_at=timezone.now())
    download = make_download(make_client(), make_book("Emma"), release=release, indexer=indexer)
    DownloadHistory.objects.create(row=download, to_state="queued", actor="ann", sentence="Taken.")
    search = Search.objects.create(book=book)
    Query.objects.create(search=search, indexer=indexer, indexer_name=indexer.name, asked="Emma")
    Block.objects.create(info_hash="a" * 40, reason="Bad.", blocked_by="ann")
    barsetshire = Series.objects.create(name="Barsetshire")
    Volume.objects.create(series=barsetshire, position="1", title="The Warden", year=1855)
    Brakes.objects.create(pk=1)
    Seeding.objects.create(pk=1)
    Label.objects.create(wanted={}, release_title="Emma", right=True)
    shelf = ShelfServer.objects.create(name="Audiobookshelf", address="http://127.0.0.1:1")
    run = MoveIn.objects.create(kind="table", source="books.csv", by="ann", read_at=timezone.now())
    run.lines.create(key="emma", title="Emma", status="wished", match="new", action="wanted")
    library = Library.objects.create(name="Audiobooks", root="/srv/audiobooks", server=shelf)
    copy = ShelfCopy.objects.create(book=book, library=library, folder="A/B")
    Correction.objects.create(
        copy=copy, field="title", old="", new="Emma", by="ann", seen_at=timezone.now()
    )
    for one in Book.objects.all():
        Cover.objects.create(
            book=one, content=b"\xff\xd8\xff", kind="jpg", fetched_at=timezone.now()
        )


def patterns(resolver: Any = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        elif pattern.lookup_str.startswith(("django.contrib.", "tame.", "books.", "indexers.",
                                            "downloads.")):  # fmt: skip
            yield pattern


def model_of(name: str) -> type[Model]:
    app, model, *_ = name.split("_")
    return apps.get_model(app, model)


def a_verb_of(name: str) -> str:
    """`name`: of the page where it is told. None of a page that tells no verb."""
    room = admin.site._registry.get(model_of(name)) if name.endswith("_do") else None
    return room.verbs[0].name if isinstance(room, BaseAdmin) else ""


def value_of(argument: str, name: str) -> Any:
    if argument in ("pk", "object_id") and name != "view_on_site":
        model: Any = model_of(name)
        return model._default_manager.first().pk
    fixed: dict[str, Any] = {
        "id": ann().pk, "app_label": "books", "name": a_verb_of(name), "url": "no/such/page",
        "content_type_id": 1, "release": Release.objects.latest("pk").pk,
        "volume": Volume.objects.latest("pk").pk,
    }  # fmt: skip
    return fixed.get(argument, 1)


def addresses() -> dict[str, str]:
    """Name and address of every named page of the admin."""
    found = {}
    for pattern in patterns():
        if pattern.name:
            names = [*pattern.pattern.converters, *pattern.pattern.regex.groupindex]
            kwargs = {name: value_of(name, pattern.name) for name in dict.fromkeys(names)}
            full = f"admin:{pattern.name}"
            found[full] = reverse(full, kwargs=kwargs)
    query = "?app_label=books&model_name=credit&field_name=author"
    found["admin:autocomplete"] += query
    return found


def test_there_are_pages_for_every_model() -> None:
    names = set(addresses())
    for model in admin.site._registry:
        assert f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" in names
    assert len(names) > 60


INLINE = (" style=", "<style", " onclick=", "<script>")


def test_every_admin_url_reaches_its_view() -> None:
    """And no page has scripts or styles of its own."""
    Author.objects.get_or_create(name="Jane Austen")
    page = browser()
    for name, address in addresses().items():
        if name in NO_ROW_HAS_A_PAGE:
            continue
        answer = page.get(address)
        status = answer.status_code
        assert status in (200, 302, 403), f"{name}: {address} answers {status}"
        if status == 200 and answer.headers["Content-Type"].startswith("text/html"):
            shown = answer.content.decode()
            assert [one for one in INLINE if one in shown] == [], name
        if name == "admin:logout":
            page = browser()


def test_anonymous_gets_nothing() -> None:
    page = browser()
    page.logout()
    for name, address in addresses().items():
        if name == "admin:login":
            continue
        answer = page.get(address)
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith(("/admin/login/", "/admin/")), name
        assert answer.content == b""


def test_staff_without_permissions_gets_nothing() -> None:
    page = browser(bob())
    for name, address in addresses().items():
        if name in OPEN_TO_ALL_STAFF | NO_ROW_HAS_A_PAGE:
            continue
        seen, sent = page.get(address).status_code, page.post(address).status_code
        assert seen in (403, 404, 405), f"{name}: GET {seen}"
        assert sent in (403, 404, 405), f"{name}: POST {sent}"


def test_the_first_page_tells_staff_without_permissions_nothing() -> None:
    shown = browser(bob()).get(reverse("admin:index")).content.decode()
    for secret in ("Cranford", "seedbox", "Gutenberg", "Pause everything", "Next:"):
        assert secret not in shown


def test_the_task_queue_s_own_tables_are_hidden() -> None:
    assert not [model for model in admin.site._registry if model._meta.app_label == "django_q"]


def our_admins() -> list[BaseAdmin]:
    return [one for one in admin.site._registry.values() if isinstance(one, BaseAdmin)]


def test_every_action_needs_a_permission_that_exists() -> None:
    known = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.all()}
    for one in our_admins():
        for verb in one.verbs:
            assert verb.permission in known, verb
        for action in one.actions or ():
            assert action.allowed_permissions, action  # type: ignore[union-attr]


def test_every_list_follows_the_rules_of_speed() -> None:
    for one in our_admins():
        assert one.list_per_page == 50
        assert not one.show_full_result_count
        assert not one.date_hierarchy
        assert one.list_select_related is not True
        assert one.ordering, one
