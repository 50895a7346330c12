"""Sweeps: several values for some inputs, one job for every combination. No widget in here; the view is the panel's.

`axes` tells an axis from a value, `grid` lays the combinations out, `cells` is one of them, `driver` orders them a few at a
time, `progress` counts, `asking` says when a person's word is needed first, `table` and `sheet` are what comes of it.
"""

from __future__ import annotations

from .asking import Plan, ask_above
from .axes import Axis, axis
from .cells import Cell
from .driver import Driver
from .grid import Grid
from .progress import Progress
from .sheet import Sheet
from .table import Table

__all__ = ["Axis", "Cell", "Driver", "Grid", "Plan", "Progress", "Sheet", "Table", "ask_above", "axis"]
