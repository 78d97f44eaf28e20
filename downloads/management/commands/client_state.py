"""How clients are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from downloads.clients import talking_to
from downloads.management.chosen import ClientsCommand
from downloads.models import Client


class Command(ClientsCommand):
    help = "Ask clients for their version, folder, free space, speed and number of torrents."

    def act(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        with talking_to(client) as gateway:
            torrents = gateway.all()
            told: dict[str, Any] = {
                "name": client.name,
                "version": gateway.version(),
                "api_version": gateway.api_version(),
                "save_path": gateway.default_save_path(),
                "free": gateway.free_space(),
                **asdict(gateway.transfer()),
                "torrents": len(torrents),
                "torrents_by_state": dict(Counter(seen.state for seen in torrents)),
            }
        sentence = (
            f"{client}: qBittorrent {told['version']}, {told['connection_status']}, saves to "
            f"{told['save_path']} ({told['free']} bytes free), {len(torrents)} torrents, "
            f"{told['download_speed']} bytes per second."
        )
        return sentence, told
