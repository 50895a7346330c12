"""Takes in what a person gives where a model wants a link to a file: a path, bytes, a Pillow image, an open file.

The result is a Blob ready to travel, or the link itself, untouched, for the schema's checker to judge. Limits that
block are checked here; nothing is made smaller, converted or dropped without being asked: `shrink` is the asking.
"""

from __future__ import annotations

import io
import logging
import os
import re
import unicodedata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

from . import redaction
from .errors import InputError, Unreadable
from .fields import Measure, Media, Pointer, Problem
from .files import CAP_BYTES
from .images import decode, encode, is_image, measure, plain, upright
from .kinds import KINDS, Kind, sniff
from .markup import data_uri as _data_uri
from .thumbnails import fitted
from .wire import Blob

if TYPE_CHECKING:
    from PIL import Image

__all__ = [
    "DATA_URI_BYTES", "Given", "Readable", "advice", "blob_stamp", "data_uri", "read_file", "shrink", "size_text",
]

DATA_URI_BYTES = 6 * 2**20
"""The largest file that travels inside the inputs; RunComfy's own client caps a PNG there."""

_LINK = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]+:")  # two letters at least: `C:` is a drive
_ALIASES = {"image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg", "audio/x-wav": "audio/wav", "audio/wave": "audio/wav"}
_LONGEST_PX = 8192  # a JPEG photo above the pixel limit is unpacked at half its size rather than refused
_log = logging.getLogger(__name__)


@runtime_checkable
class Readable(Protocol):
    """An open file or anything that reads like one; it must give bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes."""


Given: TypeAlias = "str | os.PathLike[str] | bytes | bytearray | memoryview | Blob | Readable | Image.Image"
"""What may stand for a file."""


def read_file(value: Given, media: Media, *, pointer: Pointer = ()) -> Blob | str:
    """Return the file as a Blob whose type is told by its bytes, or the string itself where it is a link or empty.

    Args:
        value: A string with a scheme (`https:`, `data:`, ...) is a link. Any other string, or a path, names a file;
            `~` is understood. A Pillow image becomes a JPEG if it was read from one, else a PNG. An open file is read
            from its beginning where it can be rewound.
        media: What the field takes. `max_bytes`, `mimes` and the `measures` of a picture block; `advised_bytes` does not, see
            `advice`.
        pointer: The field, for the problem inside the error.

    Raises:
        InputError: No such file, not readable, empty, of a type or with measures that are not taken, or too large. Nothing was
            sent.
    """
    take = _Intake(media, pointer)
    match value:
        case str() if not value.strip() or _LINK.match(value):
            return value
        case str() | os.PathLike():
            return take.path(os.fspath(value))
        case bytes() | bytearray() | memoryview():
            return take.data(bytes(value), "")
        case Blob():
            return take.data(value.data, value.name)
        case Readable() if not is_image(value):
            return take.file(value)
        case _ if is_image(value):
            return take.image(value)
        case _:
            name = type(value).__name__
            raise take.refusal("file_type", f"A {name} does not stand for a file.", type=name)


def advice(blob: Blob, media: Media, *, pointer: Pointer = ()) -> tuple[Problem, ...]:
    """Return what is unwise about a file without being forbidden: so far, that it is larger than advised."""
    if media.advised_bytes is None or blob.size <= media.advised_bytes:
        return ()
    params = {"size": size_text(blob.size), "limit": size_text(media.advised_bytes)}
    return (Problem(pointer, "file_advised", params, blocking=False),)


def data_uri(blob: Blob, limit: int = DATA_URI_BYTES, *, pointer: Pointer = ()) -> str:
    """Return the file as a `data:` link that carries it inside the inputs.

    Raises:
        InputError: The file is longer than `limit` bytes. It is never made smaller silently.
    """
    if blob.size > limit:
        raise _Intake(Media(_media_of(blob)), pointer).too_large(blob.name, blob.size, limit, "file_inline")
    return _data_uri(blob.data, blob.mime)


