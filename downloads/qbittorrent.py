"""qBittorrent, every version from 4.5 on: plain values in, frozen dataclasses out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from qbittorrentapi.exceptions import (
    Conflict409Error,
    HTTPError,
    NotFound404Error,
    UnsupportedMediaType415Error,
)
from requests import RequestException

from downloads import orders
from downloads import qbittorrent_errors as errors
from downloads.qbittorrent_reading import (
    Reply,
    read_file,
    read_line,
    read_preferences,
    read_torrent,
    read_tracker,
    read_transfer,
    rows,
)
from downloads.seen import ClientFile, Line, Preferences, Seen, TrackerSays, Transfer
from downloads.sessions import Gate, Login, Session, Timeout

__all__ = [
    "ClientFile",
    "Gate",
    "Line",
    "Login",
    "Preferences",
    "QBittorrent",
    "Seen",
    "TrackerSays",
    "Transfer",
]

TIMEOUT = (3.05, 10.0)
NO_MARK = -1
FREE = "free_space_on_disk"


class QBittorrent:
    """One client. Threads may share it: requests go out one after the other.

    Every method raises `ServiceDownError` (`LoginRefusedError` for our credentials) when the
    client gives no usable answer. Hashes are v1 or v2, a whole v2 hash is shortened as
    qBittorrent does; no hashes means no request.
    """

    def __init__(self, login: Login, gate: Gate, *, timeout: Timeout = TIMEOUT) -> None:
        self.login = login
        self.timeout = timeout
        self._session = Session(login, gate, timeout)
        self._lock = threading.RLock()
        self._maindata = 0
        self._free_space: int | None = None

    @contextmanager
    def _speaking(self) -> Iterator[Session]:
        with self._lock, self._session.speaking():
            yield self._session

    # --- Adding ------------------------------------------------------------------------------

    def add(
        self,
        payload: bytes | str,
        *,
        category: str,
        save_path: str,
        tags: Sequence[str],
        stopped: bool = False,
    ) -> None:
        """Hand over a .torrent's bytes or a magnet link. That it returns proves nothing:
        look for the hash. `save_path` is one of the client's machine; "" leaves it to the client.

        Raises `RefusedError` when the bytes are no torrent, `BadInputError` for a category, path
        or tag that qBittorrent would drop without a word.
        """
        orders.check_place(self.login.name, category, save_path)
        orders.check_tags(self.login.name, tags)
        files, urls = orders.handed_over(payload)
        with self._speaking() as session:
            try:
                session.torrents_add(
                    torrent_files=files,
                    urls=urls,
                    category=category or None,
                    save_path=save_path or None,
                    use_auto_torrent_management=False if save_path else None,
                    tags=list(tags) or None,
                    is_stopped=stopped,
                )
            except UnsupportedMediaType415Error as error:
                raise errors.no_torrent(self.login.name) from error
            except Conflict409Error:
                return  # already there, or bad: it does not say which
            except HTTPError:
                raise
            except RequestException as error:
                if errors.nothing_was_sent(error):
                    raise

    # --- Looking -----------------------------------------------------------------------------

    def find(self, hashes: Sequence[str]) -> tuple[Seen, ...]:
        wanted = orders.joined(hashes)
        return self._list(torrent_hashes=wanted) if wanted else ()

    def find_by_tag(self, tag: str) -> tuple[Seen, ...]:
        return tuple(seen for seen in self._list(tag=tag) if tag in seen.tags)

    def all(self) -> tuple[Seen, ...]:
        return self._list()

    def _list(self, **only: Any) -> tuple[Seen, ...]:
        """Never by `filter=`: qBittorrent answers a word it does not know with every torrent."""
        with self._speaking() as session:
            answer = session.torrents_info(**only)
        return tuple(read_torrent(reply) for reply in rows(self.login.name, answer))

    def files(self, torrent: str) -> tuple[ClientFile, ...]:
        """Raises `NotListedError`. Empty as long as a magnet link has no metadata."""
        with self._speaking() as session, self._listed():
            answer = session.torrents_files(torrent_hash=orders.joined([torrent]))
        return tuple(read_file(reply) for reply in rows(self.login.name, answer))

    def files_in_list(self, hashes: Sequence[str]) -> dict[str, tuple[ClientFile, ...]]:
        """The files of many in one request, by the hash they are listed under. Empty before 5.2,
        which passes over the question; what is no longer listed is left out."""
        wanted = orders.joined(hashes)
        if not wanted:
            return {}
        with self._speaking() as session:
            answer = session.torrents_info(torrent_hashes=wanted, include_files=True)
        return {
            reply.text("hash"): tuple(read_file(one) for one in reply.parts("files"))
            for reply in rows(self.login.name, answer)
            if reply.has("files")
        }

    def tracker_messages(self, torrent: str) -> tuple[TrackerSays, ...]:
        """What the trackers last said, without DHT and its kind. Raises `NotListedError`."""
        with self._speaking() as session, self._listed():
            answer = session.torrents_trackers(torrent_hash=orders.joined([torrent]))
        replies = rows(self.login.name, answer)
        return tuple(read_tracker(one) for one in replies if not one.text("url").startswith("**"))

    @contextmanager
    def _listed(self) -> Iterator[None]:
        try:
            yield
        except NotFound404Error as error:
            raise errors.not_listed(self.login.name) from error

    # --- Changing ----------------------------------------------------------------------------

    def start(self, hashes: Sequence[str]) -> None:
        self._change(Session.torrents_start, hashes)

    def stop(self, hashes: Sequence[str]) -> None:
        self._change(Session.torrents_stop, hashes)

    def recheck(self, hashes: Sequence[str]) -> None:
        self._change(Session.torrents_recheck, hashes)

    def reannounce(self, hashes: Sequence[str]) -> None:
        self._change(Session.torrents_reannounce, hashes)

    def delete(self, hashes: Sequence[str], *, with_files: bool) -> None:
        """Hashes that the client does not list are no error."""
        self._change(Session.torrents_delete, hashes, delete_files=with_files)

    def add_tags(self, hashes: Sequence[str], tags: Sequence[str]) -> None:
        orders.check_tags(self.login.name, tags)
        if tags:
            self._change(Session.torrents_add_tags, hashes, tags=list(tags))

    def set_category(self, hashes: Sequence[str], name: str) -> None:
        """The category must exist; "" takes it away."""
        if wanted := orders.joined(hashes):
            with self._speaking() as session:
                try:
                    session.torrents_set_category(category=name, torrent_hashes=wanted)
                except Conflict409Error as error:
                    raise errors.no_category(self.login.name, name) from error

    def _change(self, act: Callable[..., None], hashes: Sequence[str], **how: object) -> None:
        if wanted := orders.joined(hashes):
            with self._speaking() as session:
                act(session, torrent_hashes=wanted, **how)

    # --- Categories --------------------------------------------------------------------------

    def categories(self) -> dict[str, str]:
        """Name to save path, "" where the category has none of its own."""
        with self._speaking() as session:
            answer = Reply(self.login.name, session.torrents_categories())
        return {name: answer.part(name).text("savePath") for name in answer}

    def ensure_category(self, name: str, save_path: str = "") -> str:
        """The category's own save path. One that exists is never changed."""
        orders.check_category(self.login.name, name)
        existing = self.categories()
        if name not in existing:
            with self._speaking() as session, suppress(Conflict409Error):  # someone was faster
                session.torrents_create_category(name=name, save_path=save_path)
            existing = self.categories()
        if name not in existing:
            raise errors.category_refused(self.login.name, name)
        return existing[name]

    def folder_of(self, category: str) -> str:
        """Where what is added with this category belongs. It makes the category."""
        return orders.below(self.default_save_path(), self.ensure_category(category))

    # --- The client itself -------------------------------------------------------------------

    def version(self) -> str:
        with self._speaking() as session:
            return session.app_version()

    def api_version(self) -> str:
        with self._speaking() as session:
            return session.app_web_api_version()

    def default_save_path(self) -> str:
        with self._speaking() as session:
            return session.app_default_save_path()

    def free_space(self) -> int | None:
        """Bytes free in the default save path; None when the client does not say."""
        with self._speaking() as session:
            answer = Reply(self.login.name, session.sync_maindata(rid=self._maindata))
            self._maindata = answer.whole("rid")
            if answer.has("server_state") and (state := answer.part("server_state")).has(FREE):
                self._free_space = state.whole(FREE)  # left out while it does not change
            return self._free_space

    def transfer(self) -> Transfer:
        with self._speaking() as session:
            return read_transfer(Reply(self.login.name, session.transfer_info()))

    def preferences(self) -> Preferences:
        with self._speaking() as session:
            return read_preferences(Reply(self.login.name, session.app_preferences()))

    def log_since(self, mark: int | None) -> tuple[tuple[Line, ...], int]:
        """Warnings and worse after the mark, and the new mark. None: from the beginning.

        Ids begin again when the client restarts. So we ask for the marked line too: when it is
        not there, the client restarted or forgot it, and all it has is new.
        """
        old = NO_MARK if mark is None else mark
        lines = self._log(after=max(old - 1, NO_MARK))
        if old > NO_MARK and all(line.id != old for line in lines):
            old, lines = NO_MARK, self._log(after=NO_MARK)
        lines = tuple(line for line in lines if line.id > old)
        return lines, max([old, *(line.id for line in lines)])

    def _log(self, after: int) -> tuple[Line, ...]:
        with self._speaking() as session:
            answer = session.log_main(normal=False, info=False, last_known_id=after)
        secrets = (self.login.password, self.login.api_key)
        return tuple(read_line(reply, secrets) for reply in rows(self.login.name, answer))

    def log_out(self) -> None:
        """Another request logs in again."""
        with self._lock:
            self._session.leave()

    def through(self, gate: Gate, login: Login) -> None:
        """Ask this gate from now on. The login is the same; its name may be another."""
        self.login = self._session.login = login
        self._session.gate = gate
