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
