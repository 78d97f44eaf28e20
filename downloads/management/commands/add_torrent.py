"""Give a torrent for a book by hand."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import CommandParser

from books.models import Book
from downloads.as_json import download_as_json
from downloads.grab import add_torrent
from downloads.models import Client
from indexers.torrents import hash_from_text
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.errors import BadInputError
from tame.lib.named import named, numbered
from tame.lib.redact import redact

MOST = 10 * 2**20  # bytes of a .torrent
LINKS = ("magnet:", "http://", "https://")


class Command(commands.Command):
    help = "Give a .torrent file, a magnet or a link to either for a book: it is queued."
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("book", type=arguments.number, metavar="BOOK")
        parser.add_argument(
            "torrent",
            help="A file, a magnet, a link, an info hash, or - to read any of them from stdin, "
            "which no other user of this machine sees.",
        )
        parser.add_argument("--client", metavar="CLIENT", help="Name or number; else it is chosen.")

    def run(self, options: Options) -> Result:
        [book] = numbered(Book.objects.all(), [options["book"]], "book")
        client = options["client"] and named(Client.objects.all(), options["client"], "client")
        given = what_was_given(options["torrent"])
        row = add_torrent(book, given, actor=options["by"], client=client or None)
        text = f"“{row}” is {row.get_state_display()} for “{book}”: download {row.pk}."
        return Result(text, {"download": download_as_json(row)})


def what_was_given(text: str) -> bytes | str:
    """A torrent's bytes, or a link."""
    if text == "-":
        return bytes_or_link(sys.stdin.buffer.read(MOST + 1) if sys.stdin else b"")
    if text.strip().lower().startswith(LINKS) or hash_from_text(text):
        return text
    return bytes_or_link(read_file(Path(text)))


def read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no path"
        raise BadInputError(
            f"“{redact(str(path))}” is no magnet and no link, and cannot be read as a file: "
            f"{reason}."
        ) from error


def bytes_or_link(data: bytes) -> bytes | str:
    """A text file may hold a magnet or a link."""
    if len(data) > MOST:
        raise BadInputError("This is larger than 10 MiB, so it is no .torrent.")
    text = data.strip().decode("ascii", "replace")
    return text if text.lower().startswith(LINKS) or hash_from_text(text) else data