def shrink(value: Given, *, max_bytes: int, mime: str | None = None) -> Blob:
    """Return the picture as a file of at most `max_bytes`: first at lower quality, then at smaller size.

    A picture that fits already comes back as it is. A changed one is upright, has no metadata, and its name says what
    became of it, `photo-2048x1365.jpg`; the log (level INFO) has the numbers. Only the first frame is kept.

    Args:
        value: As for `read_file`, except links.
        max_bytes: The most bytes the file may have.
        mime: `image/jpeg` or `image/webp`; by default WebP where something is transparent, else JPEG.

    Raises:
        InputError: A link, not a picture, a broken one, or a limit that no picture meets.
    """
    found = read_file(value, Media("image"))
    if isinstance(found, str):
        raise InputError("Only a file can be made smaller, not a link.", key="error.shrink_link")
    if found.size <= max_bytes and mime in (None, found.mime):
        return found
    try:
        image = plain(upright(decode(found.data, longest=_LONGEST_PX)))
        target = mime or ("image/webp" if image.mode == "RGBA" else "image/jpeg")
        data, (width, height) = fitted(image, target, max_bytes=max_bytes)
    except (Unreadable, ValueError) as error:
        message = f"{found.name!r} cannot be made smaller: {error}."
        raise InputError(message, key="error.shrink", reason=str(error)) from error
    ending = next(kind.ending for kind in KINDS if kind.mime == target)
    made = Blob(data, f"{PurePosixPath(found.name).stem}-{width}x{height}.{ending}", target)
    _log.info("%s: %s became %s, %s", found.name, size_text(found.size), made.name, size_text(made.size))
    return made


def blob_stamp(blob: Blob) -> dict[str, object]:
    """Return what the journal keeps in place of the file: `{"$file": name, "sha256": hex, "size": bytes}`."""
    return redaction.stamp(blob.data, blob.name)


def size_text(size: int) -> str:
    """Return a number of bytes for people, in the decimal units that a panel writes: `812 bytes`, `5.9 kB`, `6.3 MB`."""
    if size < 1000:
        return f"{size} bytes"
    unit, name = next(((scale, name) for scale, name in ((10**9, "GB"), (10**6, "MB")) if size >= scale), (1000, "kB"))
    return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"


