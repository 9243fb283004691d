"""Where a request comes from, for throttling log-ins and what costs."""

from django.conf import settings
from django.http import HttpRequest

from tripartite.limits import network_of, readable_address


def client_address(request: HttpRequest, proxies: int | None = None) -> str:
    """The address of whoever asks, as the outermost trusted proxy saw it.

    Each proxy adds on the right of X-Forwarded-For the address that it saw; with `proxies` trusted ones (default: the
    setting), the one that counts stands that many places from the right. What is further left anyone may write, and
    is never believed. Without a readable address there, it is that of the connection.
    """
    trusted: int = settings.CONFIG.proxies if proxies is None else proxies
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    candidate = seen[-trusted].strip() if 0 < trusted <= len(seen) else ""
    found = readable_address(candidate) or readable_address(request.META.get("REMOTE_ADDR", ""))
    return str(found) if found else "127.0.0.1"


def client_network(request: HttpRequest) -> str:
    """What counts as one: an IPv4 address, or the /64 of an IPv6 address."""
    return network_of(client_address(request))
