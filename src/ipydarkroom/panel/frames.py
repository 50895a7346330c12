"""Frames for a picture to be: which way they lie, how large they are drawn beside each other, and a picture inside one.

Shapes are (width, height). What is drawn is to scale: a frame of twice the pixels is twice as wide.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..markup import Markup, css, tag
from ..schema.kinds import same

if TYPE_CHECKING:
    from ..fields import Choice
    from ..models import Model
    from .previews import Preview

__all__ = ["ORIENTATIONS", "Orientation", "Shape", "asked_for", "figure", "fitted_inside", "invented", "orientation", "shape", "sheet"]

Shape: TypeAlias = tuple[float, float]
Orientation: TypeAlias = Literal["landscape", "portrait", "square"]

ORIENTATIONS: tuple[Orientation, ...] = ("landscape", "portrait", "square")
_LONGEST_PX, _SHORTEST_PX = 36, 5  # of a little frame
_WIDEST_PX, _TALLEST_PX = 300, 190  # of the large one
_AREA = 1024.0**2  # what a bare ratio is taken to have


def shape(choice: Choice) -> Shape | None:
    """The frame a choice stands for; where only a ratio is known, one of about a megapixel. None where it names neither."""
    if choice.size:
        return choice.size
    if not choice.ratio:
        return None
    across, down = choice.ratio
    unit = (_AREA / (across * down)) ** 0.5
    return across * unit, down * unit


def asked_for(model: Model, inputs: Mapping[str, object]) -> tuple[int, int]:
    """The (width, height) a picture will have, as far as a chosen size or ratio tells; a square otherwise."""
    for field in model.fields:
        value = inputs.get(field.name, field.default)
        for choice in field.choices:
            if (choice.size or choice.ratio) and same(choice.value, value):
                return choice.size or choice.ratio or (1, 1)
    return (1, 1)


def orientation(found: Shape | None) -> Orientation | None:
    """Which way a frame lies."""
    if found is None:
        return None
    across, down = found
    return "square" if across == down else "landscape" if across > down else "portrait"


def sheet(mark: str, shapes: Sequence[Shape | None], hidden: Collection[int]) -> Markup:
    """A style sheet that gives each radio button of a group its little frame, in order, and hides some of them.

    `mark` is the class of the group, whose buttons are its grandchildren. A choice without a shape gets a dashed square: the model chooses.
    """
    longest = max((max(found) for found in shapes if found), default=1.0)
    rules = [
        f">:nth-child({at}){{{_rule(found, longest) if at - 1 not in hidden else 'display:none!important'}}}"
        for at, found in enumerate(shapes, start=1)
    ]
    return tag("style", Markup(f".{mark}>*{{{''.join(rules)}}}"))


def _rule(found: Shape | None, longest: float) -> str:
    if found is None:
        return f"--w:{_LONGEST_PX // 2};--h:{_LONGEST_PX // 2};--l:dashed"
    across, down = (max(_SHORTEST_PX, round(side / longest * _LONGEST_PX)) for side in found)
    return f"--w:{across};--h:{down}"


def fitted_inside(size: Shape, frame: Shape) -> Shape:
    """The largest size of the same shape inside a frame."""
    scale = min(frame[0] / size[0], frame[1] / size[1])
    return size[0] * scale, size[1] * scale


def invented(size: Shape, frame: Shape) -> float:
    """The share of a frame, 0 to 1, that is left when a picture is fitted into it whole."""
    inside = fitted_inside(size, frame)
    return 1 - inside[0] * inside[1] / (frame[0] * frame[1])


def figure(frame: Shape, caption: Sequence[str], label: str, picture: Preview | None = None, alt: str = "") -> Markup:
    """The frame, large, with its caption; a given picture stands whole in its middle, and what is left is shaded."""
    scale = min(_WIDEST_PX / frame[0], _TALLEST_PX / frame[1])
    outer = css(width=f"{frame[0] * scale:.0f}px", aspect_ratio=f"{frame[0]:.6g} / {frame[1]:.6g}")
    inner: Markup | None = None
    if picture is not None:
        across, down = fitted_inside((picture.width, picture.height), frame)
        inner = tag("img", src=picture.uri, alt=alt, style=css(
            left=f"{50 - across / frame[0] * 50:.3f}%", top=f"{50 - down / frame[1] * 50:.3f}%",
            width=f"{across / frame[0] * 100:.3f}%", height=f"{down / frame[1] * 100:.3f}%",
        ))
    drawn = tag(
        "div", inner, class_="dr-room" if picture else "dr-room dr-bare", style=outer,
        role=None if picture else "img", aria_label=None if picture else label,
    )
    lines = [tag("span", line) for line in caption if line]
    return tag("figure", drawn, tag("figcaption", *lines))
