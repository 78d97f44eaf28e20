"""A number of bytes, and the length of a recording, as a sentence names them."""

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


def lasting(seconds: float) -> str:
    """Of a recording: 7 h 02 min, or 5 min 30 s."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"
