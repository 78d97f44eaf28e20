"""One login to one qBittorrent: through the gate, and no request is sent twice on its own."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import qbittorrentapi
from django.utils.crypto import salted_hmac
from packaging.version import Version
from qbittorrentapi.exceptions import APIError, Forbidden403Error, Unauthorized401Error
from qbittorrentapi.request import QbittorrentSession
from requests import RequestException, Response

from downloads import qbittorrent_errors as errors
from tame.lib.errors import LoginRefusedError
from tame.lib.redact import keep_out

Timeout = tuple[float, float]
API_VERSION = re.compile(r"\d+(\.\d+){1,3}")


@dataclass(frozen=True)
class Login:
    """Where a client is and how to get in: by API key, by user and password, or without either."""

    name: str = field(compare=False)  # a client keeps its login when it is called otherwise
    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        keep_out(self.password, self.api_key)

    def digest(self) -> str:
        """Changes with the address or the credentials, and does not betray them."""
        told = json.dumps([self.url, self.username, self.password, self.api_key])
        return salted_hmac("downloads.login", told, algorithm="sha256").hexdigest()


class Gate(Protocol):
    """Asked before any login; the client's row implements it."""

    @property
    def key(self) -> Hashable:
        """Which client it stands before, whatever that is called and wherever it moves."""

    def entering(self, digest: str) -> AbstractContextManager[None]:
        """Holds the client's login lease, after waiting for another process that has it.

        Raises `LoginRefusedError` when these credentials were refused before, also when that
        happened during the wait.
        """

    def refused(self, digest: str, sentence: str) -> None:
        """Remember that these credentials are wrong. Called while the lease is held."""


class Session(qbittorrentapi.Client):
    """The library without its three habits that harm us.

    It sends every failed request again, POSTs too (an add would be done twice); it logs in
    whenever it likes (five wrong logins lock us out); it reads proxies from the environment.
    """

    def __init__(self, login: Login, gate: Gate, timeout: Timeout) -> None:
        self.login, self.gate = login, gate
        self._inside = False
        self._api_version = ""
        bearer = {"Authorization": f"Bearer {login.api_key}"} if login.api_key else {}
        super().__init__(
            host=login.url,
            EXTRA_HEADERS=bearer,
            REQUESTS_ARGS={
                "timeout": timeout,
                "verify": os.environ.get("REQUESTS_CA_BUNDLE") or True,
                "allow_redirects": False,  # a password must not follow to another host
                "hooks": {"response": self._look_at},
            },
            HTTPADAPTER_ARGS={"max_retries": 0},
            FORCE_SCHEME_FROM_HOST=True,
            RAISE_NOTIMPLEMENTEDERROR_FOR_UNIMPLEMENTED_API_ENDPOINTS=True,
            SIMPLE_RESPONSES=True,
        )
        self._api_key = ""  # its own variables in the environment are not ours

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Logged in; what goes wrong inside is raised as one of our errors."""
        with self._explaining():
            if not self._inside:
                self.auth_log_in()
            yield

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except (RequestException, APIError, NotImplementedError) as error:
            raise errors.explained(self.login.name, self.login.url, error) from error

    def leave(self) -> None:
        """Give the login back: the client keeps only so many."""
        try:
            if self._inside and self._has_password:
                with self._explaining(), suppress(Forbidden403Error):
                    self._request_manager("post", "auth", "logout")
        finally:
            self._inside = False
            self._initialize_context()

    # --- What the library calls --------------------------------------------------------------

    def auth_log_in(self, *_: object, **__: object) -> None:
        """Also called by the library, once, when a request was answered 403: the login ended."""
        if not errors.is_address(self.login.url):
            raise errors.bad_address(self.login.name)
        digest = self.login.digest()
        self._inside = False
        with self.gate.entering(digest), self._explaining():
            self._initialize_context()
            try:
                self._show_credentials()
            except LoginRefusedError as error:
                self.gate.refused(digest, str(error))
                raise
        self._inside = True

    def app_web_api_version(self, **_: object) -> str:
        """Remembered for as long as the login lasts: the library wants it before most requests."""
        if not self._api_version:
            self._api_version = self._asked_api_version()
        return self._api_version

    @property
    def _session(self) -> QbittorrentSession:
        session = super()._session
        session.trust_env = False  # no proxy and no .netrc between us and the client
        return session

    def _request_manager(  # type: ignore[override]
        self,
        http_method: str,
        api_namespace: str,
        api_method: str,
        *,
        version_introduced: str = "",
        version_removed: str = "",
        **request: Any,
    ) -> Any:
        """One request, sent once."""
        endpoint = f"{api_namespace}/{api_method}"
        self._is_endpoint_supported_for_version(endpoint, version_introduced, version_removed)
        return self._request(http_method, api_namespace, api_method, **request)

    # --- Getting in --------------------------------------------------------------------------

    @property
    def _has_password(self) -> bool:
        return bool(self.login.username) and not self.login.api_key

    def _show_credentials(self) -> None:
        if self._has_password:
            self._send_password()
        self._api_version = ""
        try:
            self.app_web_api_version()
        except Forbidden403Error as error:
            if self.login.api_key:
                raise errors.key_refused(self.login.name) from error
            if not self.login.username:
                raise errors.login_wanted(self.login.name) from error
            raise

    def _send_password(self) -> None:
        name = self.login.name
        form = {"username": self.login.username, "password": self.login.password}
        try:
            answer: str = self._request_manager(
                "post", "auth", "login", data=form, response_class=str
            )
        except Forbidden403Error as error:
            raise errors.banned(name) from error
        except Unauthorized401Error as error:
            if self._is_host_refused():
                raise
            raise errors.password_refused(name) from error
        if answer == "Fails.":
            raise errors.password_refused(name)
        if answer not in ("", "Ok."):
            raise errors.unreadable(name, "neither yes nor no to the login")

    def _is_host_refused(self) -> bool:
        """Since 5.2 a wrong password and a wrong Host header look alike; without a login they
        do not: 401 for the header, 403 for the missing login.
        """
        try:
            self._request_manager("get", "app", "version")
        except Unauthorized401Error:
            return True
        except Forbidden403Error:
            return False
        return False

    def _asked_api_version(self) -> str:
        answer: str = self._request_manager("get", "app", "webapiVersion", response_class=str)
        if not API_VERSION.fullmatch(answer):
            raise errors.unreadable(self.login.name, "no version number")
        if Version(answer) < Version(errors.OLDEST_API):
            raise errors.too_old(self.login.name, answer)
        return answer

    def _look_at(self, response: Response, **_: object) -> None:
        """Stop what never came from qBittorrent: redirects and pages are a proxy's."""
        if response.is_redirect:
            response.close()
            raise errors.sent_elsewhere(self.login.name, response.headers["Location"])
        kind = response.headers.get("Content-Type", "")
        if kind.startswith("text/html") and response.status_code < 500:
            response.close()
            raise errors.web_page(self.login.name, self.login.url)
