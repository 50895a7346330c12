"""The frozen values that cross the border to a provider: a Call out, a Reply back, files in both directions.

Nothing here sends anything. `providers/` builds and reads these, `transport` carries them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .errors import Unreadable
from .redaction import masked_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Blob", "Call", "Output", "Reply", "media_of", "strict_json"]

Media = Literal["image", "video", "audio", "file"]

_ENDINGS: dict[str, Media] = {
    **dict.fromkeys(("png", "jpg", "jpeg", "webp", "gif", "avif"), "image"),
    **dict.fromkeys(("mp4", "webm", "mov"), "video"),
    **dict.fromkeys(("mp3", "wav", "flac", "ogg", "m4a"), "audio"),
}


def media_of(address: str) -> Media:
    """Guess what a link leads to by its ending; `file` when the ending says nothing. The bytes decide later."""
    path = address.split("?", 1)[0].split("#", 1)[0]
    return _ENDINGS.get(path.rpartition(".")[2].lower(), "file")


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in memory: its bytes (never shown in a repr), a name without folders, and a MIME type."""

    data: bytes = field(repr=False)
    name: str
    mime: str

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request in the provider's own words, without address and without credentials.

    `host` names one of the provider's hosts (`"api"`, `"upload"`); the route says where that is.
    `body` is sent as JSON. With `upload`, the request is multipart: `form` fields and the file under `file`.
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: object = field(default=None, repr=False)
    host: str = "api"
    upload: Blob | None = None
    form: tuple[tuple[str, str], ...] = ()

    @property
    def safe(self) -> bool:
        """True when asking twice changes and costs nothing."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the HTTP status, headers with lower-case names, and the whole body (already capped)."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> object:
        """Return the body as JSON, read by `strict_json`.

        Raises:
            Unreadable: The body is not JSON, for example a login page answered with 200.
        """
        try:
            return strict_json(self.body.decode("utf-8-sig"))
        except ValueError as error:
            text = self.body[:500].decode("utf-8", "replace")
            raise Unreadable(
                f"The answer (HTTP {self.status}) is not JSON.",
                next_step="A proxy or login page may stand between you and the provider.",
                raw=masked_text(text),
            ) from error

    def document(self) -> dict[str, object]:
        """Return the body as a JSON object.

        Raises:
            Unreadable: The body is not a JSON object.
        """
        found = self.json()
        if isinstance(found, dict):
            return found
        raise Unreadable(f"The answer (HTTP {self.status}) is not a JSON object.", raw=masked_text(repr(found)))


def strict_json(text: str) -> object:
    """Read JSON strictly, since two readers of an unclear answer would see two different jobs.

    Half a character (a server that cut a sentence by UTF-16 units) becomes U+FFFD: a journal cannot hold it.

    Raises:
        ValueError: Not JSON; or a key stands twice, there is NaN, a whole number has more than 40 digits, or values are
            nested deeper than 100.
    """
    if text.count("[") + text.count("{") > _DEEPEST and _is_deep(text):
        raise ValueError("nested too deeply")
    found = json.loads(text, parse_constant=_refuse, parse_int=_whole, object_pairs_hook=_once)
    return _mended(found) if _HALF.search(text) else found


_DEEPEST = 100  # readers walk through answers by recursion
_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # an escape that may be half of a character
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_MOST_DIGITS = 40


def _is_deep(text: str) -> bool:
    """Whether brackets are nested too deeply; those inside of strings (a prompt that is echoed) do not count."""
    depth = 0
    for found in _BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > _DEEPEST:
            return True
    return False


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("a whole number beyond all measure")
    return int(digits)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _mended(found: object) -> object:
    match found:
        case str():
            return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case list():
            return [_mended(item) for item in found]
        case dict():
            return {str(_mended(name)): _mended(value) for name, value in found.items()}
    return found


@dataclass(frozen=True, slots=True)
class Output:
    """One result file as the provider names it: a link that will expire, and what kind of file it is said to be."""

    url: str = field(repr=False)  # its query may be a secret
    media: Media = "file"
