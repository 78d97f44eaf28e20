"""A next step, and the links and buttons that it leads by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.urls import reverse


@dataclass(frozen=True)
class Link:
    """`is_post`: a button that does it, instead of a link that leads there. `permission`: what a
    person needs for it; without, it is not shown."""

    label: str
    url: str
    permission: str = ""
    is_post: bool = False


@dataclass(frozen=True)
class NextStep:
    sentence: str
    links: tuple[Link, ...] = ()


def link(label: str, name: str, permission: str = "") -> Callable[[], Link]:
    """Its address is looked up when it is needed: at import there are no addresses yet."""
    return lambda: Link(label, reverse(name), permission)


def page(row: Model, label: str = "") -> Link:
    """The row's own page."""
    app, model = row._meta.app_label, row._meta.model_name
    url = reverse(f"admin:{app}_{model}_change", args=[row.pk])
    return Link(label or f"Open {row}", url, f"{app}.view_{model}")


def do(row: Model, verb: str, label: str, permission: str) -> Link:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_do"
    return Link(label, reverse(name, args=[row.pk, verb]), permission, is_post=True)
