"""Panels: a form from a model's fields, jobs from a button, pictures in the cell. The only door to ipywidgets.

`model` knows without widgets, `screen` and `form` place them, `controls/` draws one field each, `pump` paints, `guard`
is the edge, `view` is the object people hold, `compare` several of them side by side.
"""

from __future__ import annotations

from .compare import Compare
from .view import Panel

__all__ = ["Compare", "Panel"]
