"""The pages of imports: which files are which book's, a folder or a torrent by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from downloads.assigning import assign, brings_too, can_be_assigned, pieces, stamp
from downloads.by_hand import adopt, foreign, import_folder, preview, shown_for
from downloads.import_forms import BookForm, FolderForm, TorrentForm
from downloads.models import Import
from downloads.reviewing import same_source
from tame.lib.admin.base import BaseAdmin, need
from tame.lib.errors import TameError


class ImportViews(BaseAdmin):
    """Each needs the permission for what it does, and to see the import."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/files/", wrap(self.files_view), name="downloads_import_files"),
            path("folder/", wrap(self.folder_view), name="downloads_import_folder"),
            path("torrent/", wrap(self.torrent_view), name="downloads_import_torrent"),
            *super().get_urls(),
        ]

    def files_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.the_import(request, pk)
        if not can_be_assigned(row):
            self.message_user(request, f"“{row.book}” waits no longer.", messages.WARNING)
            return redirect(self.url_of(row))
        if request.method == "POST":
            return self.files_said(request, row)
        return self.files_page(request, row, BookForm())

    # --- By hand --------------------------------------------------------------------------------

    def folder_view(self, request: HttpRequest) -> HttpResponse:
        """What a folder would be is shown before anything is stored."""
        self.need_by_hand(request)
        form = FolderForm(request.POST if request.method == "POST" else None)
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            folder, book = form.cleaned_data["folder"], form.chosen()
            try:
                if "import" in request.POST and book is not None:
                    row = import_folder(folder, book, actor=request.user.get_username())
                    return self.begun(request, row, f"Imported from {folder}.")
                shown = preview(folder, book)
                context |= {"shown": shown, "books": shown_for(shown.books)}
            except TameError as error:
                self.message_user(request, str(error), messages.ERROR)
        template = "admin/downloads/import/folder.html"
        return self.page(request, template, "Import a folder", **context)

    def torrent_view(self, request: HttpRequest) -> HttpResponse:
        self.need_by_hand(request)
        form = TorrentForm(request.POST if request.method == "POST" else None)
        book_form = BookForm(request.POST if "adopt" in request.POST else None)
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            client, words = form.cleaned_data["client"], form.cleaned_data["words"]
            torrent = request.POST.get("torrent", "")
            try:
                if book_form.is_bound and book_form.is_valid() and torrent:
                    book, actor = book_form.cleaned_data["book"], request.user.get_username()
                    row = adopt(client, torrent, book, actor=actor)
                    return self.begun(request, row, f"Adopted from {client}.")
                if "adopt" in request.POST and not torrent:
                    self.message_user(request, "Choose a torrent.", messages.ERROR)
                context["torrents"] = foreign(client, words)
            except TameError as error:
                self.message_user(request, str(error), messages.ERROR)
        context |= {"book_form": book_form, "media": self.media + book_form.media}
        context["chosen"] = request.POST.get("torrent", "")
        template = "admin/downloads/import/torrent.html"
        return self.page(request, template, "Import a torrent", **context)

    def need_by_hand(self, request: HttpRequest) -> None:
        need(request, "downloads.import_by_hand")
        if not self.has_view_permission(request):
            raise PermissionDenied

    def begun(self, request: HttpRequest, row: Import, what: str) -> HttpResponse:
        self.log_change(request, row, what)
        self.message_user(request, f"“{row.book}” is imported next.", messages.SUCCESS)
        return redirect(self.url_of(row))

    # --- Whose files ----------------------------------------------------------------------------

    def files_said(self, request: HttpRequest, row: Import) -> HttpResponse:
        actor, more = request.user.get_username(), "another" in request.POST
        form = BookForm(request.POST if more else None)
        if more and not form.is_valid():
            return self.files_page(request, row, form)
        try:
            if more:
                said = brings_too(row, form.cleaned_data["book"], actor=actor)
            else:
                said = assign(row, request.POST.dict(), actor=actor)
        except TameError as error:
            self.message_user(request, str(error), messages.ERROR)
            return self.files_page(request, row, BookForm())
        self.log_change(request, row, said)
        self.message_user(request, said, messages.SUCCESS)
        if more:
            return redirect("admin:downloads_import_files", row.pk)
        return redirect(self.url_of(row))

    def files_page(self, request: HttpRequest, row: Import, form: BookForm) -> HttpResponse:
        imports = same_source(row)
        return self.page(
            request,
            "admin/downloads/import/files.html",
            f"Which files are “{row.book}”?",
            row=row,
            imports=imports,
            pieces=pieces(row, imports),
            stamp=stamp(row),
            form=form,
            back=self.url_of(row),
        )

    def the_import(self, request: HttpRequest, pk: int) -> Import:
        """Raises 404, or 403 for whoever may not decide about imports."""
        need(request, "downloads.retry_import")
        row: Import = self.the_row(request, pk)
        return row
