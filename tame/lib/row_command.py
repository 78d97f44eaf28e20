"""Commands that tell one verb to rows that are named, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.core.management.base import CommandParser
from django.db.models import QuerySet

from tame.lib import arguments, commands
from tame.lib.admin.switching import end_pause, switch_off, switch_on
from tame.lib.commands import Options, Result
from tame.lib.each import each
from tame.lib.named import named, numbered


class RowCommand(commands.Command):
    """Subclasses say which rows there are and what becomes of one."""

    changes = True
    noun: ClassVar[str]
    has_names: ClassVar[bool] = False  # beside numbers

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def act(self, row: Any, options: Options) -> str:
        raise NotImplementedError

    def arguments(self, parser: CommandParser) -> None:
        what = "Names or numbers" if self.has_names else "Numbers"
        parser.add_argument(
            f"{self.noun}s",
            nargs="+",
            type=str if self.has_names else arguments.number,
            metavar=self.noun.upper(),
            help=f"{what}, as list_{self.noun}s shows them.",
        )

    def chosen(self, given: Sequence[Any]) -> list[Any]:
        if not self.has_names:
            return numbered(self.rows(), given, self.noun)
        return list(dict.fromkeys(named(self.rows(), text, self.noun) for text in given))

    def run(self, options: Options) -> Result:
        rows = self.chosen(options[f"{self.noun}s"])
        progress = self.progress(len(rows))
        return each(self.noun, rows, lambda row: (self.act(row, options), {}), progress)


CHANGES: dict[str, Callable[..., str]] = {
    "on": switch_on,
    "off": switch_off,
    "reset-pause": end_pause,
}


class SwitchCommand(RowCommand):
    """For a model with `enabled` that is a `Pause`, as the admin's three buttons."""

    has_names = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "change",
            type=arguments.one_of(CHANGES, "change"),
            metavar="CHANGE",
            help="on, off, or reset-pause: what is left alone for a while may be asked at once.",
        )
        super().arguments(parser)

    def act(self, row: Any, options: Options) -> str:
        return CHANGES[options["change"]](row, actor="command line")
