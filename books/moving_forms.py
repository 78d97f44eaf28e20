"""What a person fills in about books that move in."""

from __future__ import annotations

from typing import Any

from django import forms

from books import typed
from books.forms import read
from books.models import Book, Library, MoveInLine
from books.moving_in.database import MOST_BYTES
from books.moving_in.reading import HANDED_OVER
from books.moving_models import Action, Match
from books.people import names_in

MERGE = "merge:"  # and the number of a book
EDITED = ["title", "authors", "series", "position", "narrators", "year", "asin", "isbn"]
LABELS = {
    "title": "Title", "authors": "Authors", "series": "Series", "position": "Volume",
    "narrators": "Read by", "year": "Year", "asin": "ASIN", "isbn": "ISBN",
    "choice": "What becomes of it", "other": "Number of the book that it is",
}  # fmt: skip


class StartForm(forms.Form):
    """Where the books come from: one of four."""

    library = forms.ModelChoiceField(
        Library.objects.all(),
        required=False,
        label="All that stands in a library",
        empty_label="choose…",
    )
    folder = forms.CharField(
        required=False,
        max_length=1000,
        label="or a folder in a library",
        widget=forms.TextInput(attrs={"placeholder": "/srv/audiobooks/Jane Austen"}),
    )
    shelf = forms.ModelChoiceField(
        Library.objects.exclude(server=None),
        required=False,
        label="or the list of its Audiobookshelf",
        empty_label="choose…",
        help_text="With what you corrected there.",
    )
    file = forms.FileField(
        required=False,
        label="or a file",
        help_text="A table (CSV), a Goodreads export, readarr.db or lazylibrarian.db.",
    )
    kind = forms.ChoiceField(
        required=False,
        label="The file is",
        choices=[("", "told by its content"), *[(k.value, k.label) for k in HANDED_OVER]],
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(f"This file has more than {MOST_BYTES >> 20} MB.")
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given = [name for name in ("library", "folder", "shelf", "file") if cleaned.get(name)]
        if not self.errors and len(given) != 1:
            raise forms.ValidationError("Choose a library, name a folder, or give a file: one.")
        return cleaned


class LineForm(forms.ModelForm):  # type: ignore[type-arg]
    """One line of the preview. `choice` is what becomes of it, and with which book."""

    choice = forms.ChoiceField(required=False)
    isbn = forms.CharField(required=False, max_length=20)  # with its hyphens
    other = forms.IntegerField(required=False, min_value=1, label="or it is the book with number")

    class Meta:
        model = MoveInLine
        fields = EDITED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line = self.instance
        self.fields["choice"] = forms.ChoiceField(
            required=False, choices=choices_of(line), initial=chosen(line)
        )
        for name, label in LABELS.items():
            self.fields[name].widget.attrs["aria-label"] = f"{label}: {line.title}"
        if line.seeds:
            self.fields["seeds"] = seeds_field(line)
            self.fields["seeds_shown"] = forms.BooleanField(
                required=False, initial=True, widget=forms.HiddenInput
            )
        self.fields["authors"].widget.attrs["placeholder"] = "author; another author"
        self.fields["series"].widget.attrs["placeholder"] = "series"
        self.fields["position"].widget.attrs["placeholder"] = "volume"
        self.fields["narrators"].widget.attrs["placeholder"] = "read by; and by"
        for name in ("year", "asin", "isbn"):
            self.fields[name].widget.attrs["placeholder"] = LABELS[name]

    def clean_title(self) -> str:
        return read(typed.title, self.cleaned_data["title"])

    def clean_authors(self) -> str:
        return "; ".join(read(typed.names, names_in(self.cleaned_data["authors"])))

    def clean_narrators(self) -> str:
        return "; ".join(read(typed.names, names_in(self.cleaned_data["narrators"])))

    def clean_asin(self) -> str:
        return read(typed.asin, self.cleaned_data["asin"])

    def clean_isbn(self) -> str:
        return read(typed.isbn, self.cleaned_data["isbn"])

    @property
    def rarely(self) -> list[forms.BoundField]:
        """What is seldom wrong."""
        return [self[name] for name in ("narrators", "year", "asin", "isbn")]

    @property
    def rarely_is_wrong(self) -> bool:
        return any(field.errors for field in self.rarely)

    def clean_other(self) -> int | None:
        number: int | None = self.cleaned_data["other"]
        if number and not Book.objects.filter(pk=number).exists():
            raise forms.ValidationError(f"There is no book {number}.")
        return number

    def decided(self) -> dict[str, Any]:
        """The columns as the person wants them."""
        given = self.cleaned_data
        columns = {name: given[name] for name in EDITED} | {"seeds_taken": self.seeds_taken()}
        merged = given["other"] or number_of(given["choice"])
        if merged:
            return columns | {"action": Action.MERGE, "book_id": merged}
        same = self.instance.book_id if self.instance.match == Match.SAME else None
        return columns | {"action": given["choice"], "book_id": same}

    def seeds_taken(self) -> list[str] | None:
        """A page that was made before the torrents were looked up says nothing of them."""
        line, given = self.instance, self.cleaned_data
        if not given.get("seeds_shown") or set(given["seeds"]) == set(taken(line)):
            return line.seeds_taken  # type: ignore[no-any-return]
        return list(given["seeds"])


def seeds_field(line: MoveInLine) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False,
        choices=[(seed["key"], said_of(seed)) for seed in line.seeds],
        initial=taken(line),
        widget=forms.CheckboxSelectMultiple,
        label="Adopt the torrents that seed it",
    )


def taken(line: MoveInLine) -> list[str]:
    return [seed["key"] for seed in line.seeds if line.takes(seed["key"])]


def said_of(seed: dict[str, Any]) -> str:
    said = f"{seed['name']} in {seed['client']}: {seed['evidence']}"
    return f"{said}, but {seed['doubt']}" if seed["doubt"] else said


def choices_of(line: MoveInLine) -> list[tuple[str, str]]:
    """Only what can be done with it."""
    plain = [Action.WANTED, Action.PARKED, Action.SKIP]
    if line.library_id:
        plain.insert(0, Action.SHELF)
    books = [(int(number), str(title)) for number, title in line.alike]
    if line.book_id and line.book_id not in dict(books):
        books.insert(0, (line.book_id, str(line.book)))
    return [
        (Action.UNDECIDED.value, "— decide —"),
        *[(action.value, action.label) for action in plain],
        *[(f"{MERGE}{number}", f"it is “{title}”, book {number}") for number, title in books],
    ]


def chosen(line: MoveInLine) -> str:
    return f"{MERGE}{line.book_id}" if line.action == Action.MERGE else line.action


def number_of(choice: str) -> int | None:
    return int(choice.removeprefix(MERGE)) if choice.startswith(MERGE) else None


class ManyForm(forms.Form):
    """One word for many lines."""

    which = forms.ChoiceField(
        label="All",
        choices=[("undecided", "undecided lines"), ("new", "new books"), ("left", "lines left")],
    )
    action = forms.ChoiceField(
        label="become",
        choices=[
            (action.value, action.label)
            for action in (Action.SHELF, Action.WANTED, Action.PARKED, Action.SKIP)
        ],
    )
