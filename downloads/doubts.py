"""What makes an import wait for a person who may say that it is right."""

from __future__ import annotations

from downloads.states import Doubt
from tame.lib.errors import BadInputError


class DoubtError(BadInputError):
    """Nothing is broken: it does not look like the book that was wanted."""

    def __init__(self, sentence: str, doubt: Doubt) -> None:
        super().__init__(sentence)
        self.doubt = doubt
