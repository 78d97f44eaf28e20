"""Who uses the admin in tests, and their browsers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client as Browser
from django.urls import reverse


def ann() -> User:
    """May do everything."""
    known = User.objects.filter(username="ann").first()
    return known or User.objects.create_superuser("ann", password="rose garden")


def bob(*permissions: str) -> User:
    """On the staff, with these permissions only, such as "downloads.pause_download"."""
    user, _ = User.objects.get_or_create(username="bob", defaults={"is_staff": True})
    for permission in permissions:
        app, codename = permission.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        user.user_permissions.add(found)
    return User.objects.get(pk=user.pk)


def browser(user: User | None = None, **how: Any) -> Browser:
    opened = Browser(**how)
    opened.force_login(user or ann())
    return opened


def messages(response: Any) -> list[str]:
    """What the page after a redirect says."""
    return [str(message) for message in response.context["messages"]]


def sent_by(form: Any) -> dict[str, Any]:
    """With what it hides beside its fields: what they showed."""
    sent = {form[name].html_name: form[name].value() for name in form.fields}
    shown = [form[name] for name, field in form.fields.items() if field.show_hidden_initial]
    return sent | {field.html_initial_name: field.value() for field in shown}


def choose(verb: str, *rows: Any, query: str = "", **more: Any) -> Any:
    """Tick the rows in their list, choose the action and press Go."""
    data = {"action": verb, "_selected_action": [row.pk for row in rows]} | more
    return browser().post(list_of(rows[0]) + query, data, follow=True)


def filled_in(answer: Any, **changed: Any) -> dict[str, Any]:
    """The form of the page as its browser would send it, with what a person changed."""
    form = answer.context["adminform"].form
    sent = sent_by(form)
    for inline in answer.context["inline_admin_formsets"]:
        for row in (inline.formset.management_form, *inline.formset.forms):
            sent |= sent_by(row)
    return {name: "" if value is None else value for name, value in (sent | changed).items()}


def page_of(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_of(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def button_of(row: Any, verb: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_do", args=[row.pk, verb])


def leads_back(address: str, *, to: str) -> bool:
    """What happens to whoever reloads an address that only a button posts to."""
    answer = browser().get(address, follow=True)
    said = messages(answer) == ["Press the button again: nothing was done."]
    return said and answer.redirect_chain == [(to, 302)]


def reload(row: Any, verb: str, user: User | None = None) -> Any:
    """The answer to the address that a button posted to, as the browser's *reload* asks for it."""
    return browser(user).get(button_of(row, verb), follow=True)
