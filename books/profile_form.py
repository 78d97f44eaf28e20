"""What a person fills in about a profile: words and scores as one types them."""

from __future__ import annotations

from typing import Any

from django import forms

from books.languages import LANGUAGES
from books.profiles import KNOWN_FORMATS, Profile, usual_formats
from tame.lib.admin.shown import ShownForm
from tame.lib.words import normalise

MOST = 1000  # points of one word


class ListField(forms.CharField):
    """Words, separated by commas."""

    widget: Any = forms.TextInput(attrs={"size": 60})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [" ".join(word.split()) for word in str(value or "").split(",")]
        return list(dict.fromkeys(word for word in words if normalise(word)))

    def run_validators(self, value: Any) -> None:
        """Those of a text; here it is a list."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))


class ScoresField(ListField):
    """A word and its score a line, as in “retail: 5”."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{word}: {score}" for word, score in value.items())
        return value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in str(value or "").splitlines()]
        return dict(self.read(line) for line in lines if line)

    def read(self, line: str) -> tuple[str, int]:
        word, colon, score = line.rpartition(":")
        try:
            points = int(score[:6]) if colon and normalise(word) else int("")
            return word.strip(), max(-MOST, min(points, MOST))
        except ValueError:
            said = f"“{line}” is no word with its score: write it as in “retail: 5”."
            raise forms.ValidationError(said) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return super().has_changed(initial, data)
        except forms.ValidationError:
            return True


class ProfileForm(ShownForm):
    formats = ListField(
        required=False, initial=usual_formats, help_text="Best first, separated by commas."
    )
    cutoff = forms.ChoiceField(
        label="Good enough from",
        required=False,
        choices=[("", "the first"), *((name, name) for name in KNOWN_FORMATS)],
        help_text="A copy in this format, or in one before it, is not upgraded.",
    )
    languages = forms.MultipleChoiceField(
        required=False,
        choices=list(LANGUAGES.items()),
        help_text="For books that do not say theirs. None: any.",
    )
    required = ListField(
        label="Required words",
        required=False,
        help_text="A name without one of them is rejected. Separated by commas.",
    )
    ignored = ListField(
        label="Ignored words",
        required=False,
        help_text="A name with one of them is rejected. Separated by commas.",
    )
    words = ScoresField(
        label="Preferred words",
        required=False,
        help_text="One a line, with its score, as in “retail: 5”. A score below 0 puts it behind.",
    )

    class Meta:
        model = Profile
        fields = "__all__"

    def clean_formats(self) -> list[str]:
        formats = [name.lower() for name in self.cleaned_data["formats"]]
        if unknown := [name for name in formats if name not in KNOWN_FORMATS]:
            known = ", ".join(KNOWN_FORMATS)
            raise forms.ValidationError(f"“{unknown[0]}” is no audio format. There are: {known}.")
        return formats
