"""The pages behind a book's page: what moves on it, finding one, merging two, locking a value."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from books.asking import Outcome
from books.covers import picture_of
from books.filling import value_of
from books.finding import (
    Box,
    ask_sources,
    filler,
    read_box,
    sealed,
    unsealed,
    want_found,
    want_link,
)
from books.languages import LANGUAGES
from books.merging import alike
from books.metadata import Proposal
from books.models import Book
from books.origins import FIELDS, lock, shown, unlock
from books.source_verbs import unanswered
from downloads.merging import merge, plan
from tame import book_page, live
from tame.lib.admin.base import BaseAdmin, need
from tame.lib.admin.pressed import button_of_a_row
from tame.lib.errors import TameError
from tame.lib.pictures import TYPES
from tame.lib.sizes import lasting


class BookViews(BaseAdmin):
    """Each needs the permission for what it does, and to see the book."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/live/", wrap(self.live_view), name="books_book_live"),
            path("find/", wrap(self.find_view), name="books_book_find"),
            path("<int:pk>/merge/", wrap(self.merge_view), name="books_book_merge"),
            path("<int:pk>/cover/", wrap(self.cover_view), name="books_book_cover"),
            path("<int:pk>/lock/", wrap(self.lock_view), name="books_book_lock"),
            *super().get_urls(),
        ]

    @method_decorator(require_GET)
    def live_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        book = self.the_row(request, pk)
        now = book_page.live(book)
        if now["busy"]:
            live.watched()
        told = live.rows(now["active"]) + live.copies(now["imports"])
        return JsonResponse({"rows": told, "stamp": now["stamp"], "busy": now["busy"]})

    @method_decorator(require_GET)
    def cover_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """From here, never from the source: it does not learn who looks, and sets no cookies."""
        picture = picture_of(self.the_row(request, pk))
        if picture is None:
            raise Http404("There is no cover.")
        answer = HttpResponse(picture.content, content_type=TYPES[picture.kind])
        answer["Cache-Control"] = "private, max-age=86400"  # its address has a stamp
        return answer

    # --- Find ---------------------------------------------------------------------------------

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """Look for a book at the sources; one press wants it. A look asks them, so it is a POST."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        shown: dict[str, Any] = {"text": request.POST.get("text", ""), "by_hand": by_hand()}
        try:
            if request.method == "POST":
                box = read_box(shown["text"])
                if "want" in request.POST or "want_link" in request.POST:
                    return self.wanted(request, box)
                outcomes = ask_sources(box)
                shown |= {"box": box, "outcomes": found_by(outcomes)}
                shown["by_hand"] = by_hand(box)
                shown["filler"] = filler(box.pasted, outcomes) if box.pasted else ""
        except TameError as error:
            shown["error"] = str(error)
        shown["unanswered"] = unanswered()
        return self.page(request, "admin/books/book/find.html", "Find a book", **shown)

    def wanted(self, request: HttpRequest, box: Box) -> HttpResponse:
        actor = request.user.get_username()
        if box.pasted and "want_link" in request.POST:
            book, is_new = want_link(box.pasted, actor=actor)
            more = f" {filler(box.pasted)}"
        else:
            book, is_new = want_found(unsealed(request.POST["want"]), actor=actor)
            more = ""
        if is_new:
            self.log_addition(request, book, "Found at a source.")
        said = f"“{book}” is wanted.{more}" if is_new else f"“{book}” is here already."
        self.message_user(request, said, messages.SUCCESS)
        return redirect(self.url_of(book))

    # --- Merge --------------------------------------------------------------------------------

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Both side by side, what goes over, and what stands in the way; then it is done."""
        need(request, "books.change_book", "books.delete_book")
        keep = self.the_row(request, pk)
        typed = request.POST.get("other") or request.GET.get("other") or ""
        gone = other_book(typed)
        if typed and gone is None:
            self.message_user(request, f"There is no book {typed[:20]}.", messages.ERROR)
        if gone and request.method == "POST":
            return self.merged(request, keep, gone)
        return self.page(
            request,
            "admin/books/book/merge.html",
            "Merge two books",
            keep=keep,
            gone=gone,
            plan=plan(keep, gone) if gone else None,
            lines=beside(keep, gone) if gone else [],
            alike=alike(keep),
            back=self.url_of(keep),
        )

    def merged(self, request: HttpRequest, keep: Book, gone: Book) -> HttpResponse:
        try:
            sentence = merge(keep, gone, actor=request.user.get_username())
        except TameError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(f"{reverse('admin:books_book_merge', args=[keep.pk])}?other={gone.pk}")
        return self.told(request, keep, sentence)

    # --- Where its values come from -----------------------------------------------------------

    @button_of_a_row
    def lock_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One value: no source writes it any more, or one may again."""
        need(request, "books.change_book")
        book = self.the_row(request, pk)
        act, name = (lock, "lock") if "lock" in request.POST else (unlock, "unlock")
        try:
            return self.told(request, book, act(book, request.POST.get(name, "")))
        except TameError as error:
            return self.refused(request, book, error)


def by_hand(box: Box | None = None) -> str:
    """Where title and author are written down, filled in with what was typed."""
    address = reverse("admin:books_book_add")
    if box is None or box.pasted:
        return address
    return f"{address}?{urlencode(dict(zip(('title', 'authors'), box.named, strict=True)))}"


def found_by(outcomes: list[Outcome]) -> list[tuple[Outcome, list[tuple[Proposal, str]]]]:
    """With what each button sends."""
    return [(one, [(found, sealed(found)) for found in one.proposals]) for one in outcomes]


def other_book(text: str) -> Book | None:
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    return Book.objects.filter(pk=int(text)).first() if is_number else None


def beside(keep: Book, gone: Book) -> list[tuple[str, str, str]]:
    """Name and both values of all that either has."""
    names = {name: (value_of(keep, name), value_of(gone, name)) for name in FIELDS}
    return [
        (FIELDS[name], read_as(name, mine), read_as(name, theirs))
        for name, (mine, theirs) in names.items()
        if mine or theirs
    ]


def read_as(name: str, value: Any) -> str:
    if value and name == "expected_seconds":
        return lasting(value)
    if value and name == "language":
        return str(LANGUAGES.get(value, value))
    return shown(value or "")
