"""Whom a call over HTTP may reach: private addresses only behind the names that were given."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from tame.lib.call_errors import CallError

PORTS = {"http": 80, "https": 443}
NAT64 = IPv6Network("64:ff9b::/96")
GLOBAL_UNICAST = IPv6Network("2000::/3")
TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))  # they hide an IPv4 address


@dataclass(frozen=True)
class Allowed:
    """Whom a call may reach: private addresses only behind the names given here.

    `origin`: the configured "http://jackett:9117". `also`: further hosts, "tracker.lan" for any
    port or "tracker.lan:8080". `public`: any public address besides.
    """

    origin: str = ""
    also: tuple[str, ...] = ()
    public: bool = True

    def reaches(self, host: str, port: int, address: str) -> bool:
        """Whether a socket that was opened for host and port may stay connected to `address`."""
        return self.names(host, port) or (self.public and is_public(address))

    def names(self, host: str, port: int) -> bool:
        bare = host.strip("[]").rstrip(".").lower()
        shown = f"[{bare}]" if ":" in bare else bare
        listed = {entry.lower() for entry in self.also}
        if self.origin:
            listed.add(origin_of(self.origin).partition("://")[2])
        return not listed.isdisjoint({bare, shown, f"{shown}:{port}"})


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, seen through IPv6 wrappings of IPv4."""
    ip = _unwrapped(ip_address(address.partition("%")[0]))
    if isinstance(ip, IPv6Address) and (
        ip not in GLOBAL_UNICAST or any(ip in tunnel for tunnel in TUNNELS)
    ):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip


def origin_of(url: str) -> str:
    """Scheme, host and port, always with the port; `CallError` when it is no web address."""
    # Read with the parser that also makes the connection: where two parsers disagree about the
    # host, a key would travel to the wrong one.
    try:
        parts = parse_url(url.strip())
    except LocationParseError as error:
        raise CallError("bad-url", "it is not a valid web address") from error
    scheme = parts.scheme or ""
    if scheme not in PORTS or not parts.host:
        raise CallError("bad-url", "it is not an http or https address")
    return f"{scheme}://{parts.host.rstrip('.').lower()}:{parts.port or PORTS[scheme]}"
