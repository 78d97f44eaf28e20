"""What a person fills in about a book."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from books import typed
from books.libraries import read_root
from books.library_shelves import chosen_shelf, read_shelf, shelves_to_choose
from books.models import ShelfServer
from books.people import names_in
from books.shelf_servers import name_of, read_shelf_address
from books.template import TEMPLATE, check_template
from books.want import find
from tame.lib.admin.secret import AddressInput, SecretField, SecretForm
from tame.lib.admin.shown import ShownForm
from tame.lib.errors import BadInputError
from tame.lib.modes import read_mode
from tame.lib.words import normalise

MAX_TORRENT = 10 * 2**20
T = TypeVar("T")
R = TypeVar("R")


def read(reader: Callable[[T], R], given: T) -> R:
    """What a reader makes of it, or its sentence beside the field."""
    try:
        return reader(given)
    except BadInputError as error:
        raise forms.ValidationError(str(error)) from error


class BookForm(ShownForm):
    """The fields are those of the admin's fieldsets."""

    isbn = forms.CharField(
        required=False, label="ISBN", help_text="10 or 13 digits, with or without hyphens."
    )

    def clean_title(self) -> str:
        return read(typed.title, self.cleaned_data["title"])

    def clean_asin(self) -> str:
        return read(typed.asin, self.cleaned_data["asin"])

    def clean_isbn(self) -> str:
        isbn = self.cleaned_data["isbn"]
        return read(typed.isbn, isbn) if "isbn" in self.changed_data else isbn


class WantForm(BookForm):
    """A new book: as little as is needed to search for it."""

    authors = forms.CharField(
        required=False,
        label="Author",
        help_text="For example Elizabeth Gaskell. Several are separated by semicolons.",
    )

    def clean_authors(self) -> list[str]:
        return read(typed.names, names_in(self.cleaned_data["authors"]))

    def names(self) -> list[str]:
        return list(self.cleaned_data.get("authors", []))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        known = find(cleaned["title"], self.names()) if "title" in cleaned else None
        if known is not None:
            raise forms.ValidationError(
                format_html(
                    '<a href="{}">{}</a> is here already ({}).',
                    reverse("admin:books_book_change", args=[known.pk]),
                    known,
                    known.status,
                )
            )
        return cleaned


class NameForm(ShownForm):
    """The fields are those of the admin."""

    def clean_name(self) -> str:
        name = read(typed.name, self.cleaned_data["name"])
        known = type(self.instance).objects.filter(normalised=normalise(name))
        if not normalise(name) or known.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"“{name}” is no new name.")
        return name


class LibraryForm(ShownForm):
    """The fields are those of the admin."""

    template = forms.CharField(
        label="Folders of a book",
        max_length=500,
        initial=TEMPLATE,
        help_text="A group in <…> is left out when one of its fields is not known.",
        widget=forms.TextInput(attrs={"size": 90}),
    )

    shelf = forms.ChoiceField(
        label="Shown by Audiobookshelf as",
        required=False,
        help_text="What your Audiobookshelf servers listed when they were last tested. None there: "
        "add a server and test it, or leave this empty; TAME works without.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "shelf" in self.fields:
            field = self.fields["shelf"]
            chosen = chosen_shelf(self.instance)
            listed = shelves_to_choose()
            gone = [(chosen, "what was chosen before")] if chosen not in dict(listed) else []
            field.choices = [("", "—"), *listed, *(gone if chosen else [])]  # type: ignore[attr-defined]
            field.initial = chosen

    def clean_root(self) -> str:
        return read(read_root, self.cleaned_data["root"])

    def clean_folder_mode(self) -> str:
        return read(partial(read_mode, is_folder=True), self.cleaned_data["folder_mode"])

    def clean_file_mode(self) -> str:
        return read(partial(read_mode, is_folder=False), self.cleaned_data["file_mode"])

    def clean_template(self) -> str:
        template = " ".join(self.cleaned_data["template"].split())
        read(check_template, template)
        return template

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, prefix = cleaned.get("shelf", ""), cleaned.get("shelf_prefix", "")
        is_same = chosen == chosen_shelf(self.instance) and prefix == self.instance.shelf_prefix
        if is_same or "shelf" not in cleaned:
            return cleaned
        try:
            columns = read_shelf(chosen, prefix)
        except BadInputError as error:
            self.add_error("shelf_prefix", str(error))
            return cleaned
        for name, value in columns.items():
            setattr(self.instance, name, value)
        cleaned["shelf_prefix"] = columns["shelf_prefix"]
        return cleaned


class ShelfServerForm(SecretForm):
    """The fields are those of the admin."""

    new_key = SecretField(
        column="key",
        label="API key",
        help_text="Made in Audiobookshelf (Settings, API Keys) for a user of the type admin who "
        "may update, upload and delete. An older user token does, too.",
    )

    class Meta:
        model = ShelfServer
        exclude = ["key"]
        widgets = {"address": AddressInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" in self.fields:
            self.fields["name"].required = False
            self.fields["name"].help_text = "Empty: taken from the address."

    def clean_address(self) -> str:
        return read(read_shelf_address, self.cleaned_data["address"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "name" in self.fields and not cleaned.get("name") and cleaned.get("address"):
            cleaned["name"] = name_of(cleaned["address"])
        return cleaned


class BlockForm(forms.Form):
    """Why a release is not taken any more, for what, and for how long."""

    reason = forms.CharField(label="Blocked, because", max_length=500)
    everywhere = forms.BooleanField(
        label="For every book", required=False, help_text="Else only for this one."
    )
    days = forms.IntegerField(
        label="For days", required=False, min_value=1, max_value=3650, help_text="Empty: for good."
    )


class GivenForm(forms.Form):
    """A torrent by hand: one file, or one line."""

    file = forms.FileField(label="A .torrent file", required=False)
    link = forms.CharField(
        label="or a magnet, or a link to a .torrent",
        required=False,
        max_length=64 * 1024,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "magnet:?xt=…"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_TORRENT:
            raise forms.ValidationError("This file is too large to be a .torrent.")
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file, link = cleaned.get("file"), cleaned.get("link", "")
        if not self.errors and bool(file) == bool(link):
            raise forms.ValidationError("Give a .torrent file, or a magnet or link: one of them.")
        cleaned["given"] = file.read() if file else link
        return cleaned
