"""The scene painter: text to picture, by reading the words and painting what they name."""

from __future__ import annotations

from dataclasses import replace

from ..scenery.canvas import expose
from ..scenery.encode import encode
from ..scenery.scenes import compose
from ..scenery.study import study
from . import Order, Report, painter

__all__ = ["ScenePainter"]

_SMALLEST = 16


@painter(rank=20)
class ScenePainter:
    """Paints any order, the same bytes each time for the same order. It also serves where no image was given."""

    name = "scene"

    def accepts(self, order: Order) -> bool:
        """Every order."""
        return True

    def paint(self, order: Order, report: Report) -> bytes:
        """Paint the order (see `Painter.paint`)."""
        made = study(replace(order, size=_workable(order.size)))
        image = expose(made.frame, compose(made), made.chance, _grain(order), lambda done: report(done * 0.92))
        if image.size != order.size:
            image = image.resize(order.size)
        data = encode(image, order.format, order.facts)
        report(1.0)
        return data


def _workable(size: tuple[int, int]) -> tuple[int, int]:
    """The size, or a larger one of the same shape where there are hardly any pixels to paint on."""
    larger = max(1, -(-_SMALLEST // min(size)))
    return size[0] * larger, size[1] * larger


def _grain(order: Order) -> float:
    """Film grain in steps of 1/255: finer where pixels are small, nearly none on a poster."""
    if order.style.casefold() == "design":
        return 0.35
    large = order.size[0] * order.size[1] / 4_000_000
    return (1.9 if order.style.casefold() == "realistic" else 1.5) / (1 + 0.35 * large)
