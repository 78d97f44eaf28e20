"""What a person fills in about an import."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from books.models import Book
from downloads.models import Import


class SureForm(forms.Form):
    """Asks once and wants to know nothing."""


class BookForm(forms.Form):
    book = forms.ModelChoiceField(
        Book.objects.all(),
        label="Book",
        widget=AutocompleteSelect(Import._meta.get_field("book"), admin.site),
    )
