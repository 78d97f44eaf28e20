"""Libraries in the admin: where books stand, and where they would go."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path

from books.bells import IMPORT
from books.forms import LibraryForm
from books.models import Book, Library
from books.moving_in.again import read_library
from books.naming import folder_of, read_before
from books.states import COPY_ON_SHELF
from books.template import check_template
from downloads.trying import try_library
from indexers.values import with_names
from tame.lib import bell
from tame.lib.admin.base import BaseAdmin
from tame.lib.admin.verbs import Verb
from tame.lib.errors import BadInputError
from tame.turns import one_at_the_files

EXAMPLES = 8  # books


def examples(template: str) -> list[tuple[Book, PurePosixPath]]:
    """Where the books that were added last would go."""
    books = with_names(Book.objects.order_by("-added_at"))[:EXAMPLES]
    return [(book, folder_of(book, template, read_before(book))) for book in books]


@one_at_the_files
def read_again(library: Library, *, actor: str) -> str:
    return read_library(library)


@one_at_the_files
def believe(library: Library, *, actor: str) -> str:
    return read_library(library, believe=True)


class LibraryAdmin(BaseAdmin):
    nothing_yet = "No library is here yet. Add the folder in which your audiobooks stand."
    verbs = [
        Verb(
            "test",
            "Test",
            "books.test_library",
            lambda library, *, actor: try_library(library),
            "tested and well",
        ),
        Verb(
            "make_default",
            "Use by default",
            "books.change_library",
            lambda library, *, actor: library.make_default(),
            "used by default",
            fits=lambda library: not library.default and Library.objects.count() > 1,
            in_list=False,
        ),
        Verb(
            "read",
            "Read again",
            "books.change_library",
            read_again,
            "read again",
            in_list=False,
        ),
        Verb(
            "believe",
            "They are gone",
            "books.change_library",
            believe,
            "believed",
            fits=lambda library: "They are gone" in library.problem,
            in_list=False,
        ),
    ]
    form = LibraryForm

    class Media:
        js = ["tame/names.js"]

    list_display = ["name", "root", "default", "may_copy", "server", "books_in_it"]
    list_select_related = ["server"]
    ordering = ["pk"]
    readonly_fields = ["default"]
    fieldsets = [
        (None, {"fields": ["name", "root", "template", "may_copy", "trash_days", "takes_in"]}),
        ("Audiobookshelf", {"fields": ["shelf", "shelf_prefix"]}),
        ("Permissions", {"classes": ["collapse"], "fields": ["folder_mode", "file_mode"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        standing = Count("copies", filter=Q(copies__state__in=COPY_ON_SHELF))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(standing=standing)
        return rows.defer("server__key")

    @admin.display(description="Copies")
    def books_in_it(self, library: Library) -> int:
        standing: int = library.standing  # type: ignore[attr-defined]
        return standing

    # --- Where books would go -----------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.names_view)
        return [path("names/", view, name=self.url_name("names")), *super().get_urls()]

    def names_view(self, request: HttpRequest) -> JsonResponse:
        """Of the template that is being typed; stores nothing."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        template = " ".join(request.GET.get("template", "").split())
        try:
            check_template(template)
        except BadInputError as error:
            return JsonResponse({"error": str(error)})
        return JsonResponse({"names": [[str(b), str(f)] for b, f in examples(template)]})

    def panels(self, request: HttpRequest, row: Library) -> dict[str, Any]:
        return {
            "examples": examples(row.template),
            "is_one_of_many": Library.objects.exclude(pk=row.pk).exists(),
        }

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {"name": "" if Library.objects.exists() else "Audiobooks"}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.default = not Library.objects.filter(default=True).exists()
        super().save_model(request, obj, form, change)
        if change and {"shelf", "shelf_prefix"} & set(form.changed_data):
            names = ("server", "shelf_library_id", "shelf_prefix")
            columns = {name: getattr(obj, name) for name in names}
            Library.objects.filter(pk=obj.pk).update(**columns)
        bell.ring(IMPORT)  # what waited for it
