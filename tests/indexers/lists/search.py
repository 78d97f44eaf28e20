"""What is searched for, and how a release that was found is named and sized."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.indexers.lists.names import Spoken, name_of, tail, written_author
from tests.indexers.lists.works import Edition, of_author, words

AUDIO, EBOOK, FILM, MUSIC, COMIC, SOFTWARE = 3030, 7020, 2040, 3040, 7030, 4050
KBPS = (32, 48, 64, 64, 64, 96, 128, 128, 700)
KILOBIT_HOUR, MEGABYTE = 3600 * 125, 1024**2
OTHERS = (
    "Rosalind Harker", "Miles Tarrant", "Verity Colebrook", "Dorian Ashcombe", "Lena Marchbanks",
    "Oswin Pellam", "Tamsin Vayle", "Benedict Orme", "Isolde Quillfeather", "Caspar Dunleavy",
)  # fmt: skip


@dataclass(frozen=True)
class Release:
    name: str
    kind: str
    size: int
    category: int = AUDIO


@dataclass(frozen=True)
class Search:
    """For an edition; all that is drawn is drawn from its chance."""

    edition: Edition
    chance: Random

    def audio(self, kind: str, name: str, hours: float, kbps: int = 0) -> Release:
        kbps = kbps or self.chance.choice(KBPS[:-1])
        pace = self.chance.uniform(0.88, 1.15)
        return Release(name, kind, round(hours * pace * kbps * KILOBIT_HOUR))

    def spoken(
        self, kind: str, edition: Edition, mark: str = "", part: float = 1, tag: str = ""
    ) -> Release:
        kbps, hours = self.chance.choice(KBPS), edition.work.hours * part
        said = Spoken(edition, hours, kbps, mark=mark, tag=tag)
        return self.audio(kind, name_of(said, self.chance), hours, kbps)

    def word(self, what: str) -> str:
        return self.chance.choice(words(self.edition.language, what))

    def talk(self, kind: str, what: str, hours: float) -> Release:
        """Named with a sentence of the language, and often with a tail as audio has it."""
        kbps = self.chance.choice(KBPS[:-1])
        text = self.word(what).format(
            title=self.edition.title,
            author=written_author(self.edition, self.chance),
            other=self.chance.choice(OTHERS),
        )
        rest = tail(Spoken(self.edition, hours, kbps), self.chance)
        name = text + rest if self.chance.random() < 0.4 else text
        return self.audio(kind, name, hours, kbps)

    def siblings(self) -> list[Edition]:
        """Other works of the author, in the same language where they are known in it."""
        found = [work for work in of_author(self.edition.work.author) if work != self.edition.work]
        return [Edition.of(work, self.edition.language) for work in found]
