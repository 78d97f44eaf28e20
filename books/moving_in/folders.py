"""Books that stand in folders: their names and their tags, and how long they last."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from books.metadata import Proposal
from books.metadata.files import of_files, two_readings
from books.metadata.folder_names import DISC, of_names
from books.metadata.tags import MOST_FILES
from books.moving_in.found import Found
from books.moving_in.scan import BookFolder, scan
from books.moving_in.sound_files import suffix
from books.moving_models import Status
from books.sound import read_sound, read_tags
from tame.lib.errors import LocalError
from tame.lib.words import same_title

LETTER = re.compile(r"[^\W\d]|[^\W\d]\s?-\s?[^\W\d]|#|0\s?-\s?9")  # a folder of authors


def read(
    root: Path,
    below: str = "",
    step: Callable[[], None] = lambda: None,
    alive: Callable[[], object] = lambda: None,
) -> list[Found]:
    """Every book in the folder `below` of the library at `root`. `step` is called after every
    book, `alive` before every folder. Raises LocalError."""
    start = root / below
    if not start.is_dir():
        raise LocalError(f"TAME sees no folder {start}. Is its disk mounted?")
    seen = scan(root, below, alive)
    if seen.unread:
        raise LocalError(f"TAME may not look into {seen.unread[0]}: nothing was read.")
    found = []
    for book in seen.books:
        found.append(found_of(root, book))
        step()
    return found


def found_of(root: Path, book: BookFolder) -> Found:
    folder = root / book.folder
    names = PurePosixPath(book.folder).parts
    if len(names) > 2 and LETTER.fullmatch(names[0]):
        names = names[1:]
    tags = [read_tags(folder / file.path) for file in book.sound[:MOST_FILES]]
    told = [one for one in tags if one]
    said, named = of_files(names, told), of_names(names)
    both = two_readings(names, told)
    if both:  # never the title of one with the author of the other
        said = both[0]
    differ = disagreement(*both) if both else ""
    seconds, bitrate, broken = listened(folder, book)
    return Found(
        key=str(folder),
        title=said.title,
        subtitle=said.subtitle,
        authors=said.authors,
        series=said.series[0][0] if said.series else "",
        position=said.series[0][1] if said.series else "",
        narrators=said.narrators,
        year=said.year,
        language=said.language,
        asin=said.asin,
        isbn=said.isbn,
        status=Status.HAD,
        folder=str(folder),
        files=book.files,
        format=suffix(book.sound[0].path or book.folder),
        seconds=seconds,
        bitrate=bitrate,
        doubt=doubt_of(book, tags) or differ,
        notes=tuple(filter(None, [differ or other_title(named, said), about(broken)])),
    )


def other_title(named: Proposal, said: Proposal) -> str:
    is_other = named.title and not same_title(named.title, said.title)
    return f"Its folder calls it “{named.title}”." if is_other else ""


def about(broken: Sequence[str]) -> str:
    if not broken:
        return ""
    return f"{len(broken)} of its files cannot be played, the first: {broken[0]}."


def disagreement(named: Proposal, tagged: Proposal) -> str:
    return f"Its folder says {shown(named)}, its tags say {shown(tagged)}: say which it is."


def shown(book: Proposal) -> str:
    by = f" by {', '.join(book.authors)}" if book.authors else ""
    return f"“{book.title}”{by}"


def doubt_of(book: BookFolder, tags: Sequence[Mapping[str, str]]) -> str:
    if book.holds_others:
        return "There is sound in it and in folders of it: perhaps several books."
    named = dict.fromkeys(DISC.sub("", one.get("album", "")).strip(" -,:([])") for one in tags)
    albums = [name for name in named if name]
    if any(not same_title(albums[0], other) for other in albums[1:]):
        return f"Its files are of several books: {', '.join(albums)}."
    return ""


def listened(folder: Path, book: BookFolder) -> tuple[int | None, int | None, list[str]]:
    """Seconds, bits per second, and what cannot be played."""
    seconds, rates, broken = 0.0, list[float](), list[str]()
    for file in book.sound:
        heard = read_sound(folder / file.path)
        if heard is None:
            broken.append(file.path or folder.name)
            continue
        seconds += heard.seconds
        rates += [heard.bitrate] if heard.bitrate else []
    rate = round(1000 * sum(rates) / len(rates)) if rates else None
    return round(seconds) or None, rate, broken
