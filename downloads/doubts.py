"""What makes an import wait for a person who may say that it is right."""

from __future__ import annotations

from downloads.states import Doubt
from tame.lib.errors import BadInputError

SHORTEST, LONGEST = 0.8, 1.25  # of the expected duration


def lasts_as_expected(seconds: float, expected: int | None) -> bool:
    """Also where nothing is expected."""
    return not expected or SHORTEST <= seconds / expected <= LONGEST


class DoubtError(BadInputError):
    """Nothing is broken: it does not look like the book that was wanted."""

    def __init__(self, sentence: str, doubt: Doubt) -> None:
        super().__init__(sentence)
        self.doubt = doubt
