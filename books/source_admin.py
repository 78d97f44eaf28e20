"""The metadata sources in the admin: which may be asked, and how each is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from books.source_verbs import check_provider, check_source, describe_all
from books.sources import PROVIDERS, Kind, MetadataSource
from tame.lib.admin.base import BaseAdmin
from tame.lib.admin.secret import AddressInput
from tame.lib.admin.shown import ShownForm
from tame.lib.admin.switching import switches
from tame.lib.admin.verbs import Said, Verb
from tame.lib.allowed import origin_of
from tame.lib.call_errors import CallError
from tame.lib.redact import bare_address


def test(row: MetadataSource, *, actor: str) -> Said:
    return [*check_source(row), *check_provider(row)]


def said_so(verb: Verb) -> Verb:
    """Whoever switches one on or off has said whether it may be asked."""

    def act(row: MetadataSource, *, actor: str) -> Said:
        MetadataSource.objects.filter(pk=row.pk).update(answered=True)
        said = verb.act(row, actor=actor)
        describe_all()
        return said

    return Verb(verb.name, verb.label, verb.permission, act, verb.done, fits=verb.fits)


class SourceForm(ShownForm):
    """The fields are those of the admin."""

    class Meta:
        model = MetadataSource
        fields = ["enabled", "address", "provider"]
        widgets = {"address": AddressInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "provider" in self.fields:
            row = self.instance
            known = row.offered or PROVIDERS
            names = {row.provider: row.provider} | known
            column = self.fields["provider"]
            self.fields["provider"] = forms.ChoiceField(
                choices=[(name, label or name) for name, label in names.items()],
                label=column.label,
                help_text=f"{column.help_text} Test lists what your Audiobookshelf offers.",
            )

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip().rstrip("/")
        try:
            origin = origin_of(address) if address else ""
        except CallError as error:
            raise forms.ValidationError(f"This cannot be asked: {error.reason}.") from error
        if origin and bare_address(address) != address:
            raise forms.ValidationError(
                "Give the address without a login and without a key: TAME sends none to a source."
            )
        return address


class MetadataSourceAdmin(BaseAdmin):
    """There is one row of each kind."""

    verbs = [
        Verb("test", "Test", "books.test_metadatasource", test, "tested and well"),
        *(said_so(verb) for verb in switches("books.change_metadatasource")),
    ]
    form = SourceForm
    list_display = ["kind", "enabled", "how_it_is", "last_ok_at", "off_until", "what_it_gives"]
    ordering = ["pk"]
    fields = [
        "kind",
        "what_it_gives",
        "enabled",
        "address",
        "provider",
        "how_it_is",
        "last_ok_at",
        "off_until",
    ]
    readonly_fields = ["kind", "what_it_gives", "how_it_is", "last_ok_at", "off_until"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """An Audiobookshelf has its address on its own page, and asks others in its turn."""
        is_shelf = obj is not None and obj.kind == Kind.AUDIOBOOKSHELF
        left_out = "address" if is_shelf else "provider"
        return [name for name in self.fields if name != left_out]

    @admin.display(description="What it gives")
    def what_it_gives(self, row: MetadataSource) -> str:
        return row.gives

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: MetadataSource, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        MetadataSource.objects.filter(pk=obj.pk).update(answered=True)
        describe_all()
        if "address" in form.changed_data:
            obj.reset()  # what was down was another one
