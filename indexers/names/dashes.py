"""Whether the hyphens of a name without any other dash are dashes: `Dickens-Hard_Times-MP3`.

Told from what stands beside them, not from how the name writes its spaces: so it is read alike
with spaces, dots and underscores.
"""

from __future__ import annotations

from dataclasses import replace

from indexers.names.markers import Mark
from indexers.names.parsing import Token, mark_of
from indexers.names.roles import Roles

NAMES = {"title", "author", "series"}
UNSURE = {"", Mark.NOISE, *NAMES}


def are_dashes(roles: Roles) -> bool:
    """One stands between the author and something else, or between a name and a mark. The group
    behind the name tells nothing."""
    tight = [at for at, token in enumerate(roles.tokens) if at and token.tight]
    last = len(roles.tokens) - 1
    while tight and tight[-1] == last and kind_of(roles, last) in ("", Mark.NOISE):
        last = tight.pop() - 1
    return any(is_edge(roles, at) for at in tight)


def kind_of(roles: Roles, at: int) -> str:
    return roles.role[at] or mark_of(roles.tokens[at].word) or ""


def is_edge(roles: Roles, at: int) -> bool:
    beside = {kind_of(roles, at - 1), kind_of(roles, at)}
    if len(beside) == 1 or not roles.same_run(at - 1, at):
        return False
    return "author" in beside or bool(beside & NAMES and beside - UNSURE)


def parted(roles: Roles) -> list[Token]:
    """The tokens with a break at each hyphen, but for those within a title or a name, and those
    between two words that nothing explains: `Sci-Fi`."""
    made: list[Token] = []
    more = 0
    for at, token in enumerate(roles.tokens):
        more += bool(at and token.tight and kind_of(roles, at - 1) != kind_of(roles, at))
        made.append(replace(token, segment=token.segment + more) if more else token)
    return made
