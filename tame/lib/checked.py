"""What a button tried and saw, or did in part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Checked:
    """One thing that was tried: whether it is well, and the sentence that says what was seen."""

    is_well: bool
    sentence: str


@dataclass(frozen=True)
class Partly:
    """What was done, and why the rest of it was not; both are sentences."""

    done: str
    rest: str


def all_well(checks: list[Checked]) -> bool:
    return all(check.is_well for check in checks)
