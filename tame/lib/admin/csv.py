"""A list as a file: what its filters and search let through, all pages of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse

from tame.lib.admin.base import BaseAdmin

A_TIME = 500  # rows that are read at once
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Echo:
    """Hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


class CsvAdmin(BaseAdmin):
    """`csv_columns`: as `list_display`, or names of methods with a row."""

    csv_columns: ClassVar[Sequence[str]] = ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name=self.url_name("csv")), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        asked = urlencode({name: value for name, value in request.GET.items() if name != "p"})
        url = reverse(f"admin:{self.url_name('csv')}")
        extra = {"csv_url": f"{url}?{asked}" if asked else url}
        return super().changelist_view(request, extra | (extra_context or {}))

    def csv_view(self, request: HttpRequest) -> StreamingHttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request)
        answer = StreamingHttpResponse(self.csv_lines(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self.opts.model_name}s.csv"'
        return answer

    def csv_lines(self, rows: Any) -> Iterator[str]:
        write = csv.writer(Echo()).writerow
        yield write(self.csv_columns)
        for row in rows.iterator(chunk_size=A_TIME):
            yield write(cells(self.value_of(row, name) for name in self.csv_columns))

    def value_of(self, row: Any, name: str) -> Any:
        if hasattr(self, name):
            return getattr(self, name)(row)
        for part in name.split("__"):
            row = getattr(row, part, None)
        return row


def cells(values: Iterable[Any]) -> list[str]:
    """A spreadsheet would run a text that begins like a formula: names come from strangers."""
    texts = ["" if value is None else str(value) for value in values]
    return [f"'{text}" if text.startswith(FORMULAS) else text for text in texts]
