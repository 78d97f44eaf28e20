"""The order of a book's files: by their names, checked against what their tags say. Pure.

A complete set of track numbers beats the names in Audiobookshelf, so the two have to agree.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import PurePosixPath

from books.sound import Sound
from downloads.doubts import DoubtError
from downloads.manifest import Line
from downloads.states import Doubt


def check_order(lines: Sequence[Line], sounds: Sequence[Sound]) -> None:
    """Lines in the order of their names. Raises DoubtError where their tags tell another one."""
    tagged = by_tags(lines, sounds)
    for place, at in enumerate(tagged):
        if at != place:
            raise DoubtError(
                f"Its order is not certain. By the names “{lines[place].path}” is file "
                f"{place + 1} of {len(lines)}, by the tags that is “{lines[at].path}”. "
                "Say which of them is right.",
                Doubt.ORDER,
            )


def by_tags(lines: Sequence[Line], sounds: Sequence[Sound]) -> list[int]:
    """The places in the order of the tags; empty where they do not tell all of it.

    Tracks that begin anew on each disc tell the order within a folder.
    """
    places = range(len(lines))
    tracks = [sound.track or 0 for sound in sounds]
    if not all(tracks):
        return []
    discs = [sound.disc or 0 for sound in sounds]
    if all(discs) and differ(numbers := list(zip(discs, tracks, strict=True))):
        return sorted(places, key=lambda at: numbers[at])
    if differ(tracks):
        return sorted(places, key=lambda at: tracks[at])
    folders = [str(PurePosixPath(line.path).parent) for line in lines]
    first = {folder: at for at, folder in reversed(list(enumerate(folders)))}
    if differ(list(zip(folders, tracks, strict=True))):
        return sorted(places, key=lambda at: (first[folders[at]], tracks[at]))
    return []


def differ(values: Sequence[Hashable]) -> bool:
    return len(set(values)) == len(values)
