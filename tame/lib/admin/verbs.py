"""One verb, told to one row by a button or to many rows by the list's menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet

from tame.lib.checked import Checked, Partly, all_well
from tame.lib.errors import ServiceDownError, TameError

Said = str | Partly | Sequence[Checked]
PATIENCE_SECONDS = 60
SENTENCES = 3  # of those that refused; a message is read, not studied


def always(row: Any) -> bool:
    return True


def never_cautious(rows: QuerySet[Any]) -> str:
    return ""


@dataclass(frozen=True)
class Verb:
    """`act(row, actor=..., **what the form asked for)` answers with a sentence, or raises one of
    TAME's errors, whose text is the sentence.

    `permission`: with its app, as in "downloads.pause_download". `done`: as in "3 paused".
    `fits`: whether a row's page shows the button; `label_for`: what the button says there, no
    button where that is nothing. `caution`: said before a form is confirmed.
    `sure`: what the button below that form says, where the label alone could be misread there.
    """

    name: str
    label: str
    permission: str
    act: Callable[..., Said]
    done: str
    fits: Callable[[Any], bool] = always
    form: type[forms.Form] | None = None
    caution: Callable[[QuerySet[Any]], str] = never_cautious
    label_for: Callable[[Any], str] | None = None
    in_list: bool = True
    sure: str = ""

    @property
    def codename(self) -> str:
        return self.permission.partition(".")[2]

    def button(self, row: Any) -> str:
        return self.marked(self.label_for(row) if self.label_for else self.label)

    def marked(self, label: str) -> str:
        """The dots tell that it asks first."""
        return f"{label}…" if self.form and label else label


@dataclass
class Outcome:
    """What became of many rows: `refused` holds the sentence of each row that would not, `rests` of
    each that is among those `done`, but not whole."""

    verb: Verb
    done: list[Model] = field(default_factory=list)
    rests: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    stopped_by: str = ""
    left: int = 0

    @property
    def level(self) -> int:
        if not (self.refused or self.rests or self.stopped_by):
            return messages.SUCCESS
        return messages.WARNING if self.done else messages.ERROR

    @property
    def sentence(self) -> str:
        """All of it in one message."""
        said = f"{len(self.done) - len(self.rests)} {self.verb.done}"
        if self.rests:
            said += f", {len(self.rests)} in part: {some(self.rests)}"
        if self.refused:
            said += f", {len(self.refused)} not: {some(self.refused)}"
        if not (self.rests or self.refused):
            said += "."
        if self.stopped_by:
            said += f" {self.stopped_by} {self.left} left as they were."
        return said


def some(sentences: Iterable[str]) -> str:
    """The first few different ones, and how many more there are."""
    different = list(dict.fromkeys(sentences))
    more = len(different) - SENTENCES
    return " ".join(different[:SENTENCES] + ([f"And {more} more like these."] if more > 0 else []))


def tell_one(verb: Verb, row: Any, actor: str, asked: dict[str, Any]) -> list[tuple[int, str]]:
    """Levels and sentences; raises what the verb raises."""
    said = verb.act(row, actor=actor, **asked)
    if isinstance(said, str):
        return [(messages.SUCCESS, said)]
    if isinstance(said, Partly):
        return [(messages.SUCCESS, said.done), (messages.WARNING, said.rest)]
    return [(messages.SUCCESS if c.is_well else messages.WARNING, c.sentence) for c in said]


def tell_many(verb: Verb, rows: Sequence[Any], actor: str, asked: dict[str, Any]) -> Outcome:
    """One row after the other. The first service that is down ends it: the rest would wait for
    the same time-out, one by one. So does patience: a browser waits for the answer."""
    outcome, ends = Outcome(verb), monotonic() + PATIENCE_SECONDS
    for number, row in enumerate(rows):
        if number and monotonic() > ends:
            outcome.stopped_by = "This took long enough for one go; do the others after it."
            outcome.left = len(rows) - number
            break
        try:
            said = verb.act(row, actor=actor, **asked)
        except ServiceDownError as error:
            outcome.stopped_by, outcome.left = str(error), len(rows) - number
            break
        except TameError as error:
            outcome.refused.append(str(error))
            continue
        if isinstance(said, Partly):
            outcome.done.append(row)
            outcome.rests.append(said.rest)
        elif isinstance(said, str) or all_well(list(said)):
            outcome.done.append(row)
        else:
            outcome.refused += [check.sentence for check in said if not check.is_well][:1]
    return outcome
