"""Panels: a form from a model's fields, jobs from a button, pictures in the cell. The only door to ipywidgets.

`model` knows without widgets, `screen` and `form` place them, `controls/` draws one field each, `pump` paints, `guard`
is the edge, `view` is the object people hold.
"""

from __future__ import annotations

from .sweep import Sweep
from .view import Panel

__all__ = ["Panel", "Sweep"]
