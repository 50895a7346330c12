"""The floor: a form as a person writes it by hand with ipywidgets, one widget per field, nothing for problems or absence."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

__all__ = ["Made", "drawn"]


class Made:
    """A form of plain widgets in one box.

    Args:
        schema: Its properties are drawn in their order.
        shared: One Layout for all and one style per kind, instead of a new one for each.
    """

    def __init__(self, schema: dict[str, Any], *, shared: bool = False) -> None:
        self._common: dict[str, Any] = {"layout": w.Layout()} if shared else {}
        self._styles: dict[type, Any] = {}
        self._shared = shared
        self._fields = {name: self._field(name, each) for name, each in schema["properties"].items()}
        self.widget = w.VBox(list(self._fields.values()), **self._common)

    def fill(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            self._fields[name].value = value

    def change(self, values: dict[str, Any], name: str, value: Any) -> None:
        self._fields[name].value = value

    def close(self) -> None:
        self.widget.close()

    def _field(self, name: str, each: dict[str, Any]) -> w.Widget:
        kind, traits = drawn(each)
        if self._shared:
            traits["style"] = self._style(kind.class_traits()["style"].klass)
        return kind(description=each.get("title", name), **traits, **self._common)

    def _style(self, kind: type) -> Any:
        if kind not in self._styles:
            self._styles[kind] = kind()
        return self._styles[kind]


def drawn(each: dict[str, Any]) -> tuple[type, dict[str, Any]]:
    """Which widget one takes for a property, and with what."""
    start = {"value": each["default"]} if "default" in each else {}
    if "enum" in each:
        return w.Dropdown, {"options": each["enum"], **start}
    kind = each["type"]
    if kind == "boolean":
        return w.Checkbox, start
    if kind in ("integer", "number"):
        whole = kind == "integer"
        if "minimum" in each and "maximum" in each:
            slides = each["maximum"] - each["minimum"] <= 1000
            bounded = (w.IntSlider if slides else w.BoundedIntText) if whole else (w.FloatSlider if slides else w.BoundedFloatText)
            return bounded, {"min": each["minimum"], "max": each["maximum"], **start}
        return (w.IntText if whole else w.FloatText), start
    if each.get("maxLength", 0) >= 200:
        return w.Textarea, start
    return w.Text, start if isinstance(start.get("value", ""), str) else {}


def make(schema: dict[str, Any]) -> Made:
    return Made(schema)
