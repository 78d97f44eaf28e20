"""Take another release instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from downloads.management.chosen import ChosenCommand
from downloads.models import Download
from downloads.next_best import take_next_best
from tame.lib.commands import Options


class Command(ChosenCommand):
    help = "Give downloads up and take the next best release for their books."

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.instead: dict[int, int] = {}

    def act(self, download: Download, options: Options) -> str:
        new = take_next_best(download, actor=options["by"])
        self.instead[download.pk] = new.pk
        return f"“{download}” is given up; download {new.pk}, “{new}”, is queued instead."

    def more(self, download: Download) -> Mapping[str, Any]:
        return {"state": download.state, "instead": self.instead[download.pk]}
