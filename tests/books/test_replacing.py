"""An upgrade and an undo, killed at every call: one whole folder, and the seeds as they were."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from books import replacing
from books.marks import MARK
from books.placing import BEFORE, HIDDEN, Root, Track, place
from books.replacing import replace, settle, swap, take_back
from books.trash import put_away, put_back, throw_away
from tame.lib.errors import LocalError, ObstacleError
from tests.books.killing import killed_after, killed_copying, trace

OLD = {"01.mp3": b"one" * 999, "02.mp3": b"two" * 999, "cover.jpg": b"face"}
NEW = {"01.m4b": b"uno" * 1999, "02.m4b": b"due" * 1999, "cover.jpg": b"a face"}
FOLDER = "Gaskell/Cranford"
SWAP = (replacing, "swap")
Seeds = dict[str, Path]


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    made = {}
    for name, files in (("old", OLD), ("new", NEW)):
        made[name] = tmp_path / f"seed-{name}"
        made[name].mkdir()
        for path, content in files.items():
            (made[name] / path).write_bytes(content)
    return made


@pytest.fixture(params=["link", pytest.param("copy", marks=pytest.mark.wide)])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where libraries are made: on the seeds' file system, or on another."""
    if request.param == "link":
        return tmp_path
    elsewhere: Path = request.getfixturevalue("elsewhere")
    return elsewhere


@pytest.fixture(params=["exchange", pytest.param("two renames", marks=pytest.mark.wide)])
def can_swap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if request.param == "two renames":
        monkeypatch.setattr(replacing, "swap", lambda *_: False)
    return bool(request.param == "exchange")


def tracks(seed: Path, files: dict[str, bytes]) -> list[Track]:
    return [Track(seed / name, name, len(content)) for name, content in files.items()]


def library(base: Path, seeds: Seeds, name: str = "library") -> Path:
    """With the old copy on the shelf."""
    root = base / name
    root.mkdir()
    place(Root(root), FOLDER, "old", tracks(seeds["old"], OLD))
    return root


def upgrade(root: Path, seeds: Seeds) -> dict[str, int]:
    return replace(Root(root), FOLDER, "new", "old", tracks(seeds["new"], NEW))


def look(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != MARK and p.is_file()}


def shown(root: Path) -> dict[str, bytes]:
    return look(root / FOLDER)


def trash(root: Path) -> dict[str, dict[str, bytes]]:
    folder = root / HIDDEN / "trash"
    return {p.name: look(p) for p in folder.iterdir()} if folder.is_dir() else {}


def left_over(root: Path) -> list[str]:
    names = {p.name for p in (root / HIDDEN).iterdir()}
    return sorted(names - {"trash", ".made.json", ".made.json.new"})


def test_a_better_copy_goes_on_where_its_copying_was_stopped(elsewhere: Path, seeds: Seeds) -> None:
    root = library(elsewhere, seeds)
    killed_copying("02.m4b", lambda: upgrade(root, seeds))
    assert shown(root) == OLD
    assert upgrade(root, seeds) == {BEFORE: 1, "copy": 2}
    assert shown(root) == NEW
    assert trash(root) == {"old": OLD}


# --- An upgrade -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("can_swap")
def test_the_new_one_stands_in_its_place_and_the_old_one_is_kept(base: Path, seeds: Seeds) -> None:
    root = library(base, seeds)
    assert sum(upgrade(root, seeds).values()) == 3
    assert (shown(root), trash(root), left_over(root)) == (NEW, {"old": OLD}, [])
    assert upgrade(root, seeds) == {}


@pytest.mark.usefixtures("can_swap")
@pytest.mark.parametrize("brought", ["cover.jpg", "Cover.png"])
def test_a_cover_that_was_changed_stays_the_book_s(base: Path, seeds: Seeds, brought: str) -> None:
    root = library(base, seeds)
    (root / FOLDER / "cover.jpg").unlink()
    (root / FOLDER / "cover.jpg").write_bytes(b"by a person")
    (seeds["new"] / "cover.jpg").rename(seeds["new"] / brought)
    files = {name: NEW.get(name, NEW["cover.jpg"]) for name in ("01.m4b", "02.m4b", brought)}
    for _ in range(2):
        replace(Root(root), FOLDER, "new", "old", tracks(seeds["new"], files))
        assert shown(root) == {**NEW, "cover.jpg": b"by a person"}


def test_sound_that_was_changed_does_not_come_along(base: Path, seeds: Seeds) -> None:
    root = library(base, seeds)
    (root / FOLDER / "01.mp3").unlink()
    (root / FOLDER / "01.mp3").write_bytes(b"by a person")
    upgrade(root, seeds)
    assert shown(root) == NEW


