"""What a .torrent's `info` says of its files: names, sizes, and pieces that fit them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from indexers.bencode import Value, find, unusable
from tame.lib.redact import first_line

Table = dict[bytes, Value]

BLOCK = 16 * 1024
MAX_PIECE_LENGTH = 2**28  # the largest power of two that every libtorrent takes
MAX_SIZE = 2**43  # 8 TiB; libtorrent ends near 16
MAX_PATH_PARTS = 100
MAX_PATH_CHARACTERS = 16 * 2**20  # of a v2 tree, in which few bytes can make long paths
MAX_PART_BYTES = 240  # what libtorrent leaves of a part of a path
MAX_RAW_PART_BYTES = 4096
MAX_SAME_NAMES = 10
# BitComet marks its padding files by name, everyone else by BEP 47's attribute.
BITCOMET_PADDING = "_____padding_file_"
PADDING, LINK, FILE = "padding", "link", "file"

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# slashes, and characters that are not seen and can turn the order of a name around
DROPPED = re.compile(r"[/\\\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
ENCODING = re.compile(
    r"(?:windows-?|cp)(?:125[0-8]|866|874|932|936|949|950)|iso-?8859-?\d{1,2}|latin-?1|koi8-?[ru]|"
    r"gbk|gb2312|gb18030|big5|shift-?jis|euc-?(?:jp|kr)|iso-?2022-?jp"
)


class Slot(NamedTuple):
    """A file, a padding file or a symbolic link, in its place in the torrent."""

    path: str  # of a padding file ""
    size: int
    kind: str
    root: bytes = b""  # v2: the root of its hash tree


def read_slots(info: Table, version: int, encoding: str) -> list[Slot]:
    """The layout of a v1, v2 or hybrid torrent, padding included, its pieces checked for number."""
    piece_length = read_piece_length(info, version)
    if version < 2:
        slots = list(_v1_slots(info, encoding))
    else:
        slots = list(_padded(_tree_slots(info, encoding), piece_length))
    _check_paths(slots)
    total = sum(slot.size for slot in slots)
    if not 0 < total <= MAX_SIZE:
        raise unusable("its files hold no bytes or impossibly many")
    if version == 2 and has_v1(info, version) and not _halves_agree(info, slots, encoding):
        raise unusable("its two lists of files (v1 and v2) differ")
    _check_pieces(info, version, -(-total // piece_length))
    return slots


def has_v1(info: Table, version: int) -> bool:
    return version < 2 or b"length" in info or find(info, b"files", list) is not None


def decode(raw: bytes, encoding: str) -> str:
    """UTF-8 if it is, else the encoding that the torrent declares, else Western European.

    libtorrent knows only UTF-8 and writes "_" for what is not; we want words that can be compared.
    """
    known = encoding if ENCODING.fullmatch(encoding) else "cp1252"
    for codec in ("utf-8", known):
        try:
            return raw.decode(codec)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("cp1252", "replace")


def read_name(info: Table, encoding: str) -> str:
    name = find(info, b"name.utf-8", bytes)
    name = find(info, b"name", bytes) if name is None else name
    cleaned = clean(name, encoding) if name else ""
    if not cleaned or (cleaned == "_" and name != b"_"):
        raise unusable("it has no name that can be read")
    return cleaned


def clean(raw: bytes, encoding: str) -> str:
    """One part of a path as libtorrent will write it: slashes and characters that turn the text
    around vanish, control characters become "_", a long part is cut before its extension.

    Stricter than libtorrent, which makes something harmless of every part: one that climbs, starts
    at the root or hides behind a zero byte is no accident, so the torrent is refused. So is ".",
    of which its versions make different things.
    """
    if len(raw) > MAX_RAW_PART_BYTES:
        raise unusable("one of its names is too long")
    text = decode(raw, encoding)
    plain = CONTROL.sub("_", DROPPED.sub("", text)) or "_"
    climbs = plain in (".", "..") or ".." in re.split(r"[/\\]", text)
    if climbs or text[:1] == "/" or "\0" in text:
        raise unusable(f"it has the unsafe file name {first_line(repr(text), 80)}")
    return plain if len(plain) * 4 <= MAX_PART_BYTES else _shortened(plain)


def _shortened(part: str) -> str:
    used = 0
    for at, character in enumerate(part):
        used += len(character.encode())
        if used >= MAX_PART_BYTES:
            extension = re.search(r"\.[^.]{0,8}\Z", part[at + 1 :])
            return part[: at + 1] + (extension[0] if extension else "")
    return part


def read_piece_length(info: Table, version: int) -> int:
    length = find(info, b"piece length", int) or 0
    if not 0 < length <= MAX_PIECE_LENGTH:
        raise unusable("its piece length is missing or impossible")
    if version == 2 and (length < BLOCK or length & (length - 1)):
        raise unusable("its piece length is not one that a v2 torrent may have")
    return length


def _v1_slots(info: Table, encoding: str) -> Iterator[Slot]:
    name = read_name(info, encoding)
    files = find(info, b"files", list)
    if files is None:
        yield _v1_slot(info, name, "")
        return
    for described in files:
        if not isinstance(described, dict):
            raise unusable("its list of files is damaged")
        yield _v1_slot(described, _v1_path(described, encoding), name)


def _v1_path(described: Table, encoding: str) -> str:
    parts = find(described, b"path.utf-8", list)
    parts = find(described, b"path", list) if parts is None else parts
    if not parts and b"p" in _attributes(described):
        return ""
    if not parts or len(parts) > MAX_PATH_PARTS:
        raise unusable("one of its files has no name or lies in too many folders")
    names = [clean(part, encoding) for part in parts if isinstance(part, bytes)]
    if len(names) < len(parts):
        raise unusable("one of its file names is not text")
    return "/".join(names)


def _attributes(described: Table) -> bytes:
    return find(described, b"attr", bytes) or b""


def _v1_slot(described: Table, path: str, folder: str) -> Slot:
    if b"p" in _attributes(described) or BITCOMET_PADDING in f"{folder}/{path}":
        return Slot("", _size(described), PADDING)
    return _slot(described, path)


def _slot(described: Table, path: str, root: bytes = b"") -> Slot:
    link = b"l" in _attributes(described)
    return Slot(path, _size(described), LINK if link else FILE, root)


def _size(described: Table) -> int:
    if b"l" in _attributes(described):
        return _size_of_link(described)
    size = find(described, b"length", int)
    if size is None or not 0 <= size <= MAX_SIZE:
        raise unusable("the size of one of its files is missing or impossible")
    return size


def _size_of_link(described: Table) -> int:
    """No bytes of its own. We leave links out, but the client makes them: no target may climb."""
    target = find(described, b"symlink path", list) or []
    parts = [clean(part, "utf-8") for part in target if isinstance(part, bytes)]
    if not 0 < len(target) <= MAX_PATH_PARTS or len(parts) < len(target):
        raise unusable("it has a symbolic link without a target")
    return 0


def _tree_slots(info: Table, encoding: str) -> Iterator[Slot]:
    """The files of a v2 torrent's tree, in its order."""
    tree = find(info, b"file tree", dict)
    if tree is None:
        raise unusable("it says it is a v2 torrent but has no tree of files")
    walk = [("", iter(tree.items()))]
    characters = 0
    while walk:
        folder, children = walk[-1]
        for name, node in children:
            if not name or not isinstance(node, dict):
                raise unusable("its tree of files is damaged")
            path = folder + clean(name, encoding)
            characters += len(path)
            if characters > MAX_PATH_CHARACTERS:
                raise unusable("the names of its files are too long")
            if node.keys() == {b""}:
                yield _tree_slot(node[b""], path)
            else:
                walk.append((path + "/", iter(node.items())))
                break
        else:
            walk.pop()


