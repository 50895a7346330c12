"""All combinations of a sweep's axes, and how they are laid out: the last axis goes across, the others go down. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError
from .axes import Axis, spread

if TYPE_CHECKING:
    from ..models import Model

__all__ = ["MOST_CELLS", "STRIP", "Grid"]

MOST_CELLS = 1_000
"""The most jobs of one sweep: one comma too many shall not order a hundred thousand."""

STRIP = 6
"""How many pictures stand in one line where there is one axis only."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The combinations of one model's inputs.

    `axes` are in the order given, `fixed` is the same in every cell. With one axis the cells are a strip that is wrapped
    into lines; with more, the last axis is the columns, and every combination of the others is a row.
    """

    model: Model
    axes: tuple[Axis, ...]
    fixed: Mapping[str, object]

    @classmethod
    def of(cls, model: Model, inputs: Mapping[str, object]) -> Grid:
        """The grid of some inputs, some of which are axes.

        Raises:
            InputError: See `axes.spread`; or there are more than `MOST_CELLS` combinations.
        """
        grid = cls(model, *spread(model, inputs))
        if len(grid) > MOST_CELLS:
            raise InputError(
                f"This sweep has {len(grid):,} combinations; {MOST_CELLS:,} is the most.",
                next_step="Leave out some values, or make several sweeps.", key="error.sweep_too_large", count=len(grid), most=MOST_CELLS,
            )
        return grid

    def __len__(self) -> int:
        return math.prod(len(axis.values) for axis in self.axes)

    @property
    def places(self) -> list[tuple[int, ...]]:
        """Where every cell stands: one index into each axis, the last axis running fastest."""
        return list(itertools.product(*(range(len(axis.values)) for axis in self.axes)))

    def inputs(self, place: tuple[int, ...]) -> dict[str, object]:
        """What is ordered at that place."""
        chosen = {axis.name: axis.values[at] for axis, at in zip(self.axes, place, strict=True)}
        return {**self.fixed, **chosen}

    @property
    def is_strip(self) -> bool:
        """True where no second axis makes it a table."""
        return len(self.axes) < 2

    @property
    def columns(self) -> int:
        """How many cells stand side by side."""
        return min(len(self), STRIP) if self.is_strip else len(self.axes[-1].values)

    @property
    def lines(self) -> list[list[int]]:
        """The numbers of the cells, line by line; the last line of a strip may be shorter."""
        numbers = list(range(len(self)))
        return [numbers[start : start + self.columns] for start in range(0, len(numbers), self.columns)]
