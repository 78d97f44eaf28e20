"""A pass of the judge in which nothing has changed, beside reading the rows of the same books."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

from bench.ground import prepare

prepare()

from django.db import connection  # noqa: E402 - after django.setup()
from django.test.utils import CaptureQueriesContext  # noqa: E402

from books.models import Author, Book, Credit, Series, SeriesPlace  # noqa: E402
from indexers.decide import decide_due  # noqa: E402
from indexers.models import Indexer, Release, Verdict  # noqa: E402

BOOKS, ROUNDS = 500, 20
MOST = 2.0  # times; more is a failure


def fill() -> None:
    """Wanted books, half of them in a series, each with a release that was judged."""
    author = Author.objects.create(name="Elizabeth Gaskell", other_names=["Cotton Mather Mills"])
    series = Series.objects.create(name="Barset")
    indexer = Indexer.objects.create(name="bench", address="http://127.0.0.1/1")
    books = Book.objects.bulk_create(
        Book(title=f"Cranford {n}", language="eng", description="In Drumble. " * 100)
        for n in range(BOOKS)
    )
    Credit.objects.bulk_create(Credit(book=book, author=author) for book in books)
    SeriesPlace.objects.bulk_create(
        SeriesPlace(book=book, series=series, sort_number=n) for n, book in enumerate(books[::2])
    )
    rows = Release.objects.bulk_create(
        Release(indexer=indexer, identity=str(book.pk), title=f"{book} by Elizabeth Gaskell")
        for book in books
    )
    Verdict.objects.bulk_create(
        Verdict(book=book, release=row) for book, row in zip(books, rows, strict=True)
    )


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    fill()
    if decide_due() != BOOKS:
        raise SystemExit("Not all were judged: nothing was measured.")
    with CaptureQueriesContext(connection) as asked:
        decide_due()
    idle = min(cpu_seconds(decide_due) for _ in range(ROUNDS))
    least = min(cpu_seconds(lambda: list(Book.objects.all())) for _ in range(ROUNDS))
    times = idle / least
    sys.stdout.write(
        f"idle: nothing to judge for {BOOKS} books in {idle * 1000:.1f} ms of CPU, with "
        f"{len(asked)} query; {times:.1f} times reading their rows\n"
    )
    result = {"bench": "idle", "books": BOOKS, "queries": len(asked), "times": round(times, 2)}
    sys.stdout.write(f"{json.dumps(result)}\n")
    sys.exit(times > MOST or len(asked) > 1)


if __name__ == "__main__":
    main()
