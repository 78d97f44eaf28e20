"""Files stay in the order of their names; where tags tell another one a person says."""

from __future__ import annotations

import pytest

from books.sound import Sound
from downloads.doubts import DoubtError
from downloads.manifest import Line, manifest_of, sound
from downloads.qbittorrent import ClientFile
from downloads.sequence import check_order
from downloads.states import Doubt

Tags = dict[str, tuple[int | None, int | None]]  # path: disc, track


def in_order(tags: Tags) -> list[Line]:
    """The lines of files with these tags; raises what an import would."""
    lines = sound(manifest_of([ClientFile(name, 1000, 1.0, 1) for name in tags]))
    sounds = [Sound(60, disc=tags[line.path][0], track=tags[line.path][1]) for line in lines]
    check_order(lines, sounds)
    return lines


def discs(*folders: str, disc: bool = True, anew: bool = True) -> Tags:
    """Two tracks in each folder, tagged as they should be."""
    return {
        f"B/{folder}/{track:02}.mp3": (n if disc else None, track if anew else 2 * (n - 1) + track)
        for n, folder in enumerate(folders, 1)
        for track in (1, 2)
    }


@pytest.mark.parametrize(
    "tags",
    [
        discs("CD 1", "CD 2", "CD 10"),
        discs("CD 1", "CD 2", "CD 10", disc=False),
        discs("Disc 01", "Disc 02", disc=False, anew=False),
        discs("Part 1", "Part 2", "Part 3"),
        discs("Disc One", "Disc Two", "Disc Three"),
        discs("Part I", "Part II", "Part IX", "Part X"),
        discs("Book CD1", "Book CD2"),
        discs("1", "2", "11"),
        {"B/CD 1/01.mp3": (1, 1), "B/CD 2/01.mp3": (1, 1), "B/CD 3/01.mp3": (1, 1)},
        {"B/01.mp3": (None, 1), "B/02.mp3": (None, None)},
        {"B/01.mp3": (None, 7), "B/02.mp3": (None, 7)},
        {"B/01.mp3": (1, 1), "B/02.mp3": (None, 2)},
        {"B.m4b": (None, 5)},
    ],
)
def test_where_tags_agree_or_tell_nothing_the_names_hold(tags: Tags) -> None:
    lines = in_order(tags)
    assert [line.path for line in lines] == list(tags)
    names = [line.name for line in lines]
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("tags", "named", "tagged"),
    [
        ({"B/a.mp3": (None, 2), "B/b.mp3": (None, 1)}, "B/a.mp3", "B/b.mp3"),
        ({"B/CD 1/1.mp3": (2, 1), "B/CD 2/1.mp3": (1, 1)}, "B/CD 1/1.mp3", "B/CD 2/1.mp3"),
        (
            {
                "B/CD 1/a.mp3": (None, 1), "B/CD 1/b.mp3": (None, 2),
                "B/CD 2/a.mp3": (None, 2), "B/CD 2/b.mp3": (None, 1),
            },
            "B/CD 2/a.mp3",
            "B/CD 2/b.mp3",
        ),
    ],
)  # fmt: skip
def test_where_tags_tell_another_order_a_person_says(tags: Tags, named: str, tagged: str) -> None:
    with pytest.raises(DoubtError) as caught:
        in_order(tags)
    assert caught.value.doubt == Doubt.ORDER
    assert f"By the names “{named}” is file" in str(caught.value)
    assert f"by the tags that is “{tagged}”" in str(caught.value)


def test_24_discs_with_218_files_have_continuous_numbers() -> None:
    left = 218
    tags: Tags = {}
    for disc in range(1, 25):
        for track in range(1, min(10, left) + 1):
            tags[f"B/CD {disc}/Track {track}.mp3"] = (disc, track)
            left -= 1
    lines = in_order(dict(sorted(tags.items())))  # CD 10 before CD 2, as a client lists them
    assert [line.name[:3] for line in lines] == [f"{n:03}" for n in range(1, 219)]
    assert lines[10].path == "B/CD 2/Track 1.mp3"
    assert lines[-1].path == "B/CD 22/Track 8.mp3"
