"""Bencoded bytes to values, without recursion and in time linear to their length."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from tame.lib.errors import BadInputError

Value: TypeAlias = "int | bytes | list[Value] | dict[bytes, Value]"
Kind = TypeVar("Kind", int, bytes, "list[Value]", "dict[bytes, Value]")

# libtorrent's limit is 100, and it counts the innermost value as one more level.
MAX_DEPTH = 99
# A torrent of about 100,000 files. libtorrent allows three times that; our memory should not.
MAX_TOKENS = 1_000_000
REMEDY = "Fetch it again or choose another release."

# libtorrent takes integers of 20 digits and leading zeros before a string.
TOKEN = re.compile(rb"(\d{1,12}):|i(-?\d{1,20})e|([dle])")
TEXT, NUMBER = 1, 2
TOKEN_BEGUN = re.compile(rb"(?:\d{0,12}|i-?\d{0,20})\Z")


@dataclass
class Bencoded:
    table: dict[bytes, Value] = field(default_factory=dict)
    # where the containers that are values of the outermost table begin and end
    spans: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    # keys of the outermost table whose value has unsorted or repeated keys or leading zeros
    untidy: set[bytes] = field(default_factory=set)


def unusable(fault: str, remedy: str = REMEDY) -> BadInputError:
    return BadInputError(f"This torrent file cannot be used: {fault}. {remedy}")


def find(table: dict[bytes, Value], key: bytes, kind: type[Kind]) -> Kind | None:
    """The value of `key` when it is of that kind, else None, which is what libtorrent does."""
    value = table.get(key)
    return value if isinstance(value, kind) else None


def scan(data: bytes) -> Bencoded:
    """The outermost dictionary; what follows it is ignored, as by libtorrent. Of a key that is
    repeated the first counts, as for libtorrent. Raises BadInputError."""
    if data[:1] != b"d":
        raise unusable("it is something else than a torrent")
    scanner = _Scanner(data)
    for _ in range(MAX_TOKENS):
        scanner.step()
        if not scanner.open:
            return scanner.found
    raise unusable(f"it has more than {MAX_TOKENS:,} parts")


class _Scanner:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 1
        self.found = Bencoded()
        self.open: list[dict[bytes, Value] | list[Value]] = [self.found.table]
        self.starts = [0]
        # of each open dictionary the key that awaits its value, and the last key
        self.keys: list[bytes | None] = [None]
        self.previous: list[bytes | None] = [None]

    def step(self) -> None:
        token = TOKEN.match(self.data, self.position)
        if token is None:
            raise self.broken()
        if token.lastindex == TEXT:
            self.text(token)
        elif self.awaits_key() and token[3] != b"e":
            raise self.broken()
        elif token.lastindex == NUMBER:
            self.note_zeros(token[2])
            self.position = token.end()
            number = int(token[2])
            self.place(number if abs(number) < 2**63 else 0)  # so does libtorrent
        elif token[3] == b"e":
            self.close()
        else:
            self.begin({} if token[3] == b"d" else [])

    def awaits_key(self) -> bool:
        return type(self.open[-1]) is dict and self.keys[-1] is None

    def text(self, token: re.Match[bytes]) -> None:
        start = token.end()
        self.position = start + int(token[1])
        if self.position > len(self.data):
            raise unusable("it is cut short")
        self.note_zeros(token[1])
        value = self.data[start : self.position]
        if self.awaits_key():
            self.take_key(value)
        else:
            self.place(value)

    def take_key(self, key: bytes) -> None:
        previous = self.previous[-1]
        if previous is not None and key <= previous:
            self.note_untidy()
        self.keys[-1] = self.previous[-1] = key

    def place(self, value: Value) -> None:
        parent = self.open[-1]
        key = self.keys[-1]
        if isinstance(parent, list):
            parent.append(value)
        elif key is not None:
            parent.setdefault(key, value)
            self.keys[-1] = None

    def begin(self, value: dict[bytes, Value] | list[Value]) -> None:
        if len(self.open) == MAX_DEPTH:
            raise unusable(f"it is nested deeper than {MAX_DEPTH} levels")
        self.open.append(value)
        self.starts.append(self.position)
        self.keys.append(None)
        self.previous.append(None)
        self.position += 1

    def close(self) -> None:
        if self.keys[-1] is not None:
            raise self.broken()
        self.position += 1
        value, start = self.open.pop(), self.starts.pop()
        del self.keys[-1], self.previous[-1]
        if len(self.open) == 1 and self.keys[0] is not None:
            self.found.spans.setdefault(self.keys[0], (start, self.position))
        if self.open:
            self.place(value)

    def note_zeros(self, digits: bytes) -> None:
        if len(digits) > 1 and digits[:1] == b"0":
            self.note_untidy()

    def note_untidy(self) -> None:
        if self.keys[0] is not None:
            self.found.untidy.add(self.keys[0])

    def broken(self) -> BadInputError:
        if TOKEN_BEGUN.match(self.data, self.position):
            return unusable("it is cut short")
        return unusable(f"it is damaged at byte {self.position:,}")
