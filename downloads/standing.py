"""How long a download seeds, how far it is and what comes then, as a person reads it."""

from __future__ import annotations

from downloads.minimums import goal_of
from downloads.models import Download, Seeding
from downloads.needed import is_needed
from downloads.seeding import figures
from downloads.states import UNFINISHED, AtGoal, State


def standing(row: Download, policy: Seeding | None = None) -> str:
    """One sentence on how long it seeds, how far it is, and what comes then. Looks at no file."""
    if row.state not in (*UNFINISHED, State.COMPLETED):
        return ""
    policy = policy or Seeding.now()
    asked, then = goal_of(row, policy), then_of(policy)
    if row.adopted:
        return f"It was in {row.client} before TAME: how long it seeds is decided there."
    if row.state != State.COMPLETED:
        return f"It will seed until {asked}; then {then}." if asked else ""
    if row.is_leaving:
        return f"It is being taken out of {row.client}."
    if not asked:
        return f"It seeds on: no goal is set. So far: {figures(row)}."
    if not asked.is_met(row.ratio, row.seeding_seconds):
        return f"It seeds until {asked}: {figures(row)} so far; then {then}."
    return f"It has seeded for long enough ({asked}): {figures(row)}. {what_now(row, policy)}"


def what_now(row: Download, policy: Seeding) -> str:
    if row.seed_end == policy.when_met:
        return "It is stopped." if row.is_paused else "It goes on because a person wants it."
    if policy.when_met in (AtGoal.KEEP, AtGoal.STOP):
        return f"Now {then_of(policy)}."
    needed = is_needed(row, with_files=policy.when_met == AtGoal.REMOVE_FILES)
    return f"It stays: {needed}" if needed else f"Now {then_of(policy)}."


def then_of(policy: Seeding) -> str:
    return str(policy.get_when_met_display())
