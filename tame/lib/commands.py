"""What every command shares: JSON for programs, exit codes, dry runs, and no traceback."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, ClassVar, NoReturn, Protocol, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, ProgrammingError, transaction

from tame.lib.arguments import short_text
from tame.lib.checked import Checked, all_well
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


# --- Many at once ---------------------------------------------------------------------------------


class Row(Protocol):
    """Of a model."""

    @property
    def pk(self) -> Any: ...


class Service(Row, Protocol):
    """Of a model that is a `Pause`."""

    last_error: Any

    def refresh_from_db(self, *, fields: Sequence[str]) -> None: ...


R = TypeVar("R", bound=Row)
S = TypeVar("S", bound=Service)
Act = Callable[[R], tuple[str, Mapping[str, Any]]]


def each(
    noun: str,
    rows: Iterable[R],
    act: Act[R],
    progress: Progress,
    *,
    service: Callable[[R], object] = lambda row: None,
    plural: str = "",
) -> Result:
    """`act` on every row, with what becomes of each under the plural of `noun` in the data.

    `act` returns a sentence and more data. Once a service is down, the rows that need the same
    `service` are not tried.
    """
    told, ends, down = [], Ends(noun), dict[object, str]()
    with progress as step:
        for row in rows:
            try:
                if service(row) in down:
                    raise ServiceDownError(f"Not tried: {down[service(row)]}")
                sentence, more = act(row)
            except TameError as error:
                if isinstance(error, ServiceDownError):
                    down.setdefault(service(row), str(error))
                told.append(ends.failed(row, error))
            else:
                told.append(ends.done(row, sentence) | dict(more))
            step(str(row))
    data = {plural or f"{noun}s": told}
    return Result("\n".join(ends.lines), data, together(ends.codes), ends.trouble)


class Ends:
    """How many rows ended."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self.codes: list[Code] = []
        self.lines: list[str] = []
        self.troubles: list[tuple[Any, str]] = []

    def done(self, row: Row, sentence: str) -> dict[str, Any]:
        self.codes.append(Code.DONE)
        self.lines.append(sentence)
        return {"id": row.pk, "ok": True, "sentence": sentence}

    def failed(self, row: Row, error: TameError) -> dict[str, Any]:
        self.codes.append(code_of(error))
        self.troubles.append((row.pk, str(error)))
        return {"id": row.pk, "ok": False, "error": str(error)}

    @property
    def trouble(self) -> str:
        if len(self.codes) == 1:
            return "".join(sentence for _, sentence in self.troubles)
        return "\n".join(f"{self.noun.capitalize()} {pk}: {said}" for pk, said in self.troubles)


def check_each(
    noun: str,
    rows: Iterable[S],
    check: Callable[[S], list[Checked]],
    progress: Progress,
    *,
    plural: str = "",
) -> Result:
    """What a *Test* of every row tried and saw."""
    told, lines, unwell, codes = [], [], [], []
    with progress as step:
        for row in rows:
            checks, name = check(row), str(row)
            lines += [f"{name}: {'' if c.is_well else 'NOT WELL: '}{c.sentence}" for c in checks]
            unwell += [] if all_well(checks) else [name]
            codes.append(Code.DONE if all_well(checks) else code_of_unwell(row))
            said = [{"ok": c.is_well, "sentence": c.sentence} for c in checks]
            told.append({"id": row.pk, "name": name, "ok": all_well(checks), "checks": said})
            step(name)
    nouns = plural or f"{noun}s"
    data = {nouns: told}
    if not unwell:
        return Result("\n".join(lines) or f"There are no {nouns} to test.", data)
    trouble = f"{len(unwell)} of {len(told)} {nouns} not well: {', '.join(unwell)}."
    return Result("\n".join(lines), data, together(codes), trouble)


def code_of_unwell(row: Service) -> Code:
    """A service that gave no answer or refused us has it as its last error."""
    row.refresh_from_db(fields=["last_error"])
    return Code.SERVICE_DOWN if row.last_error else Code.FAILED


def together(codes: Iterable[Code]) -> Code:
    """One code for many: what they have in common, else that something failed."""
    kinds = set(codes)
    if len(kinds) > 1:
        return Code.FAILED
    return kinds.pop() if kinds else Code.DONE
