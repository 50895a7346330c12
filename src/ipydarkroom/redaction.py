"""What may be shown or kept of an input: links without their secrets, files as name and hash.

The query of a signed link opens somebody's storage, so it is a secret like a token. It is cut wherever inputs are
written into a file or shown; what is sent keeps it. Pure, and used by every surface that repeats inputs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

__all__ = ["masked", "masked_text", "stamp"]

_LINK = re.compile(
    r"""(?P<scheme>\b[a-z][a-z0-9+.-]{0,20}://)
    (?P<user>[^\s/?#@"'<>]*@)?
    (?P<path>[^\s?\#"'<>]*)
    (?P<rest>[?\#][^\s"'<>]*)?""",
    re.IGNORECASE | re.VERBOSE,
)
_DATA = re.compile(
    r"data:(?:(?P<mime>[\w.+-]{1,80}/[\w.+-]{1,80})|(?=;base64))(?P<parameters>[^,\s]{0,200}),(?P<body>\S*)",
    re.IGNORECASE,
)


def masked_text(text: str) -> str:
    """Return the text with each link's query, fragment and user name cut: `https://a.example/x.png?…`.

    A data URI inside the text becomes its MIME type and hash.
    """
    short = _DATA.sub(_short_data, text)
    return _LINK.sub(_short_link, short) if "://" in short else short


def masked(value: object) -> object:
    """Return a JSON value with every string masked; a string that is one data URI becomes its stamp."""
    match value:
        case str():
            return _data_stamp(value) or masked_text(value)
        case Mapping():
            return {str(name): masked(inner) for name, inner in value.items()}
        case list() | tuple():
            return [masked(inner) for inner in value]
        case _:
            return value


def stamp(data: bytes, name: str) -> dict[str, object]:
    """Return what stands for a file where its bytes do not belong: `{"$file": name, "sha256": hex, "size": bytes}`."""
    return {"$file": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def _data_stamp(value: str) -> dict[str, object] | None:
    found = _DATA.fullmatch(value.strip())
    return stamp(_decoded(found), found["mime"] or "text/plain") if found else None


def _short_data(found: re.Match[str]) -> str:
    data = _decoded(found)
    return f"data:{found['mime'] or ''}…(sha256 {hashlib.sha256(data).hexdigest()[:12]}, {len(data)} bytes)"


def _decoded(found: re.Match[str]) -> bytes:
    if "base64" not in found["parameters"].lower():
        return unquote_to_bytes(found["body"])
    try:
        return base64.b64decode(found["body"], validate=False)
    except binascii.Error:  # not base64 after all; its own text still identifies it
        return found["body"].encode()


def _short_link(found: re.Match[str]) -> str:
    user = "…@" if found["user"] else ""
    rest = f"{found['rest'][0]}…" if len(found["rest"] or "") > 1 else found["rest"] or ""
    return f"{found['scheme']}{user}{found['path']}{rest}"
