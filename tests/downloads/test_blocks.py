"""A release is blocked once: for a book or for all, by its hash or its listing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from books.models import Book
from downloads.failing import block_release
from indexers.labels import block
from indexers.models import Block, Indexer, Release
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
