"""*These files are this book*, in words that are typed: paths, folders and patterns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from downloads.manifest import AUDIO, suffix
from downloads.models import Import
from downloads.reviewing import give_files, same_source
from tame.lib.errors import BadInputError


def matching(patterns: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Of the paths of sound those that are named: as a path, as a folder, or by a pattern with *;
    also without the torrent's own folder. Raises BadInputError for one that names none."""
    sounds = [path for path in paths if suffix(path) in AUDIO]
    chosen: list[str] = []
    for pattern in patterns:
        found = [path for path in sounds if is_meant(pattern.rstrip("/"), path)]
        if not found:
            raise BadInputError(f"There is no file of sound “{pattern}”; nothing was done.")
        chosen += found
    return list(dict.fromkeys(chosen))


def is_meant(pattern: str, path: str) -> bool:
    """Brackets stand for themselves: many a torrent's name has them."""
    whole, folder = PurePosixPath(path), PurePosixPath(pattern)
    forms = [whole, whole.relative_to(whole.parts[0])] if len(whole.parts) > 1 else [whole]
    signs = pattern.replace("[", "[[]")
    is_in_it = any(folder in form.parents for form in forms)
    return bool(pattern) and (is_in_it or any(fnmatchcase(str(form), signs) for form in forms))


def files_for(rows: Sequence[Import], named: Mapping[int, Sequence[str]]) -> dict[int, list[str]]:
    """Paths by import. `named`: patterns, by the numbers of these imports. Raises BadInputError."""
    given = {row.pk: matching(named[row.pk], paths_of(row)) for row in rows}
    check_apart(rows, given)
    return given


def give(rows: Sequence[Import], given: Mapping[int, list[str]], *, actor: str) -> str:
    """Paths by import, all of which wait. What another book of the same torrent has of them is
    taken from it. Raises BadInputError."""
    said = [
        give_files(group[0], with_the_others(group, given), actor=actor) for group in groups(rows)
    ]
    return " ".join(said)


def paths_of(row: Import) -> list[str]:
    if not row.manifest:
        raise BadInputError(
            f"What “{row.book}” is made of is not known yet: it was not looked at. Import it once."
        )
    return [line["path"] for line in row.manifest]


def check_apart(rows: Sequence[Import], given: Mapping[int, Sequence[str]]) -> None:
    """A file is one book's."""
    owner: dict[tuple[int | None, str], Import] = {}
    for row in rows:
        for path in given[row.pk]:
            other = owner.setdefault((row.download_id, path), row)
            if other.pk != row.pk and row.download_id:
                raise BadInputError(f"{path} was given to “{other.book}” and to “{row.book}”.")


def groups(rows: Sequence[Import]) -> list[list[Import]]:
    """By where they come from."""
    found: dict[tuple[int | None, str], list[Import]] = {}
    for row in rows:
        found.setdefault((row.download_id, row.source_folder), []).append(row)
    return list(found.values())


def with_the_others(
    group: Sequence[Import], given: Mapping[int, list[str]]
) -> dict[int, Sequence[str]]:
    ours = {row.pk: given[row.pk] for row in group}
    taken = {path for paths in ours.values() for path in paths}
    others = [one for one in same_source(group[0]) if one.pk not in ours]
    return ours | {
        one.pk: [path for path in one.chosen_files if path not in taken]
        for one in others
        if taken & set(one.chosen_files)
    }
