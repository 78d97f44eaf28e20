"""The preview of what moves in: fifty lines a page, each corrected before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from books.models import MoveIn, MoveInLine
from books.moving_forms import LineForm, ManyForm, said_of
from books.moving_models import Action, Match

A_PAGE = 50  # lines
UNDECIDED = Q(done_at=None, action=Action.UNDECIDED)
UNLOOKED = Q(done_at=None, library__isnull=False, seeds_looked_at=None) & ~Q(action=Action.SKIP)
SHOWN = {  # tab: what it shows
    "undecided": UNDECIDED,
    "new": Q(match=Match.NEW),
    "unsure": Q(match=Match.UNSURE),
    "same": Q(match=Match.SAME),
    "seeded": ~Q(seeds=[]),
    "done": Q(done_at__isnull=False),
    "all": Q(),
}
LABELS = {
    "undecided": "To decide", "new": "New", "unsure": "Unsure", "same": "Here already",
    "seeded": "Seeded", "done": "Stored", "all": "All",
}  # fmt: skip


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int
    is_open: bool


@dataclass
class Line:
    """`form`: none once it is stored."""

    line: MoveInLine
    form: LineForm | None

    @property
    def seeds(self) -> list[str]:
        """For a line that is only looked at."""
        return [
            f"{said_of(seed)}{'' if self.line.takes(seed['key']) else ' (not adopted)'}"
            for seed in self.line.seeds
        ]


def counts_of(run: MoveIn) -> dict[str, int]:
    """How many lines each tab has, and how many are ready; one query."""
    counted = {name: Count("pk", filter=q) for name, q in SHOWN.items() if name != "all"}
    counted["ready"] = Count("pk", filter=Q(done_at=None) & ~Q(action=Action.UNDECIDED))
    counted["unlooked"] = Count("pk", filter=UNLOOKED)
    counts: dict[str, int] = run.lines.aggregate(all=Count("pk"), **counted)
    return counts


def shown(run: MoveIn, asked: Mapping[str, str], forms: Sequence[LineForm] = ()) -> dict[str, Any]:
    """`forms`: of a page that was sent and has mistakes."""
    counts = counts_of(run)
    tab = asked.get("show", "")
    if tab not in SHOWN:
        tab = "undecided" if counts["undecided"] else "all"
    page = Paginator(rows(run).filter(SHOWN[tab]), A_PAGE).get_page(asked.get("p"))
    sent = {form.instance.pk: form for form in forms}
    return {
        "page": page,
        "lines": [Line(one, form_of(one, sent)) for one in page.object_list],
        "tab": tab,
        "tabs": [
            Tab(name, label, counts[name], name == tab)
            for name, label in LABELS.items()
            if counts[name] or name == tab
        ],
        "counts": counts,
        "many": ManyForm(),
        "adopted": adopted(run) if counts["done"] else 0,
        "is_busy": run.read_at is None or run.confirmed_at is not None,
    }


def rows(run: MoveIn) -> QuerySet[MoveInLine]:
    return run.lines.select_related("book", "library").order_by("pk")


def form_of(line: MoveInLine, sent: Mapping[int, LineForm]) -> LineForm | None:
    if line.done_at:
        return None
    return sent.get(line.pk) or LineForm(instance=line, prefix=f"line-{line.pk}")


def adopted(run: MoveIn) -> int:
    """Torrents that were found to seed its books."""
    lines = run.lines.exclude(copy=None).filter(copy__book__imports__download__adopted=True)
    found = lines.aggregate(n=Count("copy__book__imports__download", distinct=True))
    return int(found["n"])


# --- What was sent --------------------------------------------------------------------------------


def save(run: MoveIn, sent: QueryDict) -> list[LineForm]:
    """Keep the corrections of one page; the forms of it, of which some may have errors."""
    pks = [int(pk) for pk in sent.getlist("line") if pk.isdecimal()][:A_PAGE]
    forms = [
        LineForm(sent, instance=line, prefix=f"line-{line.pk}")
        for line in rows(run).filter(pk__in=pks, done_at=None)
    ]
    for form in forms:
        before = {name: getattr(form.instance, name) for name in form.Meta.fields}
        before |= {n: getattr(form.instance, n) for n in ("action", "book_id", "seeds_taken")}
        if form.is_valid() and form.decided() != before:
            open_ = MoveInLine.objects.filter(pk=form.instance.pk, done_at=None)
            open_.update(result="", **form.decided())
    return forms


def decide_many(run: MoveIn, form: ManyForm) -> int:
    """How many lines follow that word. What has no files here cannot be put on the shelf."""
    which = {"undecided": UNDECIDED, "new": Q(match=Match.NEW), "left": Q()}
    lines = run.lines.filter(which[form.cleaned_data["which"]], done_at=None)
    if form.cleaned_data["action"] == Action.SHELF:
        lines = lines.exclude(library=None)
    return lines.update(action=form.cleaned_data["action"], result="")
