"""What the person's own Audiobookshelf finds with one of the services it uses.

It answers with an empty list also when that service is down, so an empty list proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.audiobookshelf import online_query
from books.audiobookshelf_reading import read_online
from books.metadata import Proposal, Source
from books.metadata.said import proposal

PROVIDER = "google"  # Audiobookshelf's own default


@dataclass(frozen=True)
class Shelf(Source):
    """It is asked by the gateway. `provider`: the service that it asks in its turn."""

    kind: ClassVar[str] = "audiobookshelf"
    provider: str = PROVIDER

    def find(self, title: str, author: str = "") -> list[Proposal]:
        found = read_online(self.ask(online_query(self.provider, title, author)))
        read = [proposal(self.kind, **vars(book)) for book in found]
        return [one for one in read if one.title]
