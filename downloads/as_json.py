"""Downloads and clients as other programs see them: no payload, no password."""

from __future__ import annotations

from typing import Any

from downloads.copying import is_being_copied, percent, whole
from downloads.models import Client, Download, DownloadHistory, Import
from downloads.qbittorrent import Seen


def client_as_json(client: Client) -> dict[str, Any]:
    """`free` in bytes; `version`, `save_path` and `free` as last seen."""
    return {
        "id": client.pk,
        "name": client.name,
        "address": client.address,
        "username": client.username,
        "category": client.category,
        "enabled": client.enabled,
        "usable": client.is_usable,
        "default": client.default,
        "unfinished_limit": client.unfinished_limit,
        "version": client.version,
        "save_path": client.save_path,
        "free": client.free_bytes,
        "off_until": client.off_until,
        "problem": client.problem,
        "last_error": client.last_error,
        "last_ok_at": client.last_ok_at,
        "from_environment": client.from_environment,
        "paths": [{"client": p.client_prefix, "here": p.our_prefix} for p in client.paths.all()],
    }


def download_as_json(row: Download) -> dict[str, Any]:
    """Sizes in bytes, speed in bytes per second, `eta` in seconds, `seed_goal` in minutes.

    No query when `client` is selected and `imports__book` prefetched.
    """
    return {
        "id": row.pk,
        "title": row.title,
        "state": row.state,
        "state_since": row.state_since,
        "books": [{"id": book.pk, "title": book.title} for book in row.books],
        "client": row.client.name,
        "client_id": row.client_id,
        "indexer": row.indexer_name,
        "indexer_id": row.indexer_id,
        "release_id": row.release_id,
        "priority": row.priority,
        "asked_by": row.asked_by,
        "added_at": row.added_at,
        **in_client(row),
        **figures(row),
        **trouble(row),
    }


def in_client(row: Download) -> dict[str, Any]:
    return {
        "hash": row.client_hash,
        "hash_v1": row.hash_v1,
        "hash_v2": row.hash_v2,
        "tag": row.tag,
        "category": row.category,
        "save_path": row.save_path,
        "content_path": row.content_path,
        "adopted": row.adopted,
        "client_state": row.client_state,
        "wish": row.client_wish,
        "wish_came_true_at": row.client_agrees_at,
        "confirmed_at": row.confirmed_at,
        "completed_at": row.completed_at,
    }


def figures(row: Download) -> dict[str, Any]:
    return {
        "progress": row.progress,
        "size": row.size,
        "downloaded": row.downloaded,
        "speed": row.speed,
        "eta": row.eta,
        "seeds": row.seeds,
        "ratio": row.ratio,
        "ratio_goal": row.ratio_goal,
        "seeding_seconds": row.seeding_seconds,
        "seed_goal": row.seed_goal,
        "seed_both": row.seed_both,
        "seed_end": row.seed_end,
        "last_progress_at": row.last_progress_at,
    }


def trouble(row: Download) -> dict[str, Any]:
    return {
        "warning": row.warning,
        "failure": row.failure,
        "last_error": row.last_error,
        "attempts": row.attempts,
        "retry_at": row.retry_at,
        "missing_since": row.missing_since,
    }


def import_as_json(delivery: Import) -> dict[str, Any]:
    return {
        "id": delivery.pk,
        "book": {"id": delivery.book_id, "title": delivery.book.title},
        "state": delivery.state,
        "state_since": delivery.state_since,
        "last_error": delivery.last_error,
        "copied": copied_as_json(delivery),
    }


def copied_as_json(row: Import) -> dict[str, Any] | None:
    """In bytes, while its files are copied into the library; else null."""
    if not is_being_copied(row):
        return None
    return {"bytes": row.copied, "of": whole(row), "percent": percent(row)}


def history_as_json(move: DownloadHistory) -> dict[str, Any]:
    return {
        "at": move.at,
        "from": move.from_state,
        "to": move.to_state,
        "actor": move.actor,
        "sentence": move.sentence,
        "evidence": move.evidence,
    }


def seen_as_json(seen: Seen, download: int | None) -> dict[str, Any]:
    """A torrent in the client's list, and the download it is; sizes in bytes."""
    return {
        "hash": seen.hash,
        "hash_v1": seen.hash_v1,
        "hash_v2": seen.hash_v2,
        "name": seen.name,
        "state": seen.state,
        "download": download,
        "category": seen.category,
        "tags": seen.tags,
        "save_path": seen.save_path,
        "content_path": seen.content_path,
        "progress": seen.progress,
        "size": seen.size,
        "amount_left": seen.amount_left,
        "speed": seen.download_speed,
        "eta": seen.eta,
        "seeds": seen.seeds,
        "ratio": seen.ratio,
        "tracker": seen.tracker,
        "added_at": seen.added_at,
        "completed_at": seen.completed_at,
    }
