"""A time that is kept in minutes and typed in days."""

from __future__ import annotations

from typing import Any

from django import forms

DAY = 24 * 60  # minutes


class DaysField(forms.FloatField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=0, help_text="Days.", **kwargs)
        self.widget.attrs["step"] = "any"

    def prepare_value(self, value: Any) -> Any:
        return f"{value / DAY:g}" if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        days = super().to_python(value)
        return None if days is None else round(days * DAY)
