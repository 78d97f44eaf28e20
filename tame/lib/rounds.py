"""What a step does with all rows whose turn has come, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tame.lib.errors import LocalError, ServiceDownError


def one_by_one(
    pks: Iterable[int], act: Callable[[int], bool], what: str, keep_going: Callable[[], bool]
) -> str:
    """How many were done, `what` that was, and what stood in the way of others, each trouble once.
    The rows are as they were then: the next run finds them again."""
    done, troubles = 0, dict[str, None]()
    for pk in pks:
        if not keep_going():
            break
        try:
            done += act(pk)
        except (ServiceDownError, LocalError) as error:
            troubles[str(error)] = None
    return " ".join([f"{done} {what}.", *troubles])
