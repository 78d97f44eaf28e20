"""End what has seeded for long enough, as the page Seeding says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from downloads.management.chosen import (
    ClientsCommand,
    clients_named,
    refuse_unusable,
    refuse_while_paused,
)
from downloads.models import Client, Download, Seeding
from downloads.seeding import Plan, look, seed_in
from downloads.standing import standing
from downloads.states import AtGoal
from tame.lib.commands import Options, Result


class Command(ClientsCommand):
    help = "Have what has seeded for long enough stopped or removed, as the page Seeding says."
    changes = True

    def act(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        refuse_unusable(client)
        policy = Seeding.now()
        ended, said = (0, []) if policy.when_met == AtGoal.KEEP else seed_in(client, policy)
        sentence = " ".join([f"{client}: {ended} have seeded enough.", *said])
        return sentence, {"name": client.name, "ended": ended, "problems": said}

    def run(self, options: Options) -> Result:
        refuse_while_paused()
        return super().run(options)

    def look(self, options: Options) -> Result:
        """The client is asked, and nothing is changed."""
        policy, told, lines = Seeding.now(), [], list[str]()
        for client in clients_named(options["clients"]):
            refuse_unusable(client)
            plan = look(client, policy)
            lines += said_of(plan, policy)
            told.append({"id": client.pk, "name": client.name, "ok": True, **as_json(plan)})
        return Result("\n".join(lines) or "None has seeded for long enough.", {"clients": told})


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
