"""What can go wrong between TAME and a qBittorrent, each as a sentence with its remedy."""

from __future__ import annotations

from urllib.parse import urlsplit

from qbittorrentapi.exceptions import APIError, HTTPError
from requests import Response
from requests import exceptions as broken
from urllib3.exceptions import NameResolutionError, NewConnectionError

from tame.lib.errors import (
    BadInputError,
    LoginRefusedError,
    NotListedError,
    RefusedError,
    ServiceDownError,
)
from tame.lib.redact import first_line, quotable

BAD_ADDRESS = broken.InvalidURL | broken.InvalidSchema | broken.MissingSchema
BAN_SECONDS = 3600
OLDEST_API, OLDEST_VERSION = "2.8.18", "4.5"


def place(url: str) -> str:
    """Host and port of an address, without user and password."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] or parts.path


def is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def explained(name: str, url: str, error: Exception) -> ServiceDownError:
    """The failure of a request as the error to raise; `name` and `url` are the client's."""
    if isinstance(error, HTTPError):
        return _answered(name, url, error)
    if isinstance(error, broken.Timeout):
        return _too_slow(name, url, error)
    if isinstance(error, broken.SSLError):
        return _no_trust(name, url, error)
    if isinstance(error, BAD_ADDRESS):
        return bad_address(name)
    if isinstance(error, NotImplementedError):
        return too_old(name, "an older one")
    if isinstance(error, APIError) and not isinstance(error, broken.RequestException):
        return unreadable(name, "no JSON where JSON was expected")
    return _no_connection(name, url, error)


def nothing_was_sent(error: Exception) -> bool:
    """Whether the request certainly never left, so that the service cannot have acted on it."""
    if isinstance(error, broken.ConnectTimeout | broken.SSLError | BAD_ADDRESS):
        return True
    return isinstance(_reason(error), NewConnectionError)


def _reason(error: Exception) -> object:
    return getattr(error.args[0], "reason", None) if error.args else None


def _too_slow(name: str, url: str, error: broken.Timeout) -> ServiceDownError:
    if isinstance(error, broken.ConnectTimeout):
        return ServiceDownError(
            f"{name} cannot be reached at {place(url)}: nothing answers there. "
            "Check the address, the port and the firewall."
        )
    return ServiceDownError(
        f"{name} took the request but did not answer in time: qBittorrent is overloaded or hangs. "
        "If it stays so, restart it."
    )


def _no_trust(name: str, url: str, error: broken.SSLError) -> ServiceDownError:
    if "WRONG_VERSION_NUMBER" in str(error) or "RECORD_LAYER" in str(error):
        return ServiceDownError(
            f"{name} does not speak https at {place(url)}: write http:// in its address."
        )
    return ServiceDownError(
        f"{name} shows a certificate at {place(url)} that is not trusted here: use http:// inside "
        "your own network, or give qBittorrent a certificate that this machine trusts."
    )


def _no_connection(name: str, url: str, error: Exception) -> ServiceDownError:
    reason = _reason(error)
    if isinstance(reason, NameResolutionError):
        return ServiceDownError(
            f"{name} was not found: no machine is called {urlsplit(url).hostname}. "
            "Check the address; between containers it is the name of the container."
        )
    if isinstance(reason, NewConnectionError):
        return ServiceDownError(
            f"{name} refused the connection at {place(url)}: start qBittorrent, switch its "
            "Web UI on, and check the address and the port."
        )
    return ServiceDownError(
        f"{name} broke the connection off: qBittorrent is starting, stopping or behind a proxy "
        "that does not reach it. If it stays so, look at its log."
    )


