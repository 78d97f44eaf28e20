"""Make clients agree with what is wished of their torrents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from downloads.management.chosen import StepCommand
from downloads.models import Client
from downloads.tidy import open_wishes, tidy_client


class Command(StepCommand):
    help = "Stop, start and remove torrents as was wished, and read it back."
    nothing_to_do = "No wish is open."

    def step(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        came_true = tidy_client(client)
        still_open = len(open_wishes(client))
        said = f"{client}: {came_true} wishes came true, {still_open} are open."
        return said, {"came_true": came_true, "open": still_open}

    def would(self, client: Client) -> tuple[list[str], Mapping[str, Any]]:
        rows = open_wishes(client)
        lines = [f"{client}: “{row.title}” {row.client_wish}." for row in rows]
        told = [{"download": r.pk, "title": r.title, "wish": r.client_wish} for r in rows]
        return lines, {"wishes": told}
