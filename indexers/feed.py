"""Read the answer to a search: a feed of releases, or whatever came in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

from indexers import complaints, markup
from indexers.found import FoundRelease, Lines, release_of

ROOTS = {"rss", "rdf:rdf", "channel"}
ATTRIBUTES = {"torznab:attr", "newznab:attr", "attr"}
SOURCES = {"jackettindexer", "prowlarrindexer"}
LARGER = ("seeders", "peers", "grabs")


@dataclass(frozen=True)
class Feed:
    """`skipped`: how many entries had no title or no way to fetch them, Usenet's among them."""

    releases: tuple[FoundRelease, ...]
    skipped: int


def read_feed(
    body: bytes,
    *,
    name: str = "The indexer",
    secrets: Iterable[str] = (),
    wait: float | None = None,
) -> Feed:
    """The releases of a feed; an empty feed is a good answer.

    `secrets`: what no sentence may hold. `wait`: seconds that the answer's headers asked for.
    Raises `ServiceDownError` for everything that is no feed: error documents, pages, broken or
    dangerous XML; `LoginRefusedError` when it says that the key was refused.
    """
    kept = tuple(secrets)
    complaints.refuse_other_than_xml(name, body, kept)
    now, forms = datetime.now(UTC), _forms(kept)
    try:
        reading = markup.read(body, lambda: _Reading(now, forms))
        reading.finish()
    except markup.UnreadableError as error:
        raise complaints.unreadable(name, error) from error
    if reading.error is not None:
        raise complaints.of_error(name, *reading.error, secrets=kept, wait=wait)
    if not reading.has_channel:
        raise complaints.not_asked_for(name, reading.root)
    return Feed(tuple(once_each(reading.found)), reading.skipped)


def _forms(secrets: Iterable[str]) -> tuple[str, ...]:
    """The secrets as they may stand in an address."""
    return tuple({f for s in secrets if s for f in (s, quote(s, safe=""), quote_plus(s))})


class _Reading:
    """One pass over a feed. `start` runs for every tag, so all that is frequent stands in it.

    Ends are only counted: what an element held is complete when the next one starts.
    """

    def __init__(self, now: datetime, secrets: tuple[str, ...]) -> None:
        self.root = ""
        self.has_channel = False
        self.error: tuple[str, str] | None = None
        self.found: list[tuple[str, FoundRelease]] = []  # with the indexer, of an aggregate
        self.skipped = 0
        self._now = now
        self._secrets = secrets
        self._started = 0
        self._ended: list[str] = []
        self._chunks: list[str] = []
        self.end = self._ended.append
        self.text = self._chunks.append
        self._inside = 0  # the depth of a release's own elements, while in a release
        self._lines = Lines()
        self._open = ""  # the element of a release whose text is being read

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._started = started = self._started + 1
        depth = started - len(self._ended)
        if self._open:
            text = "".join(self._chunks).strip()
            if self._open == "category":
                self._lines.categories.append(text)
            elif text:
                self._lines.texts.setdefault(self._open, text)
            self._open = ""
        if depth != self._inside:
            self._elsewhere(name, attributes, depth)
        elif name in ATTRIBUTES:
            self._lines.attributes.append(attributes)
        else:
            self._open = name
            self._chunks.clear()
            if attributes:
                self._note_element(name, attributes)

    def finish(self) -> None:
        """What the end of the last element would have brought."""
        self.start("", {})

    def _note_element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "enclosure":
            self._lines.enclosures.append(attributes)
        elif name in SOURCES:
            self._lines.source = attributes

    def _note_release(self) -> None:
        release = release_of(self._lines, self._now, self._secrets)
        if release is None:
            self.skipped += 1
        else:
            self.found.append((self._lines.source.get("id", ""), release))

    def _elsewhere(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """The start of an element which is not a release's own."""
        markup.check_depth(depth)
        if self._inside > depth:
            self._inside = 0
            self._note_release()
        if self._inside:
            return
        if self.error and not self.error[1]:
            self.error = (self.error[0], "".join(self._chunks).strip())
        self._chunks.clear()
        self.root = self.root or name
        if name == "item" and depth > 1:
            self._inside = depth + 1
            self._lines = Lines()
        elif name == "channel" and self.root.lower() in ROOTS:
            self.has_channel = True
        elif name == "error" and self.error is None:
            self.error = (attributes.get("code", ""), attributes.get("description", ""))


def once_each(found: Iterable[tuple[str, FoundRelease]]) -> list[FoundRelease]:
    """One of each identity: some servers repeat a release, each time knowing something else.

    Each comes with the indexer that listed it: what two of an aggregate list stays twice.
    """
    places: dict[tuple[str, str], int] = {}
    kept: list[FoundRelease] = []
    for indexer, release in found:
        place = places.get((indexer, release.identity))
        if place is None:
            place = places.get((indexer, release.guid))
            if place is None or not release.guid or _are_two(kept[place], release):
                place = len(kept)
        if place == len(kept):
            kept.append(release)
        else:
            kept[place] = _merged(kept[place], release)
        places[indexer, kept[place].identity] = place
        places.setdefault((indexer, release.guid), place)
    return kept


def _are_two(one: FoundRelease, other: FoundRelease) -> bool:
    return bool(one.info_hash and other.info_hash and one.info_hash != other.info_hash)


def _merged(first: FoundRelease, again: FoundRelease) -> FoundRelease:
    better: dict[str, object] = {}
    for name in (each.name for each in fields(FoundRelease)):
        old, new = getattr(first, name), getattr(again, name)
        if name in LARGER and old is not None and new is not None:
            better[name] = max(old, new)
        elif old in (None, "", ()):
            better[name] = new
    if again.info_hash and not first.info_hash:
        better["identity"] = again.info_hash
    return replace(first, **better)  # type: ignore[arg-type]
