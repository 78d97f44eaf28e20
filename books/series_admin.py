"""Series and authors in the admin: every known volume in order, and what is wanted of them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from books.bells import DECIDE
from books.completing import add_volumes, recount
from books.following import ask_now, follow, unfollow
from books.known_volumes import missing, volumes_of, volumes_of_many
from books.models import Author, Credit, Series, Volume
from books.series_forms import (
    AuthorForm,
    SeriesForm,
    VolumeForm,
    VolumeForms,
    VolumesForm,
    WantMissingForm,
    is_changed,
)
from books.series_page import MISSING, ON_SHELF, counts, lines, lines_of, number_of
from books.volume_books import ask_for_author, of_nobody
from books.volume_facts import Followed
from books.volume_wishes import still_to_come, want_missing, want_volume
from tame.lib import bell
from tame.lib.admin.base import BaseAdmin
from tame.lib.admin.lists import YesNoMenu
from tame.lib.admin.pressed import button_of_a_row
from tame.lib.admin.verbs import Verb
from tame.lib.errors import TameError
from tame.lib.numbers import counted

NAMED = 12  # titles in the question before they are wanted
NOTHING_MISSING = "Nothing is missing, as far as it is known."


def ask_sources(row: Followed, *, actor: str) -> str:
    return ask_now(row).sentence


def what_is_missing(rows: QuerySet[Any]) -> str:
    """How many become wanted, and how fast they are taken."""
    volumes = [volume for row in rows for volume in missing(row)]
    unknown = of_nobody(volumes)
    wanted = [volume for volume in volumes if volume not in unknown]
    said = [ask_for_author(unknown)] if unknown else []
    if wanted:
        many = counted(len(wanted), "volume is", "volumes are")
        brakes = "How many TAME takes by itself in a day is held by the brakes."
        said = [f"{many} missing, to be wanted at once. {brakes}{still_to_come(wanted)}", *said]
    named = [str(volume) for volume in wanted[:NAMED]]
    if len(wanted) > NAMED:
        named.append(f"and {len(wanted) - NAMED} more")
    return "\n".join([" ".join(said) or NOTHING_MISSING, *named])


def add(row: Series, *, actor: str, volumes: list[tuple[str, str, int | None]]) -> str:
    return add_volumes(row, volumes)


def series_of(author: Author) -> list[Series]:
    theirs = Q(places__book__credits__author=author, places__book__credits__role=Credit.Role.AUTHOR)
    return list(Series.objects.filter(theirs).distinct())


def verbs_of(change: str) -> list[Verb]:
    return [
        Verb(
            "want_missing",
            "Want missing",
            "books.change_book",
            want_missing,
            "wanted whole",
            form=WantMissingForm,
            caution=what_is_missing,
        ),
        Verb("follow", "Follow", change, follow, "followed", fits=lambda row: not row.followed),
        Verb(
            "unfollow",
            "Follow no more",
            change,
            unfollow,
            "followed no more",
            fits=lambda row: row.followed,
        ),
        Verb("ask", "Ask the sources", change, ask_sources, "asked about"),
    ]


class VolumeInline(admin.TabularInline):  # type: ignore[type-arg]
    """What a person corrects here, no source writes over."""

    model = Volume
    form, formset = VolumeForm, VolumeForms
    verbose_name_plural = "correct the list"
    classes = ["collapse"]
    fields = ["position", "title", "authors", "published_on", "year", "asin", "left_out"]
    extra = 0
    can_delete = False


class WorkInline(VolumeInline):
    fk_name = "author"
    fields = ["title", "published_on", "year", "asin", "left_out"]


class FollowedAdmin(BaseAdmin):
    """Of people and series: both may have a profile for their books, and be followed."""

    list_select_related = ["profile"]
    list_filter = [("followed", YesNoMenu)]
    list_display = ["name", "followed", "known", "on_shelf", "lacking", "profile"]
    search_fields = ["name"]
    ordering = ["sort_name"]
    readonly_fields = ["followed", "next_ask_at", "asked_at", "asked_said"]
    fieldsets = [
        (None, {"fields": ["name", "sort_name", "other_names", "profile", "wants_new"]}),
        ("What the sources said", {"fields": ["asked_said", "asked_at", "next_ask_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["name", "sort_name", "other_names", "profile"]})]

    # --- List ---------------------------------------------------------------------------------

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What is known of the rows of this page, as their own pages say it."""
        found = super().get_changelist_instance(request)
        volumes = volumes_of_many(list(found.result_list))
        for row in found.result_list:
            row.counted = counts(lines(row, volumes[row.pk]))
        return found

    @admin.display(description="Known")
    def known(self, row: Any) -> int:
        return number_of(row.counted)

    @admin.display(description="On the shelf")
    def on_shelf(self, row: Any) -> int:
        return int(row.counted.get(ON_SHELF, 0))

    @admin.display(description="Missing")
    def lacking(self, row: Any) -> int:
        return int(row.counted.get(MISSING, 0))

    # --- Page ---------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        want = self.admin_site.admin_view(self.want_view)
        return [
            path("<int:pk>/volume/<int:volume>/want/", want, name=self.url_name("want_volume")),
            path("<int:pk>/book/<int:book>/want/", want, name=self.url_name("want_book")),
            *super().get_urls(),
        ]

    @button_of_a_row
    def want_view(
        self, request: HttpRequest, pk: int, volume: int | None = None, book: int | None = None
    ) -> HttpResponse:
        """One tap, one volume: of its own number, or the one that a book is."""
        if not (self.has_view_permission(request) and request.user.has_perm("books.change_book")):
            raise PermissionDenied
        row = get_object_or_404(self.model, pk=pk)
        known = volumes_of(row)
        wanted = next(
            (v for v in known if (v.pk if volume else v.book_id) == (volume or book)), None
        )
        if wanted is None:
            raise Http404
        try:
            said, level = want_volume(wanted, actor=request.user.get_username()), messages.SUCCESS
        except TameError as error:
            said, level = str(error), messages.ERROR
        self.message_user(request, said, level)
        return redirect(self.url_of(row))

    def panels(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        shown = lines_of(row)
        return {
            "lines": shown,
            "counts": counts(shown),
            "is_series": isinstance(row, Series),
            "series": [] if isinstance(row, Series) else series_of(row),
            "want_volume": f"admin:{self.url_name('want_volume')}",
            "want_book": f"admin:{self.url_name('want_book')}",
            "may_want": request.user.has_perm("books.change_book"),
        }

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        bell.ring(DECIDE)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """What a person wrote is theirs from now on."""
        for one in formset.forms:
            if one.has_changed() and is_changed(one):
                one.instance.by_person = True
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        recount(form.instance)


class SeriesAdmin(FollowedAdmin):
    nothing_yet = "No series is here yet. They come with their books; add one to follow it."
    verbs = [
        *verbs_of("books.change_series"),
        Verb(
            "add",
            "Add volumes",
            "books.change_series",
            add,
            "added to",
            form=VolumesForm,
            in_list=False,
        ),
    ]
    form = SeriesForm
    inlines = [VolumeInline]


class AuthorAdmin(FollowedAdmin):
    nothing_yet = "No author is here yet. They come with their books; add one to follow them."
    verbs = verbs_of("books.change_author")
    form = AuthorForm
    inlines = [WorkInline]
