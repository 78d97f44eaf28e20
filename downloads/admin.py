"""Downloads and imports in the admin: what is where, why, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from downloads.actions import DOWNLOADS, IMPORTS
from downloads.assigning import can_be_assigned
from downloads.believed import HOWS
from downloads.client_admin import ClientAdmin
from downloads.copying import is_being_copied
from downloads.forms import SeedingForm
from downloads.models import Brakes, Client, Download, Import, Seeding
from downloads.reviewing import compare, same_source
from downloads.seeding import about_to_end
from downloads.standing import standing
from downloads.states import IMPORT_LIVE, UNFINISHED, ImportState, State
from downloads.two_orders import two_orders
from downloads.views import ImportViews
from tame import live
from tame.choices_page import parts_of
from tame.lib import bell
from tame.lib.admin.base import ReadOnlyAdmin
from tame.lib.admin.lists import ChoicesMenu, Menu, RelatedMenu, Tab, TabbedAdmin, tabs_of_states
from tame.lib.admin.one_row import OneRowAdmin
from tame.lib.admin.verbs import Said, Verb
from tame.lib.numbers import counted
from tame.runners import GO_ON, everything_is_paused

GRAB = "downloads.tasks.grab"
LEFT_TO_TASKS = {"push", "retry", "next_best", "pause", "resume", "cancel"}
SHOWN_FIRST = (
    ImportState.REVIEW, ImportState.FAILED, ImportState.PENDING, ImportState.PLACED,
    ImportState.SHELVED, ImportState.UNDONE, ImportState.DROPPED,
)  # fmt: skip
COUNTED = (*UNFINISHED, State.FAILED, State.HELD)  # few rows; counting the others would cost

admin.site.register(Client, ClientAdmin)


def promised(verb: Verb) -> Verb:
    """The verb, which says so while a pause of everything keeps the tasks from its work."""

    def act(row: Any, **asked: Any) -> Said:
        said = verb.act(row, **asked)
        return f"{said} {GO_ON}" if everything_is_paused() else said

    return replace(verb, act=act) if verb.name in LEFT_TO_TASKS else verb


class RetryIsDue(Menu, admin.SimpleListFilter):
    title = "retry"
    parameter_name = "retry"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("due", "is due"), ("later", "later")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Download]) -> QuerySet[Download]:
        failed, now = queryset.filter(state=State.FAILED), timezone.now()
        if self.value() == "due":
            return failed.filter(retry_at__lte=now)
        return failed.filter(retry_at__gt=now) if self.value() == "later" else queryset


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin, TabbedAdmin, ImportViews):
    nothing_yet = "Nothing was imported yet. What TAME downloads is imported by itself."
    verbs = IMPORTS
    list_display = ["book", "state", "last_error", "final_folder", "source", "state_since"]
    list_select_related = ["book", "download"]
    list_filter = [("doubt", ChoicesMenu)]
    search_fields = ["book__title"]
    ordering = ["-pk"]
    fieldsets = [
        (None, {"fields": ["book", "source", "state"]}),
        (
            "Details",
            {
                "classes": ["collapse"],
                "fields": [
                    "library", "mapped_path", "final_folder", "retry_at", "doubt", "overruled",
                    "copy", "replaces", "then",
                ],
            },
        ),
    ]  # fmt: skip

    @admin.display(description="Comes from")
    def source(self, row: Import) -> str:
        return str(row.download or row.source_folder)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        rows = super().get_queryset(request).select_related("book", "download__client", "library")
        return rows.defer("download__decision", "download__client__password",
                          "download__client__api_key")  # fmt: skip

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        by_hand = request.user.has_perm("downloads.import_by_hand")
        return super().changelist_view(request, {"by_hand": by_hand} | (extra_context or {}))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        return tabs_of_states(Import.objects.all(), SHOWN_FIRST, IMPORT_LIVE)

    def panels(self, request: HttpRequest, row: Import) -> dict[str, Any]:
        waits = row.state in (ImportState.REVIEW, ImportState.FAILED)
        may_decide = request.user.has_perm("downloads.retry_import")
        return {
            "waits": waits,
            "compared": compare(row) if waits else [],
            "orders": [one for one in two_orders(row) if one.differs] if waits else [],
            "beside": [one for one in same_source(row) if one.pk != row.pk] if waits else [],
            "files_url": reverse("admin:downloads_import_files", args=[row.pk])
            if may_decide and can_be_assigned(row)
            else "",
            "copied": live.copies([row]),
            "manifest": row.manifest,
            "history": row.history.all()[:50],
        }


@admin.register(Brakes)
class BrakesAdmin(OneRowAdmin):
    fields = ["grabs_a_day", "gigabytes_a_day", "reserve_gigabytes"]

    def save_model(self, request: HttpRequest, obj: Brakes, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        bell.ring(GRAB)


@admin.register(Seeding)
class SeedingAdmin(OneRowAdmin):
    form = SeedingForm
    fieldsets = [
        (
            "How long a torrent seeds at least",
            {
                "description": "Where no indexer asks for more. Empty: it has no end.",
                "fields": ["ratio_goal", "seed_goal", "seed_both"],
            },
        ),
        ("What becomes of it then", {"fields": ["when_met"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Seeding, form: Any, change: bool) -> None:
        """Says how many it would end, so that nobody is surprised within the next minutes."""
        super().save_model(request, obj, form, change)
        if count := about_to_end(obj, Client.objects.all()):
            said = counted(count, "torrent has", "torrents have")
            said += " seeded for that long: what is chosen here comes soon."
            self.message_user(request, said, messages.WARNING)


@admin.register(Download)
class DownloadAdmin(TabbedAdmin):
    nothing_yet = "Nothing was grabbed yet. “Grab” stands on a book's page, at what was found."
    verbs = [promised(verb) for verb in DOWNLOADS]
    list_display = ["title", "state_shown", "progress_shown", "trouble", "indexer_name", "added_at"]
    list_select_related = ["client", "indexer"]
    list_filter = [("client", RelatedMenu), ("indexer", RelatedMenu), RetryIsDue]
    search_fields = ["hash_v1__exact", "hash_v2__exact", "client_hash__exact", "title"]
    search_help_text = "Words of its title, or a whole info hash in small letters."
    ordering = ["-added_at"]
    fieldsets = [
        (None, {"fields": ["priority"]}),
        (
            "Details",
            {
                "classes": ["collapse"],
                "fields": [
                    "client", "indexer_name", "asked_by", "added_at", "category", "save_path",
                    "content_path", "hash_v1", "hash_v2", "client_hash", "adopted", "client_state",
                    "client_wish", "client_agrees_at", "attempts", "retry_at", "ratio",
                    "ratio_goal", "seed_goal", "seed_both", "seed_end", "confirmed_at",
                    "completed_at",
                ],
            },
        ),
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A person says how urgent it is; the rest moves by itself or by a button."""
        return [field.name for field in self.opts.fields if field.name != "priority"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was done stays on record; a download is cancelled."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Download]:
        rows = super().get_queryset(request).select_related("client", "indexer")
        return rows.defer("decision", "client__password", "client__api_key", "indexer__key")

    # --- List ---------------------------------------------------------------------------------

    @admin.display(description="State", ordering="state")
    def state_shown(self, download: Download) -> str:
        return render_to_string("admin/state.html", {"row": live.row(download)})

    @admin.display(description="Progress")
    def progress_shown(self, download: Download) -> str:
        return render_to_string("admin/progress.html", {"row": live.row(download)})

    @admin.display(description="Trouble")
    def trouble(self, download: Download) -> str:
        is_in_trouble = download.state in (State.FAILED, State.HELD, State.ABANDONED)
        return download.warning or (download.last_error if is_in_trouble else "")

    def tabs(self, request: HttpRequest) -> list[Tab]:
        return tabs_of_states(Download.objects.all(), State, COUNTED)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        extra = {"live_url": reverse("admin:downloads_download_live")} | (extra_context or {})
        return super().changelist_view(request, extra)

    # --- A download's page ----------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("live/", wrap(self.live_view), name="downloads_download_live"),
            path("<int:pk>/live/", wrap(self.one_live_view), name="downloads_download_one_live"),
            *super().get_urls(),
        ]

    @method_decorator(require_GET)
    def live_view(self, request: HttpRequest) -> JsonResponse:
        """The rows of a list; its ticks and its order stay as they are."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        wanted = request.GET.get("ids", "").split(",")[: self.list_max_show_all]
        rows = Download.objects.filter(pk__in=[int(pk) for pk in wanted if pk.isdigit()])
        copied = live.copies_of(wanted)
        stamp = ",".join(str(row.pk) for row in copied)  # one that has ended leads somewhere
        return JsonResponse(live.answer(list(rows.defer("decision")), copied, stamp))

    @method_decorator(require_GET)
    def one_live_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        download = self.the_row(request, pk)
        coming = deliveries(download)
        is_here = download.state == State.COMPLETED
        stamp = stamp_of(download, coming)
        return JsonResponse(live.answer([download], coming if is_here else [], stamp))

    def panels(self, request: HttpRequest, row: Download) -> dict[str, Any]:
        coming = deliveries(row)
        return {
            "row": live.row(row),
            "stamp": stamp_of(row, coming),
            "deliveries": coming,
            "copied": live.copies(coming),
            "history": row.history.all()[:200],
            "believed": row.decision,
            "how": HOWS.get(row.decision.get("how", "")),
            "score": parts_of(row.decision.get("parts", {})),
            "published": parse_datetime(row.decision.get("published") or ""),
            "is_in_trouble": bool(self.trouble(row)),
            "seeding": standing(row),
        }


def deliveries(download: Download) -> list[Import]:
    return list(download.imports.select_related("book"))


def stamp_of(download: Download, coming: list[Import]) -> str:
    """Changes whenever the page would say something else than its figures."""
    last = download.history.values_list("pk", flat=True).first()
    states = ",".join(f"{row.pk}{row.state}{is_being_copied(row)}" for row in coming)
    return f"{download.state}:{download.is_paused}:{download.warning}:{last}:{states}"
