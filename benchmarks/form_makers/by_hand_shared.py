"""The same floor by somebody who knows what a Layout costs: one for all, and one style per kind of widget."""

from __future__ import annotations

from typing import Any

from by_hand import Made


def make(schema: dict[str, Any]) -> Made:
    return Made(schema, shared=True)
