"""A release is blocked once: for a book or for all, by its hash or its listing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from books.models import Book
from downloads.failing import block_release
from downloads.obtain import check_blocklist
from indexers.labels import block, not_this_one
from indexers.models import Block, Indexer, Release
from tame.lib.errors import BlockedError
from tests.factory import make_book, make_client, make_download, make_indexer, make_release

pytestmark = pytest.mark.django_db

HASH = "870bf4f47e072fa65472dd8f60b5ebce95099818"
SCOPES = [(info_hash, is_for_all) for info_hash in ("", HASH) for is_for_all in (False, True)]
NAMES = ["listing/book", "listing/everyone", "info_hash/book", "info_hash/everyone"]
every_scope = pytest.mark.parametrize(("info_hash", "is_for_all"), SCOPES, ids=NAMES)


@pytest.fixture
def indexer(db: None) -> Indexer:
    make_client()
    return make_indexer()


@pytest.fixture
def book(indexer: Indexer) -> Book:
    return make_book()


def fields_of(release: Release, book: Book | None) -> dict[str, Any]:
    what: dict[str, Any] = {"info_hash": release.info_hash}
    if not release.info_hash:
        what |= {"indexer": release.indexer, "identity": release.identity}
    return what | {"book": book, "reason": "No sound.", "blocked_by": "ann"}


@every_scope
def test_no_two_equal_blocks_are_possible(
    indexer: Indexer, book: Book, info_hash: str, is_for_all: bool
) -> None:
    release = make_release(indexer, book, info_hash=info_hash)
    fields = fields_of(release, None if is_for_all else book)
    Block.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(**fields)


@every_scope
@pytest.mark.parametrize("days", [-1, 1], ids=["over", "in force"])
def test_a_block_for_some_days_gives_way_to_one_for_good(
    indexer: Indexer, book: Book, info_hash: str, is_for_all: bool, days: int
) -> None:
    release = make_release(indexer, book, info_hash=info_hash)
    whose, until = None if is_for_all else book, timezone.now() + timedelta(days=days)
    Block.objects.create(**fields_of(release, whose), until=until)
    download = make_download(release=release, hash_v1=info_hash)
    block_release(download, "No sound.", "TAME", whose, until - timedelta(hours=1))
    assert Block.objects.get().until == until
    block_release(download, "No sound.", "TAME", whose)
    assert Block.objects.get().until is None


def test_what_is_not_this_one_stays_so_when_a_block_has_ended(indexer: Indexer, book: Book) -> None:
    release = make_release(indexer, book)
    block(release, book=book, reason="Too large.", actor="ann", days=3)
    not_this_one(book, release, actor="ann")
    assert Block.objects.get().until is None


@pytest.mark.parametrize("days", [None, 3])
def test_another_listing_is_blocked_as_long_as_its_torrent(
    indexer: Indexer, book: Book, days: int | None
) -> None:
    """An indexer that tells no hash lists a torrent that is blocked."""
    block(
        make_release(indexer, info_hash=HASH), book=book, reason="No sound.", actor="a", days=days
    )
    download = make_download(release=make_release(indexer, book, identity="2"), book=book)
    ready: Any = type("Ready", (), {"hash_v1": HASH, "hash_v2": ""})
    with pytest.raises(BlockedError):
        check_blocklist(download, ready)
    by_hash, by_listing = Block.objects.order_by("pk")
    assert by_listing.identity == "2"
    assert by_hash.until == by_listing.until


@every_scope
def test_of_two_who_block_at_once_both_are_content(
    indexer: Indexer,
    book: Book,
    info_hash: str,
    is_for_all: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each looks before the other has written: the slower one finds the block, and keeps one."""
    release = make_release(indexer, book, info_hash=info_hash)
    whose = None if is_for_all else book
    download = make_download(release=release, hash_v1=info_hash)
    look: Any = QuerySet.get
    faster: list[Block] = []

    def beaten(rows: Any, *args: Any, **kwargs: Any) -> Any:
        if rows.model is Block and not faster:
            faster.append(Block.objects.create(**fields_of(release, whose)))
            raise Block.DoesNotExist
        return look(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "get", beaten)
    assert block_release(download, "No sound.", "TAME", whose) == faster[0]
    faster.clear()
    Block.objects.all().delete()
    block(release, book=whose, reason="Not this one.", actor="bob")
    assert [(row.pk, row.blocked_by) for row in Block.objects.all()] == [(faster[0].pk, "bob")]
