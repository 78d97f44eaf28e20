"""Indexers, the releases they listed, and what is not taken again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.timesince import timesince

from indexers.capabilities import Listed
from indexers.connect import add_listed, check_indexer, known_key, list_indexers
from indexers.decide import DECIDE
from indexers.forms import IndexerForm, ServerForm
from indexers.labels import unblock
from indexers.ledger import LabelAdmin, OfBook, QueryAdmin, VerdictAdmin
from indexers.models import Block, Indexer, Label, Query, Release, Verdict
from tame.lib import bell
from tame.lib.admin.base import BaseAdmin, ReadOnlyAdmin, declared, log_many
from tame.lib.admin.lists import RelatedMenu, YesNoMenu
from tame.lib.admin.switching import switches
from tame.lib.admin.verbs import Said, Verb
from tame.lib.errors import LoginRefusedError, TameError
from tame.lib.numbers import counted
from tame.lib.sizes import readable

OWNED = "INDEXER_URL and INDEXER_KEY in the environment own its address and key."


def test(indexer: Indexer, *, actor: str) -> Said:
    return check_indexer(indexer)


@admin.register(Indexer)
class IndexerAdmin(BaseAdmin):
    nothing_yet = "No indexer is here yet. Add one, or all of a Jackett or Prowlarr at once."
    verbs = [
        Verb("test", "Test", "indexers.test_indexer", test, "tested and well"),
        *switches("indexers.change_indexer"),
    ]
    secrets = ["key"]
    owned = ["address", "new_key"]
    form = IndexerForm
    list_display = ["name", "kind", "enabled", "priority", "how_it_is", "last_ok_at", "off_until"]
    list_filter = [("enabled", YesNoMenu)]
    search_fields = ["name", "address"]
    ordering = ["priority", "name"]
    readonly_fields = ["kind", "privacy", "last_ok_at", "off_until", "last_error"]
    fieldsets = [
        (None, {"fields": ["address", "new_key", "name", "enabled", "priority"]}),
        ("How it is", {"fields": ["last_ok_at", "off_until", "last_error", "kind", "privacy"]}),
        (
            "Fine tuning",
            {
                "classes": ["collapse"],
                "fields": [
                    "reads_feed",
                    "queries_a_day",
                    "grabs_a_day",
                    "categories",
                    "language",
                    "also_allow",
                    "ratio_goal",
                    "seed_goal",
                    "seed_both",
                ],
            },
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "description": "Paste the address as Jackett or Prowlarr shows it, in any form.",
                "fields": ["address", "new_key", "name"],
            },
        )
    ]

    @admin.display(description="API key")
    def new_key(self, indexer: Indexer) -> str:
        """Shown in the place of the field when the environment owns it."""
        return OWNED

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """How many releases go with it, not a tree of all of them."""
        releases = Release.objects.filter(indexer__in=objs).count()
        counts = {"indexers": len(objs), "releases with their verdicts": releases}
        return [str(row) for row in objs], counts, set(), declared(objs)

    def save_model(self, request: HttpRequest, obj: Indexer, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"address", "new_key"} & set(form.changed_data):
            Indexer.objects.filter(pk=obj.pk).update(kind=obj.kind)
            obj.reset()  # what was refused was another key
        if change and "language" in form.changed_data:
            bell.ring(DECIDE)  # what it listed is judged again

    # --- All of a server ------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        add_all = self.admin_site.admin_view(self.add_all_view)
        return [path("add-all/", add_all, name="indexers_indexer_add_all"), *super().get_urls()]

    def add_all_view(self, request: HttpRequest) -> HttpResponse:
        """Address and key; then the list to tick; then they are added."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ServerForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return self.add_all_page(request, form)
        try:
            address = form.cleaned_data["address"]
            form.cleaned_data["key"] = form.cleaned_data["key"] or known_key(address)
            listed = list_indexers(address, form.cleaned_data["key"])
        except TameError as error:
            form.add_error("key" if isinstance(error, LoginRefusedError) else None, str(error))
            return self.add_all_page(request, form)
        if "add" in request.POST:
            chosen = [one for one in listed if one.url in request.POST.getlist("chosen")]
            return self.added(request, chosen, form.cleaned_data["key"])
        return self.add_all_page(request, ServerForm(initial=form.again()), listed)

    def added(self, request: HttpRequest, chosen: list[Listed], key: str) -> HttpResponse:
        if not chosen:
            self.message_user(request, "None was ticked, none was added.", messages.WARNING)
            return redirect("admin:indexers_indexer_add_all")
        urls = [one.url for one in chosen]
        before = set(Indexer.objects.filter(address__in=urls).values_list("pk", flat=True))
        new, known = add_listed(chosen, key)
        rows = Indexer.objects.defer("key").filter(address__in=urls).exclude(pk__in=before)
        log_many(request, rows, "Added from its server.", ADDITION)
        said = f"{counted(new, 'indexer')} added."
        said += f" {counted(known, 'known one')} got the key." if known else ""
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:indexers_indexer_changelist")

    def add_all_page(
        self, request: HttpRequest, form: ServerForm, listed: tuple[Listed, ...] = ()
    ) -> HttpResponse:
        known = set(Indexer.objects.values_list("address", flat=True))
        return self.page(
            request,
            "admin/indexers/indexer/add_all.html",
            "Add all indexers of a Jackett or Prowlarr",
            form=form,
            listed=[(one, one.url in known) for one in listed],
        )


