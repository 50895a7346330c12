"""Which addresses belong to the public internet, and which host names are addresses in disguise. Pure: nothing is looked up.

The lists are the IANA registries of special-purpose addresses (RFC 6890 and its updates), written out, since what
`ipaddress.is_global` answers has changed between releases of Python.
"""

from __future__ import annotations

import re
import socket
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

__all__ = ["LOOPBACK", "is_public", "literal"]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names of this very machine that are taken for it; no name is looked up."""

_NOT_PUBLIC_4 = tuple(map(IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
    "168.63.129.16/32",  # a cloud's metadata service on an address that looks public
)))
_UNICAST_6 = IPv6Network("2000::/3")  # nothing else is handed out; NAT64, local, link-local and multicast lie outside
_NOT_PUBLIC_6 = tuple(map(IPv6Network, (
    "2001::/23",  # protocol assignments, Teredo among them
    "2001:db8::/32", "3fff::/20",  # documentation
    "2002::/16",  # 6to4: an IPv4 address inside, any one
)))
_NUMBERS = re.compile(r"[0-9a-fx.]+\Z", re.IGNORECASE)  # what inet_aton may read: 2130706433, 0x7f.1, 0177.0.0.1


def is_public(address: str) -> bool:
    """Return whether an IP address is one that anybody on the internet could mean.

    False for private, loopback, link-local, multicast, reserved and documentation addresses, for NAT64, 6to4 and
    Teredo (an IPv4 address may hide in them), for clouds' metadata services, for an address with a zone, and for what
    is no address. An IPv4-mapped IPv6 address is judged by the IPv4 address inside.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None and ip.scope_id is None:
            return is_public(str(ip.ipv4_mapped))
        return ip.scope_id is None and ip in _UNICAST_6 and not any(ip in network for network in _NOT_PUBLIC_6)
    return not any(ip in network for network in _NOT_PUBLIC_4)


def literal(host: str) -> str | None:
    """Return the address a host name spells out, in the usual notation, or None where it is a name to be resolved.

    Decimal, hexadecimal, octal and shortened forms (`2130706433`, `0x7f.1`, `127.1`) are read as the C library reads
    them. `localhost` and names under it stand for loopback without being asked (RFC 6761).
    """
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return "127.0.0.1"
    try:
        return str(ip_address(name.replace("%25", "%")))
    except (ValueError, AddressValueError):
        pass
    if not _NUMBERS.match(name):
        return None
    try:
        return str(IPv4Address(socket.inet_aton(name)))
    except OSError:
        return None