def test_this_machine_can_exchange_folders(tmp_path: Path) -> None:
    """Else the test of the way that does so would be one of the other way."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert swap(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a" / "b").exists()
    with pytest.raises(FileNotFoundError):
        swap(tmp_path / "a", tmp_path / "nowhere")


@pytest.mark.parametrize("after", ["gone on with", "given up"])
def test_an_upgrade_killed_at_any_call(
    after: str, base: Path, seeds: Seeds, can_swap: bool
) -> None:
    before, number, died = {name: trace(s) for name, s in seeds.items()}, 0, True
    whole = (OLD, NEW) if can_swap else (OLD, NEW, {})
    while died:
        number += 1
        root = library(base, seeds, f"library-{number}")
        died = killed_after(number, lambda r=root: upgrade(r, seeds), SWAP)
        assert shown(root) in whole, f"a part of a book was to be seen after call {number}"
        if after == "gone on with":
            upgrade(root, seeds)
            assert (shown(root), trash(root)) == (NEW, {"old": OLD})
        else:
            take_back(root, FOLDER, "new", "old")
            assert (shown(root), trash(root)) == (OLD, {})
        assert left_over(root) == []
        assert [p.name for p in (root / "Gaskell").iterdir()] == ["Cranford"]
    assert number > 15
    assert {name: trace(s) for name, s in seeds.items()} == before


def test_the_way_back_killed_at_any_call(base: Path, seeds: Seeds, can_swap: bool) -> None:
    before, number, died = {name: trace(s) for name, s in seeds.items()}, 0, True
    whole = (OLD, NEW) if can_swap else (OLD, NEW, {})
    while died:
        number += 1
        root = library(base, seeds, f"library-{number}")
        upgrade(root, seeds)
        died = killed_after(number, lambda r=root: take_back(r, FOLDER, "new", "old"), SWAP)
        assert shown(root) in whole
        take_back(root, FOLDER, "new", "old")
        assert (shown(root), trash(root), left_over(root)) == (OLD, {}, [])
    assert number > 5
    assert {name: trace(s) for name, s in seeds.items()} == before


def test_between_two_renames_the_new_one_is_found_without_its_source(
    tmp_path: Path, seeds: Seeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client may be down when TAME comes back: the shelf does not wait for it."""
    root = library(tmp_path, seeds)
    monkeypatch.setattr(replacing, "swap", lambda *_: False)
    number = 1
    while killed_after(number, lambda: upgrade(root, seeds), SWAP) and shown(root):
        number += 1
    assert shown(root) == {}
    shutil.rmtree(seeds["new"])
    settle(root, FOLDER, "new", "old")
    assert shown(root) == NEW


@pytest.mark.usefixtures("can_swap")
def test_what_is_not_the_old_copy_stays(base: Path, seeds: Seeds) -> None:
    root = library(base, seeds)
    (root / FOLDER / MARK).unlink()
    with pytest.raises(ObstacleError, match="is not the folder that TAME placed"):
        upgrade(root, seeds)
    assert (shown(root), left_over(root)) == (OLD, [])


def test_whoever_says_no_at_the_last_moment_is_heard(tmp_path: Path, seeds: Seeds) -> None:
    root = library(tmp_path, seeds)

    def no() -> None:
        raise ObstacleError("Somebody listens.")

    with pytest.raises(ObstacleError, match="Somebody listens"):
        replace(Root(root), FOLDER, "new", "old", tracks(seeds["new"], NEW), allowed=no)
    assert (shown(root), trash(root), left_over(root)) == (OLD, {}, [])


def test_what_a_person_put_beside_it_stays_beside_it(tmp_path: Path, seeds: Seeds) -> None:
    root = library(tmp_path, seeds)
    (root / FOLDER / "notes.txt").write_text("chapter 3")
    (root / FOLDER / "bonus.mp3").write_text("a talk")
    (root / FOLDER / "metadata.json").write_text('{"tags": ["tame:old"]}')
    (root / FOLDER / "pictures/maps").mkdir(parents=True)
    (root / FOLDER / "pictures/maps/cheshire.png").write_text("a map")
    (root / FOLDER / "pictures/talk.mp3").write_text("a talk")
    upgrade(root, seeds)
    assert look(root / FOLDER / "pictures/maps") == {"cheshire.png": b"a map"}
    assert not (root / FOLDER / "pictures/talk.mp3").exists()
    assert shown(root) == NEW | {"notes.txt": b"chapter 3"}
    assert trash(root)["old"]["bonus.mp3"] == b"a talk"  # beside the new one it would be a chapter


def test_a_source_that_is_cut_changes_nothing(tmp_path: Path, seeds: Seeds) -> None:
    root = library(tmp_path, seeds)
    (seeds["new"] / "02.m4b").write_bytes(b"short")
    with pytest.raises(LocalError, match="5 bytes in the place of 5997"):
        upgrade(root, seeds)
    assert (shown(root), trash(root), left_over(root)) == (OLD, {}, [])


# --- An undo --------------------------------------------------------------------------------------

Act = Callable[[Path], object]


def away(root: Path) -> object:
    return put_away(root, FOLDER, "old")


def back(root: Path) -> object:
    put_back(root, FOLDER, "old")
    return None


def thrown(root: Path) -> object:
    return throw_away(root, "old", {name: len(content) for name, content in OLD.items()})


@pytest.mark.parametrize(
    ("first", "act", "ends"),
    [
        ([], away, ({}, {"old": OLD})),
        ([away], back, (OLD, {})),
        ([away], thrown, ({}, {})),
    ],
    ids=["away", "back", "thrown away"],
)
def test_an_undo_killed_at_any_call(
    first: list[Act], act: Act, ends: Any, base: Path, seeds: Seeds
) -> None:
    before, number, died = trace(seeds["old"]), 0, True
    while died:
        number += 1
        root = library(base, seeds, f"library-{number}")
        for step in first:
            step(root)
        died = killed_after(number, lambda r=root: act(r))
        assert shown(root) in (OLD, {}), f"a part of a book was to be seen after call {number}"
        act(root)
        assert (shown(root), trash(root)) == ends
        assert (root / "Gaskell").exists() == bool(ends[0])
        assert left_over(root) == []
    assert number > 3
    assert trace(seeds["old"]) == before
