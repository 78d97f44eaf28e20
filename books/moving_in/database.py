"""Other programs' SQLite files: a copy, opened read-only, and trusted with nothing."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from tame.lib.errors import BadInputError

MOST_BYTES = 512 * 2**20
MAGIC = b"SQLite format 3\x00"
Row = dict[str, Any]


@contextmanager
def temporary_copy(file: BinaryIO, what: str) -> Iterator[Path]:
    """The bytes as a file of our own, for as long as the block lasts. Raises BadInputError."""
    with tempfile.TemporaryDirectory(prefix="tame-") as folder:
        path = Path(folder) / "source"
        with path.open("wb") as target:
            shutil.copyfileobj(file, target, 1 << 20)
            if target.tell() > MOST_BYTES:
                raise BadInputError(f"{what} has more than {MOST_BYTES >> 20} MB.")
        yield path


class Database:
    """Only SELECT, on what is there: a view or trigger of the file runs no other code."""

    def __init__(self, path: Path, program: str) -> None:
        self.program = program
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise BadInputError(f"This is no database of {program}: not an SQLite file.")
        self.connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA trusted_schema = OFF")
        self.connection.execute("PRAGMA query_only = ON")

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def columns(self, table: str) -> set[str]:
        """In lower case; empty when there is no such table."""
        rows = self.ask("SELECT name FROM pragma_table_info(?)", table)
        return {str(row["name"]).lower() for row in rows}

    def need(self, table: str, columns: Sequence[str]) -> None:
        lacking = [name for name in columns if name.lower() not in self.columns(table)]
        if lacking:
            raise BadInputError(
                f"This is no database of {self.program} that TAME can read: its table {table} has "
                f"no {lacking[0]}."
            )

    def ask(self, question: str, *values: object) -> list[Row]:
        try:
            self.connection.execute("PRAGMA cell_size_check = ON")
            return [dict(row) for row in self.connection.execute(question, values)]
        except (sqlite3.Error, UnicodeError) as error:
            raise BadInputError(
                f"The database of {self.program} cannot be read ({error}). Copy it while "
                f"{self.program} is stopped, and give it again."
            ) from error
