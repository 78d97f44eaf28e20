"""Bring downloads up to date with their clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from downloads.confirm import confirm_in
from downloads.management.chosen import StepCommand
from downloads.models import Client, Download
from downloads.states import State
from downloads.sync import sync_client


class Command(StepCommand):
    help = "Ask clients for all that was pushed or is downloading, and store what they say."

    def step(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        confirmed, waiting = confirm_in(client)
        seen = sync_client(client)
        told = {"confirmed": confirmed, "waiting": waiting, "seen": seen}
        return f"{client}: {confirmed} confirmed, {waiting} not listed yet, {seen} seen.", told

    def would(self, client: Client) -> tuple[list[str], Mapping[str, Any]]:
        states = (State.PUSHED, State.DOWNLOADING)
        count = Download.objects.filter(client=client, state__in=states).count()
        return [f"{client} would be asked for {count} downloads."], {"asked": count}
