"""End what has seeded for long enough, as the page Seeding says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from downloads.management.chosen import StepCommand, refuse_unusable
from downloads.models import Client, Download, Seeding
from downloads.seeding import Plan, look, seed_in
from downloads.standing import standing
from downloads.states import AtGoal


class Command(StepCommand):
    help = "Have what has seeded for long enough stopped or removed, as the page Seeding says."
    nothing_to_do = "None has seeded for long enough."

    def step(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        policy = Seeding.now()
        ended, said = (0, []) if policy.when_met == AtGoal.KEEP else seed_in(client, policy)
        sentence = " ".join([f"{client}: {ended} have seeded enough.", *said])
        return sentence, {"ended": ended, "problems": said}

    def would(self, client: Client) -> tuple[list[str], Mapping[str, Any]]:
        """The client is asked, and nothing is changed."""
        refuse_unusable(client)
        policy = Seeding.now()
        plan = look(client, policy)
        return said_of(plan, policy), as_json(plan)


def said_of(plan: Plan, policy: Seeding) -> list[str]:
    lines = [plan.problem] if plan.problem else []
    lines += [f"“{row}”: {standing(row, policy)}" for row in plan.due]
    return lines + [f"“{row}” stays: {plan.stays[row.pk]}" for row in staying(plan)]


def as_json(plan: Plan) -> dict[str, Any]:
    due = [{"download": row.pk, "title": row.title} for row in plan.due]
    stays = [
        {"download": row.pk, "title": row.title, "reason": plan.stays[row.pk]}
        for row in staying(plan)
    ]
    return {"due": due, "stays": stays, "problem": plan.problem}


def staying(plan: Plan) -> list[Download]:
    return list(Download.objects.filter(pk__in=plan.stays).order_by("pk"))
