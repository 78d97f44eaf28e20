"""Audiobookshelf in the admin: its servers, what it shows of the copies, what TAME corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from books.correcting import compare, correct
from books.corrections import Correction
from books.details import NAMES, in_words
from books.differences import Difference, digest_of
from books.forms import ShelfServerForm
from books.models import ShelfCopy, ShelfServer
from books.shelf_servers import SHELVE, check_server, credentials_changed
from books.taking_back import undo, undo_run
from tame.lib import bell
from tame.lib.admin.base import BaseAdmin, Button, ReadOnlyAdmin
from tame.lib.admin.lists import ChoicesMenu, RelatedMenu, YesNoMenu
from tame.lib.admin.switching import switches
from tame.lib.admin.verbs import Said, Verb
from tame.lib.errors import ObstacleError, TameError
from tame.turns import one_at_the_files

OWNED = "ABS_URL and ABS_KEY in the environment own its address and key."


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


# --- Copies ---------------------------------------------------------------------------------------


@admin.register(ShelfCopy)
class ShelfCopyAdmin(ReadOnlyAdmin):
    """*Compare* asks Audiobookshelf and changes nothing; what is ticked there is written."""

    list_display = ["book", "library", "folder", "state", "proved_at", "corrected_at"]
    list_select_related = ["book", "library"]
    list_filter = [("library", RelatedMenu), ("state", ChoicesMenu)]
    search_fields = ["book__title", "folder"]
    ordering = ["-pk"]
    fields = [
        "book", "library", "folder", "state", "origin", "format", "proved_at", "corrected_at",
        "last_error",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("manifest", "library__server__key")

    def get_urls(self) -> list[URLPattern]:
        ask = self.admin_site.admin_view(self.compare_view)
        name = self.url_name("compare")
        return [path("<int:pk>/compare/", ask, name=name), *super().get_urls()]

    def buttons(self, request: HttpRequest, row: ShelfCopy) -> list[Button]:
        if row.library.server_id is None or not request.user.has_perm("books.correct_shelfcopy"):
            return []
        url = reverse(f"admin:{self.url_name('compare')}", args=[row.pk])
        return [Button("Compare with Audiobookshelf", url)]

    def panels(self, request: HttpRequest, row: ShelfCopy) -> dict[str, Any]:
        theirs = [
            (NAMES[field], in_words(old) or "—", in_words(new), why)
            for field, old, new, why in row.written.get("theirs", [])
        ]
        return {"corrections": row.corrections.exclude(seen_at=None)[:50], "theirs": theirs}

    @method_decorator(require_POST)
    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Old and new of every field; sent back with the ticked ones, they are written."""
        copies = self.get_queryset(request).select_related("library__server", "book")
        copy = copies.filter(pk=pk).first()
        if copy is None:
            raise Http404
        if not request.user.has_perm("books.correct_shelfcopy"):
            raise PermissionDenied
        try:
            if seen := request.POST.get("seen"):
                return self.corrected(request, copy, seen, request.POST.getlist("field"))
            return self.compare_page(request, copy, compare(copy))
        except TameError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(self.url_of(copy))

    def corrected(
        self, request: HttpRequest, copy: ShelfCopy, seen: str, fields: list[str]
    ) -> HttpResponse:
        if not fields:
            raise ObstacleError("No field was ticked, so none was written.")
        by = request.user.get_username()
        done = one_at_the_files(correct)(copy, actor=by, confirmed=seen, only=fields)
        self.log_change(request, copy, "Corrected in Audiobookshelf.")
        written = ", ".join(NAMES[row.field] for row in done) or "nothing"
        self.message_user(request, f"Written to Audiobookshelf: {written}.", messages.SUCCESS)
        return redirect(self.url_of(copy))

    def compare_page(
        self, request: HttpRequest, copy: ShelfCopy, found: list[Difference]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"“{copy.book}”: Audiobookshelf and TAME",
            "opts": self.opts,
            "copy": copy,
            "found": found,
            "seen": digest_of(found),
            "back": self.url_of(copy),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/books/shelfcopy/compare.html", context)


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
    return f"{count} fields were written together. All of them get their old values back."


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
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
    list_filter = [("undone_at", admin.EmptyFieldListFilter)]
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
