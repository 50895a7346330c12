"""The reframe painter: a given picture in another frame, kept whole, and really continued to fill it."""

from __future__ import annotations

from dataclasses import replace

from PIL import Image

from ..scenery.chance import Chance
from ..scenery.colours import parse
from ..scenery.decode import opened
from ..scenery.encode import encode
from ..scenery.extension import Manner, extended
from . import Order, Report, painter

__all__ = ["ReframePainter"]

_SPEEDS = {"turbo": Manner(proxy=520, warp=0.7), "balanced": Manner(), "quality": Manner(proxy=1500, softness=0.82)}
_STYLES: dict[str, dict[str, float]] = {
    "general": {"softness": 0.85, "warp": 1.3},
    "realistic": {"softness": 1.35, "shade": 0.14},
    "design": {"softness": 1.15, "flat": 1.0},
}


@painter(rank=10)
class ReframePainter:
    """Fits the given picture into the ordered size, centred and whole, and continues it to all sides that are left.

    Seed and index vary the continuation; speed, style and palette its detail, manner and tint.
    """

    name = "reframe"

    def accepts(self, order: Order) -> bool:
        """Orders that come with a picture."""
        return order.image is not None

    def paint(self, order: Order, report: Report) -> bytes:
        """Reframe the picture (see `Painter.paint`).

        Raises:
            ValueError: There is no picture, it cannot be read, or it has more than 40 megapixels.
        """
        if order.image is None:
            raise ValueError("There is no picture to reframe: give one as the image.")
        source = opened(order.image)
        width, height = order.size
        fitted = source.fitted(_inside(source.size, order.size))
        report(0.1)
        upright = fitted.height < height  # it grows up and down: lay it on its side for the work
        lying = fitted.transpose(Image.Transpose.TRANSPOSE) if upright else fitted
        del fitted
        chance = Chance.of("reframe", order.seed, order.index)
        whole = extended(lying, height if upright else width, chance, _manner(order),
                         lambda done: report(0.1 + done * 0.8))
        del lying
        if upright:
            whole = whole.transpose(Image.Transpose.TRANSPOSE)
        data = encode(whole, order.format, order.facts, icc=source.icc)
        report(1.0)
        return data


def _inside(size: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int]:
    """The largest size of the same shape inside a frame; it fills at least one side exactly."""
    across, down = frame[0] * size[1], frame[1] * size[0]
    if across <= down:
        return frame[0], max(1, min(frame[1], round(size[1] * frame[0] / size[0])))
    return max(1, min(frame[0], round(size[0] * frame[1] / size[1]))), frame[1]


def _manner(order: Order) -> Manner:
    """How this order wants its continuation."""
    manner = _SPEEDS.get(order.speed.casefold(), _SPEEDS["balanced"])
    style = _STYLES.get(order.style.casefold(), {})
    colours = tuple(colour for colour in map(parse, order.palette) if colour is not None)
    return replace(
        manner,
        softness=manner.softness * style.get("softness", 1.0),
        warp=manner.warp * style.get("warp", 1.0),
        flat=style.get("flat", 0.0),
        shade=style.get("shade", 0.0),
        palette=colours,
    )
