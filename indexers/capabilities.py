"""Read what an indexer can do, and which indexers a Jackett or Prowlarr has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

from indexers import complaints, markup

KINDS = {"public": "public", "private": "private", "semiprivate": "semi-private"}


@dataclass(frozen=True)
class Caps:
    """`modes`: the searches it offers, each with the parameters it knows ("search", "book-search").

    `categories`: number and name, children beside their parents.
    """

    modes: Mapping[str, tuple[str, ...]]
    categories: Mapping[int, str]


@dataclass(frozen=True)
class Listed:
    """An indexer that a Jackett or Prowlarr has. `url`: its Torznab address without a key.
    `priority`: 1 to 50, lower goes first; Jackett has none."""

    id: str
    name: str
    url: str
    kind: str
    language: str
    categories: Mapping[int, str]
    enabled: bool = True
    priority: int = 25


def read_caps(
    body: bytes, *, name: str, secrets: Iterable[str] = (), wait: float | None = None
) -> Caps:
    """Raises `ServiceDownError` for what is no list of capabilities."""
    return _caps(_root(body, "caps", name, secrets, wait))


def usable_categories(wanted: Sequence[int], known: Mapping[int, str]) -> tuple[int, ...]:
    """The wanted categories as this indexer can be asked for them.

    A category that it does not know would give an empty feed, which looks like "not found": it is
    left out, or stands for its parent. Nothing left means: ask without categories.
    """
    kept: list[int] = []
    for number in wanted:
        parent = number // 1000 * 1000
        children = number == parent and any(parent < each < parent + 1000 for each in known)
        if number in known or children:
            kept.append(number)
        elif parent in known and number < 100_000:
            kept.append(parent)
    return tuple(dict.fromkeys(kept))


def jackett_indexers(
    body: bytes, server: str, *, name: str, secrets: Iterable[str] = ()
) -> tuple[Listed, ...]:
    root = _root(body, "indexers", name, secrets)
    entries = [entry for entry in root.iter("indexer") if entry.get("id")]
    return tuple(
        _of_jackett(entry, server) for entry in entries if entry.get("configured") != "false"
    )


def prowlarr_indexers(
    body: bytes, server: str, *, name: str, secrets: Iterable[str] = ()
) -> tuple[Listed, ...]:
    """Usenet's indexers are left out, and those that cannot be searched."""
    entries = markup.read_json(body)
    if not isinstance(entries, list):
        raise complaints.of_json(name, body, secrets)
    return tuple(
        _of_prowlarr(entry, server)
        for entry in _tables(entries)
        if entry.get("protocol", "torrent") == "torrent"
        and entry.get("supportsSearch") is not False
        and isinstance(entry.get("id"), int)
    )


def _root(
    body: bytes, wanted: str, name: str, secrets: Iterable[str], wait: float | None = None
) -> Element:
    kept = tuple(secrets)
    complaints.refuse_other_than_xml(name, body, kept)
    try:
        root = markup.read_tree(body)
    except markup.UnreadableError as error:
        raise complaints.unreadable(name, error) from error
    if root.tag == "error":
        said = root.get("description") or root.text or ""
        raise complaints.of_error(name, root.get("code", ""), said, secrets=kept, wait=wait)
    if root.tag != wanted:
        raise complaints.not_asked_for(name, root.tag)
    return root


def _caps(root: Element) -> Caps:
    return Caps(
        modes={
            mode.tag: tuple(
                filter(None, map(str.strip, mode.get("supportedParams", "q").split(",")))
            )
            for mode in root.iterfind("searching/*")
            if mode.get("available", "").lower() == "yes"
        },
        categories=_categories(root),
    )


def _categories(root: Element) -> dict[int, str]:
    found: dict[int, str] = {}
    for category in root.iterfind("categories/category"):
        for each in (category, *category.iterfind("subcat")):
            number = each.get("id", "").strip()
            if number.isascii() and number.isdigit() and len(number) < 10:
                found.setdefault(int(number), each.get("name", "").strip()[:200])
    return found


def _of_jackett(entry: Element, server: str) -> Listed:
    name = entry.get("id", "")
    caps = entry.find("caps")
    return Listed(
        id=name,
        name=(entry.findtext("title") or name).strip()[:200],
        url=f"{server}/api/v2.0/indexers/{quote(name, safe='')}/results/torznab/api",
        kind=privacy_of(entry.findtext("type")),
        language=(entry.findtext("language") or "").strip()[:20],
        categories={} if caps is None else _categories(caps),
    )


def _of_prowlarr(entry: Mapping[str, Any], server: str) -> Listed:
    able = entry.get("capabilities")
    return Listed(
        id=str(entry["id"]),
        name=str(entry.get("name") or entry["id"]).strip()[:200],
        url=f"{server}/{entry['id']}/api",
        kind=privacy_of(entry.get("privacy")),
        language=str(entry.get("language") or "").strip()[:20],
        categories=dict(_numbered(able.get("categories") if isinstance(able, dict) else None)),
        enabled=entry.get("enable") is not False,
        priority=_priority(entry.get("priority")),
    )


def _priority(written: Any) -> int:
    return written if isinstance(written, int) and 1 <= written <= 50 else Listed.priority


def _numbered(entries: Any) -> Iterable[tuple[int, str]]:
    for entry in _tables(entries):
        for each in (entry, *_tables(entry.get("subCategories"))):
            if isinstance(each.get("id"), int):
                yield each["id"], str(each.get("name") or "")[:200]


def _tables(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def privacy_of(written: Any) -> str:
    return KINDS.get(str(written or "").strip().lower().replace("-", ""), "")
