"""An index of rare title words: which wanted books a release may be for, without judging each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from indexers.parsing import read_name
from indexers.tiers import main_title
from tame.lib.words import normalise


class RareWords:
    """Each book is filed under the word of its main title that the fewest wanted titles have. A
    name that spells that word otherwise is left to the searches."""

    def __init__(self, titles: Iterable[tuple[int, str]]) -> None:
        words = {pk: set(normalise(main_title(title)).split()) for pk, title in titles}
        self.count = Counter(word for known in words.values() for word in known)
        self.books: dict[str, set[int]] = defaultdict(set)
        for pk, known in words.items():
            if known:
                self.books[min(known, key=self.rarity)].add(pk)

    def rarity(self, word: str) -> tuple[int, int, str]:
        """The rarer first; of equals the longer, which is rarer in names, too."""
        return self.count[word], -len(word), word

    def books_for(self, name: str) -> set[int]:
        words = {*read_name(name).words, *normalise(name).split()}
        return {pk for word in words & self.books.keys() for pk in self.books[word]}
