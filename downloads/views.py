"""The pages behind an import's page: which files are which book's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from downloads.assigning import assign, brings_too, can_be_assigned, pieces, stamp
from downloads.import_forms import BookForm
from downloads.models import Import
from downloads.reviewing import same_source
from tame.lib.admin.base import BaseAdmin
from tame.lib.errors import TameError


class ImportViews(BaseAdmin):
    """Each needs the permission for what it does, and to see the import."""

    def get_urls(self) -> list[URLPattern]:
        files = self.admin_site.admin_view(self.files_view)
        return [
            path("<int:pk>/files/", files, name="downloads_import_files"),
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
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": f"Which files are “{row.book}”?",
            "opts": self.opts,
            "row": row,
            "imports": imports,
            "pieces": pieces(row, imports),
            "stamp": stamp(row),
            "form": form,
            "media": self.media + form.media,
            "back": self.url_of(row),
        }
        return TemplateResponse(request, "admin/downloads/import/files.html", context)

    def the_import(self, request: HttpRequest, pk: int) -> Import:
        """Raises 404, or 403 for whoever may not decide about imports."""
        row = Import.objects.select_related("book", "download", "library").filter(pk=pk).first()
        if not self.has_view_permission(request) or not request.user.has_perm(
            "downloads.retry_import"
        ):
            raise PermissionDenied
        if row is None:
            raise Http404
        return row
