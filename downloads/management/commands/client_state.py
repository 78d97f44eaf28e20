"""How clients are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from downloads.clients import talking_to
from downloads.management.chosen import ClientsCommand
from downloads.models import Client
from tame.lib.sizes import readable


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
        free = "" if told["free"] is None else f" ({readable(told['free'])} free)"
        number = "1 torrent" if len(torrents) == 1 else f"{len(torrents)} torrents"
        sentence = (
            f"{client}: qBittorrent {told['version']}, {told['connection_status']}, saves to "
            f"{told['save_path']}{free}, {number}, {readable(told['download_speed'])} a second."
        )
        return sentence, told
