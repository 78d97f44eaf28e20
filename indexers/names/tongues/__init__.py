"""How releases name things, language by language.

A star stands for any letters: `gekürzt*` is gekürzte and gekürzter, too. A phrase that several
languages share stands under each of them.

`audio`, `abridged` and so on are the marks of `markers`. `parts` are pieces of one work, the first
one in the singular; `chapters` are smaller ones and what sound is carried on; `volumes` may be
pieces or whole books of a series; `episodes` are those of a broadcast; `of` stands between two
numbers. `function` are words of every sentence, by which a remark is told from a name.
"""

from __future__ import annotations

from indexers.names.tongues import germanic, others, romance, slavic

TONGUES: dict[str, dict[str, str]] = (
    germanic.TONGUES | romance.TONGUES | slavic.TONGUES | others.TONGUES
)

__all__ = ["TONGUES"]
