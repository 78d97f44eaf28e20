"""How the generations of qBittorrent differ on the wire, as data.

4.5, 5.1 and 5.3 are as measured on 4.5.2, 5.1.0 and 5.3.0. 4.6, 5.0 and 5.2 are built from what is
known of them (their source and their API's changelog): no such server was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

LIMITS = ("ratioLimit", "seedingTimeLimit")


@dataclass(frozen=True)
class Generation:
    """`never`: what an unset time is. `logins_kept`: how many logins live at once, 0 for all."""

    name: str
    version: str
    api_version: str
    stop_words: tuple[str, str] = ("pause", "resume")
    stopped_parameter: str = "paused"
    stopped_state: str = "paused"
    never: int = 0
    names_tracker: bool = False
    logs_failed_adds: bool = False
    trims_tags: bool = False
    json_adds: bool = False
    login_without_body: bool = False
    cookie_with_port: bool = False
    api_keys: bool = False
    logins_kept: int = 0
    makes_parent_categories: bool = False
    lists_files: bool = False
    save_path_beats_auto: bool = False
    unknown_endpoint: str = "Not Found"
    limits_needed: tuple[str, ...] = LIMITS

    def at_least(self, other: str) -> bool:
        return tuple(map(int, self.name.split("."))) >= tuple(map(int, other.split(".")))


def _five(name: str, version: str, api_version: str, **more: object) -> Generation:
    since_5: dict[str, object] = {
        "stop_words": ("stop", "start"),
        "stopped_parameter": "stopped",
        "stopped_state": "stopped",
        "never": -1,
        "names_tracker": True,
        "logs_failed_adds": True,
        "trims_tags": True,
        "save_path_beats_auto": True,
        "limits_needed": (*LIMITS, "inactiveSeedingTimeLimit"),
    }
    return Generation(name, version, api_version, **(since_5 | more))  # type: ignore[arg-type]


SINCE_5_2: dict[str, object] = {
    "json_adds": True,
    "lists_files": True,
    "login_without_body": True,
    "cookie_with_port": True,
    "api_keys": True,
    "limits_needed": (*LIMITS, "inactiveSeedingTimeLimit", "shareLimitAction"),
}
SINCE_5_3: dict[str, object] = SINCE_5_2 | {
    "logins_kept": 15,
    "makes_parent_categories": True,
    "unknown_endpoint": "Endpoint does not exist",
    "limits_needed": (
        *LIMITS,
        "inactiveSeedingTimeLimit",
        "shareLimitAction",
        "shareLimitsMode",
    ),
}

GENERATIONS = {
    one.name: one
    for one in (
        Generation("4.5", "v4.5.2", "2.8.19"),
        Generation("4.6", "v4.6.7", "2.9.3"),
        _five("5.0", "v5.0.5", "2.11.2"),
        _five("5.1", "v5.1.0", "2.11.4"),
        _five("5.2", "v5.2.3", "2.15.1", **SINCE_5_2),
        _five("5.3", "v5.3.0", "2.16.2", **SINCE_5_3),
    )
}
QUICK = ("4.5", "5.3")  # the oldest and the newest: the others lie between
EACH = [pytest.param(name, marks=() if name in QUICK else pytest.mark.wide) for name in GENERATIONS]
