"""Audiobookshelf servers in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from books.forms import ShelfServerForm
from books.models import ShelfServer
from books.shelf_servers import check_server, credentials_changed
from tame.lib import bell
from tame.lib.admin.base import BaseAdmin
from tame.lib.admin.lists import YesNoMenu
from tame.lib.admin.switching import switches
from tame.lib.admin.verbs import Said, Verb

OWNED = "ABS_URL and ABS_KEY in the environment own its address and key."
SHELVE = "downloads.tasks.shelve"


def test_server(server: ShelfServer, *, actor: str) -> Said:
    checks = check_server(server)
    bell.ring(SHELVE)  # what waited for it
    return checks


@admin.register(ShelfServer)
class ShelfServerAdmin(BaseAdmin):
    verbs = [
        Verb("test", "Test", "books.test_shelfserver", test_server, "tested and well"),
        *switches("books.change_shelfserver"),
    ]
    secrets = ["key"]
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

    @admin.display(description="How it is")
    def how_it_is(self, server: ShelfServer) -> str:
        if server.last_error:
            return server.last_error
        return "answers" if server.last_ok_at else "not tested yet"

    @admin.display(description="Libraries")
    def libraries_seen(self, server: ShelfServer) -> str:
        named = [f"{one['name']} ({', '.join(one['folders'])})" for one in server.libraries]
        return "; ".join(named) or "not known yet: test it"

    @admin.display(description="API key")
    def new_key(self, server: ShelfServer) -> str:
        """Shown in the place of the field when the environment owns it."""
        return OWNED

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        owned = ["address", "new_key"] if obj and obj.from_environment else []
        return [*self.readonly_fields, *owned]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        owned = obj is not None and obj.from_environment
        return not owned and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: ShelfServer, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"address", "new_key"} & set(form.changed_data):
            credentials_changed(obj)
