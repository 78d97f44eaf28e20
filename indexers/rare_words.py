"""An index of rare title words: which wanted books a release may be for, without judging each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from indexers.names.parsing import read_name
from tame.lib.spelling import loose_key
from tame.lib.words import main_title, romanised

THOUSAND = loose_key("thousand")


class RareWords:
    """Each book is filed under the word of its main title that the fewest wanted titles have,
    however it is spelt: names and titles are compared by the same loose keys."""

    def __init__(self, titles: Iterable[tuple[int, str]]) -> None:
        words = {pk: keys_of(romanised(main_title(title)).split()) for pk, title in titles}
        self.count = Counter(word for known in words.values() for word in known)
        self.books: dict[str, set[int]] = defaultdict(set)
        for pk, known in words.items():
            if known:
                self.books[min(known, key=self.rarity)].add(pk)

    def rarity(self, word: str) -> tuple[bool, int, int, str]:
        """The rarer first; of equals the longer, which is rarer in names, too. A number last: it
        is written as one word or as two."""
        return word.isdecimal() or word == THOUSAND, self.count[word], -len(word), word

    def books_for(self, name: str) -> set[int]:
        words = keys_of([*read_name(name).words, *romanised(name).split()])
        return {pk for word in words & self.books.keys() for pk in self.books[word]}


def keys_of(words: Iterable[str]) -> set[str]:
    return {loose_key(word) for word in words}
