"""May this link be given to a server to fetch? Public https only; the answer is a code, not a sentence.

Documented by RunComfy (hosted files: public HTTPS, no login) and Kie (upload first, then a link). A private address
would make somebody's server knock at doors behind its own wall.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

__all__ = ["judge_link"]

_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|[0-9]+")
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain", "arpa")


def judge_link(link: str) -> str | None:
    """The code of what is wrong with a link (`link_invalid`, `link_scheme`, `link_private`, `link_login`), or None.

    A data URI is taken as it is: it is no link to anywhere.
    """
    text = link.strip()
    if text[:5].lower() == "data:":
        return None if "," in text else "link_invalid"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port
    except ValueError:
        return "link_invalid"
    if parts.scheme.lower() != "https":
        return "link_scheme" if parts.scheme else "link_invalid"
    if not host or re.search(r"[\s\\]", text):
        return "link_invalid"
    if parts.username is not None or parts.password is not None:
        return "link_login"
    return "link_private" if _private(host.lower()) else None


def _private(host: str) -> bool:
    address = _address(host)
    if address is not None:
        return not _public(address)
    return "." not in host or host.rsplit(".", 1)[1] in _LOCAL_NAMES


def _public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return _public(inner)
        if address in ipaddress.ip_network("64:ff9b::/96"):  # NAT64 carries an IPv4 address in its last 32 bits
            return _public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address a host spells, also in the decimal, hexadecimal, octal and short forms that resolvers take."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        parts = host.split(".")
    if not 1 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    numbers = [_number(part) for part in parts]
    *heads, last = numbers
    if any(head > 255 for head in heads) or last >= 256 ** (5 - len(parts)):
        return None
    value = sum(head << (8 * (3 - place)) for place, head in enumerate(heads)) + last
    return ipaddress.IPv4Address(value)


def _number(part: str) -> int:
    if part[:2].lower() == "0x":
        return int(part, 16)
    return int(part, 8) if len(part) > 1 and part[0] == "0" and set(part) <= set("01234567") else int(part)
