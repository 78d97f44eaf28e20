"""Numbers and dates in the many ways that feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indexers import figures

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MIB, GIB = 1024**2, 1024**3


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("412345664", 412345664),
        ("412345664.0", 412345664),
        ("1,234.5 MiB", round(1234.5 * MIB)),
        ("1.234,5 MiB", round(1234.5 * MIB)),
        ("1 234,5 MiB", round(1234.5 * MIB)),
        ("1\u202f234,5\u00a0MiB", round(1234.5 * MIB)),
        ("1'234.5 MiB", round(1234.5 * MIB)),
        ("412,345,664", 412345664),
        ("412.345.664", 412345664),
        ("412 345 664", 412345664),
        ("412,345", 412345),
        ("1,234 MiB", 1234 * MIB),
        ("1.234 GB", round(1.234 * GIB)),
        ("4,37 GB", round(4.37 * GIB)),
        ("512MB", 512 * MIB),
        ("512 megabytes", None),
        ("1.5 GB", round(1.5 * GIB)),
        ("2 tb", 2 * 1024**4),
        ("0.5 PB", 2**49),
        ("12 bytes", 12),
        (" 12 B ", 12),
        ("0", None),
        ("0.0 MB", None),
        ("", None),
        (None, None),
        ("-1", None),
        ("unknown", None),
        ("1e9", None),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("9 PB" + "B" * 100, None),
    ],
)
def test_sizes_with_separators(written: str | None, size: int | None) -> None:
    assert figures.size(written) == size


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("42", 42),
        ("0", 0),
        (" 7 ", 7),
        ("1,234", 1234),
        ("12.0", 12),
        ("-1", None),
        ("", None),
        (None, None),
        ("many", None),
        ("\u00b2", None),
        ("2000000001", None),
        ("9" * 4400, None),
    ],
)
def test_a_count_is_known_or_none(written: str | None, number: int | None) -> None:
    assert figures.count(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0.0),
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("1", 1.0),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1e300", None),
        ("free", None),
        ("", None),
        (None, None),
    ],
)
def test_a_factor_is_finite_and_not_negative(written: str | None, number: float | None) -> None:
    assert figures.factor(written) == number


@pytest.mark.parametrize(("written", "number"), [("1853", 1853), ("0", None), ("99999", None)])
def test_a_year_has_four_digits(written: str, number: int | None) -> None:
    assert figures.year(written) == number


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("Fri, 01 Mar 2024 10:20:30 +0000", datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC)),
        ("Fri, 01 Mar 2024 10:20:30 -0500", datetime(2024, 3, 1, 15, 20, 30, tzinfo=UTC)),
        ("Fri, 01 Mar 2024 10:20:30 GMT", datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC)),
        ("Fri, 1 Mar 2024 10:20:30 EST", datetime(2024, 3, 1, 15, 20, 30, tzinfo=UTC)),
        ("01 Mar 2024 10:20:30", datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC)),
        ("Fri, 01 Mar 2024 10:20:30 -0000", datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC)),
        (" 2024-03-01T10:20:30Z ", datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC)),
        ("2024-03-01T10:20:30+02:00", datetime(2024, 3, 1, 8, 20, 30, tzinfo=UTC)),
        ("2024-03-01", datetime(2024, 3, 1, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 18:00:00 +0000", NOW),  # another time zone than it says
        ("Fri, 20 Nov 2099 18:00:00 +0000", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("Mon, 01 Jan 0001 00:00:00 +1400", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Fri, 32 Mar 2024 10:20:30 +0000", None),
        ("Fri, 01 Mrz 2024 10:20:30 +0000", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        ("1" * 5000, None),
    ],
)
def test_a_date_is_past_and_in_utc_or_none(written: str | None, date: datetime | None) -> None:
    read = figures.moment(written, NOW)
    assert read == date
    assert read is None or read.tzinfo is UTC
