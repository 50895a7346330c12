"""Panels: a form from a model's fields, jobs from a button, pictures in the cell. The only door to ipywidgets.

From below: `draft` is one state of a form, `formmodel` what a form knows, `model` what a panel knows besides; none of
them has a widget. `controls/` draws one field each, a `Row` is a control with its label at its place, `sections` orders
rows and `formview` shows them. `pump` paints and `guard` is the edge. `form`, `view` and `compare` are the
objects people hold.
"""

from __future__ import annotations

from .compare import Compare
from .form import Form
from .history import History
from .sweep import Sweep
from .view import Panel

__all__ = ["Compare", "Form", "History", "Panel", "Sweep"]
