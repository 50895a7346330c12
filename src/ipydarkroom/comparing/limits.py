"""The limits that hold at every one of several models: whatever the form takes goes everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ..fields import Media

if TYPE_CHECKING:
    from ..fields import Field

__all__ = ["within"]

N = TypeVar("N", int, float)


def within(first: Field, fields: Sequence[Field]) -> Field:
    """The first field with the narrowest limits of all; where no number would be left between two bounds, with its own."""
    low = _most(each.minimum for each in fields)
    high = _least(each.maximum for each in fields)
    if low is not None and high is not None and low > high:
        low, high = first.minimum, first.maximum
    whole = first.kind == "number" and not first.choices and any(each.kind == "integer" for each in fields)
    return replace(
        first, kind="integer" if whole else first.kind, types=None, enum=None, minimum=low, maximum=high,
        max_length=_least(each.max_length for each in fields), advised_words=_least(each.advised_words for each in fields),
        media=_media(first.media, [each.media for each in fields if each.media]),
    )


def _media(first: Media | None, all_: Sequence[Media]) -> Media | None:
    if first is None:
        return None
    mimes = first.mimes
    for each in all_:
        mimes = tuple(mime for mime in mimes if mime in each.mimes) if mimes and each.mimes else mimes or each.mimes
    return replace(
        first, mimes=mimes or first.mimes, max_bytes=_least(each.max_bytes for each in all_),
        advised_bytes=_least(each.advised_bytes for each in all_),
    )


def _least(values: Iterable[N | None]) -> N | None:
    return min((value for value in values if value is not None), default=None)


def _most(values: Iterable[N | None]) -> N | None:
    return max((value for value in values if value is not None), default=None)
