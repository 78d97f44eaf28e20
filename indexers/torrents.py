"""Read .torrent bytes and magnet links: names, files, trackers and, above all, info hashes.

A tracker's address can hold a passkey: trackers, web seeds and magnets are secrets, and no error
raised here repeats them.
"""

from __future__ import annotations

import base64
import hashlib
import re
import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, unquote_plus, unquote_to_bytes

from indexers.bencode import Bencoded, Value, find, scan, unusable
from indexers.filelist import FILE, check_layers, has_v1, read_name, read_piece_length, read_slots
from tame.lib.errors import BadInputError

MAX_TORRENT = 10 * 2**20
MAX_MAGNET = 64 * 2**10

HASH = re.compile(
    r"(?:urn:bt[im]h:)?"
    r"(?:(?P<v1>[0-9a-f]{40})|(?P<base32>[a-z2-7]{32})|(?:1220)?(?P<v2>[0-9a-f]{64}))",
    re.IGNORECASE | re.ASCII,
)
TRACKER = re.compile(r"(?:https?|udp|wss?)://[!-~]+", re.IGNORECASE)
WEB_SEED = re.compile(r"https?://[!-~]+", re.IGNORECASE)
NUMBERED = re.compile(r"\.\d+\Z", re.ASCII)  # xt.1, tr.2
XL = re.compile(r"[1-9]\d{0,17}", re.ASCII)
LEFT_OVER = re.compile(r"&(?:amp;)+", re.IGNORECASE)  # of a feed's XML
LONE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
SAFE = "".join(set(string.punctuation) - set('"<>[]\\^`{|}#'))
LOGIN = "Check the indexer's login or cookie."
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class File:
    path: str  # below the torrent's own folder, "/" between parts; of a lone file its name
    size: int  # bytes


@dataclass(frozen=True)
class Torrent:
    name: str
    files: tuple[File, ...]  # without padding files and symbolic links
    private: bool
    trackers: tuple[str, ...] = field(repr=False)
    web_seeds: tuple[str, ...] = field(repr=False)
    hash_v1: str  # 40 hex digits, "" for a v2-only torrent
    hash_v2: str  # 64 hex digits, "" for a v1-only torrent

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class Magnet:
    uri: str = field(repr=False)
    name: str
    hash_v1: str
    hash_v2: str
    trackers: tuple[str, ...] = field(repr=False)
    web_seeds: tuple[str, ...] = field(repr=False)
    size: int | None


def read_torrent(data: bytes) -> Torrent:
    """Never accepts what libtorrent 2.1 refuses. Raises BadInputError."""
    _check_beginning(data)
    found = scan(data)
    table, info = found.table, find(found.table, b"info", dict)
    if info is None:
        raise unusable("it has no info dictionary")
    version = _version(found, info)
    encoding = (find(table, b"encoding", bytes) or b"").decode("ascii", "replace").lower()
    slots = read_slots(info, version, encoding)
    if version == 2:
        layers = find(table, b"piece layers", dict) or {}
        check_layers(slots, read_piece_length(info, version), layers)
    start, end = found.spans[b"info"]
    # The hash is of these very bytes: encoding them again gives another one if they are untidy.
    raw = data[start:end]
    v1, v2 = hashlib.sha1(raw, usedforsecurity=False), hashlib.sha256(raw)
    return Torrent(
        name=read_name(info, encoding),
        files=tuple(File(slot.path, slot.size) for slot in slots if slot.kind == FILE),
        private=bool(find(info, b"private", int)),
        trackers=_trackers(table),
        web_seeds=_web_seeds(table),
        hash_v1=v1.hexdigest() if has_v1(info, version) else "",
        hash_v2=v2.hexdigest() if version == 2 else "",
    )


def _check_beginning(data: bytes) -> None:
    if len(data) > MAX_TORRENT:
        raise unusable(f"it is larger than {MAX_TORRENT // 2**20} MiB", "Choose another release.")
    beginning = data if data[:1] == b"d" else data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not beginning:
        raise unusable("it is empty")
    if beginning[:1] in b"<{":
        raise unusable("it is a web page or a message, perhaps a login page", LOGIN)
    if beginning[:7].lower() == b"magnet:":
        raise unusable("it is a magnet link", "Add it as a link.")


def _version(found: Bencoded, info: dict[bytes, Value]) -> int:
    """1 or 2 (which may be a hybrid)."""
    version = find(info, b"meta version", int) or 0
    if version not in (0, 1, 2):
        raise unusable("it is of a version that is not known")
    if version and found.untidy & {b"info", b"piece layers"}:
        raise unusable(
            "its keys are not sorted, or its numbers begin with zero, unlike its version"
        )
    if version < 2 and find(info, b"file tree", dict) is not None:
        raise unusable("it has a v2 tree of files but does not say that it is a v2 torrent")
    return version


