"""The picture a job starts from: read from the inputs, and judged by its own bytes.

It may be given as a data URI, as a link to an upload of ours, or as a link to another machine. The last is never
fetched: nothing here opens a connection. A drawn stand-in takes its place, and the job's note says so.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..fields import Problem
from ..images import MAX_PIXELS
from ..kinds import sniff
from ..schema import check
from .orders import picture_field, read_prompt
from .sizes import read_size
from .standin import stand_in

if TYPE_CHECKING:
    from ..fields import Field, Pointer, Values
    from ..models import Model
    from .painters import Order
    from .shelf import Shelf, Shelved

__all__ = ["Source", "judge", "read_source"]

_REFUSED = frozenset({"not_together"})  # advice to a form, which leaves one of the two out; here both have arrived
_UNREACHED = "The given picture could not be fetched here, so a drawn stand-in was used."
_EMPTY = "No picture was given, so a drawn stand-in was used."


@dataclass(frozen=True, slots=True)
class Source:
    """Where the first picture comes from: bytes, a file on the shelf, or an order for a stand-in (with a note).

    `own` marks a file that belongs to one job and goes with it.
    """

    data: bytes = b""
    upload: Shelved | None = None
    drawn: Order | None = None
    note: str = ""
    own: bool = False


def read_source(model: Model, inputs: Values, shelf: Shelf) -> Source | None:
    """Return the source picture of a job, or None when the model takes none or none is given.

    Raises:
        ValueError: A data URI that cannot be read; `judge` would have refused it.
    """
    field = picture_field(model)
    link = None if field is None else _link(inputs.get(field.name))
    if field is None or link is None or (not link and not field.required):
        return None
    if _is_data(link):
        return Source(data=_decoded(link))
    if upload := shelf.at(link):
        return Source(upload=upload)
    return Source(drawn=stand_in(link), note=_UNREACHED if link else _EMPTY)


def judge(model: Model, inputs: Values, shelf: Shelf) -> tuple[Problem, ...]:
    """Return what is wrong with the inputs: what the schema says, and what only a server can know.

    The server's own knowledge: a picture's real type and size, and how large a picture this backend paints. A link to
    our own shelf is fine although it is no https link, and an empty picture becomes a stand-in.
    """
    field = picture_field(model)
    link = None if field is None else _link(inputs.get(field.name))
    rules = [rule for rule in model.rules if rule.kind != "only_when"]  # what does not count is still read by a server
    found = [problem for problem in check(model.root, rules, inputs) if problem.blocking or problem.code in _REFUSED]
    found = [problem for problem in found if not (problem.code.startswith("link_") and shelf.owns(_at(inputs, problem.pointer)))]
    if field is not None and link is not None and (not link or shelf.owns(link)):
        found = [problem for problem in found if problem.pointer[:1] != field.pointer]
    if field is not None and link and not found:
        found += _picture_problems(field, link, shelf)
    return tuple(found or _size_problems(model, inputs))


def _at(inputs: object, pointer: Pointer) -> str:
    """The text at a place of the inputs; empty where there is none."""
    for step in pointer:
        try:
            inputs = inputs[step]  # type: ignore[index]  # what has no places says so
        except (LookupError, TypeError):
            return ""
    return inputs if isinstance(inputs, str) else ""


def _link(value: object) -> str | None:
    """The first link of a field, which may be a list of them."""
    if isinstance(value, list | tuple):
        value = next(iter(value), None)
    return value.strip() if isinstance(value, str) else None


def _is_data(link: str) -> bool:
    return link[:5].lower() == "data:"


def _decoded(link: str) -> bytes:
    """The bytes of a data URI (RFC 2397) in base64, the only encoding pictures come in.

    Raises:
        ValueError: No base64 data URI.
    """
    head, comma, body = link.partition(",")
    if not comma or not head.lower().endswith(";base64"):
        raise ValueError("not a base64 data URI")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ValueError("the base64 text of the data URI is broken") from error


def _picture_problems(field: Field, link: str, shelf: Shelf) -> list[Problem]:
    """Judge a picture we hold by its bytes; one that we cannot see is not judged."""
    upload = shelf.at(link)
    if not _is_data(link) and upload is None:
        return []
    try:
        data = b"" if upload else _decoded(link)
    except ValueError as error:
        return [Problem(field.pointer, "picture", {"reason": str(error)})]
    kind = sniff(data) if upload is None else None
    mime = upload.mime if upload else kind.mime if kind else ""
    return _limit_problems(field, mime, upload.size if upload else len(data))


def _limit_problems(field: Field, mime: str, size: int) -> list[Problem]:
    media = field.media or (field.items.media if field.items else None)
    if not mime.startswith("image/"):
        return [Problem(field.pointer, "picture", {"reason": "the bytes are not a picture"})]
    if media and media.mimes and mime not in media.mimes:
        return [Problem(field.pointer, "picture", {"reason": f"{mime} is not one of {', '.join(media.mimes)}"})]
    if media and media.max_bytes and size > media.max_bytes:
        return [Problem(field.pointer, "picture", {"reason": f"{size} bytes is above the limit of {media.max_bytes}"})]
    return []


def _size_problems(model: Model, inputs: Values) -> list[Problem]:
    width, height = read_size(model, inputs, read_prompt(model, inputs))
    if width * height <= MAX_PIXELS:
        return []
    reason = f"{width} x {height} is more than the {MAX_PIXELS // 10**6} megapixels this backend paints"
    return [Problem((), "size", {"reason": reason})]
