"""May this link be given to a server to fetch, and until when? Public https only; the answer is a code, not a sentence.

Documented by RunComfy (hosted files: public HTTPS, no login) and Kie (upload first, then a link). A private address
would make somebody's server knock at doors behind its own wall. Only the link itself is judged: no name is looked up,
so a public name that points at a private address passes here.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

__all__ = ["expiry_of", "has_scheme", "judge_link"]

Address: TypeAlias = IPv4Address | IPv6Address

_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]+:")  # two letters at least: `C:` is a drive
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_LOCAL_NAMES = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain", "arpa"})
_V4_IN_LAST_32 = (ip_network("::/96"), ip_network("64:ff9b::/96"))  # IPv4-compatible (RFC 4291), NAT64 (RFC 6052)


def has_scheme(text: str) -> bool:
    """Whether a text is a link of any kind rather than the name of a file."""
    return _SCHEME.match(text) is not None


def judge_link(link: str) -> str | None:
    """The code of what is wrong with a link (`link_invalid`, `link_scheme`, `link_private`, `link_login`), or None.

    A data URI is taken as it is: it is no link to anywhere.
    """
    text = link.strip()
    if text[:5].lower() == "data:":
        return None if "," in text else "link_invalid"
    try:
        parts = urlsplit(text)
        # The codec does to full-width digits, odd dots and invisible letters what a resolver's caller would do.
        host = (parts.hostname or "").encode("idna").decode().lower().rstrip(".")
        _ = parts.port  # reading it is what checks it
    except ValueError:
        return "link_invalid"
    if parts.scheme != "https":
        return "link_scheme" if parts.scheme else "link_invalid"
    if not host or "%" in host.partition(":")[0] or _FORBIDDEN.search(text):
        return "link_invalid"
    if parts.username is not None or parts.password is not None:
        return "link_login"
    return _judge_host(host)


def expiry_of(link: str) -> datetime | None:
    """When a signed link stops working, as far as its own words tell; None where they do not.

    Read are `X-Amz-Date` with `X-Amz-Expires` (S3 and what speaks like it), `X-Goog-Date` with `X-Goog-Expires` (Google Cloud Storage),
    `Expires` in seconds since 1970 (CloudFront, older S3 and GCS) and `se` (Azure's shared access signatures).
    """
    try:
        asked = {name.lower(): value for name, value in parse_qsl(urlsplit(link.strip()).query)}
        for maker in ("x-amz", "x-goog"):
            if f"{maker}-date" in asked and f"{maker}-expires" in asked:
                signed = datetime.strptime(asked[f"{maker}-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
                return signed + timedelta(seconds=int(asked[f"{maker}-expires"]))
        if "signature" in asked and "expires" in asked:
            return datetime.fromtimestamp(int(asked["expires"]), UTC)
        if "sig" in asked and "se" in asked:
            ends = datetime.fromisoformat(asked["se"])
            return ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):  # numbers and dates as anybody may have written them
        return None
    return None


def _judge_host(host: str) -> str | None:
    address = _address(host)
    if address is not None:
        return None if _is_public(address) else "link_private"
    last = host.rpartition(".")[2]
    if "." not in host or last in _LOCAL_NAMES:
        return "link_private"
    return "link_invalid" if _NUMBER.fullmatch(last) else None  # no name ends in a number (WHATWG URL, section 3.5)


def _is_public(address: Address) -> bool:
    """Whether an address is on the open internet; the IPv4 address inside an IPv6 one is what counts."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and any(address in network for network in _V4_IN_LAST_32):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast


def _address(host: str) -> Address | None:
    """The address a host spells, also in the decimal, hexadecimal, octal and short forms that resolvers take."""
    try:
        return ip_address(host)
    except ValueError:
        parts = host.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    *heads, last = (_number(part) for part in parts)
    if any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        return None
    return IPv4Address(sum(head << (8 * (3 - place)) for place, head in enumerate(heads)) + last)


def _number(part: str) -> int:
    if part[:2] == "0x":
        return int(part[2:] or "0", 16)
    octal = len(part) > 1 and part[0] == "0" and not set(part) & {"8", "9"}
    return int(part, 8) if octal else int(part)
