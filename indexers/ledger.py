"""The ledger in the admin: what was asked, what was thought of every release, what people said."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from books.models import Book
from indexers.decisions import RULE_NAMES
from indexers.labels import as_line
from indexers.models import Label, Query, Verdict
from indexers.verdicts import unjudged
from tame.lib.admin.base import ReadOnlyAdmin
from tame.lib.admin.csv import CsvAdmin
from tame.lib.admin.lists import ChoicesMenu, Menu, RelatedMenu, YesNoMenu


def is_number(text: str) -> bool:
    """Of a row: what a database column can hold."""
    return text.isascii() and text.isdecimal() and len(text) < 19


class OfBook(Menu, admin.SimpleListFilter):
    """One book's rows; its page leads here. No list of all books."""

    title = "book"
    parameter_name = "book"
    column = "book"  # of the listed rows

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        chosen = self.value() or ""
        book = Book.objects.filter(pk=chosen).first() if is_number(chosen) else None
        return [(str(book.pk), str(book))] if book else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        return queryset.filter(**{self.column: int(chosen)}) if is_number(chosen) else queryset


class ByRule(Menu, admin.SimpleListFilter):
    """What this rule objected to."""

    title = "rule"
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in sorted(RULE_NAMES)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Verdict]) -> QuerySet[Verdict]:
        return queryset.filter(rejections__rule=self.value()) if self.value() else queryset


class ByOutcome(Menu, admin.SimpleListFilter):
    """What was not judged has no outcome, whatever its column says."""

    title = parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((name, name) for name in Verdict.Outcome.values), ("none", "not judged")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Verdict]) -> QuerySet[Verdict]:
        if self.value() == "none":
            return queryset.filter(digest="")
        return (
            queryset.filter(outcome=self.value()).exclude(digest="") if self.value() else queryset
        )


class VerdictAdmin(CsvAdmin, ReadOnlyAdmin):
    nothing_yet = "No release was judged yet. What is found for a wanted book is."
    list_display = ["release_title", "for_book", "judged", "how_good", "reasons"]
    list_filter = [ByOutcome, ByRule, OfBook]
    search_fields = ["release__title"]
    search_help_text = "Words of the release's title."
    ordering = ["-pk"]
    fields = [
        "release_title", "for_book", "judged", "how_good", "made_of", "reasons",
        "first_accepted_at", "passed_over_until", "why",
    ]  # fmt: skip
    csv_columns = [
        "book_id", "book__title", "release_id", "release__title", "release__indexer__name",
        "release__size", "release__seeders", "outcome", "score", "rules", "reasons",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Verdict]:
        rows = super().get_queryset(request).select_related("book", "release__indexer")
        rows = rows.defer("release__link", "release__magnet", "release__indexer__key")
        return rows.prefetch_related("rejections")

    @admin.display(description="Release", ordering="release__title")
    def release_title(self, verdict: Verdict) -> str:
        return verdict.release.title

    @admin.display(description="Verdict", ordering="outcome")
    def judged(self, verdict: Verdict) -> str:
        return unjudged(verdict) or verdict.outcome

    @admin.display(description="Score", ordering="score", empty_value="")
    def how_good(self, verdict: Verdict) -> float | None:
        return verdict.score if verdict.digest else None

    outcome, score = judged, how_good  # as the file names them

    @admin.display(description="Its parts")
    def made_of(self, verdict: Verdict) -> str:
        return ", ".join(f"{name} {points:g}" for name, points in verdict.parts.items())

    @admin.display(description="Book")
    def for_book(self, verdict: Verdict) -> str:
        url = reverse("admin:books_book_change", args=[verdict.book_id])
        return format_html('<a href="{}">{}</a>', url, verdict.book)

    @admin.display(description="What speaks against it")
    def reasons(self, verdict: Verdict) -> str:
        return " ".join(said.sentence for said in verdict.rejections.all())

    def rules(self, verdict: Verdict) -> str:
        return ", ".join(said.rule for said in verdict.rejections.all())


class OfSearchedBook(OfBook):
    column = "search__book"


class QueryAdmin(CsvAdmin, ReadOnlyAdmin):
    nothing_yet = "No indexer was asked yet. Wanted books are searched by themselves."
    list_display = [
        "started_at", "indexer_name", "kind", "for_book", "asked", "outcome", "sentence", "found",
        "new", "seconds",
    ]  # fmt: skip
    list_filter = [
        ("kind", ChoicesMenu), ("outcome", ChoicesMenu), ("indexer", RelatedMenu), OfSearchedBook,
    ]  # fmt: skip
    search_fields = ["asked"]
    ordering = ["-pk"]
    csv_columns = [
        "started_at", "indexer_name", "kind", "for_book", "asked_by", "tier", "asked", "outcome",
        "sentence", "found", "new", "seconds",
    ]  # fmt: skip
    fields = tuple(csv_columns)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Query]:
        return super().get_queryset(request).select_related("search__book")

    @admin.display(description="Book")
    def for_book(self, query: Query) -> str:
        """A feed is read for all of them."""
        return str(query.search.book) if query.search else ""

    @admin.display(description="Asked for by")
    def asked_by(self, query: Query) -> str:
        return query.search.asked_by if query.search else ""


class LabelAdmin(CsvAdmin, ReadOnlyAdmin):
    """Deleting one takes the word back. The blocks stay: they have their own list."""

    nothing_yet = "Nobody has called a release right or wrong yet. It is said on a book's page."
    list_display = [
        "release_title", "wanted_title", "right", "because", "said", "labelled_by", "labelled_at",
    ]  # fmt: skip
    list_filter = [("right", YesNoMenu)]
    search_fields = ["release_title"]
    ordering = ["-pk"]
    fields = [
        "release_title", "size", "wanted", "right", "because", "said", "labelled_by", "labelled_at",
    ]  # fmt: skip
    csv_columns = [
        "release_title", "wanted_title", "right", "because", "said", "labelled_by", "labelled_at",
    ]  # fmt: skip

    @admin.display(description="Wanted")
    def wanted_title(self, label: Label) -> str:
        return str(label.wanted.get("title", ""))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("indexers.delete_label")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.lines_view)
        return [path("lines/", view, name="indexers_label_lines"), *super().get_urls()]

    def lines_view(self, request: HttpRequest) -> HttpResponse:
        """As the command judge reads them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        lines = [json.dumps(as_line(row)) + "\n" for row in Label.objects.order_by("pk")]
        answer = HttpResponse("".join(lines), content_type="application/x-ndjson")
        answer["Content-Disposition"] = 'attachment; filename="labels.jsonl"'
        return answer
