"""Moving in, in the admin: say from where, look over what was read, store it with one press."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst

from books.models import MoveIn
from books.moving_forms import LineForm, ManyForm, StartForm
from books.moving_in.reading import begin_with_file, begin_with_folder, begin_with_shelf
from books.moving_in.storing import confirm
from books.moving_page import decide_many, save, shown
from tame.lib.admin.base import BaseAdmin
from tame.lib.errors import TameError


@admin.register(MoveIn)
class MoveInAdmin(BaseAdmin):
    """A row's page is its preview. Deleting one forgets what was read; books stay."""

    nothing_yet = "Nothing was read yet. Press “Add move”: you see all of it before it is stored."
    list_display = ["source", "kind", "by", "started_at", "stands"]
    ordering = ["-started_at"]

    @admin.display(description="Stands")
    def stands(self, run: MoveIn) -> str:
        if run.problem:
            return "could not be read"
        if run.read_at is None:
            return "is being read"
        if run.confirmed_at:
            return "is being stored"
        return "stored" if run.stored_at else "waits for you"

    # --- Begin --------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = StartForm(initial={"library": request.GET.get("library")})
        if request.method == "POST":
            form = StartForm(request.POST, request.FILES)
        if request.method == "POST" and form.is_valid():
            try:
                run = self.begin(form, request.user.get_username())
            except TameError as error:
                form.add_error(None, str(error))
            else:
                self.log_addition(request, run, "Began to move in.")
                return redirect(self.url_of(run))
        return self.page(
            request, "admin/books/movein/start.html", "Move in with the books you have", form=form
        )

    def begin(self, form: StartForm, by: str) -> MoveIn:
        given = form.cleaned_data
        if given["file"]:
            file = given["file"]
            return begin_with_file(file.name, file.file, by=by, kind=given["kind"])
        if given["shelf"]:
            return begin_with_shelf(given["shelf"], by=by)
        return begin_with_folder(given["folder"] or given["library"].root, by=by)

    # --- Look over ----------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        if run is None:
            raise Http404
        if request.method != "POST":
            return self.preview(request, run)
        if not self.has_change_permission(request, run):
            raise PermissionDenied
        return self.pressed(request, run)

    def preview(
        self, request: HttpRequest, run: MoveIn, forms: list[LineForm] | None = None
    ) -> HttpResponse:
        may_change = self.has_change_permission(request, run)
        context = shown(run, request.GET, forms or ())
        return self.page(
            request,
            "admin/books/movein/preview.html",
            capfirst(str(run)),
            run=run,
            original=run,
            may_change=may_change,
            **context,
        )

    def pressed(self, request: HttpRequest, run: MoveIn) -> HttpResponse:
        """One button of the page, by its name; what was corrected on it is kept with every one."""
        forms = save(run, request.POST)
        if any(form.errors for form in forms):
            messages.error(request, "Some lines cannot be kept as they are: see beside them.")
            return self.preview(request, run, forms)
        if "many" in request.POST:
            self.say_many(request, run)
        elif "store" in request.POST:
            self.store(request, run)
        else:
            messages.success(request, "Your corrections are kept.")
        if request.POST.get("next", "").isdecimal():
            show = request.GET.get("show", "all")
            return redirect(f"{request.path}?show={show}&p={request.POST['next']}")
        return redirect(request.get_full_path())

    def say_many(self, request: HttpRequest, run: MoveIn) -> None:
        form = ManyForm(request.POST)
        if form.is_valid():
            messages.success(request, f"{decide_many(run, form)} lines were decided.")

    def store(self, request: HttpRequest, run: MoveIn) -> None:
        try:
            sentence = confirm(run, actor=request.user.get_username())
        except TameError as error:
            messages.error(request, str(error))
            return
        self.log_change(request, run, sentence)
        messages.success(request, sentence)
