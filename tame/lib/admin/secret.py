"""Credentials in forms: written, never shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models.functions import Length
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tame.lib.admin.shown import ShownForm
from tame.lib.redact import bare_address

STORED = (
    '{} <span class="tame-stored">One is stored; leave this empty to keep it. '
    '<label class="tame-remove"><input type="checkbox" name="{}-remove"> Remove the stored one'
    "</label></span>"
)
REMOVE = "\0remove"  # no key and no password can hold it: forms refuse the null character


class SecretInput(forms.PasswordInput):
    """Empty, whatever is stored, with a tick box that removes it."""

    is_stored = False

    def __init__(self) -> None:
        written_in = {"autocomplete": "new-password", "class": "vTextField"}
        super().__init__(attrs=written_in, render_value=False)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        written = super().render(name, None, attrs, renderer)
        return format_html(STORED, written, name) if self.is_stored else written

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        written = str(data.get(name) or "")
        return REMOVE if not written and data.get(f"{name}-remove") else written

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-remove" not in data


class AddressInput(AdminTextInputWidget):
    """Shows an address again without the login or the key that was pasted with it."""

    def format_value(self, value: Any) -> str | None:
        shown = super().format_value(value)
        return bare_address(shown) if shown else shown


class SecretField(forms.CharField):
    """Fills the sealed `column`. Left empty it keeps what is stored."""

    widget = SecretInput

    def __init__(self, column: str, **kwargs: Any) -> None:
        self.column = column
        super().__init__(required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)

    def clean(self, value: Any) -> str:
        return "" if value == REMOVE else str(super().clean(value))


class SecretForm(ShownForm):
    """A model's form whose `SecretField`s are no model fields, so that nothing stored is loaded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dict(self.secrets())
        for field in fields.values():
            field.show_hidden_initial = False
        rows = type(self.instance)._default_manager.filter(pk=self.instance.pk)
        lengths = rows.values_list(*[Length(f.column) for f in fields.values()]).first()
        for field, length in zip(fields.values(), lengths or (), strict=False):
            field.widget.is_stored = bool(length)

    def secrets(self) -> Iterator[tuple[str, SecretField]]:
        for name, field in self.fields.items():
            if isinstance(field, SecretField):
                yield name, field

    def save(self, commit: bool = True) -> Any:
        for name, field in self.secrets():
            if name in self.changed_data:
                setattr(self.instance, field.column, self.cleaned_data[name])
        return super().save(commit)


def columns_of(form: Any) -> list[str]:
    """The model's own columns that the form changed."""
    own = {field.name for field in form.instance._meta.concrete_fields}
    changed = (getattr(form.fields[name], "column", name) for name in form.changed_data)
    return [name for name in changed if name in own]
