"""A command's verb told to each of many rows: what became of each, and one code for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from tame.lib.checked import Checked, all_well
from tame.lib.commands import Code, Result, code_of
from tame.lib.errors import ServiceDownError, TameError
from tame.lib.progress import Progress


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
