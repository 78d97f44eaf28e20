"""What a person fills in about clients and downloads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms

from downloads.connect import read_client_address
from downloads.models import Client, Seeding
from downloads.orders import check_category
from downloads.states import Then, Wish
from indexers.models import Label
from tame.lib.admin.days import DaysField
from tame.lib.admin.secret import AddressInput, SecretField, SecretForm
from tame.lib.admin.shown import ShownForm
from tame.lib.errors import BadInputError

AFTER_UNDO = (Then.WANT, Then.NEXT, Then.AGAIN, Then.PARK)


@contextmanager
def as_form_error() -> Iterator[None]:
    """What the verb would refuse is shown beside the field."""
    try:
        yield
    except BadInputError as error:
        raise forms.ValidationError(str(error)) from error


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
        widgets = {"address": AddressInput}

    def clean_address(self) -> str:
        with as_form_error():
            return read_client_address(self.cleaned_data["address"])

    def clean_category(self) -> str:
        with as_form_error():
            check_category("qBittorrent", self.cleaned_data["category"])
        return str(self.cleaned_data["category"])

    def clean(self) -> dict[str, Any]:
        """One way in: an old key would go before a new password."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        ways = dict(self.secrets())
        if sum(bool(cleaned.get(name)) for name in ways) == 1:
            for name, field in ways.items():
                if field.widget.is_stored and name not in self.changed_data:
                    cleaned[name] = ""
                    self.changed_data.append(name)
        return cleaned


class SeedingForm(ShownForm):
    seed_goal = DaysField(label="Time")

    class Meta:
        model = Seeding
        fields = "__all__"


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


class NothingForm(forms.Form):
    """Asks nothing: what it does is shown, and confirmed."""


class UndoForm(forms.Form):
    then = forms.ChoiceField(
        label="And then",
        widget=forms.RadioSelect,
        initial=Then.WANT.value,
        choices=[(then.value, then.label) for then in AFTER_UNDO],
    )


class WrongForm(forms.Form):
    because = forms.ChoiceField(
        label="It is",
        widget=forms.RadioSelect,
        choices=[(why.value, why.label) for why in Label.Because if why.value],
    )
    off_shelf = forms.BooleanField(
        label="Take it off the shelf, or do not import it", initial=True, required=False
    )
    remove_torrent = forms.BooleanField(
        label="Remove its torrent from qBittorrent",
        initial=True,
        required=False,
        help_text="Never before its indexer's minimum is reached: then it seeds on.",
    )
    with_files = forms.BooleanField(
        label="… with the torrent's files",
        initial=True,
        required=False,
        help_text="What is in the trash of the library stays there.",
    )
    block = forms.BooleanField(
        label="Do not take this torrent for this book again", initial=True, required=False
    )
    want = forms.BooleanField(
        label="Want the book again", initial=True, required=False, help_text="Else it is parked."
    )
    next_best = forms.BooleanField(
        label="Take the next best release at once", initial=True, required=False
    )


class CategoryForm(forms.Form):
    category = forms.CharField(
        max_length=200, help_text="It is made when qBittorrent does not know it."
    )

    def clean_category(self) -> str:
        with as_form_error():
            check_category("qBittorrent", self.cleaned_data["category"])
        return str(self.cleaned_data["category"])


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
