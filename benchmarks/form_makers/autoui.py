"""ipyautoui's form of a JSON Schema, as its documentation makes it."""

from __future__ import annotations

from typing import Any

from ipyautoui import AutoUi


class Made:
    """One form."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.widget = AutoUi(schema)

    def fill(self, values: dict[str, Any]) -> None:
        self.widget.value = values

    def change(self, values: dict[str, Any], name: str, value: Any) -> None:
        self.widget.value = {**values, name: value}

    def close(self) -> None:
        self.widget.close()


def make(schema: dict[str, Any]) -> Made:
    return Made(schema)
