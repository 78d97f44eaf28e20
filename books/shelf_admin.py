"""Audiobookshelf in the admin: its servers, what it shows of the copies, what TAME corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from books.bells import SHELVE
from books.corrections import Correction
from books.details import NAMES, in_words
from books.forms import ShelfServerForm
from books.models import ShelfServer
from books.shelf_servers import check_server, credentials_changed
from books.taking_back import undo, undo_run
from tame.lib import bell
from tame.lib.admin.base import BaseAdmin, ReadOnlyAdmin
from tame.lib.admin.lists import Menu, YesNoMenu
from tame.lib.admin.switching import switches
from tame.lib.admin.verbs import Said, Verb
from tame.lib.numbers import counted
from tame.turns import one_at_the_files

OWNED = "ABS_URL and ABS_KEY in the environment own its address and key."


def test_server(server: ShelfServer, *, actor: str) -> Said:
    checks = check_server(server)
    bell.ring(SHELVE)  # what waited for it
    return checks


@admin.register(ShelfServer)
class ShelfServerAdmin(BaseAdmin):
    nothing_yet = "No Audiobookshelf is here yet. TAME works without one, too."
    verbs = [
        Verb("test", "Test", "books.test_shelfserver", test_server, "tested and well"),
        *switches("books.change_shelfserver"),
    ]
    secrets = ["key"]
    owned = ["address", "new_key"]
    form = ShelfServerForm
    list_display = ["name", "address", "enabled", "how_it_is", "last_ok_at", "off_until"]
    list_filter = [("enabled", YesNoMenu)]
    ordering = ["name"]
    readonly_fields = ["version", "libraries_seen", "last_ok_at", "off_until", "last_error"]
    fieldsets = [
        (None, {"fields": ["address", "new_key", "name", "enabled"]}),
        (
            "How it is",
            {"fields": ["last_ok_at", "off_until", "last_error", "version", "libraries_seen"]},
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "description": "Test it once it is saved: TAME then knows its libraries.",
                "fields": ["address", "new_key", "name"],
            },
        )
    ]

    @admin.display(description="Libraries")
    def libraries_seen(self, server: ShelfServer) -> str:
        named = [f"{one['name']} ({', '.join(one['folders'])})" for one in server.libraries]
        return "; ".join(named) or "not known yet: test it"

    @admin.display(description="API key")
    def new_key(self, server: ShelfServer) -> str:
        """Shown in the place of the field when the environment owns it."""
        return OWNED

    def save_model(self, request: HttpRequest, obj: ShelfServer, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"address", "new_key"} & set(form.changed_data):
            credentials_changed(obj)


# --- Corrections ----------------------------------------------------------------------------------


class SureForm(forms.Form):
    """Nothing to fill in: it is asked once."""


def can_be_undone(row: Correction) -> bool:
    return row.undone_at is None and row.seen_at is not None


@one_at_the_files
def undo_one(row: Correction, *, actor: str) -> str:
    return undo(row, actor=actor)


@one_at_the_files
def undo_all_of_it(row: Correction, *, actor: str) -> str:
    told = undo_run(row.run, actor=actor)
    done = sum(is_undone for _, _, is_undone in told)
    rest = [said for _, said, is_undone in told if not is_undone]
    return " ".join([f"{done} of {len(told)} fields are as they were.", *rest[:3]])


def of_the_run(rows: QuerySet[Correction]) -> str:
    runs = Correction.objects.filter(run__in=rows.values("run"), undone_at=None)
    count = runs.exclude(seen_at=None).count()
    written = counted(count, "field was", "fields were")
    return f"{written} written together. All of them get their old values back."


class Undone(Menu, admin.SimpleListFilter):
    title = parameter_name = "undone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "No"), ("yes", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(undone_at__isnull=self.value() == "no")


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    nothing_yet = "Nothing was written to Audiobookshelf yet."
    verbs = [
        Verb(
            "undo",
            "Undo",
            "books.undo_correction",
            undo_one,
            "undone",
            fits=can_be_undone,
            form=SureForm,
        ),
        Verb(
            "undo_run",
            "Undo all of its run",
            "books.undo_correction",
            undo_all_of_it,
            "undone",
            fits=can_be_undone,
            form=SureForm,
            caution=of_the_run,
            in_list=False,
        ),
    ]
    list_display = ["book", "what", "before", "after", "by", "at", "undone_at"]
    list_select_related = ["copy__book"]
    list_filter = [Undone]
    search_fields = ["copy__book__title", "run__exact"]
    ordering = ["-pk"]
    fields = ["copy", "what", "before", "after", "by", "at", "undone_at", "undone_by", "run"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(seen_at=None)

    @admin.display(description="Book")
    def book(self, row: Correction) -> str:
        return str(row.copy.book)

    @admin.display(description="Field")
    def what(self, row: Correction) -> str:
        return NAMES.get(row.field, row.field)

    @admin.display(description="Before")
    def before(self, row: Correction) -> str:
        return in_words(row.old) or "—"

    @admin.display(description="After")
    def after(self, row: Correction) -> str:
        return in_words(row.new)
