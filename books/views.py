"""The pages behind a book's page: what moves on it, and what a person does with a release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from books.asking import Outcome, unanswered
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
from books.forms import BlockForm, GivenForm
from books.languages import LANGUAGES
from books.merging import alike
from books.metadata import Proposal
from books.models import Book
from books.origins import FIELDS, lock, shown, unlock
from downloads.approve import correct_choice, take_by_hand
from downloads.grab import add_torrent, grounds_against
from downloads.merging import merge, plan
from downloads.models import Download
from indexers.labels import block, not_this_one, pass_over_no_longer, this_is_right, unblock
from indexers.models import Block, Release
from tame import book_page, live
from tame.lib.admin.base import BaseAdmin
from tame.lib.admin.pressed import button_of_a_row
from tame.lib.errors import TameError
from tame.lib.pictures import TYPES
from tame.lib.sizes import lasting

WORDS = {"right": this_is_right, "wrong": not_this_one, "again": pass_over_no_longer}


class BookViews(BaseAdmin):
    """Each needs the permission for what it does, and to see the book."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        one = "<int:pk>/release/<int:release>"
        return [
            path("<int:pk>/live/", wrap(self.live_view), name="books_book_live"),
            path("<int:pk>/give/", wrap(self.give_view), name="books_book_give"),
            path("find/", wrap(self.find_view), name="books_book_find"),
            path("<int:pk>/merge/", wrap(self.merge_view), name="books_book_merge"),
            path("<int:pk>/cover/", wrap(self.cover_view), name="books_book_cover"),
            path("<int:pk>/lock/", wrap(self.lock_view), name="books_book_lock"),
            path(f"{one}/grab/", wrap(self.grab_view), name="books_book_grab"),
            path(f"{one}/anyway/", wrap(self.anyway_view), name="books_book_anyway"),
            path(f"{one}/block/", wrap(self.block_view), name="books_book_block"),
            path(
                "<int:pk>/unblock/<int:block>/", wrap(self.unblock_view), name="books_book_unblock"
            ),
            path(f"{one}/label/", wrap(self.label_view), name="books_book_label"),
            *super().get_urls(),
        ]

    @method_decorator(require_GET)
    def live_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        book = self.the_book(request, pk)
        now = book_page.live(book)
        if now["busy"]:
            live.watched()
        told = live.rows(now["active"]) + live.copies(now["imports"])
        return JsonResponse({"rows": told, "stamp": now["stamp"], "busy": now["busy"]})

    @method_decorator(require_GET)
    def cover_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """From here, never from the source: it does not learn who looks, and sets no cookies."""
        picture = picture_of(self.the_book(request, pk))
        if picture is None:
            raise Http404("There is no cover.")
        answer = HttpResponse(picture.content, content_type=TYPES[picture.kind])
        answer["Cache-Control"] = "private, max-age=86400"  # its address has a stamp
        return answer

    # --- Take ---------------------------------------------------------------------------------

    @button_of_a_row
    def grab_view(self, request: HttpRequest, pk: int, release: int) -> HttpResponse:
        book, chosen = self.both(request, pk, release, "indexers.grab_release")
        if grounds_against(book, chosen):  # it was judged otherwise when the page was made
            return redirect("admin:books_book_anyway", pk, release)
        return self.taken(
            request,
            book,
            lambda actor: take_by_hand(book, chosen, actor=actor),
            f"Grab {chosen}",
        )

    def anyway_view(self, request: HttpRequest, pk: int, release: int) -> HttpResponse:
        """What speaks against it is shown once more; then it is taken, and that is noted."""
        book, chosen = self.both(request, pk, release, "indexers.grab_release")
        if request.method != "POST":
            against = grounds_against(book, chosen)
            return self.asked(request, book, chosen, "Grab anyway", against=against)
        return self.taken(
            request,
            book,
            lambda actor: take_by_hand(book, chosen, actor=actor, anyway=True),
            f"Grab anyway {chosen}",
        )

    @button_of_a_row
    def give_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A .torrent, a magnet or a link that a person has."""
        need(request, "indexers.grab_release")
        book = self.the_book(request, pk)
        form = GivenForm(request.POST, request.FILES)
        if not form.is_valid():
            for errors in form.errors.values():
                self.message_user(request, " ".join(map(str, errors)), messages.ERROR)
            return redirect(self.url_of(book))
        given = form.cleaned_data["given"]
        return self.taken(
            request, book, lambda actor: add_torrent(book, given, actor=actor), "Give a torrent"
        )

    def taken(
        self, request: HttpRequest, book: Book, take: Callable[[str], Download], what: str
    ) -> HttpResponse:
        """On to the download, which says what happens next; or back, with the sentence."""
        try:
            download = take(request.user.get_username())
        except TameError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(self.url_of(book))
        self.log_change(request, book, f"{what}.")
        self.message_user(request, f"“{download}” is queued for “{book}”.", messages.SUCCESS)
        if request.user.has_perm("downloads.view_download"):
            return redirect("admin:downloads_download_change", download.pk)
        return redirect(self.url_of(book))

    # --- Say a word ---------------------------------------------------------------------------

    def block_view(self, request: HttpRequest, pk: int, release: int) -> HttpResponse:
        book, chosen = self.both(request, pk, release, "indexers.add_block")
        form = BlockForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return self.asked(request, book, chosen, "Block", form=form)
        given = form.cleaned_data
        correct_choice(book, chosen)
        return self.told(
            request,
            book,
            block(
                chosen,
                book=None if given["everywhere"] else book,
                reason=given["reason"],
                days=given["days"],
                actor=request.user.get_username(),
            ),
        )

    @button_of_a_row
    def unblock_view(self, request: HttpRequest, pk: int, block: int) -> HttpResponse:
        need(request, "indexers.delete_block")
        book = self.the_book(request, pk)
        row = Block.objects.filter(Q(book=None) | Q(book=book), pk=block).select_related("book")
        if (found := row.first()) is None:
            self.message_user(request, "It is blocked no longer.", messages.WARNING)
            return redirect(self.url_of(book))
        return self.told(request, book, unblock(found))

    @button_of_a_row
    def label_view(self, request: HttpRequest, pk: int, release: int) -> HttpResponse:
        book, chosen = self.both(request, pk, release, "indexers.label_release")
        word = WORDS.get(request.POST.get("word", ""))
        if word is None:
            raise Http404
        if word is not_this_one:
            correct_choice(book, chosen)
        return self.told(request, book, word(book, chosen, actor=request.user.get_username()))

    def told(self, request: HttpRequest, book: Book, sentence: str) -> HttpResponse:
        self.log_change(request, book, sentence)
        self.message_user(request, sentence, messages.SUCCESS)
        return redirect(self.url_of(book))

    def asked(
        self, request: HttpRequest, book: Book, release: Release, title: str, **more: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "book": book,
            "release": release,
            "back": self.url_of(book),
            **more,
        }
        return TemplateResponse(request, "admin/books/book/ask.html", context)

    # --- Find ---------------------------------------------------------------------------------

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """Look for a book at the sources; one press wants it. A look asks them, so it is a POST."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        shown: dict[str, Any] = {"text": request.POST.get("text", "")}
        try:
            if request.method == "POST":
                box = read_box(shown["text"])
                if "want" in request.POST or "want_link" in request.POST:
                    return self.wanted(request, box)
                shown |= {"box": box, "outcomes": found_by(ask_sources(box))}
                shown["filler"] = filler(box.pasted) if box.pasted else ""
        except TameError as error:
            shown["error"] = str(error)
        context = {
            **self.admin_site.each_context(request),
            "title": "Find a book",
            "opts": self.opts,
            "unanswered": unanswered(),
            **shown,
        }
        return TemplateResponse(request, "admin/books/book/find.html", context)

    def wanted(self, request: HttpRequest, box: Box) -> HttpResponse:
        if box.pasted and "want_link" in request.POST:
            book, is_new = want_link(box.pasted)
            more = f" {filler(box.pasted)}"
        else:
            book, is_new = want_found(unsealed(request.POST["want"]))
            more = ""
        if is_new:
            self.log_addition(request, book, "Found at a source.")
        said = f"“{book}” is wanted.{more}" if is_new else f"“{book}” is here already."
        self.message_user(request, said, messages.SUCCESS)
        return redirect(self.url_of(book))

    # --- Merge --------------------------------------------------------------------------------

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Both side by side, what goes over, and what stands in the way; then it is done."""
        for permission in ("books.change_book", "books.delete_book"):
            need(request, permission)
        keep = self.the_book(request, pk)
        typed = request.POST.get("other") or request.GET.get("other") or ""
        gone = other_book(typed)
        if typed and gone is None:
            self.message_user(request, f"There is no book {typed[:20]}.", messages.ERROR)
        if gone and request.method == "POST":
            return self.merged(request, keep, gone)
        context = {
            **self.admin_site.each_context(request),
            "title": "Merge two books",
            "opts": self.opts,
            "keep": keep,
            "gone": gone,
            "plan": plan(keep, gone) if gone else None,
            "lines": beside(keep, gone) if gone else [],
            "alike": alike(keep),
            "back": self.url_of(keep),
        }
        return TemplateResponse(request, "admin/books/book/merge.html", context)

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
        book = self.the_book(request, pk)
        act, name = (lock, "lock") if "lock" in request.POST else (unlock, "unlock")
        try:
            sentence = act(book, request.POST.get(name, ""))
        except TameError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(self.url_of(book))
        return self.told(request, book, sentence)

    # --- What it is about ---------------------------------------------------------------------

    def both(
        self, request: HttpRequest, pk: int, release: int, permission: str
    ) -> tuple[Book, Release]:
        need(request, permission)
        book = self.the_book(request, pk)
        found = Release.objects.select_related("indexer").filter(pk=release).first()
        if found is None:
            raise Http404("This release is listed no longer.")
        return book, found

    def the_book(self, request: HttpRequest, pk: int) -> Book:
        """Raises 404, or 403 for whoever may not see it."""
        book: Book | None = self.get_queryset(request).filter(pk=pk).first()
        if not self.has_view_permission(request, book):
            raise PermissionDenied
        if book is None:
            raise Http404
        return book


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


def need(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
