"""What a person fills in about an import."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from books.models import Book
from downloads.by_hand import read_folder
from downloads.forms import as_form_error
from downloads.models import Client, Import


class SureForm(forms.Form):
    """Asks once and wants to know nothing."""


def book_field(*, required: bool = True) -> forms.ModelChoiceField[Book]:
    return forms.ModelChoiceField(
        Book.objects.all(),
        label="Book",
        required=required,
        widget=AutocompleteSelect(Import._meta.get_field("book"), admin.site),
    )


class BookForm(forms.Form):
    book = book_field()


class FolderForm(forms.Form):
    """`likely`: one of those that were shown; `book`: any other."""

    folder = forms.CharField(
        label="Folder",
        max_length=1000,
        help_text="Its whole path, as TAME sees it. It stays as it is.",
        widget=forms.TextInput(attrs={"placeholder": "/srv/incoming/Cranford"}),
    )
    likely = forms.ModelChoiceField(Book.objects.all(), required=False, widget=forms.HiddenInput)
    book = book_field(required=False)

    def clean_folder(self) -> Path:
        with as_form_error():
            return read_folder(self.cleaned_data["folder"])

    def chosen(self) -> Book | None:
        book: Book | None = self.cleaned_data["book"] or self.cleaned_data["likely"]
        return book


class TorrentForm(forms.Form):
    client = forms.ModelChoiceField(
        Client.objects.filter(enabled=True).defer("password", "api_key"),
        label="qBittorrent",
        empty_label=None,
    )
    words = forms.CharField(
        label="Words of its name", required=False, max_length=200, help_text="Empty: all of them."
    )
