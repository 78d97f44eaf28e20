"""How well a wanted book fits a release name: which words nothing explains, and where they stand.

Owns what is left over when `laying` has given the tokens their roles. The gain over any string
distance: a name is right when nothing in it remains to be explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from indexers.laying import Laid, Laying
from indexers.markers import Mark
from indexers.parsing import Name
from indexers.titles import Shape, unglued
from indexers.wanted import Wanted

LISTS = {"&", "/", "+"}
ANDS = ("and", "und", "et", "y", "e", "en", "och", "i")
MOST_NAMES = 3  # words of a person's further names


@dataclass
class Fit(Laid):
    """What a name says, and the words left over, in their order."""

    before: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    subtitle: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    strange_before: list[list[str]] = field(default_factory=list)
    strange_after: list[list[str]] = field(default_factory=list)
    bracketed: list[list[str]] = field(default_factory=list)


def fit(name: Name, wanted: Wanted) -> Fit:
    """Author first, so that a title within a person's name is not taken for one; where that finds
    no title (`The Autobiography of Mark Twain`), the title first."""
    tokens = unglued(name.tokens, wanted)
    laying = Laying(tokens, wanted, author_first=True)
    if laying.laid.shape is Shape.NONE:
        second = Laying(tokens, wanted, author_first=False)
        laying = laying if second.laid.shape is Shape.NONE else second
    return Leftover(laying).fit


class Leftover:
    """Sorts the words without a role by where they stand."""

    def __init__(self, laying: Laying) -> None:
        self.tokens, self.role = laying.tokens, list(laying.role)
        self.start, self.end = laying.start, laying.end
        self.same_run = laying.same_run
        self.fit = Fit(**vars(laying.laid))
        self.pass_group()
        for run in self.runs():
            left = [at for at in run if not self.role[at]]
            if left and any(self.start <= at < self.end for at in run):
                self.beside_title(run)
            elif left:
                self.elsewhere(run, left)

    def pass_group(self) -> None:
        """A group behind the name, tight to what stands before it."""
        last = len(self.tokens) - 1
        while last > 0 and self.role[last] in ("", Mark.NOISE) and self.tokens[last].tight:
            self.role[last] = "group"
            last -= 1

    def runs(self) -> Iterator[list[int]]:
        """The tokens of each segment; `by` outside of the title begins another."""
        run: list[int] = []
        for at, token in enumerate(self.tokens):
            breaks = token.word in ("by", "von") and self.role[at] == Mark.NOISE
            if run and (breaks or not self.same_run(at, run[-1])):
                yield run
                run = []
            run.append(at)
        if run:
            yield run

    def say(self, places: Iterable[int]) -> list[str]:
        return [self.tokens[at].word for at in places]

    # --- In the title's run -----------------------------------------------------------------------

    def beside_title(self, run: list[int]) -> None:
        before = [at for at in run if at < self.start and not self.role[at]]
        after = [at for at in run if at >= self.end and not self.role[at]]
        title = self.tokens[max(self.start - self.has_article, 0)]
        softs = {title.soft, self.tokens[self.start].soft}
        if before and (softs & (LISTS | {","}) or self.is_after_and()):
            self.fit.listed += self.say(before)
        else:
            self.fit.before += self.say(before)
        self.behind_title(after, [at for at in run if at >= self.end])

    def is_after_and(self) -> bool:
        """`The Iliad and The Odyssey`: the other one comes first."""
        at = self.start - 1 - self.has_article
        return at > 0 and self.tokens[at].word in ANDS

    @property
    def has_article(self) -> bool:
        at = self.start - 1
        return at >= 0 and self.role[at] == "title"

    def behind_title(self, after: list[int], run: list[int]) -> None:
        if not after:
            return
        softs = [self.tokens[at].soft for at in run if self.tokens[at].soft]
        until = [at for at in run if at <= after[0]]
        soft = next((self.tokens[at].soft for at in until if self.tokens[at].soft), "")
        is_list = soft in LISTS or softs.count(",") > 1 or bool(LISTS & set(softs))
        if soft and is_list:
            self.fit.listed += self.say(after)
        elif soft or self.begins_with_or(run):
            self.fit.subtitle += [] if self.begins_with_or(run) else self.say(after)
        else:
            self.fit.behind += self.say(after)

    def begins_with_or(self, run: list[int]) -> bool:
        return self.tokens[run[0]].word in ("or", "oder", "ou", "eller")

    # --- Elsewhere --------------------------------------------------------------------------------

    def elsewhere(self, run: list[int], left: list[int]) -> None:
        words = self.say(left)
        first = self.tokens[run[0]]
        if self.is_or(run) or (self.is_of_author(run) and len(words) <= MOST_NAMES):
            return
        following = self.tokens[run[-1] + 1 : run[-1] + 2]
        plain = all(self.role[at] in ("", Mark.NOISE) for at in run)
        if plain and "/" in (first.soft, *(token.soft for token in following)):
            self.fit.listed += words
        elif first.bracket:
            self.fit.bracketed.append(words)
        elif self.start >= 0 and run[0] > self.start:
            self.fit.strange_after.append(words)
        else:
            self.fit.strange_before.append(words)

    def is_of_author(self, run: list[int]) -> bool:
        """Middle names and the name behind a pen name: `Hector Hugh Munro (Saki)`."""
        following = run[-1] + 1
        beside = [*run, following] if following < len(self.tokens) else run
        in_bracket = following < len(self.tokens) and self.tokens[following].bracket
        return any(self.role[at] == "author" for at in (beside if in_bracket else run))

    def is_or(self, run: list[int]) -> bool:
        """`(or The Modern Prometheus)` right behind the title."""
        return run[0] == self.end and self.begins_with_or(run)
