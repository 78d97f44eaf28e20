"""What a person does with a release on a book's page: take it, block it, say what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from books.forms import BlockForm, GivenForm
from books.models import Book
from downloads.approve import correct_choice, take_by_hand
from downloads.grab import add_torrent, grounds_against
from downloads.models import Download
from indexers.labels import block, not_this_one, pass_over_no_longer, this_is_right, unblock
from indexers.models import Block, Release
from tame.lib.admin.asking import ticks_without_colons
from tame.lib.admin.base import BaseAdmin, need
from tame.lib.admin.pressed import button_of_a_row
from tame.lib.errors import TameError

WORDS = {"right": this_is_right, "wrong": not_this_one, "again": pass_over_no_longer}


class ReleaseViews(BaseAdmin):
    """Each needs the permission for what it does, and to see the book."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        one = "<int:pk>/release/<int:release>"
        unblock = "<int:pk>/unblock/<int:block>/"
        return [
            path("<int:pk>/give/", wrap(self.give_view), name="books_book_give"),
            path(f"{one}/grab/", wrap(self.grab_view), name="books_book_grab"),
            path(f"{one}/anyway/", wrap(self.anyway_view), name="books_book_anyway"),
            path(f"{one}/block/", wrap(self.block_view), name="books_book_block"),
            path(unblock, wrap(self.unblock_view), name="books_book_unblock"),
            path(f"{one}/label/", wrap(self.label_view), name="books_book_label"),
            *super().get_urls(),
        ]

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
        book = self.the_row(request, pk)
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
            return self.refused(request, book, error)
        self.log_change(request, book, f"{what}.")
        self.message_user(request, f"“{download}” is queued for “{book}”.", messages.SUCCESS)
        if request.user.has_perm("downloads.view_download"):
            return redirect("admin:downloads_download_change", download.pk)
        return redirect(self.url_of(book))

    # --- Say a word ---------------------------------------------------------------------------

    def block_view(self, request: HttpRequest, pk: int, release: int) -> HttpResponse:
        book, chosen = self.both(request, pk, release, "indexers.add_block")
        form = BlockForm(request.POST if request.method == "POST" else None)
        ticks_without_colons(form)
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
        book = self.the_row(request, pk)
        row = Block.objects.filter(Q(book=None) | Q(book=book), pk=block).select_related("book")
        if (found := row.first()) is None:
            self.message_user(request, "It is blocked no longer.", messages.WARNING)
            return redirect(self.url_of(book))
        return self.told(request, book, unblock(found, actor=request.user.get_username()))

    @button_of_a_row
    def label_view(self, request: HttpRequest, pk: int, release: int) -> HttpResponse:
        book, chosen = self.both(request, pk, release, "indexers.label_release")
        word = WORDS.get(request.POST.get("word", ""))
        if word is None:
            raise Http404
        if word is not_this_one:
            correct_choice(book, chosen)
        return self.told(request, book, word(book, chosen, actor=request.user.get_username()))

    def asked(
        self, request: HttpRequest, book: Book, release: Release, title: str, **more: Any
    ) -> HttpResponse:
        more |= {"book": book, "release": release, "back": self.url_of(book)}
        return self.page(request, "admin/books/book/ask.html", title, **more)

    def both(
        self, request: HttpRequest, pk: int, release: int, permission: str
    ) -> tuple[Book, Release]:
        need(request, permission)
        book = self.the_row(request, pk)
        found = Release.objects.select_related("indexer").filter(pk=release).first()
        if found is None:
            raise Http404("This release is listed no longer.")
        return book, found
