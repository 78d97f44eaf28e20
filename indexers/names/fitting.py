"""How well a wanted book fits a release name: which words nothing explains, and where they stand.

Owns what is left over when the tokens have their roles. The gain over any string distance: a name
is right when nothing in it remains to be explained.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from indexers.names.glued import unglued
from indexers.names.laying import lay
from indexers.names.markers import Mark
from indexers.names.parsing import Name
from indexers.names.people import RANKS, Naming
from indexers.names.roles import Laid, Roles
from indexers.names.runs import EVERY_ARTICLE, MOST_NAMES, Runs
from indexers.names.slips import article_of_another, slips_of
from indexers.names.titles import ANDS, JOINING, Shape, is_opener, title_words
from indexers.wanted import Wanted

LISTS = {"&", "/", "+"}
POSSESSIVES = {"his", "her", "their", "its", "my", "our"}
ONLY = {"only", "nur", "seulement", "solo", "soltanto", "alleen", "endast", "tylko", "tolko"}
BY_THE_AUTHOR = ("by", "the", "author", "of")
SERIES = {"series", "saga", "cycle", "chronicles", "reihe", "serie", "ciclo", "cykl", "tsikl"}
ROWS = SERIES | {"classic", "classics", "library", "books"}
INCLUDING = {"incl", "including", "includes", "inkl", "contains", "inclus", "incluye", "enthalt"}


@dataclass
class Fit(Laid):
    """What a name says, and the words left over, in their order. `has_piece`: a run of them begins
    with an article, as no person's name does; `only`: one that ends with that word; `remarks`:
    those that stand by themselves and are no person's name. `article`: of the title, but not its
    own; `slips`: words of the title spelt in another way."""

    before: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    subtitle: list[str] = field(default_factory=list)
    subtitle_mark: str = ""
    subtitle_begins: str = ""
    listed: list[str] = field(default_factory=list)
    strange_before: list[list[str]] = field(default_factory=list)
    strange_after: list[list[str]] = field(default_factory=list)
    bracketed: list[list[str]] = field(default_factory=list)
    has_piece: bool = False
    names_a_series: bool = False
    by_another: list[str] = field(default_factory=list)
    only: str = ""
    volume_alone: str = ""
    remarks: list[str] = field(default_factory=list)
    article: str = ""
    slips: list[str] = field(default_factory=list)


def fit(name: Name, wanted: Wanted) -> Fit:
    """Author first, so that a title within a person's name is not taken for one; where that finds
    no title (`The Autobiography of Mark Twain`), the title first."""
    tokens = unglued(name.tokens, wanted)
    roles = lay(tokens, wanted, author_first=True, has_dash=name.has_dash)
    if roles.laid.shape not in (Shape.FULL, Shape.MAIN):
        second = lay(roles.tokens, wanted, author_first=False, has_dash=True)  # it is told
        roles = second if is_fuller(second, roles) else roles
    return Leftover(roles, wanted).fit


def is_fuller(second: Roles, first: Roles) -> bool:
    order = list(Shape)
    shape = second.laid.shape
    least = Shape.FULL if first.laid.shape is not Shape.NONE else Shape.SERIES
    return order.index(shape) <= order.index(least)


class Leftover(Runs):
    """Sorts the words without a role by where they stand."""

    def __init__(self, roles: Roles, wanted: Wanted) -> None:
        super().__init__(roles, wanted)
        self.wanted = wanted
        self.fit = Fit(**vars(roles.laid))
        self.fit.names_a_series = self.names_a_series
        self.fit.article = article_of_another(roles, wanted)
        self.fit.slips = slips_of(roles, wanted)
        for run in self.runs():
            for at in roles.volumes:
                self.volume(at, run if at in run else [])
            self.sort(run)

    @property
    def names_a_series(self) -> bool:
        """`Cranford Series - Ruth`."""
        behind = self.tokens[self.end : self.end + 1] if self.end > 0 else ()
        return any(token.word in SERIES for token in behind)

    def sort(self, run: list[int]) -> None:
        left = self.left_of(run)
        if left and any(self.start <= at < self.end for at in run):
            self.beside_title(run)
        elif left:
            self.elsewhere(run, left)

    def volume(self, at: int, run: list[int]) -> None:
        """`Book Three`, and no name beside it whose third book this might be: of a series, or of
        `Great Classics`. Behind a mark, as in `Book One: Fantine`, stands the name of the part."""
        marks = [other for other in run if other > at and self.tokens[other].soft]
        beside = [other for other in run if not self.start <= other < self.end]
        beside = [other for other in beside if not marks or other < marks[0]]
        if run and not any(self.names_a_row(other) for other in beside):
            numbered = [other for other in run if self.role[other] == Mark.NUMBER]
            self.fit.volume_alone = " ".join(self.say(numbered))

    def names_a_row(self, at: int) -> bool:
        word, role = self.tokens[at].word, self.role[at]
        return role == "series" or word in ROWS or (not role and word not in ONLY)

    # --- In the title's run -----------------------------------------------------------------------

    def beside_title(self, run: list[int]) -> None:
        before = self.before_title(run)
        after = self.left_of(at for at in run if at >= self.end)
        title = self.tokens[max(self.start - self.has_article, 0)]
        softs = {title.soft, self.tokens[self.start].soft}
        within = [at for at in run if at < self.start and self.tokens[at].word in INCLUDING]
        if within:
            self.fit.listed += self.say(before or within)
        elif before and (softs & (LISTS | {","}) or self.is_after_and()):
            self.fit.listed += self.say(before)
        elif title.soft == ":" and self.is_heading(run, before):
            self.fit.strange_before.append(self.say(before))
        else:
            self.fit.before += self.say(before)
        self.behind_title(after, [at for at in run if at >= self.end])

    def is_heading(self, run: list[int], before: list[int]) -> bool:
        """`Raffles: The Amateur Cracksman`; but `The Inner Citadel: Meditations` is a title."""
        first = self.tokens[run[0]]
        numbered = self.fit.numbers or self.fit.series  # `Jo's Boys: Little Women, Book 4`
        plain = not first.bracket and first.word not in EVERY_ARTICLE and not numbered
        return plain and 0 < len(before) <= MOST_NAMES

    def before_title(self, run: list[int]) -> list[int]:
        """Nothing where it is an opener or a rank: `King Henry IV`, `The History of Henry IV`."""
        every = [at for at in run if at < self.start]
        left = [at for at in self.left_of(every) if self.tokens[at].word not in RANKS]
        words = tuple(self.say(at for at in every if self.role[at] != "author"))
        opens = self.fit.shape is not Shape.SHORT and is_opener(words)
        return [] if opens and self.is_named else left

    @property
    def is_named(self) -> bool:
        return self.fit.author.naming in (Naming.NAMED, Naming.SURNAME)

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
        until = [at for at in run if at <= after[0]]
        soft = next((self.tokens[at].soft for at in until if self.tokens[at].soft), "")
        if self.begins_with_or(run):
            return
        if self.is_list(run) if soft else self.is_joined(run, after):
            self.fit.listed += self.say(after)
        elif soft:
            self.fit.subtitle += self.say(after)
            self.fit.subtitle_mark, self.fit.subtitle_begins = soft, self.tokens[run[0]].word
        else:
            self.fit.behind += self.say(after)

    def is_list(self, run: list[int]) -> bool:
        """By its marks; or it ends with `etc`, or stands in a bracket beside its series."""
        softs = [self.tokens[at].soft for at in run]
        is_open = tuple(self.say(run)[-2:]) == ("u", "a") or self.tokens[run[-1]].word == "etc"
        of_series = self.fit.series and bool(self.tokens[run[0]].bracket)
        several = max(softs.count(","), softs.count(".")) > 1 or bool(LISTS & set(softs))
        several = several or (softs[0] == "," and not ANDS.isdisjoint(self.say(run)))
        return several or is_open or of_series

    def is_joined(self, run: list[int], after: list[int]) -> bool:
        """`Heart of Darkness and The Secret Sharer`, `Walden and Civil Disobedience`; but `Kim and
        the Lost Regiment` is one title, `She and Allan` too: a single word is rather a name."""
        word, length = self.tokens[run[0]].word, self.end - self.start
        following = self.tokens[run[1]].word if len(run) > 1 else ""
        joined = word in ANDS or word == "plus" or (word == "with" and length > MOST_NAMES)
        two = len(after) > 1 and following not in EVERY_ARTICLE | POSSESSIVES
        return joined and self.is_named and (length > 1 or two)

    # --- Elsewhere --------------------------------------------------------------------------------

    def elsewhere(self, run: list[int], left: list[int]) -> None:
        words = self.say(left)
        first = self.tokens[run[0]]
        if left == [at for at in run if self.role[at] != "group"] and self.is_remark(left):
            self.fit.remarks.append(" ".join(words))
        if self.is_or(run) or (self.is_of_author(run) and len(words) <= MOST_NAMES):
            return
        if self.is_title_again(words):
            return
        if tuple(self.say(run))[: len(BY_THE_AUTHOR)] == BY_THE_AUTHOR:
            return
        if words[-1] in ONLY and (len(words) > 1 or self.fit.strange_after):
            self.fit.only = " ".join(words)
        if first.word == "by" and self.is_named:
            self.fit.by_another += words
        if self.is_listed(run):
            self.fit.listed += words
        elif first.bracket and not self.is_in_the_titles_bracket(run):
            self.fit.bracketed.append(words)
        elif self.start >= 0 and run[0] > self.start:
            self.fit.strange_after.append(words)
            self.fit.has_piece |= self.is_piece(run)
        else:
            self.fit.strange_before.append(words)

    def is_in_the_titles_bracket(self, run: list[int]) -> bool:
        """`Italy (Romola - The Spanish Gypsy)`: there it is no remark."""
        return self.start >= 0 and self.tokens[run[0]].bracket == self.tokens[self.start].bracket

    def is_title_again(self, words: list[str]) -> bool:
        """`Pinocchio (The Adventures of Pinocchio)`: nothing but words of it."""
        known = set(title_words(self.wanted)) - JOINING
        return self.start >= 0 and known.issuperset(words)
