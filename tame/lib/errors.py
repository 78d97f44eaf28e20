"""What can go wrong, split by whose fault it is.

`str(error)` is a finished sentence for the person who runs TAME: it names the service and the
remedy and holds no secret. Whoever shows it shows it as it is.
"""


class TameError(Exception):
    """Anything TAME expects to go wrong. Every other exception is a bug and gets a traceback."""


class ServiceDownError(TameError):
    """No usable answer, so nothing is known about the release: the row stays as it is."""

    def __init__(self, sentence: str, *, retry_after: float | None = None) -> None:
        """`retry_after`: seconds the service itself asked us to wait."""
        super().__init__(sentence)
        self.retry_after = retry_after


class LoginRefusedError(ServiceDownError):
    """Our credentials are wrong: ask no more until they change."""


class NotFetchedError(TameError):
    """A release's link gave no torrent. Release or indexer: it cannot be told."""

    def __init__(self, sentence: str, *, code: str) -> None:
        """`code`: one word for the way it failed, for example `http-404` or `too-big`."""
        super().__init__(sentence)
        self.code = code


class NotListedError(TameError):
    """The client answered, but the torrent is not in its list."""


class RefusedError(TameError):
    """The release is bad and we hold the proof: block it and take the next best."""


class BlockedError(RefusedError):
    """It was blocked before, as is known only now: nothing new speaks against it."""


class LocalError(TameError):
    """Our side: a path, a permission, a full disk. The release is fine; try again later."""


class LostRaceError(TameError):
    """Another worker was first: leave the row alone."""


class BadInputError(TameError):
    """What a person or a file gave cannot be read; nothing was changed."""


class ObstacleError(TameError):
    """Something that may pass, or that a person may overrule, stands in the way."""
