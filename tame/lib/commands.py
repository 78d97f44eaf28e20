"""What every command shares: JSON for programs, exit codes, dry runs, and no traceback."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, ProgrammingError, transaction

from tame.lib.arguments import short_text
from tame.lib.errors import BadInputError, ObstacleError, ServiceDownError, TameError
from tame.lib.progress import Progress
from tame.lib.redact import first_line, quotable

Options = Mapping[str, Any]
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Code(IntEnum):
    """How a command ended, for the program that called it."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    SERVICE_DOWN = 3
    OBSTACLE = 4
    STOPPED = 130  # as a shell has it


MEANINGS = {
    Code.DONE: "everything that was asked was done",
    Code.FAILED: "something of what was asked failed; the rest was done",
    Code.BAD_INPUT: "what was given cannot be used; nothing was changed",
    Code.SERVICE_DOWN: "a service that is needed does not answer or refuses the login",
    Code.OBSTACLE: "something stands in the way, which may pass or which a person may remove",
    Code.STOPPED: "stopped by Ctrl-C",
}
CODES: tuple[tuple[type[TameError], Code], ...] = (
    (BadInputError, Code.BAD_INPUT),
    (ServiceDownError, Code.SERVICE_DOWN),
    (ObstacleError, Code.OBSTACLE),
)


def code_of(error: TameError) -> Code:
    return next((code for kind, code in CODES if isinstance(error, kind)), Code.FAILED)


@dataclass(frozen=True)
class Result:
    """`text` is for a person, `data` for a program, `trouble` says what went wrong to both.

    `lines` in the place of `data`: a document to a line, as the lines of the input.
    """

    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    code: Code = Code.DONE
    trouble: str = ""
    lines: Sequence[Mapping[str, Any]] | None = None


class Command(BaseCommand):
    """Subclasses say what they take (`arguments`) and what they do (`run`)."""

    changes: ClassVar[bool] = False
    is_noted: ClassVar[bool] = False  # in a history, with who did it
    requires_system_checks = []
    suppressed_base_arguments = {
        "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color",
        "--force-color",
    }  # fmt: skip

    def arguments(self, parser: CommandParser) -> None:
        """What this command takes beside `--json` and, if it changes something, `--dry-run`."""

    def run(self, options: Options) -> Result:
        raise NotImplementedError

    def look(self, options: Options) -> Result:
        """What `run` would do. The default runs and rolls back, so a command that asks a service
        or touches a file has its own."""
        with transaction.atomic():
            result = self.run(options)
            transaction.set_rollback(True)
        return result

    def progress(self, total: int) -> Progress:
        return Progress(total, self.stderr)

    # --- What Django calls ------------------------------------------------------------------------

    def create_parser(self, prog_name: str, subcommand: str, **more: Any) -> CommandParser:
        more.setdefault("allow_abbrev", False)  # a new option must not change what a call means
        parser = super().create_parser(prog_name, subcommand, **more)
        parser.error = refuse  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        self.arguments(parser)
        parser.add_argument("--json", action="store_true", help="Answer with one JSON document.")
        if self.changes:
            parser.add_argument(
                "--dry-run", action="store_true", help="Say what would be done and do nothing."
            )
        if self.is_noted:
            parser.add_argument(
                "--by",
                default="command line",
                metavar="NAME",
                type=short_text(150),
                help="Who does it, for the history.",
            )

    def run_from_argv(self, argv: list[str]) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            super().run_from_argv(argv)
        except CommandError as error:
            sentence = str(error).removeprefix("Error: ").removeprefix("argument ")
            self.tell(Result(code=Code.BAD_INPUT, trouble=sentence), {"json": "--json" in argv})
            sys.exit(Code.BAD_INPUT)
        except KeyboardInterrupt:
            stopped = Result(code=Code.STOPPED, trouble="Stopped; what was done until then stays.")
            self.tell(stopped, {"json": "--json" in argv})
            sys.exit(Code.STOPPED)
        except BrokenPipeError:  # whoever read has heard enough
            sys.stdout = None  # else Python flushes it once more at the end
            sys.exit(Code.FAILED)

    def handle(self, *args: Any, **options: Any) -> None:
        result = self._result(options)
        self.tell(result, options)
        if result.code:
            sys.exit(result.code)

    def _result(self, options: Options) -> Result:
        try:
            return self.look(options) if options.get("dry_run") else self.run(options)
        except TameError as error:
            return Result(code=code_of(error), trouble=str(error))
        except (OperationalError, ProgrammingError) as error:
            sentence = (
                f"The database cannot be used ({first_line(str(error))}). Start TAME once, which "
                "prepares it, or run the command migrate."
            )
            return Result(code=Code.SERVICE_DOWN, trouble=sentence)

    def tell(self, result: Result, options: Options) -> None:
        if options["json"]:
            documents = [as_document(result, options)] if result.lines is None else result.lines
            for document in documents:
                self.stdout.write(json.dumps(document, cls=DjangoJSONEncoder))
        elif result.text:
            dry = "Dry run; nothing was changed. Without --dry-run:\n"
            self.stdout.write(printable(dry * bool(options.get("dry_run")) + result.text))
        self.stdout.flush()  # a pipe that was closed shows here, not at the end of Python
        if result.trouble and not options["json"]:
            self.stderr.write(printable(result.trouble))


def refuse(message: str) -> NoReturn:
    """What argparse says of mistyped arguments, without the values: one may be a password."""
    head, mark, typed = message.partition("unrecognized arguments: ")
    names = [word.partition("=")[0] for word in typed.split() if word.startswith("--")]
    left = f"{mark}{' '.join(names) or 'there are too many'}" if mark else ""
    raise CommandError(f"Error: {quotable(head)}{left}")


def as_document(result: Result, options: Options) -> dict[str, Any]:
    document: dict[str, Any] = {"ok": result.code == Code.DONE}
    if result.trouble:
        document["error"] = result.trouble
    if options.get("dry_run"):
        document["dry_run"] = True
    return document | dict(result.data)


def printable(text: str) -> str:
    """Without what would steer a terminal: titles come from strangers."""
    return CONTROL.sub("", text)
