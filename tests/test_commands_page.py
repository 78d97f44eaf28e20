"""docs/commands.md is written from the commands themselves: it cannot be old.

TAME_WRITE=1 writes the page anew.
"""

from __future__ import annotations

from argparse import Action
from collections.abc import Iterator

import pytest
from django.core.management import get_commands, load_command_class

from books.as_json import book_as_json
from downloads.as_json import client_as_json, download_as_json
from downloads.management.chosen import ChosenCommand
from downloads.states import State
from indexers.as_json import block_as_json, indexer_as_json, release_as_json, verdict_as_json
from indexers.models import Block, Verdict
from tame.lib.commands import MEANINGS, Command
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.written import assert_written

ROOMS = {
    "books": "Books",
    "indexers": "Indexers and releases",
    "downloads": "Downloads and clients",
}
ROOMS |= {"tame": "TAME itself"}
SHARED = {"help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color"}
SHARED |= {"force_color", "json", "dry_run", "by"}

INTRODUCTION = """# Commands

What is done day by day in the admin is done on the command line by the same functions:

    python manage.py list_downloads --state failed --json

With `--json` these commands are TAME's interface for other programs, for now:

* Standard output holds exactly one JSON document, whatever TAME expects to happen (`judge` and
  `export_labels` write a document to a line). `ok` says whether all that was asked was done; where
  it was not, `error` says why, in a sentence.
* Times are ISO 8601 in UTC, sizes bytes, speeds bytes per second. A key is never renamed or left
  out: what is not known is null or empty. Passwords, keys, links and magnets are never shown.
* What was done to several rows is told for each, with its `id`, `ok`, and `sentence` or `error`.
* A list gives `total` and `has_more` beside its page: `--limit` 1 to 500 (100), `--offset`.

Without `--json` a person reads a text on standard output and the trouble on standard error. Long
work shows its progress there if it is a terminal.

* `--dry-run`, of the commands that show it, says what would be done and does nothing: it writes no
  row and asks no service to change anything. The others only look, or do what their sentence says;
  whenever a service is asked, its row remembers how it answered.
* `--by NAME` says who does it, where a history is kept; else it is "command line".
* Rows are named by their numbers; clients and indexers also by their names. When one of several is
  not there, nothing is done. Once a service is down, the rest of what it was asked is not tried.
* `[DOWNLOAD ...] [--state STATE]` are downloads by their numbers, or all that are in a state, which
  may be given several times: {states}.
* Passwords and keys come by `--password-stdin` or `--password-env VARIABLE` (keys likewise), or a
  person at a terminal is asked: other users of a machine can read arguments.
* While everything is paused, what TAME does by itself stands still by command too (`push_downloads`
  without numbers, `sync_downloads`, `tidy_downloads`, and `--due`); what is named is done.

Only in the admin:

* the columns of a row that is here (a title, an address, an indexer's categories, a limit, a
  schedule's timing), the volumes of a series, and deleting rows (but `unblock`);
* *Take* and *Take all* on *Choices* (`grab` takes one release), blocking what was not taken yet,
  *This is right* and *Not this one*;
* the questions of the first page, switching metadata sources, *Use by default* of what is here;
* of a library *Read again*, which every night does, too, and *They are gone*;
* routing indexers to clients, people and their rights, and running a qBittorrent beside TAME.
"""
AFTER_CODES = """
Of several rows that failed, all in the same way and none done, the code is that of the failure;
else it is 1. An error that TAME did not expect is a bug: it shows a traceback and ends with 1.
"""


def commands() -> Iterator[tuple[str, str, Command]]:
    """Room, name, command."""
    for name, room in sorted(get_commands().items()):
        if room in ROOMS:
            command = load_command_class(room, name)
            if isinstance(command, Command):
                yield room, name, command


ALL = list(commands())


def options(command: Command, name: str) -> list[Action]:
    actions = command.create_parser("manage.py", name)._actions
    return [action for action in actions if action.dest not in SHARED]


def explained(command: Command, name: str) -> Iterator[str]:
    """What the page does not say at its beginning."""
    once = {"limit", "offset"}
    once |= {"downloads", "state"} if isinstance(command, ChosenCommand) else set()
    for action in options(command, name):
        if action.help and action.dest not in once:
            word = action.option_strings[-1] if action.option_strings else shown(action)
            yield f"* `{word}`: {action.help}"


def shown(action: Action) -> str:
    if not action.option_strings:
        word = str(action.metavar or action.dest).upper()
        many = {"*": f"[{word} ...]", "+": f"{word} [{word} ...]", "?": f"[{word}]"}
        return many.get(str(action.nargs), word)
    flag = action.option_strings[-1]
    value = f" {action.metavar or action.dest.upper()}" if action.nargs != 0 else ""
    return f"{flag}{value}" if action.required else f"[{flag}{value}]"


def entry(name: str, command: Command) -> str:
    words = [name, *map(shown, options(command, name))]
    words += ["[--dry-run]"] * command.changes + ["[--by NAME]"] * command.is_noted
    lines = [f"### {name}", "", command.help, "", f"    {' '.join(words)}"]
    more = list(explained(command, name))
    return "\n".join([*lines, *([""] if more else []), *more, ""])


def codes() -> str:
    rows = [f"| {int(code)} | {meaning} |" for code, meaning in MEANINGS.items()]
    return "\n".join(["| exit code | meaning |", "|---|---|", *rows])


def keys() -> str:
    """What is told of each kind of row."""
    client, indexer, book = make_client(), make_indexer(), make_book()
    release = make_release(indexer, book)
    verdict = Verdict.objects.get()
    block = Block.objects.create(info_hash="a" * 40, reason="Noise.", blocked_by="ann")
    told = {
        "book": book_as_json(book),
        "indexer": indexer_as_json(indexer),
        "release": release_as_json(release, "open", verdict),
        "verdict": verdict_as_json(verdict),
        "block": block_as_json(block),
        "client": client_as_json(client),
        "download": download_as_json(make_download(client)),
    }
    return "\n".join(f"* {noun}: `{'`, `'.join(row)}`" for noun, row in told.items())


@pytest.mark.django_db
def test_the_page_lists_every_command() -> None:
    parts = [INTRODUCTION.format(states=", ".join(State.values)), "## Exit codes\n", codes()]
    parts += [AFTER_CODES, "## What is told of a row\n", keys() + "\n"]
    for room, title in ROOMS.items():
        parts += [f"## {title}\n"]
        parts += [entry(name, command) for place, name, command in ALL if place == room]
    assert_written("commands.md", "\n".join(parts))


@pytest.mark.parametrize(("room", "name", "command"), ALL, ids=[name for _, name, _ in ALL])
def test_every_command_says_what_it_does(room: str, name: str, command: Command) -> None:
    assert command.help.endswith(".")
    assert all(
        action.help is None or action.help.endswith((".", "}")) for action in options(command, name)
    )
