"""Where TAME listens, what it is called there, and who is let in by which name."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

DEFAULT_PORT = 8000
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def own_address() -> str:
    """The IPv4 address by which the network knows this machine; "" when it has no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation; UDP sends nothing here
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def own_names() -> list[str]:
    """What others in the network may call this machine."""
    name = socket.gethostname().lower()
    short = name.split(".")[0]
    return [*dict.fromkeys(part for part in (own_address(), name, short, f"{short}.local") if part)]


def checked(url: str) -> str:
    """`url` without its last slash; ImproperlyConfigured when it is no address."""
    if not is_address(url):
        raise ImproperlyConfigured(
            f"TAME_URL is {url!r}, but must be what people type into the browser, with http:// or "
            "https:// in front, for example http://nas.local:8000."
        )
    return url.rstrip("/")


def is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0  # a ValueError for one that is none
    except ValueError:
        return False
    is_one = len(url.split()) == 1 and parts.scheme in ("http", "https")
    return bool(is_one and parts.hostname and has_port)


def default_url(port: int, *, lan: bool) -> str:
    host = (own_address() if lan else "") or "localhost"
    return f"http://{host}:{port or DEFAULT_PORT}"


def listening_port(url: str, port: int) -> int:
    """`port` if it is set, else the URL's, if it leads to this machine without a proxy."""
    parts = urlsplit(url)
    is_direct = parts.scheme == "http" and parts.hostname in (*LOOPBACK, *own_names())
    return port or (parts.port if is_direct else None) or DEFAULT_PORT
