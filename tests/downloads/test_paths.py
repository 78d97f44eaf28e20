"""Remote path mappings: the longest prefix wins, in both styles of paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from downloads.diagnose import check_client, check_mapping, our_path
from downloads.models import Client, ClientPath
from downloads.orders import below
from tests.factory import make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = make_client(save_path="/downloads")
    for theirs, ours in [
        ("/downloads", "/srv/media"),
        ("/downloads/books", "/srv/books"),
        ("D:\\Torrents", "/mnt/d"),
    ]:
        ClientPath.objects.create(client=client, client_prefix=theirs, our_prefix=ours)
    return client


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("/downloads/a/b.mp3", "/srv/media/a/b.mp3"),
        ("/downloads/books/c", "/srv/books/c"),
        ("/downloads/bookshelf/c", "/srv/media/bookshelf/c"),
        ("/downloads", "/srv/media"),
        ("D:\\Torrents\\Cranford\\01.mp3", "/mnt/d/Cranford/01.mp3"),
        ("/elsewhere/x", "/elsewhere/x"),
        ("/downloads/AC\\DC/01.mp3", "/srv/media/AC\\DC/01.mp3"),
        ("D:/Torrents/Cranford", "/mnt/d/Cranford"),
        ("d:\\torrents\\Cranford", "/mnt/d/Cranford"),
    ],
)
def test_the_longest_prefix_wins(theirs: str, ours: str, client: Client) -> None:
    assert our_path(client, theirs)[0] == ours


@pytest.mark.parametrize(
    ("default", "folder", "whole"),
    [
        ("/downloads", "", "/downloads"),
        ("/downloads", "/books", "/books"),
        ("/downloads/", "spoken/new", "/downloads/spoken/new"),
        ("D:\\Torrents", "spoken", "D:\\Torrents\\spoken"),
        ("D:/Torrents", "E:/Books", "E:/Books"),
    ],
)
def test_a_category_s_folder_is_below_the_default_one(
    default: str, folder: str, whole: str
) -> None:
    assert below(default, folder) == whole


def test_it_says_whether_the_folder_is_there(tmp_path: Path) -> None:
    client = make_client(save_path="/downloads")
    ClientPath.objects.create(client=client, client_prefix="/downloads", our_prefix=str(tmp_path))
    assert check_mapping(client, "").sentence.endswith("It is there.")
    missing = check_mapping(client, "/downloads/no-such-folder-anywhere")
    assert not missing.is_well
    assert str(tmp_path / "no-such-folder-anywhere") in missing.sentence
    assert "Add a remote path mapping" in missing.sentence


@pytest.mark.parametrize(
    ("theirs", "prefix", "asked"),
    [
        ("/downloads", "/downloads", "/downloads/books/fiction"),
        ("D:\\Torrents", "D:\\Torrents", "D:\\Torrents\\books\\fiction"),
    ],
)
def test_the_mapping_that_is_probably_right_is_named(
    theirs: str, prefix: str, asked: str, tmp_path: Path
) -> None:
    """The wrong one leads beside the folder that does exist."""
    (tmp_path / "media" / "books" / "fiction").mkdir(parents=True)
    client = make_client(save_path=prefix)
    wrong = tmp_path / "wrong"
    ClientPath.objects.create(client=client, client_prefix=theirs, our_prefix=str(wrong))
    said = check_mapping(client, asked).sentence
    assert f"by the mapping “{theirs} is {wrong}”" in said
    assert f"The right mapping is probably from {prefix} to {tmp_path / 'media'}" in said


def test_a_folder_of_that_name_without_the_files_is_not_it(tmp_path: Path) -> None:
    (tmp_path / "a" / "books").mkdir(parents=True)
    (tmp_path / "b" / "books" / "Cranford").mkdir(parents=True)
    (tmp_path / "b" / "books" / "Cranford" / "01.mp3").touch()
    client = make_client()
    wrong = tmp_path / "a"
    ClientPath.objects.create(client=client, client_prefix="/downloads", our_prefix=str(wrong))
    said = check_mapping(client, "/downloads/books", ["Cranford/01.mp3"]).sentence
    assert "It is there, but not its files." in said
    assert f"probably from /downloads to {tmp_path / 'b'}, where its files are." in said


def test_files_in_a_folder_of_another_name_are_found(tmp_path: Path) -> None:
    (tmp_path / "media" / "Cranford").mkdir(parents=True)
    (tmp_path / "media" / "Cranford" / "01.mp3").touch()
    client = make_client()
    ClientPath.objects.create(
        client=client, client_prefix="/downloads", our_prefix=str(tmp_path / "wrong")
    )
    said = check_mapping(client, "/downloads", ["Cranford/01.mp3"]).sentence
    assert f"probably from /downloads to {tmp_path / 'media'}, where its files are." in said


def test_without_a_known_folder_it_says_what_to_do_first() -> None:
    assert "test the client first" in check_mapping(make_client(), "").sentence


def test_a_client_that_is_down_says_only_that() -> None:
    checks = check_client(make_client())
    assert len(checks) == 1
    assert not checks[0].is_well


def test_a_mapping_that_is_not_needed_is_to_be_removed(tmp_path: Path) -> None:
    (tmp_path / "Cranford").mkdir()
    (tmp_path / "Cranford" / "01.mp3").touch()
    client = make_client()
    ClientPath.objects.create(client=client, client_prefix=str(tmp_path), our_prefix="/nowhere")
    said = check_mapping(client, str(tmp_path), ["Cranford/01.mp3"]).sentence
    assert said.endswith(f"It is not there, but {tmp_path} is: remove this mapping.")


def test_the_first_folder_is_named_where_all_lies_deeper_here(tmp_path: Path) -> None:
    (tmp_path / "downloads" / "books").mkdir(parents=True)
    client = make_client()
    wrong = tmp_path / "wrong"
    ClientPath.objects.create(client=client, client_prefix="/downloads", our_prefix=str(wrong))
    said = check_mapping(client, "/downloads/books").sentence
    assert f"probably from /downloads to {tmp_path / 'downloads'}" in said
