"""The picture to start from, when the given one cannot be had: an order for a small scene, painted like any other.

The local backend never fetches from other machines, so a link can only be read: `.../fox-in-the-snow.webp` becomes a
fox in the snow. The same link always gives the same picture.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote, urlsplit

from .painters import Order

__all__ = ["stand_in"]

_SIZE = (960, 720)
_QUIET = "a quiet landscape with mountains and a lake, morning"
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_WORD = re.compile(r"[^\W\d_]{3,20}")


def stand_in(link: str) -> Order:
    """Return the order for a stand-in: from the words in the link's file name, else a quiet landscape."""
    return Order(
        prompt=_words(link) or _QUIET,
        seed=int.from_bytes(hashlib.sha256(link.encode("utf-8", "replace")).digest()[:4], "big"),
        size=_SIZE,
        facts={"backend": "local", "model": "stand-in"},
    )


def _words(link: str) -> str:
    try:
        name = unquote(urlsplit(link).path).rpartition("/")[2]
    except ValueError:  # not an address at all, such as "http://["
        return ""
    return " ".join(_WORD.findall(_ENDING.sub("", name)))
