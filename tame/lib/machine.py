"""State has one writer: the table of moves, compare-and-set, and a history row, together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils import timezone

from tame.lib.errors import LostRaceError
from tame.lib.lease import Lease

Moves = Mapping[Any, frozenset[Any]]  # state: the states it may move to


class IllegalMoveError(Exception):
    """A move that the table does not allow: a bug."""


class History(models.Model):
    """One move of one row: what happened, when, by whom, and on what evidence. Kept for ever."""

    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=150)
    sentence = models.TextField()
    evidence = models.JSONField(default=dict, blank=True)
    process = models.PositiveIntegerField(default=os.getpid, editable=False)  # which one did it
    told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.sentence


class Machine(Lease):
    """A row with a state. Subclasses name their moves and their history model."""

    MOVES: ClassVar[Moves]
    HISTORY: ClassVar[type[models.Model]]

    state: Any
    state_since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def move_to(
        self,
        new: str,
        sentence: str,
        *,
        actor: str,
        token: str | None = None,
        evidence: dict[str, Any] | None = None,
        **columns: object,
    ) -> None:
        """Move from the state this object was read in, writing `columns` with it.

        With `token` only the holder of the lease may. Raises LostRaceError when the row has moved
        on or the lease was lost, IllegalMoveError when the table does not know the move.
        """
        old = self.state
        if new not in self.MOVES[old]:
            raise IllegalMoveError(f"{type(self).__name__} may not move from {old} to {new}.")
        rows: models.QuerySet[Any] = type(self)._default_manager.filter(pk=self.pk)
        rows = rows.filter(state=old)
        if token is not None:
            rows = rows.filter(leased_by=token)
        columns |= {"leased_by": ""}
        if token is not None:
            columns |= {"leased_until": None}
        # Else the row is taken from whoever holds it and may be in the middle of an act: until
        # the lease would have ended, nobody believes that it is over.
        with transaction.atomic():
            if not rows.update(**{"state": new, "state_since": timezone.now()} | columns):
                raise LostRaceError("This was changed meanwhile; nothing was done.")
            self._write_history(old, new, sentence, actor, evidence)
            self.state = new
            for name, value in columns.items():
                setattr(self, name, value)
            self.after_move(old)

    def begin(self, sentence: str, *, actor: str, evidence: dict[str, Any] | None = None) -> Self:
        """Store this new row, with the first line of its history and what follows from it."""
        with transaction.atomic():
            self.save(force_insert=True)
            self._write_history("", self.state, sentence, actor, evidence)
            self.after_move("")
        return self

    def note(self, sentence: str, *, actor: str, evidence: dict[str, Any] | None = None) -> None:
        """A line of its history without a move."""
        self._write_history(self.state, self.state, sentence, actor, evidence)

    def _write_history(
        self, old: str, new: str, sentence: str, actor: str, evidence: dict[str, Any] | None
    ) -> None:
        self.HISTORY._default_manager.create(
            row=self,
            from_state=old,
            to_state=new,
            sentence=sentence,
            actor=actor,
            evidence=evidence or {},
        )

    def after_move(self, old: str) -> None:
        """What follows from the move, in the same transaction."""
