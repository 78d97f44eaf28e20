"""What every command of TAME keeps to: codes, JSON, dry runs, progress, no traceback."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import OperationalError

from books.models import Book
from tame.lib import arguments, commands
from tame.lib.commands import Code, Options, Result
from tame.lib.each import each, together
from tame.lib.errors import (
    BadInputError,
    LocalError,
    LoginRefusedError,
    LostRaceError,
    NotFetchedError,
    ObstacleError,
    ServiceDownError,
)
from tame.lib.progress import Progress
from tests.factory import make_book

Outcome = tuple[int, str, str]


class Reading(commands.Command):
    """Does what the test gives it."""

    what: Callable[[Options], Result]

    def run(self, options: Options) -> Result:
        return self.what(options)


class Changing(Reading):
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--when", type=arguments.moment)


def outcome(what: Callable[[Options], Result], *given: str, kind: Any = Changing) -> Outcome:
    command, out, err = kind(), io.StringIO(), io.StringIO()
    command.what = what
    try:
        call_command(command, *given, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def raising(error: Exception) -> Callable[[Options], Result]:
    def what(options: Options) -> Result:
        raise error

    return what


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LocalError("The disk is full."), 1),
        (LostRaceError("This was changed meanwhile."), 1),
        (NotFetchedError("The link gave no torrent.", code="http-404"), 1),
        (BadInputError("A book needs a title."), 2),
        (ServiceDownError("seedbox does not answer."), 3),
        (LoginRefusedError("seedbox refuses the password."), 3),
        (ObstacleError("It is on the blocklist."), 4),
    ],
)
def test_every_expected_error_has_a_code_and_is_told_once(error: Exception, code: int) -> None:
    assert outcome(raising(error)) == (code, "", f"{error}\n")
    told = outcome(raising(error), "--json")
    assert (told[0], told[2]) == (code, "")
    assert json.loads(told[1]) == {"ok": False, "error": str(error)}


def test_a_bug_is_not_told_away() -> None:
    with pytest.raises(ZeroDivisionError):
        outcome(lambda options: Result(str(1 / 0)))


def test_a_database_without_tables_is_a_sentence() -> None:
    code, out, err = outcome(raising(OperationalError("no such table: books_book")))
    assert (code, out) == (3, "")
    assert "no such table: books_book" in err
    assert "migrate" in err


def test_json_is_one_line_with_times_in_utc() -> None:
    at = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    _, out, _ = outcome(lambda options: Result("Done.", {"at": at, "title": "Cranford\n“Ann”"}))
    assert out == "Done.\n"
    _, out, _ = outcome(lambda options: Result("Done.", {"at": at, "title": "“Ann”"}), "--json")
    assert out.count("\n") == 1
    assert json.loads(out) == {"ok": True, "at": "2026-12-01T08:00:00Z", "title": "“Ann”"}


@pytest.mark.django_db
def test_a_dry_run_changes_nothing_and_says_what_would_be() -> None:
    def want(options: Options) -> Result:
        return Result(f"“{make_book()}” is wanted.", {"book": 1})

    code, out, _ = outcome(want, "--dry-run")
    assert code == 0
    assert out == "Dry run; nothing was changed. Without --dry-run:\n“Cranford” is wanted.\n"
    assert json.loads(outcome(want, "--dry-run", "--json")[1]) == {
        "ok": True,
        "dry_run": True,
        "book": 1,
    }
    assert not Book.objects.exists()
    outcome(want)
    assert Book.objects.count() == 1


def test_what_changes_nothing_has_no_dry_run() -> None:
    with pytest.raises(Exception, match="unrecognized arguments: --dry-run"):
        outcome(lambda options: Result(), "--dry-run", kind=Reading)


# --- Many at once ---------------------------------------------------------------------------------


class Thing:
    def __init__(self, pk: int) -> None:
        self.pk = pk


def tried(*errors: Exception | None) -> tuple[Result, list[int]]:
    """`each` over rows that end so, and the rows that were truly tried."""
    seen: list[int] = []

    def act(row: Thing) -> tuple[str, dict[str, Any]]:
        seen.append(row.pk)
        if error := errors[row.pk - 1]:
            raise error
        return f"{row.pk} is done.", {"state": "queued"}

    rows = [Thing(number) for number, _ in enumerate(errors, 1)]
    return each("download", rows, act, Progress(len(rows), _Terminal(is_a_terminal=False))), seen


def test_each_row_is_told_by_itself() -> None:
    result, _ = tried(None, ObstacleError("It is paused."))
    assert result.code == Code.FAILED
    assert (result.text, result.trouble) == ("1 is done.", "Download 2: It is paused.")
    assert result.data == {
        "downloads": [
            {"id": 1, "ok": True, "sentence": "1 is done.", "state": "queued"},
            {"id": 2, "ok": False, "error": "It is paused."},
        ]
    }


def test_one_row_alone_is_told_without_its_number() -> None:
    result, _ = tried(ObstacleError("It is paused."))
    assert (result.code, result.trouble) == (Code.OBSTACLE, "It is paused.")


def test_after_a_service_that_is_down_no_further_row_is_tried() -> None:
    result, seen = tried(None, ServiceDownError("seedbox does not answer."), None, None)
    assert seen == [1, 2]
    assert [row["ok"] for row in result.data["downloads"]] == [True, False, False, False]
    assert result.data["downloads"][3]["error"] == "Not tried: seedbox does not answer."
    assert result.code == Code.FAILED


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], Code.DONE),
        ([Code.DONE, Code.DONE], Code.DONE),
        ([Code.OBSTACLE, Code.OBSTACLE], Code.OBSTACLE),
        ([Code.DONE, Code.SERVICE_DOWN], Code.FAILED),
        ([Code.BAD_INPUT, Code.SERVICE_DOWN], Code.FAILED),
    ],
)
def test_many_ends_make_one_code(codes: list[Code], code: Code) -> None:
    assert together(codes) == code


# --- Progress -------------------------------------------------------------------------------------


class _Terminal:
    def __init__(self, *, is_a_terminal: bool) -> None:
        self.shown, self.is_a_terminal = "", is_a_terminal

    def isatty(self) -> bool:
        return self.is_a_terminal

    def write(self, msg: str = "", style_func: Any = None, ending: str | None = None) -> None:
        self.shown += msg + ("\n" if ending is None else ending)

    def flush(self) -> None:
        """Nothing is kept back."""


def test_a_terminal_sees_a_bar_that_is_gone_at_the_end() -> None:
    terminal = _Terminal(is_a_terminal=True)
    with Progress(4, terminal) as step:
        step("Gutenberg\x1b[31m: Cranford")
        step()
    lines = terminal.shown.split("\r\x1b[K")
    assert lines[1:] == [
        "[........................] 0 of 4 ",
        "[######..................] 1 of 4 Gutenberg[31m: Cranford",
        "[############............] 2 of 4 ",
        "",
    ]


@pytest.mark.parametrize(("total", "is_a_terminal"), [(4, False), (1, True), (0, True)])
def test_pipes_and_short_work_see_no_bar(total: int, is_a_terminal: bool) -> None:
    terminal = _Terminal(is_a_terminal=is_a_terminal)
    with Progress(total, terminal) as step:
        step()
    assert terminal.shown == ""


# --- Arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01T08:00Z", "2026-12-01T08:00:00+00:00"),
        ("2026-12-01T08:00+02:00", "2026-12-01T06:00:00+00:00"),
        ("2026-12-01T08:00", "2026-12-01T07:00:00+00:00"),
        ("2026-12-01", "2026-11-30T23:00:00+00:00"),
    ],
)
def test_a_time_without_a_zone_is_one_of_our_clock(text: str, expected: str, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    _, out, _ = outcome(
        lambda given: Result(data={"when": given["when"]}), "--when", text, "--json"
    )
    assert datetime.fromisoformat(json.loads(out)["when"]).astimezone(UTC).isoformat() == expected


@pytest.mark.parametrize("text", ["tomorrow", "", "2026-13-01", "0001-01-01T00:00+14:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Exception, match="is no time"):
        outcome(lambda options: Result(), "--when", text)


def test_a_name_for_the_history_must_fit() -> None:
    with pytest.raises(Exception, match="Give 1 to 150 letters, not 151"):
        outcome(lambda options: Result(), "--by", "a" * 151)
