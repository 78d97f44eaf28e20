"""What is kept of a verdict with the download that came of it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from indexers.models import Search, Verdict

HOWS = {  # how it came to a grab, for a person
    "by hand": "by hand", "approved": "as TAME had chosen it",
    "anyway": "although that stood in the way", "by itself": "without a person",
}  # fmt: skip


def believed(verdict: Verdict, how: str, against: list[str]) -> dict[str, Any]:
    """What was known of the release when it was taken; it outlives release, indexer and search.
    `objections`: what the rules said. `overruled`: what stood in the way and was asked about.
    `passed_by`, added by `grab`: better releases and why not those."""
    release = verdict.release
    objections = list(verdict.rejections.all())
    return {
        "release": release.title,
        "indexer": release.indexer.name,
        "size": release.size,
        "seeders": release.seeders,
        "published": release.published_at.isoformat() if release.published_at else None,
        "outcome": verdict.outcome,
        "score": verdict.score,
        "parts": verdict.parts,
        "digest": verdict.digest,
        "search": found_by(verdict.search),
        "objections": {said.rule: said.sentence for said in objections},
        "overruled": against,
        "how": how,
        "at": timezone.now().isoformat(),
    }


def found_by(search: Search | None) -> dict[str, Any] | None:
    """None: it came with a feed."""
    if search is None:
        return None
    began = search.started_at.isoformat()
    return {"id": search.pk, "asked_by": search.asked_by, "started_at": began}
