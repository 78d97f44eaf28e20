"""Forms that remember what their page showed."""

from __future__ import annotations

from typing import Any

from django import forms


class ShownForm(forms.ModelForm):
    """Changed is what differs from what was shown, not from what the row holds by now: what
    somebody else or a task wrote meanwhile is not written back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            was_sent = self.add_initial_prefix(name) in self.data
            field.show_hidden_initial = was_sent or not self.is_bound


class NamedRows(forms.BaseInlineFormSet):
    """Rows below a form, in whose cells stand no labels: a screen reader is told which each is."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        line = "new line" if index is None else f"line {index + 1}"
        for field in form.fields.values():
            widget: Any = field.widget
            widget = getattr(widget, "widget", widget)  # its buttons stand around it
            widget.attrs.setdefault("aria-label", f"{field.label}, {line}")


class ShownRows(NamedRows):
    """Rows below a form. One that is gone by now, and that the person left alone, is no error: a
    task has written another in its place."""

    def is_gone(self, form: forms.ModelForm) -> bool:
        return self.has_no_row(form) and not set(form.changed_data) - {"id"}

    def has_no_row(self, form: forms.ModelForm) -> bool:
        return form in self.initial_forms and form.instance.pk is None

    def _should_delete_form(self, form: forms.ModelForm) -> bool:
        is_deleted: bool = super()._should_delete_form(form)  # type: ignore[misc]
        return is_deleted or self.is_gone(form)

    def clean(self) -> None:
        super().clean()
        if any(self.has_no_row(form) and not self.is_gone(form) for form in self.initial_forms):
            raise forms.ValidationError(
                "A line that you changed was written anew meanwhile: open the page again to see it."
            )

    def changed_rows(self) -> list[Any]:
        """What the person changed, added or removed."""
        return [f.instance for f in self.forms if f.has_changed() and not self.is_gone(f)]