def _trackers(table: dict[bytes, Value]) -> tuple[str, ...]:
    """From `announce` and then, tier by tier, from `announce-list`."""
    tiers = find(table, b"announce-list", list) or []
    listed = [address for tier in tiers if isinstance(tier, list) for address in tier]
    return _addresses([table.get(b"announce"), *listed], TRACKER)


def _web_seeds(table: dict[bytes, Value]) -> tuple[str, ...]:
    seeds = table.get(b"url-list")
    return _addresses(seeds if isinstance(seeds, list) else [seeds], WEB_SEED)


def _addresses(values: Iterable[object], shape: re.Pattern[str]) -> tuple[str, ...]:
    texts = [quote(v.strip(), safe=string.punctuation) for v in values if isinstance(v, bytes)]
    return tuple(dict.fromkeys(text for text in texts if shape.fullmatch(text)))


def read_magnet(text: str) -> Magnet:
    """Also of a bare info hash, as qBittorrent does. Raises BadInputError.

    Its `uri` is written anew, the hashes as lower-case hex: libtorrent refuses the whole link for a
    capital scheme or for one bad topic beside a good one. Of two v1 hashes the last counts, as
    for libtorrent.
    """
    fields = _fields(_query(text))
    hashes = [hash_from_text(unquote(value)) for name, value, _ in fields if name == "xt"]
    by_length = {len(found): found for found in hashes if found}
    if not by_length:
        raise _unusable("it names no info hash that can be read")
    hash_v1, hash_v2 = by_length.get(40, ""), by_length.get(64, "")
    others = [written for name, _, written in fields if name != "xt"]
    names = [UNSEEN.sub(" ", unquote_plus(v)).strip() for n, v, _ in fields if n == "dn"]
    lengths = [value for name, value, _ in fields if name == "xl" and XL.fullmatch(value)]
    return Magnet(
        uri="magnet:?" + "&".join([*_topics(hash_v1, hash_v2), *others]),
        name=next(filter(None, names), ""),
        hash_v1=hash_v1,
        hash_v2=hash_v2,
        trackers=_addresses([unquote_to_bytes(v) for n, v, _ in fields if n == "tr"], TRACKER),
        web_seeds=_addresses([unquote_to_bytes(v) for n, v, _ in fields if n == "ws"], WEB_SEED),
        size=int(lengths[0]) if lengths else None,
    )


def _query(text: str) -> str:
    if len(text) > MAX_MAGNET:
        raise _unusable(f"it is longer than {MAX_MAGNET // 2**10} KiB")
    text = text.strip()
    if bare := hash_from_text(text):
        return _topics(bare if len(bare) == 40 else "", bare if len(bare) == 64 else "")[0]
    if text[:8].lower() != "magnet:?":
        raise _unusable("it does not begin with magnet:?")
    if UNSEEN.search(text):
        # qBittorrent takes one link a line: a second one could hide behind the first.
        raise _unusable("it has line breaks or control characters in it")
    query = LONE_PERCENT.sub("%25", LEFT_OVER.sub("&", "&" + text[8:]))
    return quote(query, safe=SAFE, errors="replace")


def _topics(hash_v1: str, hash_v2: str) -> list[str]:
    topics = {f"xt=urn:btih:{hash_v1}": hash_v1, f"xt=urn:btmh:1220{hash_v2}": hash_v2}
    return [topic for topic, known in topics.items() if known]


def _fields(query: str) -> list[tuple[str, str, str]]:
    """Each as name without its number, value, and as it was written."""
    parts = [(*written.partition("="), written) for written in query.split("&")]
    return [
        (NUMBERED.sub("", name).lower(), value, written)
        for name, equals, value, written in parts
        if equals
    ]


def _unusable(fault: str) -> BadInputError:
    return BadInputError(
        f"This magnet link cannot be used: {fault}. Copy it again or choose another release."
    )


def hash_from_text(text: str) -> str:
    """A v1 hash in hex or base32 or a v2 hash, also as in a magnet, as lower-case hex; else ""."""
    found = HASH.fullmatch(text.strip())
    if found is None:
        return ""
    base32 = found["base32"]
    known = base64.b32decode(base32.upper()).hex() if base32 else found["v1"] or found["v2"]
    return known.lower() if known.strip("0") else ""  # some indexers send zeros for "unknown"


def client_hashes(hash_v1: str, hash_v2: str) -> tuple[str, ...]:
    """The ids under which qBittorrent may list the torrent, the likeliest first: half of the v2
    hash where there is one, but the v1 hash while a hybrid's magnet has no metadata yet."""
    return tuple(dict.fromkeys(known for known in (hash_v2[:40], hash_v1) if known))
