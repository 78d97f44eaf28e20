"""Profiles in the admin: what may be taken for a book, and what is preferred."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from books.bells import DECIDE, GRAB
from books.languages import LANGUAGES
from books.profile_form import ProfileForm
from books.profiles import Profile
from tame.lib import bell
from tame.lib.admin.base import BaseAdmin
from tame.lib.admin.verbs import Verb


@admin.register(Profile)
class ProfileAdmin(BaseAdmin):
    """Deleted, its books fall back to the default one, which stays."""

    nothing_yet = "No profile is here yet. Without one TAME takes what is usual."
    verbs = [
        Verb(
            "make_default",
            "Use by default",
            "books.change_profile",
            lambda profile, *, actor: profile.make_default(),
            "used by default",
            fits=lambda profile: not profile.default,
            in_list=False,
        )
    ]
    form = ProfileForm
    list_display = ["name", "default", "automatic", "formats_shown", "languages_shown"]
    ordering = ["-default", "name"]
    fieldsets = [
        (None, {"fields": ["name", "automatic", "delay_minutes", "library"]}),
        ("Format", {"fields": ["formats", "formats_only", "upgrade", "cutoff"]}),
        ("Language", {"fields": ["languages"]}),
        ("Kind", {"fields": ["takes_abridged", "takes_dramatised", "takes_box_sets"]}),
        ("Words of its name", {"fields": ["required", "ignored", "words"]}),
        (
            "Size and seeders",
            {"fields": ["least_seeders", "largest_gb", "slowest_kbps", "fastest_kbps"]},
        ),
        (
            "Age and terms of the indexer",
            {"fields": ["oldest_days", "freeleech_only", "most_ratio", "most_seed_hours"]},
        ),
    ]

    @admin.display(description="Formats")
    def formats_shown(self, profile: Profile) -> str:
        return ", ".join(profile.formats) + (" only" if profile.formats_only else "")

    @admin.display(description="Languages")
    def languages_shown(self, profile: Profile) -> str:
        return ", ".join(LANGUAGES.get(code, code) for code in profile.languages) or "any"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_default = obj is not None and obj.default
        return not is_default and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The default one is protected in the list, too."""
        gone, counts, lacking, protected = super().get_deleted_objects(objs, request)
        kept = [f"“{profile}”: it is used by default" for profile in objs if profile.default]
        return gone, counts, lacking, [*protected, *kept]

    def save_model(self, request: HttpRequest, obj: Profile, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        bell.ring(DECIDE)  # what was found is judged again by it
        bell.ring(GRAB)
