"""What a person fills in about series, authors and their volumes."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from books import typed
from books.forms import NameForm, read
from books.models import Volume
from books.positions import read_position
from books.profile_form import ListField
from tame.lib.admin.shown import NamedRows, ShownForm
from tame.lib.words import normalise

LINE = re.compile(
    r"^\s*(?:(?P<at>[#\d][\d.,\-\u2013 ]*?)\s*[.:)\-\u2013]?\s+)?(?P<title>\S.*?)\s*$"
)
YEAR = re.compile(r"\s*[(,]\s*(\d{4})\)?\s*$")


class AuthorForm(NameForm):
    """A person's name, and the others they are known by."""

    other_names = ListField(
        required=False,
        help_text="Pen names, real names, other spellings; separated by commas. They count when "
        "releases are judged.",
    )


class SeriesForm(NameForm):
    """The name of a series, and the others it is known by."""

    other_names = ListField(
        required=False,
        help_text="As sources may call it, such as Barsetshire; separated by commas.",
    )


class VolumeForm(ShownForm):
    def clean_position(self) -> str:
        text = str(self.cleaned_data["position"]).strip()
        if text and not read_position(text):
            raise forms.ValidationError("Write a number, such as 3, 2.5 or 1-3.")
        return text

    def clean_asin(self) -> str:
        return read(typed.asin, self.cleaned_data["asin"])


class VolumeForms(NamedRows):
    """Of one series or author: each place and title once."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            given = getattr(form, "cleaned_data", {})
            if not given.get("title"):
                continue
            at = str(read_position(given.get("position", ""))) if "position" in given else ""
            key = (at, normalise(given["title"]))
            if key in seen:
                form.add_error("title", "This stands in the list already.")
            seen.add(key)


class WantMissingForm(forms.Form):
    with_novellas = forms.BooleanField(
        label="Novellas, too",
        required=False,
        initial=True,
        help_text="What stands between two volumes, such as 2.5.",
    )
    author = forms.CharField(
        required=False,
        max_length=500,
        help_text="Only of those of which nobody knows who wrote them: they are wanted once you "
        "name the author. Several are separated by semicolons.",
    )


class VolumesForm(forms.Form):
    """Volumes as a person has them written down."""

    volumes = forms.CharField(
        label="Volumes, one a line",
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60}),
        help_text="Number, title and year, as far as you know them: “3 Doctor Thorne (1858)”.",
        max_length=50_000,
    )

    def clean_volumes(self) -> list[tuple[str, str, int | None]]:
        lines = [read_line(line) for line in self.cleaned_data["volumes"].splitlines()]
        return [line for line in lines if line[1]]


def read_line(text: str) -> tuple[str, str, int | None]:
    """Position, title, year."""
    year = YEAR.search(text)
    found = LINE.match(YEAR.sub("", text))
    if found is None:
        return "", "", None
    at, title = found["at"] or "", found["title"]
    return (
        at.strip(),
        title[: typed.LONGEST_TITLE] if normalise(title) else "",
        int(year[1]) if year else None,
    )


def is_changed(form: Any) -> bool:
    """What makes a volume a person's own word; leaving it out does not."""
    return bool(set(form.changed_data) - {"left_out"}) or not isinstance(form.instance, Volume)