def _answered(name: str, url: str, error: HTTPError) -> ServiceDownError:
    status = error.http_status_code
    if status == 401:
        return host_refused(name, url)
    if status == 403:
        return ServiceDownError(
            f"{name} refuses requests although it just accepted the login: look at its log, and "
            "whether many programs log in to it (it keeps the last 15)."
        )
    if status == 404:
        return ServiceDownError(
            f"{name} is no qBittorrent, or not at this path of {place(url)} (404): "
            "check the address, and the base path if it has one."
        )
    if status in (502, 503, 504):
        return ServiceDownError(
            f"A proxy in front of {name} answered {status}: it does not reach qBittorrent. "
            "Start qBittorrent, or give TAME its own address.",
            retry_after=_retry_after(error.response),
        )
    words = first_line(quotable(str(error))) or "no reason given"
    return ServiceDownError(
        f"{name} did not carry the request out ({status}: {words}). Look at qBittorrent's log.",
        retry_after=_retry_after(error.response),
    )


def _retry_after(response: Response | None) -> float | None:
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    return float(asked) if asked.isdigit() else None


def bad_address(name: str) -> ServiceDownError:
    return ServiceDownError(
        f"{name} cannot be asked: its address is not valid. Write it like http://host:8080."
    )


def unreadable(name: str, what: str) -> ServiceDownError:
    return ServiceDownError(
        f"{name} gave an answer that TAME cannot read ({what}): check that the address leads "
        "straight to qBittorrent's Web UI and that its version is known to TAME."
    )


def web_page(name: str, url: str) -> ServiceDownError:
    return ServiceDownError(
        f"A web page answered in the place of {name} at {place(url)}: another program, or the "
        "login page of a proxy. Give TAME the address of qBittorrent itself."
    )


def sent_elsewhere(name: str, target: str) -> ServiceDownError:
    parts = urlsplit(target)
    where = f"{parts.scheme}://{parts.hostname}" if parts.hostname else "another page"
    return ServiceDownError(
        f"{name} sends TAME on to {where}: enter the address that qBittorrent's Web UI "
        "truly has; TAME takes no password to another place."
    )


def host_refused(name: str, url: str) -> ServiceDownError:
    return ServiceDownError(
        f"{name} does not want to be called {place(url)} (401, invalid Host header): with Docker "
        "publish the Web UI under its own port number (8080:8080), or switch off "
        '"Host header validation" in its Web UI settings.'
    )


def banned(name: str) -> ServiceDownError:
    """Not a refused login: the lock goes by itself and says nothing about these credentials."""
    return ServiceDownError(
        f"{name} has locked this address out for an hour after too many wrong logins: "
        "restart qBittorrent, or wait. Look for another program with an old password.",
        retry_after=BAN_SECONDS,
    )


def password_refused(name: str) -> LoginRefusedError:
    return LoginRefusedError(
        f"{name} refused the user name or the password: enter them again. Until then TAME does "
        "not log in, because five wrong logins lock it out for an hour."
    )


def key_refused(name: str) -> LoginRefusedError:
    return LoginRefusedError(
        f"{name} refused the API key: copy it again from qBittorrent's Web UI settings. "
        "qBittorrent has API keys since 5.2; an older one needs user name and password."
    )


def login_wanted(name: str) -> LoginRefusedError:
    return LoginRefusedError(
        f"{name} wants a login: enter its user name and password, or an API key."
    )


def too_old(name: str, api_version: str) -> ServiceDownError:
    return ServiceDownError(
        f"{name} is too old: it has Web API {api_version}, TAME needs {OLDEST_API} "
        f"(qBittorrent {OLDEST_VERSION}) or newer. Update qBittorrent."
    )


def category_refused(name: str, category: str) -> BadInputError:
    return BadInputError(f'{name} did not make the category "{category}": choose another name.')


def no_category(name: str, category: str) -> BadInputError:
    return BadInputError(f'{name} has no category "{category}": make it there first.')


def not_listed(name: str) -> NotListedError:
    return NotListedError(f"{name} does not list this torrent any more: somebody removed it.")


def no_torrent(name: str) -> RefusedError:
    return RefusedError(
        f"{name} says that the file is no torrent: it is damaged. Choose another release."
    )
