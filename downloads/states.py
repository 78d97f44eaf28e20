"""Where a download and an import can be, where they may go, and who moves them on."""

from __future__ import annotations

from django.db.models import TextChoices


class State(TextChoices):
    QUEUED = "queued", "queued"
    PUSHED = "pushed", "pushed"
    DOWNLOADING = "downloading", "downloading"
    COMPLETED = "completed", "complete"
    REMOVED = "removed", "removed"
    FAILED = "failed", "failed"
    HELD = "held", "waits for you"
    ABANDONED = "abandoned", "given up"
    CANCELLED = "cancelled", "cancelled"


S = State
MOVES = {
    S.QUEUED: frozenset({S.PUSHED, S.FAILED, S.ABANDONED, S.CANCELLED}),
    S.PUSHED: frozenset({S.DOWNLOADING, S.FAILED, S.HELD, S.CANCELLED}),
    S.DOWNLOADING: frozenset({S.COMPLETED, S.FAILED, S.HELD, S.ABANDONED, S.CANCELLED}),
    S.COMPLETED: frozenset({S.REMOVED, S.DOWNLOADING}),
    S.FAILED: frozenset({S.QUEUED, S.ABANDONED, S.HELD, S.CANCELLED}),
    S.HELD: frozenset({S.QUEUED, S.ABANDONED, S.CANCELLED}),
    S.ABANDONED: frozenset({S.QUEUED}),
    S.REMOVED: frozenset(),
    S.CANCELLED: frozenset(),
}
ENDS = frozenset({S.REMOVED, S.ABANDONED, S.CANCELLED})  # abandoned: only a person revives it
LIVE = tuple(state for state in S if state not in ENDS)
UNFINISHED = (S.QUEUED, S.PUSHED, S.DOWNLOADING)
IN_CLIENT = (S.PUSHED, S.DOWNLOADING, S.COMPLETED)

A_PERSON = "a person"
OWNERS = {  # the only scheduled task that may move a row out of the state
    S.QUEUED: "push",
    S.PUSHED: "confirm",
    S.DOWNLOADING: "sync",
    S.COMPLETED: "sync",
    S.FAILED: "retry",
    S.HELD: A_PERSON,
}


class Wish(TextChoices):
    """What a person or a policy wants of the torrent in the client; tidy makes it so."""

    NONE = "", "as it is"
    RUNNING = "running", "running"
    STOPPED = "stopped", "stopped"
    GONE = "gone", "gone, files kept"
    GONE_WITH_FILES = "gone_files", "gone with its files"


GONE_WISHES = (Wish.GONE, Wish.GONE_WITH_FILES)


class AtGoal(TextChoices):
    """What becomes of a torrent that has seeded for long enough."""

    KEEP = "keep", "it seeds on"
    STOP = "stop", "it is stopped"
    REMOVE = "remove", "it is removed, its files are kept"
    REMOVE_FILES = "remove_all", "it is removed with its files, the book stays"


WISHED_AT_GOAL = {
    AtGoal.STOP: Wish.STOPPED,
    AtGoal.REMOVE: Wish.GONE,
    AtGoal.REMOVE_FILES: Wish.GONE_WITH_FILES,
}


class Failure(TextChoices):
    """Whose fault it was: decides what happens when the tries are used up."""

    NONE = "", "none"
    NOT_FETCHED = "not_fetched", "the link gave no torrent"
    NOT_LISTED = "not_listed", "accepted, but never listed"
    REFUSED = "refused", "the release is bad"
    LOCAL = "local", "a fault on our side"
    VANISHED = "vanished", "removed in the client"
    PERSON = "person", "a person said so"


class ImportState(TextChoices):
    PENDING = "pending", "still to be imported"
    PLACED = "placed", "in the library"
    SHELVED = "shelved", "on the shelf"
    UNDOING = "undoing", "being undone"
    UNDONE = "undone", "undone"
    REDOING = "redoing", "being put back"
    FAILED = "failed", "failed"
    REVIEW = "review", "waits for you"
    DROPPED = "dropped", "will not come"


class Doubt(TextChoices):
    """Why an import waits for a person, where that person may say that it is right."""

    NONE = "", "none"
    DURATION = "duration", "its duration"
    ORDER = "order", "the order of its files"
    FILES = "files", "which files are this book"
    BOOK = "book", "which book it is"
    DAMAGED = "damaged", "whether its files are whole"


T = ImportState
IMPORT_MOVES = {
    T.PENDING: frozenset({T.PLACED, T.FAILED, T.REVIEW, T.DROPPED}),
    T.PLACED: frozenset({T.SHELVED, T.FAILED, T.REVIEW, T.UNDOING}),
    T.SHELVED: frozenset({T.UNDOING, T.UNDONE}),  # undone at once: a better copy has its place
    T.UNDOING: frozenset({T.UNDONE, T.REDOING}),
    T.FAILED: frozenset({T.PENDING, T.REVIEW, T.DROPPED, T.UNDOING}),
    T.REVIEW: frozenset({T.PENDING, T.DROPPED, T.UNDOING}),
    T.UNDONE: frozenset({T.REDOING}),  # by a person, while its files are in the trash
    T.REDOING: frozenset({T.PLACED, T.UNDONE}),
    T.DROPPED: frozenset(),
}
IMPORT_OWNERS = {
    T.PENDING: "import",
    T.PLACED: "shelve",
    T.FAILED: "retry",
    T.REVIEW: A_PERSON,
    T.UNDOING: "undo",
    T.REDOING: "undo",
}
IMPORT_ENDS = frozenset({T.SHELVED, T.UNDONE, T.DROPPED})
IMPORT_LIVE = (T.PENDING, T.PLACED, T.FAILED, T.REVIEW, T.REDOING)
IMPORT_OFF_OR_BACK = (T.UNDOING, T.REDOING)  # a person said so, and its files follow
IMPORT_OPEN = (T.PENDING, T.FAILED)  # dropped with their download


class Then(TextChoices):
    """What a person wants of the book once it is off the shelf."""

    NOTHING = "", "nothing more"
    WANT = "want", "want it again, by another release"
    NEXT = "next", "take the next best release"
    AGAIN = "again", "import it again from where it came"
    PARK = "park", "park the book"
    BACK = "back", "put back the copy that it has replaced"
