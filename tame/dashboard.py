"""The first page: what is wrong, what is under way, and how much of everything there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Count, Model, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from books.languages import LANGUAGES
from books.models import Book, ShelfServer
from books.source_verbs import unanswered
from downloads.choices import open_books
from downloads.copying import being_copied
from downloads.models import Client, Download, Import
from downloads.states import UNFINISHED, ImportState, State
from indexers.models import Indexer
from tame import live
from tame.lib.moments import moment
from tame.models import LocalClient, NamedLease, SchedulePreference, Switch
from tame.next_links import page
from tame.next_step import wanted
from tame.runners import CRASHED
from tame.schedules import SCHEDULES

SILENT_AFTER = timedelta(seconds=60)
SILENT = "The background worker does not answer: nothing is searched, pushed or followed."
LATE = timedelta(minutes=10)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EACH = 10  # of each kind that needs attention


@dataclass(frozen=True)
class Trouble:
    what: str
    sentence: str
    url: str


@dataclass(frozen=True)
class Number:
    """`label`: of any number but one, which has its own."""

    label: str
    count: int
    url: str
    of_one: str = ""

    def __str__(self) -> str:
        return self.of_one if self.of_one and self.count == 1 else self.label


def first_page(request: HttpRequest) -> dict[str, Any]:
    """What its template shows, for what this person may see."""
    may = request.user.has_perm
    sees_downloads = may("downloads.view_download")
    switch = Switch.objects.filter(pk=1).first() or Switch(pk=1)
    return {
        "is_first_page": True,
        "switch": switch,
        "may_switch": may("tame.change_switch"),
        "tell_of_plain_http": not switch.told_of_plain_http and is_readable_on_the_way(request),
        "languages": LANGUAGES if may("books.change_profile") and not switch.asked_language else {},
        "sources": unanswered() if may("books.change_metadatasource") else [],
        "worker_is_silent": worker_is_silent(),
        "has_no_client": not Client.objects.exists(),
        "asks_for_network": may("downloads.add_client") and own_is_cut_off(),
        "troubles": troubles(may),
        "numbers": numbers() if sees_downloads and may("books.view_book") else [],
        "under_way": under_way(may) if sees_downloads else [],
    }


def own_is_cut_off() -> bool:
    return any(row.is_cut_off for row in LocalClient.objects.filter(wanted=True))


def is_readable_on_the_way(request: HttpRequest) -> bool:
    """It came over http, and not from this very machine."""
    host = request.get_host().rsplit(":", 1)[0]
    return not request.is_secure() and host not in LOOPBACK


def worker_is_silent() -> bool:
    """The canary goes through the queue every few seconds; without an answer nothing works."""
    fresh = NamedLease.objects.filter(name="canary", until__gt=timezone.now() - SILENT_AFTER)
    return not fresh.exists()


def under_way(may: Callable[[str], bool]) -> list[dict[str, Any]]:
    """What is copied into a library, and what is downloaded."""
    copied = being_copied().select_related("book")[:EACH] if may("downloads.view_import") else []
    rows = Download.objects.filter(state__in=UNFINISHED).defer("decision")
    return live.copies(copied) + live.rows(rows.order_by("-progress", "pk")[:EACH])


# --- What needs attention -------------------------------------------------------------------------


def troubles(may: Callable[[str], bool]) -> list[Trouble]:
    found: list[list[Trouble]] = []
    if may("downloads.view_client"):
        found.append(of_services(Client.objects.defer("password", "api_key")))
    if may("indexers.view_indexer"):
        found.append(of_services(Indexer.objects.defer("key")))
    if may("books.view_shelfserver"):
        found.append(of_services(ShelfServer.objects.defer("key")))
    if may("tame.view_schedulepreference"):
        found.append(of_schedules())
    if may("downloads.view_download"):
        found.append([of_download(row) for row in fallen()])
    if may("downloads.view_import"):
        found.append([of_import(row) for row in not_imported()])
    return list(chain(*found))


def of_services(services: Iterable[Any]) -> list[Trouble]:
    found = []
    for service in services:
        sentence = service.last_error or getattr(service, "problem", "")
        if service.enabled and sentence:
            found.append(Trouble(str(service), sentence, page(service).url))
    return found


def of_schedules() -> list[Trouble]:
    """Those whose last run crashed, and those that stand still while others run."""
    rows = list(SchedulePreference.objects.filter(name__in=SCHEDULES, paused=False))
    newest = max((row.last_ended_at for row in rows if row.last_ended_at), default=None)
    return [
        Trouble(f"Schedule {row}", sentence, page(row).url)
        for row in rows
        if (sentence := trouble_of(row, newest))
    ]


def trouble_of(row: SchedulePreference, newest: datetime | None) -> str:
    """Compared with the others: a machine that slept makes all of them late, and none fail."""
    if row.last_result == CRASHED:
        return f"Its last run was {CRASHED}: a bug. The traceback is in TAME's log."
    every = timedelta(minutes=row.minutes or SCHEDULES[row.name][1])
    if newest and row.last_ended_at and newest - row.last_ended_at > 3 * every + LATE:
        return f"It has not ended a run since {moment(row.last_ended_at)}."
    return ""


def fallen() -> list[Download]:
    """Those that wait for a person first."""
    rows = Download.objects.defer("decision")
    held = rows.filter(state=State.HELD).order_by("-state_since")[:EACH]
    return [*held, *rows.filter(state=State.FAILED).order_by("-state_since")[:EACH]]


def not_imported() -> list[Import]:
    rows = Import.objects.filter(state__in=(ImportState.REVIEW, ImportState.FAILED))
    return list(rows.select_related("book").order_by("-state_since")[:EACH])


def of_import(row: Import) -> Trouble:
    return Trouble(
        f"Import of {row.book}", f"{row.get_state_display()}: {row.last_error}", page(row).url
    )


def of_download(download: Download) -> Trouble:
    said = f"{download.get_state_display()}: {download.last_error}"
    return Trouble(str(download), said, page(download).url)


# --- Numbers --------------------------------------------------------------------------------------


def numbers() -> list[Number]:
    """Each leads to the list that it counts; none on a first day, which has nothing to count."""
    states = Download.objects.filter(state__in=(*UNFINISHED, State.FAILED, State.HELD))
    counts = dict(states.order_by().values_list("state").annotate(n=Count("pk")))
    coming = sum(counts.get(state, 0) for state in UNFINISHED)
    books = Book.objects.aggregate(
        wanted=Count("pk", filter=wanted()),
        here=Count("pk", filter=Q(on_shelf=True, missing=False)),
    )
    to_here = "?on_shelf__exact=1&missing__exact=0"
    to_wanted = "?wish__exact=wanted&coming__exact=0&on_shelf__exact=0"
    choices = open_books().count()
    failed, held = counts.get(State.FAILED, 0), counts.get(State.HELD, 0)
    found = [
        Number("choices", choices, reverse("admin:choices"), "choice"),
        Number("books wanted", books["wanted"], to_list(Book) + to_wanted, "book wanted"),
        Number("downloads under way", coming, to_list(Download), "download under way"),
        Number("on the shelf", books["here"], to_list(Book) + to_here),
        Number("downloads failed", failed, of_state(State.FAILED), "download failed"),
        Number("downloads wait for you", held, of_state(State.HELD), "download waits for you"),
        *of_imports(),
    ]
    return found if any(number.count for number in found) else []


def of_imports() -> list[Number]:
    """Those that went wrong; most of the time there is none to count."""
    states = (ImportState.FAILED, ImportState.REVIEW)
    rows = Import.objects.filter(state__in=states).order_by()
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    labels = (("imports failed", "import failed"), ("imports wait for you", "import waits for you"))
    return [
        Number(label, counts[state], f"{to_list(Import)}?state__exact={state.value}", of_one)
        for (label, of_one), state in zip(labels, states, strict=True)
        if state in counts
    ]


def to_list(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def of_state(state: State) -> str:
    return f"{to_list(Download)}?state__exact={state.value}"