def _tree_slot(described: Value, path: str) -> Slot:
    if not isinstance(described, dict) or b"p" in _attributes(described):
        raise unusable("its tree of files is damaged")
    root = find(described, b"pieces root", bytes) or b""
    slot = _slot(described, path, root)
    if slot.size and (len(root) != 32 or not any(root)):
        raise unusable("one of its files has no v2 hash")
    return slot


def _padded(slots: Iterator[Slot], piece_length: int) -> Iterator[Slot]:
    """A v2 torrent's files begin on a piece each; its v1 half must say the same."""
    for slot in slots:
        yield slot
        if over := slot.size % piece_length:
            yield Slot("", piece_length - over, PADDING)


def _halves_agree(info: Table, slots: list[Slot], encoding: str) -> bool:
    """The v1 list may leave out the padding after the last bytes, as older makers did."""
    if find(info, b"files", list) is None and len(find(info, b"file tree", dict) or {}) != 1:
        return False
    v1 = [slot[:3] for slot in _v1_slots(info, encoding)]
    v2 = [slot[:3] for slot in slots]
    last = max(place for place, slot in enumerate(slots) if slot.size)
    return v1 == v2 or (slots[last].kind == PADDING and v1 == v2[:last] + v2[last + 1 :])


def _check_paths(slots: list[Slot]) -> None:
    paths = [slot.path for slot in slots if slot.kind != PADDING]
    if not any(slot.kind == FILE for slot in slots):
        raise unusable("it holds no file")
    # libtorrent renames a file whose name is taken, so the second would not be where we say. It
    # compares without regard to case; a few such names are honest, and too many it refuses.
    for path, following in pairwise(sorted(paths)):
        if path == following:
            raise unusable(f"it names a file twice: {first_line(repr(path), 80)}")
    if len(paths) - len({path.lower() for path in paths}) > MAX_SAME_NAMES:
        raise unusable("too many of its files have the same name")


