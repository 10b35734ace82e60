"""Who a client is: its network address, as the peer of the connection or as our own proxies saw it.

The result groups requests; it is neither logged nor shown. An address in X-Forwarded-For counts only where one of ours
has written it: `proxies` of them stand in front, so the entry is counted from the right, and what a client wrote itself
stands further left. With fewer entries or with one that is no address, the peer is the client: all such requests share.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_LONGEST = 64
"""Characters of an address with zone, brackets and port; what is longer is none."""
_SHARED_BITS = 64
"""Of IPv6: one customer has at least so many bits to choose addresses from (RFC 6177, RFC 4291 2.5.4)."""


def client_of(environ: WSGIEnvironment, proxies: int) -> str:
    """The client of a request, behind `proxies` trusted proxies."""
    peer: str = environ.get("REMOTE_ADDR", "")
    if proxies > 0:
        entries = environ.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", proxies)[-proxies:]
        if len(entries) == proxies:
            return network_of(entries[0].strip(" \t")) or network_of(peer) or peer
    return network_of(peer) or peer


@lru_cache(maxsize=1024)
def network_of(text: str) -> str:
    """The IPv4 address or the IPv6 network of 64 bits that an address, with or without a port, is of; else ""."""
    if len(text) > _LONGEST:
        return ""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    shared = 128 - _SHARED_BITS
    return f"{IPv6Address(int(address) >> shared << shared)}/{_SHARED_BITS}"
