"""Which files of a torrent are the book's, in which order, and why the others are left out."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from downloads.manifest import Line, manifest_of
from downloads.qbittorrent import ClientFile
from tame.lib.errors import BadInputError

NOTE = "It is a note, which would be taken for the book's title and author."


def lines(*names: str, unselected: tuple[str, ...] = ()) -> list[Line]:
    files = [ClientFile(name, 1000, 1.0, 0 if name in unselected else 1) for name in names]
    return manifest_of(files)


def kept(*names: str) -> list[str]:
    return [line.name for line in lines(*names) if line.name]


def why(name: str) -> str:
    return next(line.why for line in lines("B/01.mp3", name) if line.path == name)


def test_a_plain_book_keeps_its_names() -> None:
    assert kept("B/01 - One.mp3", "B/02 - Two.mp3", "B/Cover.JPG") == [
        "01 - One.mp3", "02 - Two.mp3", "Cover.jpg",
    ]  # fmt: skip


def test_discs_are_flattened_in_natural_order() -> None:
    names = [f"B/CD{disc}/{track}.mp3" for disc in (10, 2, 1) for track in (10, 9, 1)]
    flat = kept(*names)
    assert flat == [
        "001 - 1.mp3", "002 - 9.mp3", "003 - 10.mp3", "004 - 1.mp3", "005 - 9.mp3", "006 - 10.mp3",
        "007 - 1.mp3", "008 - 9.mp3", "009 - 10.mp3",
    ]  # fmt: skip
    assert flat == sorted(flat)


def test_names_that_would_not_keep_the_order_get_numbers() -> None:
    assert kept("B/Track 2.mp3", "B/Track 10.mp3") == ["001 - Track 2.mp3", "002 - Track 10.mp3"]


def test_24_discs_with_218_files_stay_in_order() -> None:
    names = [f"B/CD {disc}/Track {track}.mp3" for disc in range(1, 25) for track in range(1, 11)]
    flat = kept(*names[:218])
    assert len(set(flat)) == 218
    assert flat == sorted(flat)


def test_a_single_file_is_a_book() -> None:
    assert kept("Cranford.m4b") == ["Cranford.m4b"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("B/setup.exe", "It is a program."),
        ("B/all.zip", "It is an archive."),
        ("B/sample.mp3", "It is a sample."),
        ("B/Cranford-sample.mp3", "It is a sample."),
        ("B/Cranford (Sample).mp3", "It is a sample."),
        ("B/Sample - Cranford.mp3", "It is a sample."),
        ("B/Sample/01.mp3", "It is a sample."),
        ("B/all.part1.rar", "It is an archive."),
        ("B/all.r01", "It is an archive."),
        ("B/info.nfo", NOTE),
        ("B/book.opf", NOTE),
        ("B/metadata.json", NOTE),
        ("B/reader.txt", NOTE),
        ("B/book.sfv", "It is neither sound nor a cover or a text."),
        ("B/list.m3u", "It is neither sound nor a cover or a text."),
    ],
)
def test_what_is_left_out_says_why(name: str, reason: str) -> None:
    assert why(name) == reason


@pytest.mark.parametrize("name", ["B/Cover.jpg", "B/Cranford.pdf", "B/Cranford.cue", "B/b.epub"])
def test_covers_and_texts_come_along(name: str) -> None:
    assert PurePosixPath(name).name in kept("B/01.mp3", name)


def test_a_book_called_sample_is_none() -> None:
    assert kept("Sample/01.mp3", "Sample/02.mp3") == ["01.mp3", "02.mp3"]


def test_two_forms_of_one_name_stay_two_files() -> None:
    """é as one sign, and as two: in the library both would have the same name."""
    assert kept("B/Caf\u00e9.mp3", "B/Cafe\u0301.mp3") == [
        "001 - Caf\u00e9.mp3", "002 - Caf\u00e9.mp3",
    ]  # fmt: skip


def test_names_that_differ_by_capitals_alone_get_numbers() -> None:
    assert kept("B/One.mp3", "B/one.mp3") == ["001 - One.mp3", "002 - one.mp3"]


@pytest.mark.parametrize(
    "name",
    ["05 - A Sample of Things", "A Sample", "05-sample", "The Sample Case, 3", "Free sample"],
)
def test_a_chapter_is_not_left_out_for_a_word(name: str) -> None:
    assert len(kept("B/01.mp3", f"B/{name}.mp3")) == 2


def test_a_book_whose_files_are_all_called_so_is_whole() -> None:
    assert len(kept("B/Sample Case 1.mp3", "B/Sample Case 2.mp3", "B/cover.jpg")) == 3


def test_a_word_that_begins_like_a_sample_is_none() -> None:
    assert kept("B/Samples of Life.mp3", "B/Sampler.mp3") != []


def test_what_was_not_selected_is_left_out() -> None:
    found = lines("B/01.mp3", "B/02.mp3", unselected=("B/02.mp3",))
    assert [(line.name, line.why) for line in found] == [
        ("01.mp3", ""), ("", "It was not selected."),
    ]  # fmt: skip


def test_of_two_covers_with_one_name_the_first_is_kept() -> None:
    found = lines("B/CD1/01.mp3", "B/CD1/cover.jpg", "B/CD2/cover.jpg")
    assert [line.why for line in found if line.path.endswith("jpg")] == [
        "", "Another file has its name.",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["../../etc/passwd.mp3", "/etc/passwd.mp3", "B/..\\x.mp3", ""])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(BadInputError, match="leads elsewhere"):
        lines(name)
