"""A documentation page as it is handed over: its text, or a file that holds it."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import InputError

__all__ = ["MOST_BYTES", "is_page", "page_text_of"]

MOST_BYTES = 5_000_000
"""Of a page; the longest saved one has a fortieth of that."""

_LONGEST_NAME = 200  # characters; a model id, or a path somebody types, is shorter than any page
_ENDINGS = (".md", ".txt", ".htm", ".html", ".markdown", ".mdx")
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def is_page(given: str) -> bool:
    """Whether a string is a page, or names a file that may hold one, rather than a model id: told by its shape."""
    text = given.strip()
    return "\n" in text or "\r" in text or len(text) > _LONGEST_NAME or text.lower().endswith(_ENDINGS)


def page_text_of(page: str | os.PathLike[str]) -> str:
    """The text of a page.

    Args:
        page: The text itself, or the path of a file with it (UTF-8, or UTF-16 with its mark). One line that ends like a
            file's name, or names an existing file, is a path.

    Raises:
        InputError: There is no such file (`error.page_file_missing`), it is larger than 5 MB (`error.page_too_large`),
            or it is no text (`error.page_not_text`).
    """
    if not isinstance(page, str):
        return _read(Path(page))
    line = page.strip()
    if "\n" not in line and "\r" not in line and 0 < len(line) <= _LONGEST_NAME:
        path = Path(line).expanduser()
        if line.lower().endswith(_ENDINGS) or _is_file(path):
            return _read(path)
    if len(page) > MOST_BYTES:
        raise _too_large("")
    return page


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long for this disk, or with a null in it, is no file's
        return False


def _read(path: Path) -> str:
    if not _is_file(path):
        raise InputError(
            f"There is no file {path.name!r} to read a page from.",
            next_step="Check the path, or give the page's text itself.", key="error.page_file_missing", file=path.name,
        )
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"The file {path.name!r} cannot be read: {error.strerror}.",
            next_step="Check who may read it.", key="error.page_file_missing", file=path.name,
        ) from error
    if len(data) > MOST_BYTES:
        raise _too_large(path.name)
    return _text(data, path.name)


def _text(data: bytes, name: str) -> str:
    try:
        text = data.decode(_WIDE.get(data[:2], "utf-8-sig"))
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InputError(
            f"{name!r} is no text: a page is read from plain text, Markdown or HTML in UTF-8.",
            next_step="Select all on the page, copy it, and save it as text.", key="error.page_not_text", file=name,
        )
    return text


def _too_large(name: str) -> InputError:
    limit = MOST_BYTES // 1_000_000
    return InputError(
        f"This page is larger than {limit} MB.",
        next_step="Copy the page of one model alone.", key="error.page_too_large", limit=limit, file=name,
    )
