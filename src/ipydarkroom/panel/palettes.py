"""Ideogram's colour palette as a value: a ready-made one by name, or colours with weights. Pure; no widget.

`{"name": "EMBER"}`, or `{"members": [{"color_hex": "#D9582B", "color_weight": 0.5}, ...]}`: the shape and the eight names
are those of Ideogram's own API; the pages of the hosts name the field and do not describe it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..markup import Markup, css, tag
from ..schema.kinds import fits

__all__ = ["PRESETS", "WEIGHTS", "Member", "bar", "long_hex", "members_of", "preset_of", "value_of"]

PRESETS = ("EMBER", "FRESH", "JUNGLE", "MAGIC", "MELON", "MOSAIC", "PASTEL", "ULTRAMARINE")
WEIGHTS = (0.05, 1.0)
"""The least and the greatest weight."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")


@dataclass(frozen=True, slots=True)
class Member:
    """One colour, `#RRGGBB`, and its weight; None where the value gives none."""

    color: str
    weight: float | None = None


def preset_of(value: object) -> str | None:
    """The name of the ready-made palette that a value is, else None."""
    if isinstance(value, Mapping) and set(value) == {"name"} and value["name"] in PRESETS:
        return str(value["name"])
    return None


def members_of(value: object) -> tuple[Member, ...] | None:
    """The colours of a value that says nothing but colours, else None."""
    listed = value.get("members") if isinstance(value, Mapping) and set(value) == {"members"} else None
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
        return None
    found = [_member(each) for each in listed]
    return None if None in found else tuple(each for each in found if each is not None)


def _member(value: object) -> Member | None:
    if not isinstance(value, Mapping) or not set(value) <= {"color_hex", "color_weight"}:
        return None
    color, weight = value.get("color_hex"), value.get("color_weight")
    if not isinstance(color, str) or not _HEX.match(color) or not (weight is None or fits("number", weight)):
        return None
    return Member(color, None if weight is None else float(weight))


def long_hex(color: str) -> str | None:
    """`#abc` and `#aabbcc` as `#aabbcc`; None for anything else, such as a colour's name."""
    if re.fullmatch(r"#[0-9a-fA-F]{3}", color):
        return "#" + "".join(letter * 2 for letter in color[1:])
    return color if _HEX.match(color) else None


def value_of(members: Sequence[Member]) -> dict[str, object]:
    """The value of some colours."""
    return {"members": [
        {"color_hex": each.color} if each.weight is None else {"color_hex": each.color, "color_weight": each.weight}
        for each in members
    ]}


def bar(members: Sequence[Member], label: str) -> Markup:
    """The colours side by side, as wide as their weights."""
    return tag("div", *(
        tag("span", style=css(background_color=each.color, flex_grow=f"{100 * (each.weight or 0.5):.3g}")) for each in members
    ), class_="dr-swatches", role="img", aria_label=label)
