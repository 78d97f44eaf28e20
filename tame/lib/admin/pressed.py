"""Addresses that only a button posts to. Reloaded or gone back to, they do nothing: they lead to
the page that the button stands on, and say so."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

NOT_PRESSED = "Press the button again: nothing was done."

View = Callable[..., HttpResponse]
get_or_post = method_decorator(require_http_methods(["GET", "POST"]))


def button_of_a_row(view: View) -> View:
    """A method of an admin, of the row with number `pk`. Who may see no row gets none."""

    @get_or_post
    @wraps(view)
    def answer(self: Any, request: HttpRequest, pk: int, **rest: Any) -> HttpResponse:
        if request.method == "POST":
            return view(self, request, pk, **rest)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return led_back(request, reverse(f"admin:{self.url_name('change')}", args=[pk]))

    return answer


def button_of_first_page(permission: str) -> Callable[[View], View]:
    """A method of the site, for those who have the permission."""

    def decorated(view: View) -> View:
        @get_or_post
        @wraps(view)
        def answer(self: Any, request: HttpRequest) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            if request.method == "POST":
                return view(self, request)
            return led_back(request, reverse("admin:index"))

        return answer

    return decorated


def led_back(request: HttpRequest, url: str) -> HttpResponse:
    messages.warning(request, NOT_PRESSED)
    return redirect(url)
