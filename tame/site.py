"""The admin site. Registers no models: a registration made here would be lost without a word."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from books.source_verbs import answer_sources
from tame import choices_page, local_qbittorrent
from tame.dashboard import first_page
from tame.language import answer_language
from tame.lib.admin.base import log_many, need
from tame.lib.admin.pressed import button_of_first_page, led_back
from tame.lib.errors import TameError
from tame.models import LocalClient, Switch
from tame.switch import go_on, pause_everything
from tame.throttle import ThrottledLoginForm

ROOMS = ["books", "downloads", "indexers", "tame", "auth"]


class TameAdminSite(AdminSite):
    site_header = site_title = "TAME"
    index_title = "Your audiobooks"
    site_url = None  # there is no site beside the admin
    login_form = ThrottledLoginForm

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("switch/", self.admin_view(self.switch_view), name="switch"),
            path("plain-http/", self.admin_view(self.plain_http_view), name="plain_http"),
            path("language/", self.admin_view(self.language_view), name="language"),
            path("sources/", self.admin_view(self.sources_view), name="sources"),
            path("choices/", self.admin_view(self.choices_view), name="choices"),
            path("run-here/", self.admin_view(self.run_here_view), name="run_here"),
            *super().get_urls(),
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().index(request, first_page(request) | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What is used every day comes first."""
        apps: list[Any] = super().get_app_list(request, app_label)
        return sorted(apps, key=place_of)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """By its button; who types the address stays."""
        if request.method == "GET":
            return led_back(request, reverse("admin:index"))
        return super().logout(request, extra_context)

    @button_of_first_page("tame.change_switch")
    def switch_view(self, request: HttpRequest) -> HttpResponse:
        """Pause everything, or go on: as the button said, so that pressing twice does no harm."""
        sentence = pause_everything() if request.POST.get("to") == "pause" else go_on()
        log_many(request, [Switch.objects.get()], sentence)
        messages.success(request, sentence)
        return redirect("admin:index")

    @button_of_first_page("tame.change_switch")
    def plain_http_view(self, request: HttpRequest) -> HttpResponse:
        """Somebody has read that passwords travel in clear."""
        Switch.objects.update_or_create(pk=1, defaults={"told_of_plain_http": True})
        return redirect("admin:index")

    @button_of_first_page("books.change_profile")
    def language_view(self, request: HttpRequest) -> HttpResponse:
        """The answer to the one question of a new installation."""
        sentence = answer_language(request.POST.get("language", ""))
        messages.success(request, sentence)
        return redirect("admin:index")

    @button_of_first_page("books.change_metadatasource")
    def sources_view(self, request: HttpRequest) -> HttpResponse:
        """Which metadata sources may be asked."""
        sentence = answer_sources(request.POST.getlist("source"))
        messages.success(request, sentence)
        return redirect("admin:index")

    def choices_view(self, request: HttpRequest) -> HttpResponse:
        """What was found for each book, put to a person who takes it, or all of it."""
        need(request, "indexers.grab_release", "books.view_book")
        if request.method == "POST":
            choices_page.press(request)
            return redirect(request.get_full_path())
        context = self.each_context(request) | choices_page.shown(request)
        return TemplateResponse(request, "admin/choices.html", context)

    def run_here_view(self, request: HttpRequest) -> HttpResponse:
        need(request, "downloads.add_client")
        if request.method == "POST":
            return self.run_here(request)
        context = {
            **self.each_context(request),
            "title": "Run a qBittorrent here",
            "interfaces": local_qbittorrent.interfaces(),
            "row": LocalClient.objects.filter(wanted=True).first(),
        }
        return TemplateResponse(request, "admin/run_here.html", context)

    def run_here(self, request: HttpRequest) -> HttpResponse:
        try:
            if "stop" in request.POST:
                return self.stop_here(request)
            row = local_qbittorrent.want(request.POST.get("interface", ""))
        except TameError as error:
            messages.error(request, str(error))
            return redirect("admin:run_here")
        log_many(request, [row], f"Runs here, on {row.interface}.")
        messages.success(request, f"{row} starts now. Press Test in a few seconds.")
        return redirect("admin:downloads_client_change", row.client_id)

    def stop_here(self, request: HttpRequest) -> HttpResponse:
        row = local_qbittorrent.stop()
        log_many(request, [row], "Stopped.")
        messages.success(request, f"{row} is stopped, and its client switched off. Its files stay.")
        return redirect("admin:run_here")


def place_of(app: dict[str, Any]) -> int:
    label = app["app_label"]
    return ROOMS.index(label) if label in ROOMS else len(ROOMS)
