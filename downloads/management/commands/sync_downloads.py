"""Bring downloads up to date with their clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from downloads.confirm import confirm_in
from downloads.management.chosen import (
    ClientsCommand,
    clients_named,
    refuse_unusable,
    refuse_while_paused,
)
from downloads.models import Client, Download
from downloads.states import State
from downloads.sync import sync_client
from tame.lib.commands import Options, Result


class Command(ClientsCommand):
    help = "Ask clients for all that was pushed or is downloading, and store what they say."
    changes = True

    def act(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        refuse_unusable(client)
        confirmed, waiting = confirm_in(client)
        seen = sync_client(client)
        told = {"name": client.name, "confirmed": confirmed, "waiting": waiting, "seen": seen}
        return f"{client}: {confirmed} confirmed, {waiting} not listed yet, {seen} seen.", told

    def run(self, options: Options) -> Result:
        refuse_while_paused()
        return super().run(options)

    def look(self, options: Options) -> Result:
        told, lines = [], []
        for client in clients_named(options["clients"]):
            rows = Download.objects.filter(
                client=client, state__in=(State.PUSHED, State.DOWNLOADING)
            )
            lines.append(f"{client} would be asked for {rows.count()} downloads.")
            told.append({"id": client.pk, "name": client.name, "ok": True, "asked": rows.count()})
        return Result("\n".join(lines), {"clients": told})
