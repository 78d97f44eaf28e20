"""Make clients agree with what is wished of their torrents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from downloads.management.chosen import (
    ClientsCommand,
    clients_named,
    refuse_unusable,
    refuse_while_paused,
)
from downloads.models import Client
from downloads.tidy import open_wishes, tidy_client
from tame.lib.commands import Options, Result


class Command(ClientsCommand):
    help = "Stop, start and remove torrents as was wished, and read it back."
    changes = True

    def act(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        refuse_unusable(client)
        came_true = tidy_client(client)
        still_open = len(open_wishes(client))
        told = {"name": client.name, "came_true": came_true, "open": still_open}
        return f"{client}: {came_true} wishes came true, {still_open} are open.", told

    def run(self, options: Options) -> Result:
        refuse_while_paused()
        return super().run(options)

    def look(self, options: Options) -> Result:
        told, lines = [], []
        for client in clients_named(options["clients"]):
            wishes = [
                {"download": row.pk, "title": row.title, "wish": row.client_wish}
                for row in open_wishes(client)
            ]
            lines += [f"{client}: “{one['title']}” {one['wish']}." for one in wishes]
            told.append({"id": client.pk, "name": client.name, "ok": True, "wishes": wishes})
        return Result("\n".join(lines) or "No wish is open.", {"clients": told})
