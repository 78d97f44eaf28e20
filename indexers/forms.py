"""What a person fills in about indexers."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.functional import cached_property

from indexers.addresses import key_in, read_address
from indexers.connect import name_of
from indexers.models import Indexer
from indexers.wanted import language_code
from tame.lib.admin.days import DaysField
from tame.lib.admin.secret import AddressInput, SecretField, SecretForm, SecretInput
from tame.lib.errors import BadInputError, LocalError
from tame.lib.redact import bare_address
from tame.lib.secrets import seal, unseal


class NumbersField(forms.CharField):
    """A list of whole numbers as one line."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        words = re.split(r"[\s,;]+", str(value or "").strip(" ,;"))
        if not all(word.isdigit() for word in words if word):
            raise forms.ValidationError("Write numbers, separated by commas, such as 3030, 3010.")
        return [int(word) for word in words if word]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True


class IndexerForm(SecretForm):
    new_key = SecretField(
        column="key",
        label="API key",
        help_text="As Jackett or Prowlarr shows it. Not needed when the address holds it.",
    )
    categories = NumbersField(
        required=False, help_text="Torznab numbers; 3030 is audiobooks. Empty: all that it has."
    )

    seed_goal = DaysField(label="Time to seed")

    class Meta:
        model = Indexer
        exclude = ["key"]
        widgets = {"address": AddressInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" in self.fields:
            self.fields["name"].required = False
            self.fields["name"].help_text = "Empty: taken from the address."
        known = self.instance.caps.get("categories", {})
        if known and "categories" in self.fields:
            listed = ", ".join(f"{number} {name}" for number, name in list(known.items())[:20])
            self.fields["categories"].help_text += f" It has: {listed}."

    def clean_language(self) -> str:
        text = str(self.cleaned_data["language"]).strip()
        if text and not language_code(text):
            raise forms.ValidationError("TAME knows no such language. Write it as German or de.")
        return text

    def clean(self) -> dict[str, Any]:
        """The address as pasted, in any form; a key in it is taken out of it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            pasted = read_address(cleaned["address"]) if cleaned.get("address") else None
        except BadInputError as error:
            self.add_error("address", str(error))
            return cleaned
        if pasted is not None:
            cleaned["address"] = pasted.url
            self.instance.kind = pasted.kind
            cleaned["new_key"] = cleaned.get("new_key") or pasted.key
        if "name" in self.fields and not cleaned.get("name"):
            cleaned["name"] = name_of(pasted) if pasted else self.instance.name
        return cleaned

    @cached_property
    def changed_data(self) -> list[str]:
        """With the key that was taken out of the address."""
        changed = list(super().changed_data)
        has_key = bool(getattr(self, "cleaned_data", {}).get("new_key"))
        return [*changed, "new_key"] if has_key and "new_key" not in changed else changed


class ServerForm(forms.Form):
    """A Jackett or Prowlarr. The key goes from page to page sealed, so that none shows it."""

    address = forms.CharField(
        label="Address of your Jackett or Prowlarr",
        help_text="As you open it in the browser, for example http://192.168.1.10:9117",
        widget=AddressInput(attrs={"autocomplete": "off"}),
    )
    key = forms.CharField(
        label="API key",
        required=False,
        help_text="Jackett shows it at the top of its page, Prowlarr under Settings, General. When "
        "you come back, empty means the one that is stored.",
        widget=SecretInput(),
    )
    sealed = forms.CharField(required=False, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["key"] = cleaned.get("key") or key_in(cleaned.get("address", ""))
        cleaned["address"] = bare_address(cleaned.get("address", ""))
        if not cleaned["key"] and cleaned.get("sealed"):
            try:
                cleaned["key"] = unseal(cleaned["sealed"])
            except LocalError as error:
                raise forms.ValidationError("Give the key again.") from error
        return cleaned

    def again(self) -> dict[str, str]:
        """What the next page carries."""
        return {"address": self.cleaned_data["address"], "sealed": seal(self.cleaned_data["key"])}
