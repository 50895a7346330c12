"""ipywidgets-jsonschema's form of a JSON Schema, as its documentation makes it."""

from __future__ import annotations

from typing import Any

from ipywidgets_jsonschema import Form


class Made:
    """One form."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._form = Form(schema)
        self.widget = self._form.widget

    def fill(self, values: dict[str, Any]) -> None:
        self._form.data = values

    def change(self, values: dict[str, Any], name: str, value: Any) -> None:
        self._form.data = {**values, name: value}

    def close(self) -> None:
        self.widget.close()


def make(schema: dict[str, Any]) -> Made:
    return Made(schema)
