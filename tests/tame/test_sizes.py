"""How a number of bytes, and the length of a recording, are named."""

from __future__ import annotations

import pytest

from tame.lib.sizes import lasting, readable


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (453_937, "454 kB"),
        (999_400, "999 kB"),
        (999_500, "1.0 MB"),
        (1_234_567, "1.2 MB"),
        (81_100_000_000, "81.1 GB"),
        (2 * 10**15, "2000.0 TB"),
    ],
)
def test_a_size_is_named_in_powers_of_1000(count: int, said: str) -> None:
    assert readable(count) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 min 00 s"), (59.6, "1 min 00 s"), (330, "5 min 30 s"), (25_320, "7 h 02 min")],
)
def test_a_recording_lasts_hours_or_minutes(seconds: float, said: str) -> None:
    assert lasting(seconds) == said
