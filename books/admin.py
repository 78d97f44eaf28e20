"""Books in the admin: want one, search for it, take one of what was found."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from books.bells import CORRECT, DECIDE
from books.copy_admin import ShelfCopyAdmin
from books.correcting import again
from books.covers import stamp_of
from books.forms import BookForm, GivenForm, WantForm
from books.library_admin import LibraryAdmin
from books.models import Author, Book, Credit, Library, Series, SeriesPlace, ShelfCopy
from books.moving_admin import MoveInAdmin
from books.origins import note_person, origins
from books.profile_admin import ProfileAdmin
from books.release_views import ReleaseViews
from books.series_admin import AuthorAdmin, SeriesAdmin
from books.shelf_admin import CorrectionAdmin, ShelfServerAdmin
from books.source_admin import MetadataSourceAdmin
from books.sources import MetadataSource
from books.states import CopyState, Wish
from books.verbs_admin import VERBS
from books.views import BookViews
from books.want import want
from books.wishes import set_wish
from indexers.models import Verdict
from tame import book_page, live
from tame.found import coming_by, found_for, imports_of
from tame.lib import bell
from tame.lib.admin.lists import Tab, TabbedAdmin
from tame.lib.admin.shown import ShownForm, ShownRows
from tame.story import story

__all__ = [
    "AuthorAdmin",
    "BookAdmin",
    "CorrectionAdmin",
    "LibraryAdmin",
    "MoveInAdmin",
    "ProfileAdmin",
    "ShelfCopyAdmin",
    "ShelfServerAdmin",
]


def compare_again(book: Book) -> None:
    """What the shelf shows of it may have to follow."""
    again(book.copies.all())
    bell.ring(CORRECT)


class CreditInline(admin.TabularInline):
    model = Credit
    form, formset = ShownForm, ShownRows
    verbose_name, verbose_name_plural = "person", "who wrote, read or translated it"
    extra = 0
    autocomplete_fields = ["author"]


class SeriesPlaceInline(admin.TabularInline):
    model = SeriesPlace
    form, formset = ShownForm, ShownRows
    verbose_name, verbose_name_plural = "series", "series"
    extra = 0
    fields = ["series", "position"]
    autocomplete_fields = ["series"]


@admin.register(Book)
class BookAdmin(TabbedAdmin, ReleaseViews, BookViews):
    nothing_yet = "No book is here yet. Press “Find a book” and say which one you want."
    verbs = VERBS
    form = BookForm
    with_a_writer = ("wish",)
    list_display = ["title", "authors", "status", "releases", "priority", "added_at"]
    list_display_links = ["title"]
    search_fields = ["title", "people__name", "asin__exact", "isbn__exact"]
    ordering = ["-added_at"]
    inlines = [CreditInline, SeriesPlaceInline]
    fieldsets = [
        (None, {"fields": ["title", "subtitle", "wish", "priority"]}),
        (
            "Which edition",
            {
                "classes": ["collapse"],
                "fields": [
                    "profile",
                    "library",
                    "narrator_required",
                    "year",
                    "language",
                    "asin",
                    "isbn",
                    "expected_seconds",
                    "published_on",
                ],
            },
        ),
        (
            "What it is about",
            {"classes": ["collapse"], "fields": ["description", "publisher", "cover_url", "link"]},
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "description": "Title and author are enough. Saved, it is searched next.",
                "fields": ["title", "authors", "priority", "profile", "asin", "isbn"],
            },
        )
    ]

    # --- List ---------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = Verdict.objects.filter(book=OuterRef("pk")).order_by().values("book")
        number = Subquery(found.annotate(n=Count("pk")).values("n"))
        books: QuerySet[Any] = super().get_queryset(request).annotate(found=number)
        return books.prefetch_related("credits__author")

    @admin.display(description="Releases found")
    def releases(self, book: Book) -> int:
        return int(getattr(book, "found", None) or 0)

    def tabs(self, request: HttpRequest) -> list[Tab]:
        columns = ["wish", "on_shelf", "coming", "missing"]
        counts = Book.objects.values_list(*columns).annotate(n=Count("pk"))
        rows = list(counts.order_by())
        missing = sum(n for *_, gone, n in rows if gone)
        free = {"coming__exact": "0", "on_shelf__exact": "0"}
        return [
            Tab("All", {}),
            *(
                Tab(
                    wish.label.capitalize(),
                    {"wish__exact": wish.value, **free},
                    sum(n for w, shelf, soon, _, n in rows if w == wish and not (shelf or soon)),
                )
                for wish in (Wish.WANTED, Wish.ASKED, Wish.PARKED)
            ),
            Tab(
                "Coming",
                {"coming__exact": "1", "on_shelf__exact": "0"},
                sum(n for _, shelf, soon, _, n in rows if soon and not shelf),
            ),
            Tab(
                "Available",
                {"on_shelf__exact": "1", "missing__exact": "0"},
                sum(n for _, s, _, gone, n in rows if s and not gone),
            ),
            *([Tab("Missing", {"missing__exact": "1"}, missing)] if missing else []),
        ]

    # --- Form ---------------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if not change:
            kwargs["form"] = WantForm
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Book, form: Any, change: bool) -> None:
        actor = request.user.get_username()
        if change:
            if "wish" in form.changed_data:
                said = f"{actor} wrote “{obj.get_wish_display()}” on its page."
                set_wish(Book.objects.filter(pk=obj.pk), obj.wish, said, actor=actor)
            super().save_model(request, obj, form, change)
            note_person(obj, form.changed_data)
            bell.ring(DECIDE)  # what was found for it is judged again
            if form.changed_data:
                compare_again(obj)
            return
        names, asin, isbn = form.names(), obj.asin, obj.isbn
        book, _ = want(obj.title, names, actor=actor, priority=obj.priority, asin=asin, isbn=isbn)
        if obj.profile:
            Book.objects.filter(pk=book.pk).update(profile=obj.profile)
        obj.pk = book.pk

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Who wrote and reads it, and its series: what a person changed is locked."""
        super().save_formset(request, form, formset, change)
        rows = formset.changed_rows()
        names = {f"{row.role}s" if isinstance(row, Credit) else "series" for row in rows}
        note_person(form.instance, names)
        if names:
            compare_again(form.instance)

    # --- The book's page ----------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """How much goes with it, not a tree of all that was found for it."""
        _, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return [str(row) for row in objs], counts, lacking, protected

    def panels(self, request: HttpRequest, row: Book) -> dict[str, Any]:
        downloads, now = book_page.coming(row), book_page.live(row)
        sees_downloads = request.user.has_perm("downloads.view_download")
        sees, imports = request.user.has_perm, imports_of(row)
        found = found_for(row, imports, sees)
        copied = live.copies(now["imports"]) if sees("downloads.view_import") else []
        return {
            "more": row.verdicts.count() - len(found),
            "story": story(row) if sees_downloads else [],
            "found": found,
            "coming_by": coming_by(imports, sees),
            "searching": book_page.searching(row),
            "downloads": copied + live.rows(downloads),
            "authors": row.authors,
            "copies": copies_of(row) if sees("books.view_shelfcopy") else [],
            "live": now,
            "given_form": GivenForm(auto_id="given_%s"),  # the book has a link, too
            "origins": origins(row),
            "cover": stamp_of(row),
            "may_merge": request.user.has_perms(["books.change_book", "books.delete_book"]),
            "may_lock": request.user.has_perm("books.change_book"),
            "may_grab": request.user.has_perm("indexers.grab_release"),
            "may_block": request.user.has_perm("indexers.add_block"),
            "may_unblock": sees("indexers.delete_block"),
            "may_label": request.user.has_perm("indexers.label_release"),
            "may_see_downloads": sees_downloads,
        }


def copies_of(book: Book) -> list[ShelfCopy]:
    """Where it stands, or stood until it was thrown away."""
    kept = book.copies.exclude(state=CopyState.GONE)
    return list(kept.select_related("library").order_by("-pk"))


admin.site.register(Author, AuthorAdmin)
admin.site.register(Library, LibraryAdmin)
admin.site.register(Series, SeriesAdmin)
admin.site.register(MetadataSource, MetadataSourceAdmin)
