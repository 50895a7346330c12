"""What may be shown or kept of an input: links without their secrets, files as name and hash.

The query of a signed link opens somebody's storage, so it is a secret like a token. It is cut wherever inputs are
written into a file or shown; what is sent keeps it. Used by every surface that repeats inputs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import unquote_to_bytes

from .fields import Pointer, placed
from .tokens import without_tokens

__all__ = ["Veiled", "holds_mask", "holds_stamp", "masked", "masked_text", "quiet", "stamp"]

_LINK = re.compile(
    r"""(?P<scheme>\b[a-z][a-z0-9+.-]{0,20}://)
    (?P<user>[^\s/?#@"'<>]*@)?
    (?P<path>[^\s?\#"'<>]*)
    (?P<rest>[?\#][^\s"'<>]*)?""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"""[^\s"'<>]+""")
_QUOTED = "%3a%2f%2f"  # a link inside another link's query, as servers quote it
# The signing parameters of the big stores, by themselves, as in "X-Amz-Signature=… does not match". Plain words such
# as "signature" count only before a value that no sentence has.
_SIGNED = re.compile(
    r"""\b(?P<name>x-(?:amz|goog|oss|cos|obs|ms|tos)-[a-z-]{1,40}["']?(?:\s?[=:]\s?["']?|%3d)
    |(?:awsaccesskeyid|ossaccesskeyid|googleaccessid|key-pair-id|q-signature|q-ak)(?:=|%3d)
    |(?:signature|policy|sig|token)(?:=|%3d)(?=[\w%+/.~-]{16}))
    [^\s&"'<>,;)]+""",
    re.IGNORECASE | re.VERBOSE,
)
_CUT = re.compile(  # as the functions below leave it: a link's user name, query or fragment, a data address, a signature
    r"""://…@|://[^\s"'<>]*[?#]…|%3f…|data:[\w.+/-]*…\(sha256\ |(?:x-[a-z]+-[a-z-]+|id|ak|signature|policy|sig|token)["']?(?:\s?[=:]\s?["']?|%3d)…""",
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
    if ":" not in text and "=" not in text and "%" not in text:  # most texts there are, a hundred thousand in a journal
        return text
    short = _DATA.sub(_short_data, text)
    if "://" in short:
        short = _LINK.sub(_short_link, short)
    if _QUOTED in short.lower():
        short = _WORD.sub(_short_quoted, short)
    return _SIGNED.sub(r"\g<name>…", short)


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


class Veiled(dict[str, object]):
    """Inputs as they were given, that show themselves masked: what stands in a cell's output is saved and shared.

    Args:
        values: The inputs.
        secrets: Asked for the places of secrets when they are shown; without it, only links and data are masked.
    """

    __slots__ = ("_secrets",)

    def __init__(
        self,
        values: Mapping[str, object] | None = None,
        secrets: Callable[[Mapping[str, object]], Iterable[Pointer]] | None = None,
    ) -> None:
        super().__init__(values or {})
        self._secrets = secrets

    def __repr__(self) -> str:
        shown = masked(self)
        for place in () if self._secrets is None else self._secrets(self):
            shown = placed(shown, place, "…")
        return repr(shown)

    def copy(self) -> Veiled:
        """The same once more, as veiled."""
        return Veiled(self, self._secrets)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Veiled:
        return Veiled(deepcopy(dict(self), memo), self._secrets)

    def __or__(self, other: Mapping[str, object]) -> Veiled:  # type: ignore[override]  # a veiled one, and no plain dict
        return Veiled({**self, **other}, self._secrets)

    def __reduce__(self) -> tuple[object, ...]:
        return Veiled, (dict(self),)


def quiet(logger: logging.Logger) -> None:
    """Mask everything this logger says, tokens too: its sentence, its arguments, the text of an error. Twice is once."""
    logger.addFilter(_veil)


def _veil(record: logging.LogRecord) -> bool:
    try:
        said = record.getMessage()
    except (TypeError, ValueError):  # arguments that do not fit; logging reports that itself
        return True
    if (short := without_tokens(masked_text(said))) != said:
        record.msg, record.args = short, ()
    if record.exc_info and not record.exc_text:
        record.exc_text = without_tokens(masked_text(_FORMAT.formatException(record.exc_info)))
    return True


_FORMAT = logging.Formatter()


def stamp(data: bytes, name: str) -> dict[str, object]:
    """Return what stands for a file where its bytes do not belong: `{"$file": name, "sha256": hex, "size": bytes}`."""
    return {"$file": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def holds_stamp(value: object) -> bool:
    """Whether a stamp stands anywhere in a value, so that a file would be needed to send it again."""
    if isinstance(value, Mapping):
        return "$file" in value or any(map(holds_stamp, value.values()))
    return isinstance(value, list) and any(map(holds_stamp, value))


def holds_mask(value: object) -> bool:
    """Whether something was cut anywhere in a value, so that it is not what was sent any more."""
    if isinstance(value, Mapping):
        return any(map(holds_mask, value.values()))
    if isinstance(value, list | tuple):
        return any(map(holds_mask, value))
    return isinstance(value, str) and "…" in value and bool(_CUT.search(value))


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


def _short_quoted(found: re.Match[str]) -> str:
    word = found[0]
    start = word.lower().find(_QUOTED)
    end = word.lower().find("%3f", start) if start >= 0 else -1
    return word if end < 0 else f"{word[: end + 3]}…"
