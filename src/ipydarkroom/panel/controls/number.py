"""A whole or open number that may be empty: a text box that is read, not a box that starts at zero.

Text also on the way to the browser, whose numbers end at 2^53: a longer integer arrives as it was typed.
"""

from __future__ import annotations

import math
import unicodedata
from decimal import Decimal, InvalidOperation

import ipywidgets as w

from ...fields import UNSET
from ..labels import range_text
from ..pump import put
from . import Control, Slot, control

__all__ = ["number", "number_text", "read_number", "take_number"]

_SHOWN_LETTERS = 40  # of what was typed, in the problem's sentence


@control(rank=320, accepts=lambda field: field.kind in ("integer", "number") and not field.choices)
def number(slot: Slot) -> Control:
    """Build the box. Its range stands beside the title and, grey, inside."""
    bounds = range_text(slot.field, slot.kit.language)
    grey = " · ".join(text for text in (slot.unset_text, bounds) if text)
    box = slot.kit.make(
        w.Text, "dr-field", "dr-short", *slot.marks,
        value=number_text(slot.value, slot.raw), placeholder=grey, continuous_update=False, **slot.described(bounds),
    )
    slot.listen(box, lambda: take_number(slot, box.value))
    return Control(box, box, lambda value, raw: put(box, value=number_text(value, raw)), lambda _value, _raw: bounds)


def take_number(slot: Slot, text: str) -> None:
    """Report what was typed into a number's box."""
    if not text.strip():
        slot.clear()
        return
    found = read_number(text, whole=slot.field.kind == "integer")
    if found is None:
        code = "not_a_whole_number" if slot.field.kind == "integer" else "not_a_number"
        slot.broken(text, code, typed=text[:_SHOWN_LETTERS])
        return
    slot.give(found)


def number_text(value: object, raw: str | None) -> str:
    """What stands in a number's box: nothing for UNSET, the typing itself where it could not be read."""
    return raw if raw is not None else "" if value is UNSET or value is None else str(value)


def read_number(text: str, *, whole: bool) -> int | float | None:
    """Read a number as typed: full-width digits too, any size of integer; None when it is not one."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
    if "_" in plain:  # Python reads 1_000; nobody else does
        return None
    try:
        return int(plain)
    except ValueError:
        return _open_number(plain, whole=whole)


def _open_number(plain: str, *, whole: bool) -> int | float | None:
    try:
        exact, found = Decimal(plain), float(plain)
    except (InvalidOperation, ValueError):
        return None
    if not math.isfinite(found):  # 1e999 too
        return None
    if whole:  # as written: through a float, 9007199254740993.0 would become its neighbour
        return int(exact) if exact == exact.to_integral_value() else None
    return found
