"""What a person fills in about clients and downloads."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms

from downloads.models import Client
from downloads.states import Wish
from tame.lib.admin.secret import SecretField, SecretForm


class ClientForm(SecretForm):
    new_password = SecretField(column="password", label="Password", strip=False)
    new_api_key = SecretField(
        column="api_key",
        label="API key",
        help_text="In the place of user and password, from qBittorrent 5.2 on.",
    )

    class Meta:
        model = Client
        exclude = ["password", "api_key"]

    def clean_address(self) -> str:
        """As people type it: a missing http:// is added."""
        text = str(self.cleaned_data["address"]).strip().rstrip("/")
        text = text if "://" in text else f"http://{text}"
        try:
            parts = urlsplit(text)
            is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            is_address = False
        if not is_address:
            raise forms.ValidationError(
                "Write it as you open it in the browser, for example http://192.168.1.10:8080."
            )
        if parts.username is not None or parts.query:
            raise forms.ValidationError("Leave user, password and ?… out of the address.")
        return text


class CancelForm(forms.Form):
    torrent = forms.ChoiceField(
        label="Its torrent in qBittorrent",
        widget=forms.RadioSelect,
        initial=Wish.GONE.value,
        choices=[
            (Wish.NONE.value, "stays as it is"),
            (Wish.GONE.value, "is removed, its files are kept"),
            (Wish.GONE_WITH_FILES.value, "is removed with its files"),
        ],
        required=False,
    )


class CategoryForm(forms.Form):
    category = forms.CharField(
        max_length=200, help_text="It is made when qBittorrent does not know it."
    )


class FailedForm(forms.Form):
    reason = forms.CharField(
        label="Failed, because", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    block = forms.BooleanField(
        label="The release is bad: do not take it again",
        required=False,
        help_text="Unticked, the same release is tried again.",
    )


class RetryOnForm(forms.Form):
    when = forms.DateTimeField(
        label="Retry on",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