admin.site.register(Verdict, VerdictAdmin)
admin.site.register(Query, QueryAdmin)
admin.site.register(Label, LabelAdmin)


class ForBook(OfBook):
    """The releases that were found for one book."""

    column = "verdicts__book"


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    nothing_yet = "No indexer has listed anything yet. Wanted books are searched by themselves."
    secrets = ["link", "magnet"]
    list_display = ["title", "indexer", "how_large", "how_seeded", "age", "last_seen_at", "books"]
    list_select_related = ["indexer"]
    list_filter = [("indexer", RelatedMenu), ForBook]
    search_fields = ["info_hash__exact", "title"]
    search_help_text = "Words of its title, or a whole info hash in small letters."
    ordering = ["-last_seen_at"]
    fields = [
        "title", "indexer", "how_large", "how_seeded", "peers", "grabs", "files", "info_hash",
        "published_at", "first_seen_at", "last_seen_at", "books",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        rows = super().get_queryset(request).prefetch_related("verdicts__book")
        return rows.defer(*self.secrets, "indexer__key")

    @admin.display(description="Size", ordering="size")
    def how_large(self, release: Release) -> str:
        return readable(release.size) if release.size else "?"

    @admin.display(description="Seeders", ordering="seeders")
    def how_seeded(self, release: Release) -> str:
        return "?" if release.seeders is None else str(release.seeders)

    @admin.display(description="Age", ordering="-published_at")
    def age(self, release: Release) -> str:
        return timesince(release.published_at, depth=1) if release.published_at else "?"

    @admin.display(description="Found for")
    def books(self, release: Release) -> str:
        found = [verdict.book for verdict in release.verdicts.all()[:3]]
        links = [(reverse("admin:books_book_change", args=[book.pk]), book) for book in found]
        return format_html_join(", ", '<a href="{}">{}</a>', links)


@admin.register(Block)
class BlockAdmin(BaseAdmin):
    """Deleting a block allows the release again, as *Unblock* on a book's page does."""

    nothing_yet = "Nothing is blocked."
    list_display = ["__str__", "book", "reason", "blocked_by", "blocked_at", "until"]
    list_select_related = ["book"]
    search_fields = ["info_hash__exact", "title"]
    ordering = ["-blocked_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Block) -> None:
        unblock(obj, actor=request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Block]) -> None:
        for row in queryset.select_related("book"):
            unblock(row, actor=request.user.get_username())
