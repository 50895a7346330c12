"""Painters: honest image code, one file each. A painter turns an Order into the bytes of one picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from ...registry import Registry

__all__ = ["Order", "Painter", "Report", "painter", "painters"]

Report: TypeAlias = Callable[[float], None]
"""Called with 0..1 while painting, often enough for a progress bar. It may raise `Stopped` to end the work."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one picture should be, in no provider's words (`local/orders.py` reads it from a model's inputs).

    `size` is (width, height) in pixels, always exact. `index` counts the pictures of one job from 0 (picture 2 of
    the same seed must differ from picture 0). `speed` trades detail for time. `strength` (0..1) is how closely the
    words are followed. `palette` holds colours as `#rrggbb`. `image` is the encoded source picture, if any.
    """

    prompt: str
    seed: int
    size: tuple[int, int]
    index: int = 0
    format: str = "png"  # "png", "jpeg" or "webp"
    speed: str = "balanced"  # "turbo", "balanced" or "quality"
    style: str = "auto"  # "auto", "general", "realistic", "design" or any other word
    strength: float = 0.5
    palette: tuple[str, ...] = ()
    image: bytes | None = field(default=None, repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)  # for the file's metadata


class Painter(Protocol):
    """One file in this folder: a rank, a question, and the work."""

    name: str

    def accepts(self, order: Order) -> bool:
        """Whether this painter can do the order; the first one by rank that says yes gets it."""

    def paint(self, order: Order, report: Report) -> bytes:
        """Paint: blocking, CPU-bound, run in a worker thread. Returns an encoded file in `order.format`."""


painters: Registry[Painter] = Registry("ipydarkroom.local.painters", needs=("name", "accepts", "paint"))


def painter(rank: int) -> Callable[[type], type]:
    """Register a painter class under a rank (tens, unique; lower is asked first)."""

    def keep(cls: type) -> type:
        painters.add(cls(), rank)
        return cls

    return keep
