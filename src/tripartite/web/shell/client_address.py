"""Where a request comes from, for throttling log-ins and what costs."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

ONE_SUBSCRIBER = 64
"""The bits of an IPv6 address that a subscriber is given: the rest it chooses, and changes as it likes."""


def client_address(request: HttpRequest, proxies: int | None = None) -> str:
    """The address of whoever asks, as the outermost trusted proxy saw it.

    Each proxy adds on the right of X-Forwarded-For the address that it saw; with `proxies` trusted ones (default: the
    setting), the one that counts stands that many places from the right. What is further left anyone may write, and
    is never believed. Without a readable address there, it is that of the connection. An IPv4 address written as
    IPv6 (::ffff:192.0.2.1) is that IPv4 address.
    """
    trusted: int = settings.CONFIG.proxies if proxies is None else proxies
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    candidate = seen[-trusted].strip() if 0 < trusted <= len(seen) else ""
    found = _readable(candidate) or _readable(request.META.get("REMOTE_ADDR", ""))
    return str(found) if found else "127.0.0.1"


def client_network(request: HttpRequest) -> str:
    """What counts as one: an IPv4 address, or the /64 of an IPv6 address."""
    return network_of(client_address(request))


def network_of(address: str) -> str:
    """The network of a readable address: itself in IPv4, its /64 in IPv6."""
    found = _readable(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found), ONE_SUBSCRIBER), strict=False))
    return str(found)


def _readable(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
