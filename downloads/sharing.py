"""Which files of a download are this import's, when several books come by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from books.models import Book
from books.states import Wish
from downloads.delivered import Delivered
from downloads.doubts import lasts_as_expected
from downloads.grab import deliver_too
from downloads.kin import Kin, as_named, with_people
from downloads.manifest import AUDIO, samples_of, suffix, why_not
from downloads.models import Import
from downloads.splitting import Split, common, is_disc, labels_of, split
from downloads.states import Doubt, ImportState
from indexers.models import Block
from tame.lib import bell
from tame.lib.words import normalise

IMPORT = "downloads.tasks.import_"
LONGEST_CHAPTER = 3 * 3600  # seconds
GONE = (ImportState.DROPPED, ImportState.UNDONE)


@dataclass(frozen=True)
class Share:
    """`left`: paths that are not this import's, and why. `doubt`: what a person has to say."""

    left: Mapping[str, str] = field(default_factory=dict)
    doubt: str = ""


def share_of(row: Import, delivered: Delivered, *, only_look: bool = False) -> Share:
    """Other wanted books that are found in it come by it, too, unless this only looks."""
    if row.chosen_files:
        return chosen(row, delivered)
    if Doubt.FILES in row.overruled:
        return Share()
    others = siblings(row)
    if taken := {path: other.book for other in others for path in other.chosen_files}:
        delivered = delivered.without(taken)
    share, kin = guess(row, [other.book for other in others], delivered)
    if not only_look:
        deliver_kin(row, kin)
    gone = {path: f"It is “{book}”: a person said so." for path, book in taken.items()}
    return Share({**share.left, **gone}, share.doubt)


def siblings(row: Import) -> list[Import]:
    """Other books that this download brings or brought."""
    if row.download_id is None:
        return []
    others = Import.objects.filter(download=row.download_id).exclude(pk=row.pk)
    return list(others.exclude(state__in=GONE).select_related("book"))


def chosen(row: Import, delivered: Delivered) -> Share:
    """By a person; covers and texts in the same folders come along."""
    ours = set(row.chosen_files)
    folders = {str(PurePosixPath(path).parent) for path in ours}
    left = {}
    for file in delivered.files:
        is_beside = suffix(file.name) not in AUDIO
        beside = is_beside and str(PurePosixPath(file.name).parent) in folders
        if file.name not in ours and not beside:
            left[file.name] = "A person gave it to no book, or to another one."
    return Share(left)


# --- A guess --------------------------------------------------------------------------------------


def guess(row: Import, others: Sequence[Book], delivered: Delivered) -> tuple[Share, list[Book]]:
    """And the further books that are found in it."""
    parts, known = divide(row, others, delivered, sound_paths(delivered))
    told = {row.book_id, *(other.pk for other in others)}
    kin = [known[pk] for pk in sorted(set(parts.of.values()) - told) if pk not in parts.doubtful]
    if others:
        return of_several(row, parts, delivered, known), kin
    share = of_one(row, parts, delivered, known)
    return share, kin if share.left else []


def sound_paths(delivered: Delivered) -> list[str]:
    wanted = [file.name for file in delivered.files if file.priority > 0]
    samples = samples_of(wanted)
    return [name for name in wanted if suffix(name) in AUDIO and not why_not(name, samples)]


def divide(
    row: Import, others: Sequence[Book], delivered: Delivered, paths: Sequence[str]
) -> tuple[Split, dict[int, Book]]:
    """With the books that are named in it. An album may name one that no file does."""
    labels, known = labels_of(paths), dict[int, Book]()

    def album(path: str) -> str:
        sound = delivered.hear(path)
        labels.add(told := sound.album if sound else "")
        return told

    in_one_folder = len({PurePosixPath(path).parent for path in paths}) == 1
    tags = (lambda path: "") if in_one_folder and not others else album
    books = [row.book, *others]
    kin = Kin(row.book, books)
    more = [*(book.pk for book in books), *kin.named_by(labels)]
    while more:
        known |= with_people(more)
        parts = split(paths, list(map(as_named, known.values())), tags, several=bool(others))
        more = kin.named_by(labels)
    return parts, known


def of_one(row: Import, parts: Split, delivered: Delivered, known: Mapping[int, Book]) -> Share:
    """A torrent taken for one book: all of it, unless its names tell of others."""
    paths = sound_paths(delivered)
    mine = parts.paths(row.book_id)
    strangers = sorted(set(parts.of.values()) - {row.book_id})
    if not mine:
        if strangers and len(parts.of) == len(paths):
            books = ", ".join(f"“{known[pk]}”" for pk in strangers)
            return Share(doubt=f"By its names it is {books}, and not “{row.book}”.")
        return Share()
    others = beside_it(parts, paths) + wholes_beside(parts, paths, delivered)
    if not strangers and not others:
        return Share()
    share = of_several(row, parts, delivered, known)
    if share.doubt or strangers or is_another_album(delivered, mine, others):
        return share
    if is_all_of_it(row.book, delivered, mine):
        return share
    folders = dict.fromkeys(folder_of(path, paths) or PurePosixPath(path).name for path in others)
    names = ", ".join(f"“{name}”" for name in folders)
    return Share(
        share.left,
        f"Beside what is called “{row.book}” there is sound in {names}: whether that is this book, "
        "too, cannot be told. Say which files are this book.",
    )


