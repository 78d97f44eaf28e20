"""Indexers, releases and searches as other programs see them: no key, no link, no magnet."""

from __future__ import annotations

from typing import Any

from indexers.models import Block, Indexer, Query, Release, Search, Verdict
from tame.lib.redact import redact


def indexer_as_json(indexer: Indexer) -> dict[str, Any]:
    return {
        "id": indexer.pk,
        "name": indexer.name,
        "kind": indexer.kind,
        "address": indexer.address,
        "enabled": indexer.enabled,
        "usable": indexer.is_usable,
        "priority": indexer.priority,
        "categories": indexer.categories,
        "failures": indexer.failures,
        "off_until": indexer.off_until,
        "last_error": indexer.last_error,
        "last_ok_at": indexer.last_ok_at,
        "from_environment": indexer.from_environment,
    }


def release_as_json(release: Release, state: str, verdict: Verdict | None) -> dict[str, Any]:
    """`verdict`: what is thought of it for the book that was asked about. Size in bytes."""
    return {
        "id": release.pk,
        "title": release.title,
        "state": state,
        "indexer": release.indexer.name,
        "indexer_id": release.indexer_id,
        "size": release.size,
        "seeders": release.seeders,
        "peers": release.peers,
        "grabs": release.grabs,
        "files": release.files,
        "info_hash": release.info_hash,
        "details": redact(release.details),
        "categories": release.categories,
        "attributes": release.attributes,
        "published_at": release.published_at,
        "first_seen_at": release.first_seen_at,
        "last_seen_at": release.last_seen_at,
        "verdict": verdict and verdict_as_json(verdict),
    }


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome if verdict.digest else None,  # not judged
        "score": verdict.score if verdict.digest else None,
        "passed_over_until": verdict.passed_over_until,
        "why": verdict.why,
    }


def search_as_json(search: Search) -> dict[str, Any]:
    return {
        "id": search.pk,
        "asked_by": search.asked_by,
        "started_at": search.started_at,
        "finished_at": search.finished_at,
        "queries": [query_as_json(query) for query in search.queries.order_by("pk")],
    }


def query_as_json(query: Query) -> dict[str, Any]:
    return {
        "indexer": query.indexer_name,
        "indexer_id": query.indexer_id,
        "asked": query.asked,
        "outcome": query.outcome,
        "sentence": query.sentence,
        "seconds": query.seconds,
        "found": query.found,
        "new": query.new,
    }


def block_as_json(block: Block) -> dict[str, Any]:
    """No query when `book` and `indexer` are selected. Without a book it holds for every book."""
    return {
        "id": block.pk,
        "title": str(block),
        "info_hash": block.info_hash,
        "indexer": block.indexer and block.indexer.name,
        "book": block.book and block.book.title,
        "book_id": block.book_id,
        "reason": block.reason,
        "blocked_by": block.blocked_by,
        "blocked_at": block.blocked_at,
        "until": block.until,
    }