def _check_pieces(info: Table, version: int, count: int) -> None:
    pieces = find(info, b"pieces", bytes)
    if pieces is None and has_v1(info, version):
        raise unusable("it has no piece hashes")
    if pieces is not None and len(pieces) != 20 * count:
        raise unusable("the number of its piece hashes does not fit the size of its files")


def check_layers(slots: list[Slot], piece_length: int, layers: Table) -> None:
    """v2: each file of more than one piece has its piece hashes, and they make its root.

    libtorrent 2.1 does without them and asks the peers; the 2.0 of most qBittorrents refuses the
    torrent, so TAME does too. Layers that belong to no file are refused by libtorrent 2.1.
    """
    large = {(slot.root, slot.size) for slot in slots if slot.size > piece_length}
    roots = dict(large)
    if layers.keys() != roots.keys() or len(large) != len(roots):
        raise unusable("its v2 piece hashes do not belong to its files")
    for root, size in roots.items():
        layer = find(layers, root, bytes)
        if layer is None or len(layer) != 32 * -(-size // piece_length):
            raise unusable("the number of its v2 piece hashes does not fit the size of its files")
        if _tree_root(layer, piece_length) != root:
            raise unusable("its v2 piece hashes are damaged")


def _tree_root(layer: bytes, piece_length: int) -> bytes:
    beyond = bytes(32)  # stands for what lies beyond the end of the file
    for _ in range((piece_length // BLOCK).bit_length() - 1):
        beyond = hashlib.sha256(beyond * 2).digest()
    level = [layer[at : at + 32] for at in range(0, len(layer), 32)]
    while len(level) > 1:
        if len(level) % 2:
            level.append(beyond)
        level = [
            hashlib.sha256(a + b).digest() for a, b in zip(level[::2], level[1::2], strict=True)
        ]
        beyond = hashlib.sha256(beyond * 2).digest()
    return level[0]
