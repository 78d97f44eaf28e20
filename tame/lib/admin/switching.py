"""Retire a row and take it back: for everything that other rows still need."""

from __future__ import annotations

from typing import Any

from tame.lib.admin.verbs import Verb


def switch_off(row: Any, *, actor: str) -> str:
    type(row)._default_manager.filter(pk=row.pk).update(enabled=False)
    return f"{row} is switched off."


def switch_on(row: Any, *, actor: str) -> str:
    type(row)._default_manager.filter(pk=row.pk).update(enabled=True)
    return f"{row} is switched on."


def end_pause(row: Any, *, actor: str) -> str:
    row.reset()
    return f"{row} may be asked again at once."


def switches(permission: str) -> list[Verb]:
    """For a model with `enabled` that is a `Pause`."""
    return [
        Verb(
            "reset_pause",
            "Reset pause",
            permission,
            end_pause,
            "may be asked again",
            fits=lambda row: row.is_off,
        ),
        Verb(
            "switch_off",
            "Switch off",
            permission,
            switch_off,
            "switched off",
            fits=lambda row: row.enabled,
        ),
        Verb(
            "switch_on",
            "Switch on",
            permission,
            switch_on,
            "switched on",
            fits=lambda row: not row.enabled,
        ),
    ]
