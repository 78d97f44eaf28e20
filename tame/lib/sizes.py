"""A number of bytes as a sentence names it."""

from __future__ import annotations


def readable(count: int) -> str:
    """In powers of 1000, as brakes and profiles count: 512 bytes, 454 kB, 1.2 MB, 80.8 GB."""
    if count < 1000:
        return f"{count} bytes" if count != 1 else "1 byte"
    value = count / 1000
    if value < 999.5:
        return f"{value:.0f} kB"
    for unit in ("MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"
