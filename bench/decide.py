"""All that was found for a book judged and stored with its reasons, beside judging it alone."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

from bench.ground import prepare

prepare()

from django.db import connection  # noqa: E402 - after django.setup()
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.judge import SHAPES, WANTED, judge_all  # noqa: E402
from books.crediting import credit  # noqa: E402
from books.models import Book, Credit, Series, SeriesPlace  # noqa: E402
from books.profiles import Profile  # noqa: E402
from indexers.decide import decide_book  # noqa: E402
from indexers.models import Indexer, Release, Verdict  # noqa: E402
from indexers.values import book_with_names  # noqa: E402

ROUNDS = 5
MOST = {100: 0.1, 1_000: 1.0}  # seconds; more is a failure
MOST_QUERIES = 15


def fill(count: int) -> Book:
    book = Book.objects.create(title=WANTED.title, language="eng")
    credit(book, Credit.Role.AUTHOR, WANTED.authors)
    series, _ = Series.objects.get_or_create(
        normalised="captain nemo", defaults={"name": "Captain Nemo"}
    )
    SeriesPlace.objects.create(book=book, series=series, position="1")
    indexer = Indexer.objects.create(name="bench", address=f"http://127.0.0.1/{count}")
    rows = Release.objects.bulk_create(
        Release(
            indexer=indexer,
            identity=f"{count} {n}",
            title=SHAPES[n % len(SHAPES)].format(n),
            size=400_000_000,
            seeders=3,
        )
        for n in range(count)
    )
    Verdict.objects.bulk_create(Verdict(book=book, release=row) for row in rows)
    return book


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def once(book: Book) -> Callable[[], int]:
    """Everything about the book judged and stored anew."""
    Verdict.objects.filter(book=book).update(digest="")
    known = book_with_names(book.pk)
    return lambda: decide_book(known, Profile.usual())


def measure(count: int) -> dict[str, object]:
    book = fill(count)
    with CaptureQueriesContext(connection) as asked:
        if once(book)() != count:
            raise SystemExit("Not all were judged: nothing was measured.")
    ours = min(seconds(once(book)) for _ in range(ROUNDS))
    titles = list(Release.objects.filter(verdicts__book=book).values_list("title", flat=True))
    alone = min(seconds(lambda: judge_all(titles)) for _ in range(ROUNDS))
    return {
        "bench": "decide",
        "releases": count,
        "seconds": round(ours, 4),
        "queries": len(asked),
        "times_judging": round(ours / alone, 2),
    }


def main() -> None:
    failed = False
    for count in MOST:
        result = measure(count)
        sys.stdout.write(
            "decide: {releases} releases judged and stored in {seconds} s with {queries} queries; "
            "{times_judging} times judging alone\n".format(**result)
        )
        sys.stdout.write(f"{json.dumps(result)}\n")
        failed = failed or is_over_a_limit(result, count)
    sys.exit(failed)


def is_over_a_limit(result: dict[str, object], count: int) -> bool:
    """Whether a limit was passed."""
    return float(str(result["seconds"])) > MOST[count] or int(str(result["queries"])) > MOST_QUERIES


if __name__ == "__main__":
    main()
