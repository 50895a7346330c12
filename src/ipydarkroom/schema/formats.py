"""Does a text have the form that `format` names? Only the formats that pass every case of the public test suite.

Each is written from its own standard. What is not listed here is not judged, links to files included: those are
`links`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import AddressValueError, IPv6Address

from .patterns import is_pattern

__all__ = ["FORMATS", "KNOWN_FORMATS", "fits_format"]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))")
_DURATION = re.compile(
    r"P(?=[0-9T])(?:[0-9]+W|(?:[0-9]+D|[0-9]+M(?:[0-9]+D)?|[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?)?"
    r"(?:T(?=[0-9])(?:[0-9]+S|[0-9]+M(?:[0-9]+S)?|[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?))?)"
)
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_RELATIVE = re.compile(r"(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LOCAL = re.compile(rf'(?:{_ATEXT}+(?:\.{_ATEXT}+)*|"(?:[ !#-\[\]-~]|\\[ -~])*")')
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_PCT = r"%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|{_PCT})"
_URI = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):"
    rf"(?P<rest>//(?P<authority>[^/?#]*)(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|{_PCHAR}+(?:/{_PCHAR}*)*|)"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?"
)
_AUTHORITY = re.compile(
    rf"(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|{_PCT})*@)?"
    rf"(?:\[(?P<literal>[^\]]*)\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|{_PCT})*)(?::[0-9]*)?"
)
_FUTURE = re.compile(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+")


def fits_format(name: str, text: str) -> bool | None:
    """Whether a text has the form of that format; None for a format that is not judged here."""
    judge = FORMATS.get(name)
    return None if judge is None else judge(text)


def _is_date(text: str) -> bool:
    """RFC 3339, full-date: a day there is."""
    if not _DATE.fullmatch(text):
        return False
    year, month, day = map(int, text.split("-"))
    try:
        date(year or 4, month, day)  # Python knows no year 0; it was a leap year, as 4 was
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    """RFC 3339, full-time: with its zone. A leap second is one at midnight UTC only."""
    found = _TIME.fullmatch(text)
    if not found:
        return False
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    zone = int(found[5] or 0), int(found[6] or 0)
    if hour > 23 or minute > 59 or second > 60 or zone[0] > 23 or zone[1] > 59:
        return False
    if second < 60:
        return True
    ahead = (zone[0] * 60 + zone[1]) * (-1 if found[4] == "-" else 1)
    return (hour * 60 + minute - ahead) % 1440 == 1439


def _is_date_time(text: str) -> bool:
    return len(text) > 11 and text[10] in "Tt" and _is_date(text[:10]) and _is_time(text[11:])


def _is_email(text: str) -> bool:
    """RFC 5321, Mailbox: ASCII only."""
    local, at, domain = text.rpartition("@")
    if not at or not text.isascii() or not _LOCAL.fullmatch(local):
        return False
    if domain.startswith("["):
        literal = domain[1:-1] if domain.endswith("]") else ""
        return bool(_IPV4.fullmatch(literal)) or (literal[:5].lower() == "ipv6:" and _is_ipv6(literal[5:]))
    return all(_LABEL.fullmatch(label) for label in domain.split("."))


def _is_ipv6(text: str) -> bool:
    """RFC 4291, without a zone."""
    if "%" in text or "/" in text or not text.isascii():
        return False
    try:
        IPv6Address(text)
    except (AddressValueError, ValueError):
        return False
    return True


def _is_uri(text: str) -> bool:
    """RFC 3986: with a scheme, ASCII only."""
    found = _URI.fullmatch(text)
    if not found:
        return False
    authority = found["authority"]
    if authority is None:
        return True
    parts = _AUTHORITY.fullmatch(authority)
    if not parts:
        return False
    literal = parts["literal"]
    return literal is None or _is_ipv6(literal) or _FUTURE.fullmatch(literal) is not None


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date": _is_date, "time": _is_time, "date-time": _is_date_time, "email": _is_email, "ipv6": _is_ipv6, "uri": _is_uri,
    "regex": is_pattern,
    "duration": lambda text: _DURATION.fullmatch(text) is not None,
    "ipv4": lambda text: _IPV4.fullmatch(text) is not None,
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
    "json-pointer": lambda text: _POINTER.fullmatch(text) is not None,
    "relative-json-pointer": lambda text: _RELATIVE.fullmatch(text) is not None,
}  # fmt: skip
"""The formats that are judged."""

KNOWN_FORMATS = frozenset({
    *FORMATS, "hostname", "idn-email", "idn-hostname", "iri", "iri-reference", "uri-reference", "uri-template", "password", "byte",
    "binary", "int32", "int64", "float", "double", "color", "textarea",
})  # fmt: skip
"""Those that mean something to somebody: JSON Schema's, OpenAPI's, and what forms are told."""
