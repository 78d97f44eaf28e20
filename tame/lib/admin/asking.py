"""Show the rows and a form before a verb runs, and run it on exactly what was shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.forms import BooleanField, Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tame.lib.admin.verbs import Verb

MAX_ROWS = 200
EXAMPLES = 10
CARRIED = ("action", "select_across", "index", "_selected_action")


def too_many(admin: ModelAdmin, request: HttpRequest, total: int) -> bool:
    """Counted exactly: "select all" means every match, whatever the capped list says."""
    if total > MAX_ROWS:
        sentence = f"{total} rows are too many for one go. Narrow the list to {MAX_ROWS} first."
        admin.message_user(request, sentence, messages.ERROR)
    return total > MAX_ROWS


def ask(
    admin: ModelAdmin,
    request: HttpRequest,
    verb: Verb,
    rows: QuerySet[Any],
    *,
    total: int,
    back: str,
) -> dict[str, Any] | HttpResponse:
    """What the verb's form was filled in with, or the page that asks for it.

    The page posts to the address it came from, so that the list's filters hold, and carries the
    number of rows it showed: if that has changed meanwhile, it is shown again. `back`: where
    *Cancel* leads.
    """
    if verb.form is None:
        return {}
    confirmed = request.POST.get("confirmed")
    form = verb.form(request.POST if confirmed else None)
    if confirmed == str(total) and form.is_valid():
        return form.cleaned_data
    if confirmed and confirmed != str(total):
        changed = f"{confirmed} rows were shown, now there are {total}: nothing was done."
        admin.message_user(request, changed, messages.WARNING)
    context = {
        **admin.admin_site.each_context(request),
        "title": verb.label,
        "sure": verb.sure or verb.label,
        "opts": admin.opts,
        "form": ticks_without_colons(form),
        "media": admin.media + form.media,
        "total": total,
        "examples": rows[:EXAMPLES],
        "more": max(total - EXAMPLES, 0),
        "caution": verb.caution(rows),
        "carried": carried(request),
        "back": back,
    }
    return TemplateResponse(request, "admin/ask.html", context)


def ticks_without_colons(form: Form) -> Form:
    """What stands beside a tick box is a sentence, no name of a field."""
    for field in form.fields.values():
        if isinstance(field, BooleanField):
            field.label_suffix = ""
    return form


def carried(request: HttpRequest) -> Sequence[tuple[str, str]]:
    return [(name, value) for name in CARRIED for value in request.POST.getlist(name)]
