"""The words of a release name run by run, and what a run of them is: a list, a remark, a group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexers.names.heroes import is_no_reader
from indexers.names.markers import FUNCTION_WORDS, Mark
from indexers.names.people import PARTICLES
from indexers.names.roles import Roles
from indexers.names.titles import ARTICLES, ARTICLES_OF, articles_of
from indexers.wanted import Wanted, language_code

ORS = ("or", "oder", "ou", "eller", "ovvero", "ossia", "lub", "czyli", "aneb", "ili")
ORS_OF = {"dut": ("of",), "spa": ("o",), "ita": ("o",)}  # words of other languages, too
EVERY_ARTICLE = ARTICLES.union(*ARTICLES_OF.values())
FUNCTIONS = frozenset().union(*FUNCTION_WORDS.values())
IN_NAMES = PARTICLES | {"del", "dos", "das", "do", "den", "af", "av", "y", "e", "i", "a", "o", "zu"}
PARTING = {Mark.AUDIO, Mark.UNABRIDGED, Mark.BITRATE, Mark.LANGUAGE}
BEFORE_A_GROUP = {Mark.YEAR, Mark.AUDIO, Mark.BITRATE, Mark.FIGURE, Mark.NOISE}
MOST_NAMES = 3  # words of a person's further names
NAME_LENGTHS = range(2, MOST_NAMES + 1)  # words of a reader's name


class Runs:
    """Where the words stand that have a role, and those that have none."""

    def __init__(self, roles: Roles, wanted: Wanted) -> None:
        self.tokens, self.role = roles.tokens, list(roles.role)
        self.start, self.end = roles.start, roles.end
        self.same_run, self.articles = roles.same_run, articles_of(wanted)
        self.ors = ORS + ORS_OF.get(language_code(wanted.language), ())
        self.pass_group()

    def left_of(self, run: Iterable[int]) -> list[int]:
        """Those without a role; nothing where they are but articles, or `of`."""
        left = [at for at in run if not self.role[at]]
        return [] if self.articles.union(["of"]).issuperset(self.say(left)) else left

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
            is_by = token.word in ("by", "von") and self.role[at] == Mark.NOISE
            in_or = self.is_or(run or [at]) and self.role[at + 1 : at + 2] != ["author"]
            breaks = (is_by and not in_or) or self.role[at] == "joint" or self.is_parted(at)
            if run and (breaks or not self.same_run(at, run[-1])):
                yield run
                run = []
            run.append(at)
        if run:
            yield run

    def is_parted(self, at: int) -> bool:
        """Behind the title and a mark that speaks of the whole name: `Emma.Unabridged.Ann.Reed`."""
        return at > self.end > 0 and not self.role[at] and self.role[at - 1] in PARTING

    def say(self, places: Iterable[int]) -> list[str]:
        return [self.tokens[at].word for at in places]

    def begins_with_or(self, run: list[int]) -> bool:
        return self.tokens[run[0]].word in self.ors

    def is_piece(self, run: list[int]) -> bool:
        """`The Empty House`, `Master and Man`, `Felix Holt`, `The Doctor's Wife`: no reader, but
        another work."""
        words = self.say(at for at in run if self.role[at] != "group")
        begins = words[0] in (ARTICLES | (self.articles - PARTICLES)) - {"a", "an"}
        owns = any(self.tokens[at].raw.lower().endswith("'s") for at in run if not self.role[at])
        return begins or owns or is_no_reader(words)

    def is_remark(self, run: list[int]) -> bool:
        """One word or many, or one that no name has. Not the group that stands first or last."""
        tokens = [self.tokens[at] for at in run]
        if run[0] == 0 or self.is_last(run) or self.is_of_compound(run):
            return False
        is_title = tokens[0].word in EVERY_ARTICLE and bool(tokens[0].bracket)  # the first one
        strange = bool({token.word for token in tokens} & (FUNCTIONS - IN_NAMES)) and not is_title
        return len(run) not in NAME_LENGTHS or strange

    def is_of_compound(self, run: list[int]) -> bool:
        """In a bracket, tight to a word beside it: `[TNT-Libri]`."""
        following = self.tokens[run[-1] + 1 : run[-1] + 2]
        bracket = self.tokens[run[0]].bracket
        beside = [token for token in following if token.bracket == bracket]
        tight = self.tokens[run[0]].tight or any(token.tight for token in beside)
        return bool(bracket) and tight

    def is_last(self, run: list[int]) -> bool:
        """Behind a year or a format, out of brackets: a group."""
        behind = self.role[run[-1] + 1 :]
        is_end = all(role == "group" for role in behind) and not self.tokens[run[0]].bracket
        return is_end and len(run) == 1 and self.role[run[0] - 1] in BEFORE_A_GROUP

    def is_listed(self, run: list[int]) -> bool:
        """Between slashes, and nothing in it is explained."""
        first, following = self.tokens[run[0]], self.tokens[run[-1] + 1 : run[-1] + 2]
        beside = [token.soft for token in following if token.bracket == first.bracket]
        plain = all(self.role[at] in ("", "group", Mark.NOISE) for at in run)
        return plain and not self.is_among_marks(run[0]) and "/" in (first.soft, *beside)

    def is_among_marks(self, place: int) -> bool:
        """`[Unabridged / Ann Reed / 2008]`."""
        inside = self.tokens[place].bracket
        every = [self.role[at] for at, token in enumerate(self.tokens) if token.bracket == inside]
        return bool(inside) and bool({*PARTING, Mark.YEAR} & set(every))

    def is_of_author(self, run: list[int]) -> bool:
        """Middle names and the name behind a pen name: `Hector Hugh Munro (Saki)`."""
        following = run[-1] + 1
        beside = [*run, following] if following < len(self.tokens) else run
        in_bracket = following < len(self.tokens) and self.tokens[following].bracket
        return any(self.role[at] == "author" for at in (beside if in_bracket else run))

    def is_or(self, run: list[int]) -> bool:
        """`(or The Modern Prometheus)` right behind the title."""
        behind = [at for at in run if at >= self.end]
        return behind[:1] == [self.end] and self.begins_with_or(behind)
