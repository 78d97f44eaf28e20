"""A model of which there is one row: its page is the list."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tame.lib.admin.base import BaseAdmin


class OneRowAdmin(BaseAdmin):
    ordering = ["pk"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row, _ = self.model._default_manager.get_or_create(pk=1)
        return redirect(self.url_of(row))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
