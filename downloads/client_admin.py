"""Clients in the admin: how each is reached, how it is used, and how it is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from downloads.actions import CLIENTS
from downloads.clients import credentials_changed
from downloads.forms import ClientForm
from downloads.models import Client, ClientPath, Route
from tame.lib.admin.base import BaseAdmin
from tame.lib.admin.shown import NamedRows
from tame.lib.sizes import readable

OWNED = "QB_HOST, QB_PORT, QB_USERNAME and QB_PASSWORD in the environment own how it is reached."
CREDENTIALS = {"address", "username", "new_password", "new_api_key"}


class ClientPathInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ClientPath
    formset = NamedRows
    extra = 0


class RouteInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Route
    formset = NamedRows
    extra = 0
    autocomplete_fields = ["indexer"]


class ClientAdmin(BaseAdmin):
    nothing_yet = "No client is here yet. Add the qBittorrent that downloads for you."
    verbs = CLIENTS
    secrets = ["password", "api_key"]
    owned = ["address", "username", "new_password", "new_api_key"]
    form = ClientForm
    inlines = [ClientPathInline, RouteInline]
    list_display = ["name", "address", "enabled", "default", "how_it_is", "version", "space"]
    search_fields = ["name"]
    ordering = ["name"]
    readonly_fields = [
        "default", "version", "space", "save_path", "last_ok_at", "off_until", "last_error",
        "problem",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": ["name", "address", "username", "new_password", "new_api_key"]}),
        ("How it is used", {"fields": ["category", "unfinished_limit", "enabled", "default"]}),
        (
            "How it is",
            {"fields": ["version", "save_path", "space", "last_ok_at", "off_until", "last_error"]},
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "description": "The address and the login of qBittorrent's own web page "
                "(in qBittorrent: Options, Web UI). Saving connects to nothing; Test comes next.",
                "fields": ["name", "address", "username", "new_password", "new_api_key"],
            },
        ),
        ("How it is used", {"classes": ["collapse"], "fields": ["category", "unfinished_limit"]}),
    ]

    @admin.display(description="Free space")
    def space(self, client: Client) -> str:
        return "?" if client.free_bytes is None else readable(client.free_bytes)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {"name": "" if Client.objects.exists() else "qBittorrent"}

    @admin.display(description="Password")
    def new_password(self, client: Client) -> str:
        """Shown in the place of the field when the environment owns it."""
        return OWNED

    @admin.display(description="API key")
    def new_api_key(self, client: Client) -> str:
        return "QB_API_KEY in the environment, if it is set."

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        if not change:
            obj.default = not Client.objects.filter(default=True).exists()
        super().save_model(request, obj, form, change)
        if change and CREDENTIALS & set(form.changed_data):
            transaction.on_commit(lambda: credentials_changed(obj))
