"""Our form without a panel around it, everything folded away opened."""

from __future__ import annotations

from typing import Any

import ipydarkroom as dr
from darkroom_panel import open_folds


class Made:
    """One form."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._form = dr.Form(schema)
        self.widget = self._form.widget
        open_folds(self.widget)

    def fill(self, values: dict[str, Any]) -> None:
        self._form.value = values

    def change(self, values: dict[str, Any], name: str, value: Any) -> None:
        self._form.set(name, value)

    def close(self) -> None:
        self._form.close()


def make(schema: dict[str, Any]) -> Made:
    return Made(schema)
