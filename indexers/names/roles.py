"""Which words of a release name are spoken for, and what they say.

Owns the roles of the tokens: `laying` and `marking` give them, `fitting` sorts what has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indexers.names.markers import AUDIO_FORMATS, Mark
from indexers.names.parsing import Token
from indexers.names.people import Found, Naming
from indexers.names.titles import Shape


@dataclass
class Laid:
    """What the explained words say."""

    shape: Shape = Shape.NONE
    author: Found = field(default_factory=lambda: Found(Naming.MISSING))
    numbers: list[float] = field(default_factory=list)
    title_number: float | None = None
    range: tuple[float, float] | None = None
    series: bool = False
    is_hinted: bool = False
    is_bundle: bool = False
    marks: dict[Mark, list[str]] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    namesake: str = ""
    hints: dict[str, set[str]] = field(default_factory=dict)
    narrators: list[str] = field(default_factory=list)

    def has(self, *marks: Mark) -> bool:
        return any(mark in self.marks for mark in marks)

    @property
    def audio_formats(self) -> list[str]:
        return [word for word in self.marks.get(Mark.AUDIO, []) if word in AUDIO_FORMATS]


class Roles:
    """`role` says what each token is for, `laid` what they say; the title stands from `start` to
    `end`, and words such as `Book Three` at `volumes`. Of `title_words` no mark is made."""

    def __init__(self, tokens: Sequence[Token], title_words: Iterable[str] = ()) -> None:
        self.tokens, self.title_words = tokens, frozenset(title_words)
        self.role = [""] * len(tokens)
        self.laid = Laid()
        self.start = self.end = -1
        self.volumes: list[int] = []

    @property
    def free(self) -> list[bool]:
        return [not role for role in self.role]

    @property
    def free_words(self) -> list[str]:
        """The words without a role; in place of others what no title holds."""
        pairs = zip(self.tokens, self.role, strict=True)
        return ["\0" if role else token.word for token, role in pairs]

    def take(self, start: int, end: int, role: str) -> None:
        for at in range(max(start, 0), min(end, len(self.role))):
            self.role[at] = self.role[at] or role

    def same_run(self, one: int, other: int) -> bool:
        return self.tokens[one].segment == self.tokens[other].segment