def beside_it(parts: Split, paths: Sequence[str]) -> list[str]:
    """Files in folders beside the book's own, which are no discs of it."""
    owned = {folder_of(path, paths) for path in parts.of}
    rest = [path for path in paths if path not in parts.of]
    return [
        path
        for path in rest
        if (name := folder_of(path, paths)) and name not in owned and not is_disc(name)
    ]


def wholes_beside(parts: Split, paths: Sequence[str], delivered: Delivered) -> list[str]:
    """Files that are most likely books themselves, beside one such that is called as the book."""
    whole = [path for path in paths if is_whole_book(path) or lasts_hours(path, delivered)]
    rest = [path for path in whole if path not in parts.of and not folder_of(path, paths)]
    return rest if parts.of and all(path in whole for path in parts.of) else []


def lasts_hours(path: str, delivered: Delivered) -> bool:
    heard = delivered.hear(path)
    return heard is not None and heard.seconds > LONGEST_CHAPTER


def folder_of(path: str, paths: Sequence[str]) -> str:
    """The first folder that not all of them are in; empty for a file beside those."""
    left = PurePosixPath(path).parts[len(common(paths)) :]
    return left[0] if len(left) > 1 else ""


def is_all_of_it(book: Book, delivered: Delivered, mine: Sequence[str]) -> bool:
    """By the duration that is expected of it."""
    seconds = sum(sound.seconds for path in mine if (sound := delivered.hear(path)))
    return bool(book.expected_seconds) and lasts_as_expected(seconds, book.expected_seconds)


def is_another_album(delivered: Delivered, mine: Sequence[str], others: Sequence[str]) -> bool:
    """By the tags of a file each."""
    own, other = delivered.hear(mine[0]), delivered.hear(others[0])
    if not (own and other and own.album and other.album):
        return False
    return normalise(own.album) != normalise(other.album)


def of_several(row: Import, parts: Split, delivered: Delivered, known: Mapping[int, Book]) -> Share:
    paths = sound_paths(delivered)
    doubt = doubt_of(row, parts, paths)
    stranger = "Not known to be this book." if doubt else "Not wanted."
    left = {}
    for path in paths:
        owner = parts.of.get(path)
        if owner != row.book_id:
            left[path] = f"Not wanted: it is “{known[owner]}”." if owner else stranger
    beside = [file.name for file in delivered.files if suffix(file.name) not in AUDIO]
    ours = [path for path in paths if path not in left]
    left |= {path: "Not wanted." for path in beside if not belongs(path, ours, list(left))}
    return Share(left, doubt)


def belongs(path: str, ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """A cover or a text lies below a folder of ours alone, or is called as a file of ours."""
    plain = PurePosixPath(path)
    if any(plain.with_suffix("") == PurePosixPath(one).with_suffix("") for one in ours):
        return True
    folder = plain.parent

    def has(paths: Sequence[str]) -> bool:
        return any(folder in PurePosixPath(one).parents for one in paths)

    return has(ours) and not has(theirs)


def doubt_of(row: Import, parts: Split, paths: Sequence[str]) -> str:
    mine = parts.paths(row.book_id)
    say = "Say which files are this book."
    if len(paths) == 1 and not mine:
        return (
            f"Several books come by this torrent, and it has one file, “{paths[0]}”. TAME does not "
            "cut files: say which book it is to be."
        )
    if may_be := parts.doubtful.get(row.book_id):
        shown = ", ".join(f"“{label}”" for label in list(dict.fromkeys(may_be))[:3])
        return f"Whether {shown} is “{row.book}” cannot be told. {say}"
    if not mine:
        return (
            "Several books come by this torrent, and no folder, file or album in it is called "
            f"“{row.book}”. {say}"
        )
    folders = {PurePosixPath(path).parent for path in mine}
    strays = [path for path in paths if path not in parts.of and not is_whole_book(path)]
    if stray := next((path for path in strays if PurePosixPath(path).parent in folders), ""):
        return f"Whether “{stray}” belongs to “{row.book}” cannot be told. {say}"
    return ""


def is_whole_book(path: str) -> bool:
    """Most likely: an m4b is seldom one chapter."""
    return suffix(path) == "m4b"


# --- Further books --------------------------------------------------------------------------------


def deliver_kin(row: Import, kin: Sequence[Book]) -> None:
    """Wanted books of the same authors or series that the set holds come by it, too."""
    if row.download is None:
        return
    told = set(Import.objects.filter(download=row.download).values_list("book", flat=True))
    for book in kin:
        is_free = book.wish == Wish.WANTED and not (book.on_shelf or book.coming)
        blocked = Block.on(row.download.hash_v1 or row.download.hash_v2, None, book)
        if is_free and not blocked and book.pk not in told:  # not again what a person dropped
            deliver_too(row.download, book, "TAME")
            bell.ring(IMPORT)
