"""What TAME's admin templates need beyond Django's."""

from __future__ import annotations

from typing import Any

from django import template

from books.languages import LANGUAGES
from downloads.seen import IN_WORDS
from downloads.states import State
from tame.lib.sizes import lasting, readable
from tame.next_step import next_step as compute

register = template.Library()


@register.filter
def duration(seconds: int) -> str:
    return lasting(seconds)


@register.filter
def size(count: int) -> str:
    return readable(count)


@register.filter
def in_words(client_state: str) -> str:
    """A state of qBittorrent as its own pages call it, more or less."""
    return IN_WORDS.get(client_state, client_state)


@register.filter
def state_label(state: str) -> str:
    """As the lists call it."""
    return str(dict(State.choices).get(state, state))


@register.filter
def language(code: str) -> str:
    return LANGUAGES.get(code, code)


@register.inclusion_tag("admin/next_step.html", takes_context=True)
def next_step(context: template.Context) -> dict[str, Any]:
    """What to do next, on the first page, lists and forms; of what this person may see."""
    user = context.get("user")
    is_form, is_list = "adminform" in context, "cl" in context
    if not (is_form or is_list or context.get("is_first_page")) or context.get("is_popup"):
        return {}
    if user is None or (is_form and context.get("add")):
        return {}
    step = compute(context.get("original") if is_form else None, user.has_perm)
    if step is None:
        return {}
    here = context["request"].path
    links = [
        link
        for link in step.links
        if link.url != here and (not link.permission or user.has_perm(link.permission))
    ]
    return {"step": step, "links": links}
