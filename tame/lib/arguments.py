"""Read what was given to a command: each reader says in a sentence what is wrong with it."""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from getpass import getpass
from typing import Any

from django.utils import timezone

from tame.lib.errors import BadInputError

LARGEST = 2**63 - 1  # a database column holds no more


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text) if re.fullmatch("-?[0-9]{1,19}", text) else None
        if number is None or not least <= number <= most:
            raise ArgumentTypeError(f"“{text}” is no whole number from {least} to {most}.")
        return number

    return read


number = whole_number(1, LARGEST)  # of a row


def short_text(most: int) -> Callable[[str], str]:
    """Text that is not empty and has at most so many letters."""

    def read(text: str) -> str:
        text = " ".join(text.split())
        if not 0 < len(text) <= most:
            raise ArgumentTypeError(f"Give 1 to {most} letters, not {len(text)}.")
        return text

    return read


def one_of(words: Iterable[str], noun: str) -> Callable[[str], str]:
    known = list(words)

    def read(text: str) -> str:
        if text not in known:
            raise ArgumentTypeError(f"There is no {noun} “{text}”. There are: {', '.join(known)}.")
        return text

    return read


def moment(text: str) -> datetime:
    """An ISO 8601 time; without a zone it is one of the clock on TAME's pages."""
    try:
        read = datetime.fromisoformat(text)
        aware = read if timezone.is_aware(read) else timezone.make_aware(read)
        return aware.astimezone(timezone.get_default_timezone())
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(
            f"“{text}” is no time. Write it like 2026-12-01T08:00, or with its zone like "
            "2026-12-01T08:00Z."
        ) from error


# --- Secrets: never as a plain argument, which every process of the machine can read --------------


def add_secret(parser: ArgumentParser, name: str, what: str) -> None:
    """`--name-stdin` and `--name-env VARIABLE`."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(f"--{name}-stdin", action="store_true", help=f"Read {what} from stdin.")
    ways.add_argument(
        f"--{name}-env", metavar="VARIABLE", help=f"Read {what} from this environment variable."
    )


def secret(options: Mapping[str, Any], name: str, prompt: str = "") -> str:
    """What was given for `name`; with a `prompt` a person at a terminal is asked for it."""
    stem = name.replace("-", "_")
    if options[f"{stem}_stdin"]:
        return _line_of_stdin(name)
    if variable := options[f"{stem}_env"]:
        if not os.environ.get(variable):
            raise BadInputError(f"The environment has no variable {variable}, or it is empty.")
        return os.environ[variable]
    return getpass(prompt) if prompt and sys.stdin.isatty() else ""


def _line_of_stdin(name: str) -> str:
    if sys.stdin is None:  # it was closed
        raise BadInputError(f"Nothing came in for --{name}-stdin.")
    try:
        line = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise BadInputError(f"What came in for --{name}-stdin is no text.") from error
    if not line:
        raise BadInputError(f"Nothing came in for --{name}-stdin.")
    return line
