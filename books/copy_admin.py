"""Every copy in the admin: where it is, what proved it, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format

from books.correcting import compare, correct
from books.details import NAMES, in_words
from books.differences import Difference, digest_of
from books.models import ShelfCopy
from books.states import CopyState, Origin
from books.trash import files_of
from downloads import copies
from downloads.forms import NothingForm, UndoForm
from downloads.models import Import
from tame.lib.admin.base import Button, ReadOnlyAdmin, need
from tame.lib.admin.lists import Menu, RelatedMenu, Tab, TabbedAdmin, tabs_of_states
from tame.lib.admin.pressed import button_of_a_row
from tame.lib.admin.verbs import Verb
from tame.lib.errors import ObstacleError, TameError
from tame.lib.sizes import lasting, readable
from tame.turns import one_at_the_files

COUNTED = (CopyState.PLACED, CopyState.MISSING, CopyState.TRASHED)  # few, of many
IN_TABS = (CopyState.PROVED, *COUNTED, CopyState.GONE)


class CameBy(Menu, admin.SimpleListFilter):
    title = "came by"
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Origin.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[ShelfCopy]) -> QuerySet[ShelfCopy]:
        return queryset.filter(origin=self.value()) if self.value() else queryset


@admin.register(ShelfCopy)
class ShelfCopyAdmin(ReadOnlyAdmin, TabbedAdmin):
    """*Compare* asks Audiobookshelf and changes nothing; what is ticked there is written."""

    nothing_yet = "Nothing stands in a library yet. What is imported, or moved in, is listed here."
    verbs = [
        Verb(
            "prove", "Prove again", "books.prove_shelfcopy", copies.prove_again, "proved again",
            fits=copies.can_be_proved,
        ),
        Verb(
            "take_off", "Take off the shelf", "downloads.undo_import", copies.take_off,
            "leaving the shelf", fits=copies.can_take_off, form=UndoForm,
            caution=copies.what_take_off_does,
        ),
        Verb(
            "put_back", "Put it back", "downloads.undo_import", copies.put_back, "put back",
            fits=copies.can_put_back, form=NothingForm, caution=copies.what_put_back_does,
        ),
    ]  # fmt: skip
    list_display = ["book", "where", "library", "folder", "files", "size", "proved"]
    list_select_related = ["book", "library__server"]
    list_filter = [("library", RelatedMenu), CameBy]
    search_fields = ["book__title", "book__people__name", "folder", "uuid__exact"]
    search_help_text = "Words of its title, author or folder."
    ordering = ["-pk"]
    readonly_fields = [
        "book", "where", "library", "path", "files", "size", "format", "duration", "narrator",
        "came_by", "proved", "corrected_at", "last_error",
    ]  # fmt: skip
    fields = (*readonly_fields,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The page of a list needs the files of each, the long list behind it nothing."""
        return copies.with_places(super().get_queryset(request)).defer("library__server__key")

    def tabs(self, request: HttpRequest) -> list[Tab]:
        return tabs_of_states(ShelfCopy.objects.all(), IN_TABS, COUNTED)

    # --- What is shown ------------------------------------------------------------------------

    @admin.display(description="Where it is", ordering="trash_until")
    def where(self, copy: ShelfCopy) -> str:
        return copies.where_is(copy)

    @admin.display(description="Files")
    def files(self, copy: ShelfCopy) -> int:
        return len(files_of(copy))

    @admin.display(description="Size")
    def size(self, copy: ShelfCopy) -> str:
        return readable(copies.size_of(copy))

    @admin.display(description="Path")
    def path(self, copy: ShelfCopy) -> str:
        return str(copies.path_of(copy))

    @admin.display(description="Duration")
    def duration(self, copy: ShelfCopy) -> str:
        return lasting(copy.seconds) if copy.seconds else "-"

    @admin.display(description="Came by")
    def came_by(self, copy: ShelfCopy) -> str:
        return dict(Origin.choices).get(copy.origin, copy.origin)

    @admin.display(description="Proved", ordering="proved_at")
    def proved(self, copy: ShelfCopy) -> str:
        if copy.proved_at is None:
            return "not yet"
        at = date_format(timezone.localtime(copy.proved_at), "j M Y, H:i")
        return f"{at}, by {copies.proved_by(copy)}"

    def panels(self, request: HttpRequest, row: ShelfCopy) -> dict[str, Any]:
        theirs = [
            (NAMES[field], in_words(old) or "—", in_words(new), why)
            for field, old, new, why in row.written.get("theirs", [])
        ]
        made_by = copies.import_of(row)
        return {
            "corrections": row.corrections.exclude(seen_at=None)[:50],
            "theirs": theirs,
            "manifest": row.manifest,
            "history": row.history.all()[:50],
            "made_by": made_by,
            "replaced": made_by.replaces if made_by else None,
            "better": Import.objects.filter(replaces=row).exclude(copy=None).first(),
            "sees_imports": request.user.has_perm("downloads.view_import"),
        }

    # --- Audiobookshelf -----------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        ask = self.admin_site.admin_view(self.compare_view)
        name = self.url_name("compare")
        return [path("<int:pk>/compare/", ask, name=name), *super().get_urls()]

    def buttons(self, request: HttpRequest, row: ShelfCopy) -> list[Button]:
        verbs, is_there = super().buttons(request, row), row.state == CopyState.PROVED
        may = request.user.has_perm("books.correct_shelfcopy")
        if row.library.server_id is None or not is_there or not may:
            return verbs
        url = reverse(f"admin:{self.url_name('compare')}", args=[row.pk])
        return [Button("Compare with Audiobookshelf", url), *verbs]

    @button_of_a_row
    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Old and new of every field; sent back with the ticked ones, they are written."""
        copies = self.get_queryset(request).select_related("library__server", "book")
        copy = copies.filter(pk=pk).first()
        if copy is None:
            raise Http404
        need(request, "books.correct_shelfcopy")
        try:
            if seen := request.POST.get("seen"):
                return self.corrected(request, copy, seen, request.POST.getlist("field"))
            return self.compare_page(request, copy, compare(copy))
        except TameError as error:
            return self.refused(request, copy, error)

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
        return self.page(
            request,
            "admin/books/shelfcopy/compare.html",
            f"“{copy.book}”: Audiobookshelf and TAME",
            copy=copy,
            found=found,
            seen=digest_of(found),
            back=self.url_of(copy),
        )
