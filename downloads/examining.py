"""What came is looked at and listened to: whether it is the book, whole and in order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import PurePosixPath

from books.models import Book
from books.placing import Track
from books.sound import Sound
from downloads.another import tagged
from downloads.delivered import Delivered, listen, tracks_of
from downloads.doubts import DoubtError, lasts_as_expected
from downloads.manifest import Line, sound
from downloads.models import Import
from downloads.readers import readers_of
from downloads.sequence import by_tags, check_order
from downloads.sharing import Share
from downloads.states import Doubt
from downloads.two_orders import BY_TAGS
from tame.lib.errors import BadInputError
from tame.lib.sizes import lasting

SAME = 0.95  # of the longest: as long as it
A_MOMENT = 0.3  # seconds by which one recording may differ from itself, encoded anew
OTHER_SIZE = 0.8  # of the larger: encoded otherwise
Heard = tuple[Line, Sound]


def examine(
    row: Import, share: Share, lines: Sequence[Line], delivered: Delivered
) -> tuple[list[Track], list[Sound]]:
    """Every file seen with its size, and what is to be listened to heard."""
    if share.doubt:
        raise DoubtError(share.doubt, Doubt.FILES)
    if not sound(lines):
        raise BadInputError("It holds no sound: nothing of it can be listened to.")
    tracks = tracks_of(lines, delivered.here)
    sounds = listen(sound(lines), delivered, damaged_too=Doubt.DAMAGED in row.overruled)
    row.measured = {
        "seconds": round(sum(one.seconds for one in sounds)) if are_measured(sounds) else None,
        "narrators": readers_of(row, sounds),
        "tagged": tagged(sounds),
    }
    if order := other_order(sound(lines), sounds):
        row.measured[BY_TAGS] = order
    return tracks, sounds


def other_order(lines: Sequence[Line], sounds: Sequence[Sound]) -> list[str]:
    """Paths in the order of their tags, where that is another one."""
    tagged = by_tags(lines, sounds)
    return [lines[at].path for at in tagged] if tagged != sorted(tagged) else []


def check(row: Import, lines: Sequence[Line], sounds: Sequence[Sound]) -> None:
    """Whether it is the book, whole and in order. Raises DoubtError, unless a person has said so
    before."""
    if Doubt.FILES not in row.overruled:
        check_formats(sounds)
        check_folders(sound(lines), sounds)
    if not is_ordered(row, lines):
        check_order(sound(lines), sounds)
    if Doubt.DURATION not in row.overruled:
        check_duration(row.book, sounds)


def is_ordered(row: Import, lines: Sequence[Line]) -> bool:
    """A person has said by which; of other files than these it is not said."""
    if row.chosen_order and row.chosen_order != [line.path for line in sound(lines)]:
        return False
    return Doubt.ORDER in row.overruled


def check_duration(book: Book, sounds: Sequence[Sound]) -> None:
    """Where all of it can be measured."""
    seconds, expected = sum(one.seconds for one in sounds), book.expected_seconds
    if not (expected and are_measured(sounds)) or lasts_as_expected(seconds, expected):
        return
    raise DoubtError(
        f"It lasts {lasting(seconds)}, and {lasting(expected)} were expected: it may be abridged, "
        "or another recording.",
        Doubt.DURATION,
    )


def are_measured(sounds: Sequence[Sound]) -> bool:
    return all(one.seconds for one in sounds)


def check_formats(sounds: Sequence[Sound]) -> None:
    """The same book twice, as one m4b and as mp3 files, would be one book of double length."""
    lasts: dict[str, float] = {}
    for heard in sounds:
        lasts[heard.format] = lasts.get(heard.format, 0) + heard.seconds
    longest = max(lasts.values())
    same = sorted(name for name, seconds in lasts.items() if seconds > SAME * longest)
    if len(same) > 1:
        raise DoubtError(
            f"It seems to hold the book {len(same)} times, as {' and as '.join(same)}: each lasts "
            f"about {lasting(longest)}. Say which files are this book.",
            Doubt.FILES,
        )


def check_folders(lines: Sequence[Line], sounds: Sequence[Sound]) -> None:
    """The same book twice, in 64 and in 128 kbit/s, would be one of double length as well."""
    folders: dict[str, list[Heard]] = {}
    for line, heard in zip(lines, sounds, strict=True):
        folders.setdefault(str(PurePosixPath(line.path).parent), []).append((line, heard))
    for one, other in combinations(folders, 2):
        if are_the_same(folders[one], folders[other]):
            names = f"“{PurePosixPath(one).name}” and “{PurePosixPath(other).name}”"
            raise DoubtError(
                f"It seems to hold the book twice: file by file {names} last the same. Say which "
                "files are this book.",
                Doubt.FILES,
            )


def are_the_same(one: Sequence[Heard], other: Sequence[Heard]) -> bool:
    """File by file they last the same; not by chance, as discs that were cut into even pieces."""
    if len(one) != len(other) or not are_measured([heard for _, heard in (*one, *other)]):
        return False
    if any(
        abs(a.seconds - b.seconds) > A_MOMENT for (_, a), (_, b) in zip(one, other, strict=True)
    ):
        return False
    lasts = [heard.seconds for _, heard in one]
    sizes = sorted(sum(line.size for line, _ in heard) for heard in (one, other))
    return max(lasts) - min(lasts) > 2 * A_MOMENT or sizes[0] < OTHER_SIZE * sizes[1]
