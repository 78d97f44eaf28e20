"""What every answer of the web process has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.request import split_domain_port
from django.template.loader import render_to_string

Answer = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


class ContentSecurityPolicy:
    """Scripts and styles come from our own files only; nothing inline."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class SubPath:
    """Behind a proxy at /some/path, whether or not the proxy takes that path off."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        prefix = settings.FORCE_SCRIPT_NAME or ""
        if prefix and f"{request.path_info}/".startswith(f"{prefix}/"):
            request.path = request.path_info
            request.path_info = request.path_info.removeprefix(prefix) or "/"
        return self.get_response(request)


class WrongHost:
    """A wrong Host gets a page that says which line to change, not Django's bare 400."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            context = lines_for(request.META) | {"tame_url": settings.TAME_URL}
            return HttpResponseBadRequest(render_to_string("wrong_host.html", context))
        return self.get_response(request)


def lines_for(headers: dict[str, Any]) -> dict[str, str]:
    """What to put into `.env`, so that TAME answers to the name it was called by."""
    asked = headers.get("HTTP_HOST", "")
    name, _ = split_domain_port(asked)  # "" for what cannot be a name
    scheme = "https" if headers.get("HTTP_X_FORWARDED_PROTO") == "https" else "http"
    if not name:
        return {"asked": asked}
    hosts = ",".join([*settings.OTHER_HOSTS, name])
    return {"asked": asked, "url_line": f"{scheme}://{asked}", "hosts_line": hosts}
