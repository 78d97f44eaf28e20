"""Tabs above a list, and filters as small menus beside its search box."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse

from tame.lib.admin.base import BaseAdmin


@dataclass(frozen=True)
class Tab:
    """`lookups`: what the list is filtered by. `count`: None where counting would cost."""

    label: str
    lookups: dict[str, str]
    count: int | None = None


def tabs_of_states(
    rows: QuerySet[Any], states: Iterable[Any], counted: Collection[Any]
) -> list[Tab]:
    """All, and a tab for each state. `counted`: states of few rows; counting others would cost."""
    few = rows.filter(state__in=counted).order_by().values_list("state")
    counts = dict(few.annotate(n=Count("pk")))
    return [Tab("All", {})] + [
        Tab(
            state.label.capitalize(),
            {"state__exact": state.value},
            counts.get(state, 0) if state in counted else None,
        )
        for state in states
    ]


@dataclass(frozen=True)
class ShownTab:
    label: str
    count: int | None
    link: str
    is_open: bool


class TabbedAdmin(BaseAdmin):
    """A list with tabs; the other filters and the search hold across them."""

    def tabs(self, request: HttpRequest) -> Sequence[Tab]:
        raise NotImplementedError

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            context["tabs"] = self.shown(request, context["cl"])
        return response

    def shown(self, request: HttpRequest, changelist: Any) -> list[ShownTab]:
        tabs = self.tabs(request)
        names = {name for tab in tabs for name in tab.lookups}
        now = {name: request.GET[name] for name in names if name in request.GET}
        return [
            ShownTab(
                label=tab.label,
                count=tab.count,
                link=changelist.get_query_string(tab.lookups, list(names - set(tab.lookups))),
                is_open=tab.lookups == now,
            )
            for tab in tabs
        ]


class Menu:
    """A filter drawn as a small menu."""

    template = "admin/filter_menu.html"


class ChoicesMenu(Menu, admin.ChoicesFieldListFilter):
    pass


class YesNoMenu(Menu, admin.BooleanFieldListFilter):
    pass


class RelatedMenu(Menu, admin.RelatedFieldListFilter):
    """For a model of few rows with a name. Nothing else of them is loaded, nor is the long list
    asked which of them it has."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = field.remote_field.model._default_manager.values_list("pk", "name")
        return list(rows.order_by("name"))