class _Intake:
    """One reading: what is allowed, and which field a refusal is about."""

    def __init__(self, media: Media, pointer: Pointer) -> None:
        self.media = media
        self.pointer = pointer
        self.most = CAP_BYTES["file"] if media.max_bytes is None else media.max_bytes

    def path(self, value: str) -> Blob:
        shown = _short_path(value)
        try:
            path = Path(value).expanduser()
            if not path.is_file():
                raise self.missing(shown, is_folder=path.is_dir())
            if (size := path.stat().st_size) > self.most:
                raise self.too_large(path.name, size, self.most)
            return self.data(path.read_bytes(), path.name)
        except (OSError, RuntimeError, ValueError) as error:  # no permission; no home for `~`; a NUL or 300 letters
            reason = getattr(error, "strerror", None) or str(error)  # without the path, which may be endless
            message = f"{shown!r} cannot be read: {reason}."
            raise self.refusal("file_unreadable", message, path=shown, reason=reason) from error

    def file(self, file: Readable) -> Blob:
        if isinstance(file, io.IOBase) and file.seekable():
            file.seek(0)
        data: object = file.read(self.most + 1)
        if not isinstance(data, bytes):
            raise self.refusal("file_text", "The open file gives text; open it with mode 'rb'.")
        name = getattr(file, "name", "")
        return self.data(data, name if isinstance(name, str) else "")

    def image(self, image: Image.Image) -> Blob:
        mime = "image/jpeg" if image.format in ("JPEG", "MPO") else "image/png"
        name = getattr(image, "filename", "")
        return self.data(encode(upright(image), mime), name if isinstance(name, str) else "")

    def data(self, data: bytes, name: str) -> Blob:
        kind = sniff(data)
        shown = _plain_name(name, kind, self.media.kind)
        if not data:
            raise self.refusal("file_empty", f"{shown!r} is empty.", name=shown)
        if self.media.kind not in ("file", kind.media if kind else ""):
            known = ", ".join(known.name for known in KINDS if known.media == self.media.kind)
            raise self.refusal(
                "file_kind", f"{shown!r} is not a file of the right kind. Known here: {known}.", name=shown, known=known
            )
        mime = kind.mime if kind else "application/octet-stream"
        allowed = tuple(_ALIASES.get(each, each) for each in self.media.mimes)
        if allowed and mime not in allowed:
            listed = ", ".join(allowed)
            raise self.refusal(
                "file_mime", f"{shown!r} is {mime}; the model takes {listed}.", name=shown, mime=mime, allowed=listed
            )
        if len(data) > self.most:
            raise self.too_large(shown, len(data), self.most)
        if kind is not None and kind.media == "image":
            self.measured(data, shown)
        return Blob(data, shown, mime)

    def measured(self, data: bytes, shown: str) -> None:
        """Refuse a picture that is too small, too large or too long; how long a film runs is not looked at."""
        wanted = [each for each in self.media.measures if each.of != "seconds"]
        if not wanted:
            return
        try:
            width, height = measure(data)
        except Unreadable:  # said by whoever decodes it
            return
        found = {"width": float(width), "height": float(height), "ratio": width / height}
        for each in wanted:
            has = found[each.of]
            if (each.least is not None and has < each.least) or (each.most is not None and has > each.most):
                said, limits = f"{has:.4g}" if each.of == "ratio" else str(int(has)), _limits(each)
                raise self.refusal(
                    f"file_{each.of}", f"The {each.of} of {shown!r} is {said}; {limits} is taken.", name=shown, has=said, limits=limits,
                )

    def missing(self, shown: str, *, is_folder: bool) -> InputError:
        if is_folder:
            return self.refusal("file_folder", f"{shown!r} is a folder, not a file.", path=shown)
        folder = os.fspath(Path.cwd())
        return self.refusal(
            "file_missing", f"{shown!r} does not exist. The working folder is {folder!r}.",
            step="Check the spelling, or give the whole path or an https link.", path=shown, folder=folder,
        )

    def too_large(self, name: str, size: int, limit: int, code: str = "file_too_large") -> InputError:
        """Say how much too large. An image may be shrunk; another file has to be made smaller elsewhere."""
        is_picture = self.media.kind == "image"
        step = f"Shrink to fit: dr.shrink(image, max_bytes={limit})." if is_picture else "Make it smaller first."
        why = "can travel inside the request" if code == "file_inline" else "are taken"
        has, most = size_text(size), size_text(limit)
        if has == most:  # a hair above the limit
            has, most = f"{size:,} bytes", f"{limit:,} bytes"
        return self.refusal(
            code, f"{name!r} has {has}; at most {most} {why}.",
            step=step, name=name, size=has, limit=most, max_bytes=limit,
        )

    def refusal(self, code: str, message: str, *, step: str = "", **params: object) -> InputError:
        """Make the error, with the problem that a form shows beside the field."""
        problem = Problem(self.pointer, code, params)
        return InputError(message, next_step=step, problems=(problem,), key=f"problem.{code}", **params)


def _media_of(blob: Blob) -> Literal["image", "video", "audio", "file"]:
    return next((kind.media for kind in KINDS if kind.mime == blob.mime), "file")


def _limits(wanted: Measure) -> str:
    """What is taken, in signs that every language reads."""
    if wanted.least is not None and wanted.most is not None:
        return f"{wanted.least:g}–{wanted.most:g}"
    return f"≥ {wanted.least:g}" if wanted.least is not None else f"≤ {wanted.most:g}"


def _short_path(path: str) -> str:
    """A path as a sentence may name it; it may be a signed link whose `https://` was left out, so its query is cut."""
    head, mark, query = path.partition("?")
    whole = f"{head}?…" if mark and "=" in query else path
    return whole if len(whole) <= 200 else whole[:200] + "…"


def _plain_name(name: str, kind: Kind | None, fallback: str) -> str:
    """A name without folders and hidden characters, short, with the ending its bytes deserve."""
    base = name.replace("\\", "/").rpartition("/")[2]
    letters = "".join("_" if unicodedata.category(c)[0] == "C" or c in '<>:"|?*' else c for c in base).strip(". ")
    stem, _, ending = letters.rpartition(".")
    if kind is None:
        return letters[-100:] or fallback
    fits = ending.lower() in (kind.ending, kind.mime.partition("/")[2])
    return f"{(stem if fits else letters)[:100] or fallback}.{ending if fits else kind.ending}"
