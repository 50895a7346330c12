"""The forms that are measured: reframe as we bundle it, and generated schemas that look like those of public models.

The mix comes from 3,808 public model schemas with 48,286 properties: integer 30 %, string 27 % (of which a third are links),
number 20 %, enum 15 %, boolean 9 %; 69 % have a default and 6 % are required; two thirds of the numbers have both bounds,
four fifths of these a span of at most 100; a description has some 63 characters.
"""

from __future__ import annotations

import random
from typing import Any

__all__ = ["SHARES", "generated", "one_change", "reframe", "values_for"]

SHARES = {"integer": 30, "string": 27, "number": 20, "enum": 15, "boolean": 9}
_WORDS = (
    "prompt", "guidance", "steps", "strength", "scale", "seed", "width", "height", "style", "mode", "format",
    "quality", "mask", "image", "noise", "ratio", "speed", "detail", "color", "light", "depth", "motion", "frames",
    "padding", "margin", "blur", "contrast", "sampler", "scheduler", "refine",
)
_SENTENCE = "Set how much of it the picture shall have; more takes longer to make."


def reframe() -> dict[str, Any]:
    """The schema of our bundled reframe model, as its provider states it. Needs ipydarkroom."""
    from ipydarkroom.catalog import bundled

    return dict(next(model for model in bundled() if model.id == "ideogram/ideogram-v3/reframe").schema)


def generated(size: int) -> dict[str, Any]:
    """An object schema of so many properties, the same at every call."""
    chance = random.Random(size)
    kinds = [kind for kind, count in _counts(size).items() for _ in range(count)]
    chance.shuffle(kinds)
    properties: dict[str, Any] = {}
    for at, kind in enumerate(kinds):
        name = f"{_WORDS[at % len(_WORDS)]}_{kind[:3]}_{at + 1}"
        properties[name] = {"title": name.replace("_", " ").capitalize(), "description": _SENTENCE, **_property(kind, chance)}
    without = [name for name, each in properties.items() if "default" not in each]
    return {
        "title": f"Form of {size}", "type": "object", "properties": properties,
        "required": sorted(chance.sample(without, min(len(without), max(1, round(size * 0.06))))),
    }


def values_for(schema: dict[str, Any]) -> dict[str, Any]:
    """A value that fits for every property; an object of no stated shape stays untouched."""
    return {name: _value(each) for name, each in schema["properties"].items() if each.get("type") != "object"}


def one_change(schema: dict[str, Any]) -> tuple[str, Any]:
    """The first property with a list of values, and another value of it than `values_for` gives."""
    name = next(name for name, each in schema["properties"].items() if len(each.get("enum", ())) > 1)
    return name, schema["properties"][name]["enum"][1]


def _counts(size: int) -> dict[str, int]:
    """How many of each kind: rounded down, what is left goes to those with the largest rest."""
    exact = {kind: size * share / sum(SHARES.values()) for kind, share in SHARES.items()}
    counts = {kind: int(share) for kind, share in exact.items()}
    for kind in sorted(exact, key=lambda kind: counts[kind] - exact[kind])[: size - sum(counts.values())]:
        counts[kind] += 1
    return counts


def _property(kind: str, chance: random.Random) -> dict[str, Any]:
    given = chance.random() < 0.69
    if kind == "boolean":
        return {"type": "boolean", **({"default": chance.random() < 0.5} if given else {})}
    if kind == "enum":
        listed = [f"choice-{at + 1}" for at in range(chance.choice((3, 4, 6, 9, 12)))]
        return {"type": "string", "enum": listed, **({"default": listed[0]} if given else {})}
    if kind == "string":
        if chance.random() < 0.38:
            return {"type": "string", "format": "uri"}
        return {"type": "string", **({"maxLength": 500} if chance.random() < 0.5 else {}), **({"default": "none"} if given else {})}
    whole = kind == "integer"
    bounds: dict[str, Any] = {}
    if chance.random() < 0.69:
        bounds = {"minimum": 0, "maximum": (50 if whole else 1.0) if chance.random() < 0.79 else 100_000}
    return {"type": kind, **bounds, **({"default": 1 if whole else 0.5} if given else {})}


def _value(each: dict[str, Any]) -> Any:
    if "enum" in each:
        return each["enum"][0]
    if each.get("format") == "uri":
        return "https://example.org/picture.png"
    return {"string": "some words", "boolean": True, "integer": 2, "number": 0.25}[each["type"]]
