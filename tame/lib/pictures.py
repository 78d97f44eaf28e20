"""What a picture is by its first bytes, whatever it is called: JPEG, PNG and WebP, and no other.

An SVG is a document that can run scripts, and a GIF of one pixel is how some say that they have no
picture.
"""

from __future__ import annotations

TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}  # by its suffix
SUFFIXES = frozenset({"jpg", "jpeg", "png", "webp"})


def kind_of(content: bytes) -> str:
    """The suffix that it should have; empty for what is no picture of these kinds."""
    if content[:3] == b"\xff\xd8\xff":
        return "jpg"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return ""
