"""How long a torrent has to seed: asked for when it is taken, and kept with the download."""

from __future__ import annotations

from typing import Any

from downloads.goals import Goal, goal, stricter
from downloads.models import Download, Seeding
from indexers.models import Indexer, Release


def goals_at_the_grab(indexer: Indexer | None, release: Release | None) -> dict[str, Any]:
    """The columns of a new download: the strictest of what the indexer's row, the release itself
    and the default ask for."""
    asked = Seeding.now().goal
    if indexer is not None:
        own = goal(indexer.ratio_goal, indexer.seed_goal, both=indexer.seed_both)
        asked = stricter(stricter(asked, own), announced(release, both=indexer.seed_both))
    return {"ratio_goal": asked.ratio, "seed_goal": asked.minutes, "seed_both": asked.both}


def announced(release: Release | None, *, both: bool) -> Goal:
    """What its indexer said with the release; a part of a minute counts as one."""
    known = release.attributes if release else {}
    seconds = known.get("minimum_seed_seconds") or 0
    return goal(known.get("minimum_ratio"), -(-int(seconds) // 60), both=both)


def goal_of(download: Download, policy: Seeding) -> Goal:
    """As copied when it was taken; the default when there was none."""
    own = goal(download.ratio_goal, download.seed_goal, both=download.seed_both)
    return own or policy.goal


def has_seeded_enough(download: Download) -> bool:
    """Whether a torrent may be taken out without breaking what its indexer asks for, by the
    figures of the last sync. True when nothing is asked."""
    asked = goal_of(download, Seeding.now())
    return not asked or asked.is_met(download.ratio, download.seeding_seconds)
