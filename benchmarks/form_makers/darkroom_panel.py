"""Our panel: the form with its banner, its buttons and its empty strip of pictures, everything folded away opened."""

from __future__ import annotations

import json
from typing import Any

import ipydarkroom as dr
import ipywidgets as w
from ipydarkroom.catalog import bundled

__all__ = ["open_folds"]

_client = dr.Client(local=True)  # once per notebook, like the import
_known = {json.dumps(model.schema): model for model in bundled()}  # a bundled schema stands for its model, with our notes on it


class Made:
    """One panel."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._panel = dr.Panel(_known.get(json.dumps(schema), schema), client=_client)
        self.widget = self._panel.form
        open_folds(self.widget)

    def fill(self, values: dict[str, Any]) -> None:
        self._panel.value = values

    def change(self, values: dict[str, Any], name: str, value: Any) -> None:
        self._panel.value = {**values, name: value}

    def close(self) -> None:
        self._panel.close()


def open_folds(box: w.Widget) -> None:
    """Press every "More options", as a person would who wants to see all."""
    for child in list(getattr(box, "children", ())):
        if "dr-more" in child._dom_classes:
            child.click()
        else:
            open_folds(child)


def make(schema: dict[str, Any]) -> Made:
    return Made(schema)
