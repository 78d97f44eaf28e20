"""What the fake client does with a request that is let in: its list, categories, tags and log."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.qbittorrent_generations import Generation
from tests.fakes.qbittorrent_torrent import FINISHED, Torrent, read_file, read_magnet

TEXT = "text/plain; charset=UTF-8"
CATEGORY = re.compile(r"[^\\/]+(/[^\\/]+)*")
BARE_HASH = re.compile(r"[0-9A-Fa-f]{40}|[A-Za-z2-7]{32}")
RING = 20_000
FREE_SPACE = 84_064_055_296
LOG_KINDS = {"normal": 1, "info": 2, "warning": 4, "critical": 8}
Form = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    body: str = ""
    status: int = 200
    kind: str = TEXT
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: object, status: int = 200) -> Answer:
    return Answer(json.dumps(value), status, "application/json")


class Api:
    """The endpoints behind the login. `uploads` are the bytes of files by their field name."""

    def __init__(self, generation: Generation, downloads: Path) -> None:
        self.generation = generation
        self.downloads = downloads
        self.torrents: dict[str, Torrent] = {}
        self.categories: dict[str, str] = {}
        self.tags: list[str] = []
        self.lines: list[dict[str, Any]] = []
        self.swallows_adds = False
        self.listed_after = 0.0
        self.lock = threading.RLock()
        self.preferences: dict[str, Any] = {
            "save_path": str(downloads),
            "temp_path": str(downloads / "temp"),
            "temp_path_enabled": False,
            "auto_tmm_enabled": False,
            "queueing_enabled": False,
            "dht": False,
            "max_ratio": -1,
            "max_ratio_enabled": False,
            "max_ratio_act": 0,
            "max_seeding_time": -1,
            "max_seeding_time_enabled": False,
            "current_network_interface": "lo",
        }
        self._maindata = 0
        stop, start = generation.stop_words
        self._endpoints: dict[str, Callable[[Form, Mapping[str, bytes]], Answer]] = {
            "app/version": lambda *_: Answer(generation.version),
            "app/webapiVersion": lambda *_: Answer(generation.api_version),
            "app/preferences": lambda *_: as_json(self.preferences),
            "app/setPreferences": self.set_preferences,
            "app/defaultSavePath": lambda *_: Answer(str(self.preferences["save_path"])),
            "transfer/info": self.transfer,
            "sync/maindata": self.maindata,
            "log/main": self.log_main,
            "torrents/add": self.add,
            "torrents/info": self.info,
            "torrents/files": self.one(lambda torrent, _: as_json(torrent.file_list())),
            "torrents/trackers": self.one(lambda torrent, _: as_json(torrent.tracker_list())),
            "torrents/delete": self.delete,
            f"torrents/{stop}": self.each(self.stop),
            f"torrents/{start}": self.each(self.start),
            "torrents/recheck": self.each(lambda torrent, _: torrent.recheck(self.log)),
            "torrents/reannounce": self.each(lambda *_: None),
            "torrents/categories": self.list_categories,
            "torrents/createCategory": self.create_category,
            "torrents/setCategory": self.set_category,
            "torrents/tags": lambda *_: as_json(self.tags),
            "torrents/addTags": self.each(self.add_tags),
            "torrents/removeTags": self.each(self.remove_tags),
            "torrents/setShareLimits": self.set_share_limits,
        }
        self.greet()

    def answer(self, path: str, form: Form, uploads: Mapping[str, bytes]) -> Answer:
        endpoint = self._endpoints.get(path)
        if endpoint is None:
            return Answer(self.generation.unknown_endpoint, 404)
        with self.lock:
            return endpoint(form, uploads)

    # --- Log ---------------------------------------------------------------------------------

    def greet(self) -> None:
        """The log of a client that just started."""
        self.lines.clear()
        self.log(f"qBittorrent {self.generation.version} started", 1)
        self.log('Peer ID: "-qB0000-"', 2)

    def log(self, message: str, kind: int) -> None:
        after = self.lines[-1]["id"] + 1 if self.lines else 0
        line = {"id": after, "message": message, "timestamp": int(time.time()), "type": kind}
        self.lines.append(line)
        del self.lines[:-RING]

    def log_main(self, form: Form, _: Mapping[str, bytes]) -> Answer:
        kinds = {kind for word, kind in LOG_KINDS.items() if is_true(form.get(word, "true"))}
        after = int(form.get("last_known_id", -1))
        return as_json([x for x in self.lines if x["id"] > after and x["type"] in kinds])

    # --- The client itself -------------------------------------------------------------------

    def set_preferences(self, form: Form, _: Mapping[str, bytes]) -> Answer:
        self.preferences |= json.loads(form["json"])
        return Answer()

    def transfer(self, *_: object) -> Answer:
        zeros = dict.fromkeys(("dl_info_data", "dl_info_speed", "up_info_data", "up_info_speed"), 0)
        return as_json({"connection_status": "firewalled", "dht_nodes": 0} | zeros)

    def maindata(self, form: Form, _: Mapping[str, bytes]) -> Answer:
        """Only the first answer has everything; after that it says what changed: nothing here."""
        first = int(form.get("rid", 0)) != self._maindata or self._maindata == 0
        self._maindata += 1
        state = {"free_space_on_disk": FREE_SPACE, "connection_status": "firewalled"}
        more = {"full_update": True, "server_state": state} if first else {}
        return as_json({"rid": self._maindata} | more)

    # --- Adding ------------------------------------------------------------------------------

    def add(self, form: Form, uploads: Mapping[str, bytes]) -> Answer:
        added: list[str] = []
        failed = pending = 0
        bad_file = ""
        for name, payload in uploads.items():
            try:
                torrent = read_file(payload, self.generation, self._save_path(form))
            except RuntimeError:
                bad_file = bad_file or name
                continue
            failed += not self._enlist(torrent, form, added)
        for link in filter(None, map(str.strip, form.get("urls", "").split("\n"))):
            if link.startswith(("http://", "https://")):
                pending += 1
                self._log_url(link)
            else:
                failed += not self._add_link(link, form, added)
        if bad_file:
            return Answer(f"Error: '{bad_file}' is not a valid torrent file.", 415)
        return self._counted(added, failed, pending)

    def _add_link(self, link: str, form: Form, added: list[str]) -> bool:
        uri = f"magnet:?xt=urn:btih:{link}" if BARE_HASH.fullmatch(link) else link
        try:
            torrent = read_magnet(uri, self.generation, self._save_path(form))
        except RuntimeError as error:
            new = self.generation.logs_failed_adds
            word = "add" if new else "load"
            reason = str(error) if new else "No such file or directory"
            self.log(f'Failed to {word} torrent. Source: "{link}". Reason: "{reason}"', 4)
            return False
        return self._enlist(torrent, form, added)

    def _log_url(self, link: str) -> None:
        self.log(f"Downloading torrent, please wait... Source: {link}", 1)
        if self.generation.logs_failed_adds:
            reason = "The remote server refused the connection"
            self.log(f'Failed to add torrent. Source: "{link}". Reason: "{reason}"', 4)

    def _counted(self, added: list[str], failed: int, pending: int) -> Answer:
        if not self.generation.json_adds:
            return Answer("Ok." if added or pending else "Fails.")
        if not added and not pending:
            return Answer("Conflict", 409)
        counts = {"failure_count": failed, "pending_count": pending, "success_count": len(added)}
        return as_json({"added_torrent_ids": added} | counts, 202 if pending else 200)

    def _save_path(self, form: Form) -> Path:
        auto, given = self._is_auto(form), form.get("savepath", "")
        if given and not auto:
            return self.downloads / given
        own = self.categories.get(form.get("category", ""), "") if auto else ""
        return self.downloads / (own or str(self.preferences["save_path"]))

    def _is_auto(self, form: Form) -> bool:
        if "autoTMM" in form:
            return is_true(form["autoTMM"])
        beaten = self.generation.save_path_beats_auto and bool(form.get("savepath"))
        return bool(self.preferences["auto_tmm_enabled"]) and not beaten

    def _enlist(self, torrent: Torrent, form: Form, added: list[str]) -> bool:
        """Whether it was new. A file gives its metadata to a magnet link that waits for it."""
        present = self._same(torrent)
        if present is not None:
            if present.parts is None and torrent.parts is not None:
                self._merge(present, torrent)
            elif self.generation.logs_failed_adds:
                self.log(f"Detected an attempt to add a duplicate torrent. {present.name}", 1)
            return False
        added.append(torrent.hash)
        if self.swallows_adds:
            return True
        torrent.category = self._category(form.get("category", ""))
        torrent.tags = self._known_tags(form.get("tags", ""))
        torrent.auto_management = self._is_auto(form)
        torrent.stopped = is_true(form.get(self.generation.stopped_parameter, ""))
        torrent.listed_from = time.monotonic() + self.listed_after
        self.torrents[torrent.hash] = torrent
        self.log(f'Added new torrent. Torrent: "{torrent.name}"', 1)
        if not torrent.stopped:
            torrent.run(self.log)
        return True

    def _same(self, torrent: Torrent) -> Torrent | None:
        for present in self.torrents.values():
            same_v1 = torrent.v1 and torrent.v1 == present.v1
            if same_v1 or (torrent.v2 and torrent.v2 == present.v2):
                return present
        return None

    def _merge(self, present: Torrent, torrent: Torrent) -> None:
        del self.torrents[present.hash]
        present.v1, present.v2, present.name = torrent.v1, torrent.v2, torrent.name
        present.parts, present.total_size = torrent.parts, torrent.total_size
        present.web_seeds = present.web_seeds or torrent.web_seeds
        self.torrents[present.hash] = present
        if not present.stopped:
            present.run(self.log)

    # --- The list ----------------------------------------------------------------------------

    def info(self, form: Form, _: Mapping[str, bytes]) -> Answer:
        now = time.monotonic()
        shown = [one for one in self.torrents.values() if one.listed_from <= now]
        if form.get("hashes"):
            asked = form["hashes"].split("|")
            shown = [one for one in shown if one.hash in asked]
        if "tag" in form:
            shown = [x for x in shown if form["tag"] in x.tags or (not form["tag"] and not x.tags)]
        if "category" in form:
            shown = [one for one in shown if one.category == form["category"]]
        test = self._filter(form.get("filter", "all"))
        told = [one for one in shown if test(one)]
        if self.generation.lists_files and is_true(form.get("includeFiles", "")):
            return as_json([one.info() | {"files": one.file_list()} for one in told])
        return as_json([one.info() for one in told])

    def _filter(self, word: str) -> Callable[[Torrent], bool]:
        """A word this generation does not know lets every torrent through."""
        if word == "completed":
            return lambda torrent: torrent.current_state() in FINISHED
        if word == "downloading":
            return lambda torrent: torrent.current_state() not in FINISHED
        if word == self.generation.stopped_state:
            return lambda torrent: torrent.stopped
        return lambda _: True

    def named(self, form: Form) -> list[Torrent]:
        asked = form.get("hashes", "").split("|")
        return [one for one in self.torrents.values() if one.hash in asked or asked == ["all"]]

    def each(
        self, act: Callable[[Torrent, Form], None]
    ) -> Callable[[Form, Mapping[str, bytes]], Answer]:
        """An endpoint for many hashes: unknown ones are passed over."""

        def endpoint(form: Form, _: Mapping[str, bytes]) -> Answer:
            for torrent in self.named(form):
                act(torrent, form)
            return Answer()

        return endpoint

    def one(
        self, tell: Callable[[Torrent, Form], Answer]
    ) -> Callable[[Form, Mapping[str, bytes]], Answer]:
        """An endpoint for one hash: an unknown one is 404."""

        def endpoint(form: Form, _: Mapping[str, bytes]) -> Answer:
            torrent = self.torrents.get(form.get("hash", ""))
            return tell(torrent, form) if torrent else Answer("Not Found", 404)

        return endpoint

    def stop(self, torrent: Torrent, _: Form) -> None:
        torrent.stopped = True

    def start(self, torrent: Torrent, _: Form) -> None:
        if torrent.stopped:
            torrent.stopped = False
            torrent.run(self.log)

    def delete(self, form: Form, _: Mapping[str, bytes]) -> Answer:
        for torrent in self.named(form):
            torrent.stopped = True
            del self.torrents[torrent.hash]
            if is_true(form.get("deleteFiles", "")):
                torrent.delete_files()
        return Answer()

    # --- Categories, tags, limits ------------------------------------------------------------

    def _category(self, name: str) -> str:
        """Made on the fly; a name it does not like is dropped without a word."""
        if not CATEGORY.fullmatch(name):
            return ""
        self._make_category(name, "")
        return name

    def _make_category(self, name: str, save_path: str) -> None:
        if self.generation.makes_parent_categories:
            parents = name.split("/")[:-1]
            for depth in range(len(parents)):
                self.categories.setdefault("/".join(parents[: depth + 1]), "")
        self.categories.setdefault(name, save_path)

    def list_categories(self, *_: object) -> Answer:
        return as_json(
            {name: {"name": name, "savePath": path} for name, path in self.categories.items()}
        )

    def create_category(self, form: Form, _: Mapping[str, bytes]) -> Answer:
        name = form.get("category", "")
        if not name:
            return Answer("Category cannot be empty", 400)
        if not CATEGORY.fullmatch(name):
            return Answer("Incorrect category name", 409)
        if name in self.categories:
            return Answer("Unable to create category", 409)
        self._make_category(name, form.get("savePath", ""))
        return Answer()

    def set_category(self, form: Form, _: Mapping[str, bytes]) -> Answer:
        name, torrents = form.get("category", ""), self.named(form)
        if torrents and name and name not in self.categories:
            return Answer("Incorrect category name", 409)
        for torrent in torrents:
            torrent.category = name
        return Answer()

    def _known_tags(self, text: str) -> list[str]:
        tags = [tag.strip() if self.generation.trims_tags else tag for tag in text.split(",")]
        tags = [tag for tag in tags if tag]
        self.tags += [tag for tag in tags if tag not in self.tags]
        return tags

    def add_tags(self, torrent: Torrent, form: Form) -> None:
        tags = self._known_tags(form.get("tags", ""))
        torrent.tags += [tag for tag in tags if tag not in torrent.tags]

    def remove_tags(self, torrent: Torrent, form: Form) -> None:
        gone = form.get("tags", "").split(",")
        torrent.tags = [tag for tag in torrent.tags if tag not in gone and gone != [""]]

    def set_share_limits(self, form: Form, _: Mapping[str, bytes]) -> Answer:
        missing = [name for name in self.generation.limits_needed if name not in form]
        if missing:
            return Answer(f"Missing required parameters: {', '.join(missing)}", 400)
        for torrent in self.named(form):
            torrent.limits = dict(form)
        return Answer()


def is_true(text: str) -> bool:
    return text.strip().lower() in ("true", "1")
