"""Reads a model's inputs into orders for the painters: one Order per picture, in no provider's words.

Everything is found by what a field is called and what it may hold, so that a model from a bare schema works like a
bundled one. What a hosted model decides for itself, and the local backend has to choose, is written down here:

* no seed given: one is drawn, so that every run differs; it is in the picture's own metadata
* a set of pictures (`sequential_image_generation: auto`): the number the prompt names ("four pictures"), else 4, and
  never more than `max_images`; where a set is only possible (`force_single` left off): the number named, else 1
* a colour palette called by name: the colours below are our own reading of that name
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..fields import UNSET
from .painters import Order
from .sizes import read_size

if TYPE_CHECKING:
    from ..fields import Field, Values
    from ..models import Model

__all__ = ["MAX_PICTURES", "picture_field", "read_orders", "read_prompt"]

MAX_PICTURES = 15  # of one job: the largest number any of the bundled models offers
_SET = 4  # pictures of a set whose number is left open: enough to see a series, soon enough painted
_MAX_SEED = 2**63

_PROMPTS = ("prompt", "text", "description", "caption", "instruction", "instructions", "text_prompt")
_COUNTS = ("num_images", "n", "num_outputs", "number_of_images", "image_count", "count", "batch_size")
_FORMATS = ("output_format", "image_format", "format")
_SPEEDS = ("rendering_speed", "speed")
_STYLES = ("style", "style_type", "style_preset")
_STRENGTHS = ("scale", "guidance_scale", "guidance", "cfg_scale", "cfg", "strength")
_NO_WORDS = re.compile(r"negative|code|mask|lora|url|link|path|_id$", re.IGNORECASE)  # texts that are not to be painted
_PICTURES = re.compile(r"(?:input_|source_|reference_|first_frame_|init_)?images?(?:_input)?(?:_urls?)?|input_urls?")

_PALETTES: Mapping[str, tuple[str, ...]] = {
    "EMBER": ("#3b0d11", "#a4161a", "#e85d04", "#ffba08"),
    "FRESH": ("#e8f7ee", "#8fd694", "#3fa7d6", "#fac05e"),
    "JUNGLE": ("#10261b", "#1f5f3f", "#6a994e", "#d4c76a"),
    "MAGIC": ("#240046", "#7b2cbf", "#e0aaff", "#48cae4"),
    "MELON": ("#ffe5d4", "#ff8c77", "#e5486d", "#7fb069"),
    "MOSAIC": ("#264653", "#2a9d8f", "#e9c46a", "#e76f51"),
    "PASTEL": ("#fde2e4", "#cddafd", "#bee1e6", "#fff1c1"),
    "ULTRAMARINE": ("#03045e", "#1b3bbd", "#5c7cfa", "#dbe4ff"),
}
_HEX = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)
_COUNTING = (
    ("one", "一"), ("two", "二"), ("three", "三"), ("four", "四"), ("five", "五"), ("six", "六"), ("seven", "七"),
    ("eight", "八"), ("nine", "九"), ("ten", "十"), ("eleven",), ("twelve",), ("thirteen",), ("fourteen",),
    ("fifteen",),
)  # fmt: skip
_NUMBERS = {word: number for number, words in enumerate(_COUNTING, 1) for word in words} | {"两": 2, "兩": 2}
_SETS = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(word for word in _NUMBERS if word.isascii())})\s+(?:[a-z]+\s+)?"
    r"(?:pictures?|images?|photos?|photographs?|variations?|versions?|illustrations?)\b"
    r"|(\d{1,2}|[一二两兩三四五六七八九十])\s*(?:张|張|幅|枚)",
    re.IGNORECASE,
)


def read_orders(model: Model, inputs: Values, draw: Callable[[], int]) -> tuple[Order, ...]:
    """Return the orders of one job, in order; the given picture is not in them (see `sources`).

    Args:
        model: The model whose fields explain the inputs.
        inputs: Property name -> value, already checked.
        draw: Called for a seed when the inputs give none; any whole number from 0.
    """
    prompt = read_prompt(model, inputs)
    seed = _seed(model, inputs, draw)
    order = Order(
        prompt=prompt,
        seed=seed,
        size=read_size(model, inputs, prompt),
        format=_format(_value(model, inputs, _FORMATS)),
        speed=_speed(_value(model, inputs, _SPEEDS)),
        style=_style(_value(model, inputs, _STYLES)),
        strength=_strength(model, inputs),
        palette=tuple(_colours(_value(model, inputs, ("color_palette", "palette", "colors")))),
        facts={"backend": "local", "provider": model.provider or "local", "model": model.id, "seed": str(seed)},
    )
    return tuple(replace(order, index=index) for index in range(_count(model, inputs, prompt)))


def read_prompt(model: Model, inputs: Values) -> str:
    """Return the words to paint from: the field called prompt (or text, caption, ...), else the first free text."""
    known = [field for name in _PROMPTS for field in model.fields if field.name.strip().lower() == name]
    for field in (*known, *filter(_is_free_text, model.fields)):
        value = _of(field, inputs)
        if isinstance(value, str):
            return value.encode("utf-8", "replace").decode()  # a lone surrogate cannot be written into a file
    return ""


def picture_field(model: Model) -> Field | None:
    """Return the field that takes the picture to start from, or None. Masks and reference styles are not it."""
    return next((field for field in model.fields if _is_picture(field)), None)


def _is_picture(field: Field) -> bool:
    name = field.name.strip().lower()
    if field.kind not in ("string", "array") or field.choices or "mask" in name or "style" in name:
        return False
    media = field.media or (field.items.media if field.items else None)
    return media.kind == "image" if media else _PICTURES.fullmatch(name) is not None


def _is_free_text(field: Field) -> bool:
    plain = field.kind == "string" and not field.choices and field.format is None and field.media is None
    return plain and not _is_picture(field) and _NO_WORDS.search(field.name) is None


def _of(field: Field, inputs: Values) -> object:
    """The value of a field: as given, else its default, else UNSET. Null is as good as silence here."""
    value = inputs.get(field.name)
    return field.default if value is None else value


def _value(model: Model, inputs: Values, names: tuple[str, ...]) -> object:
    """The value of the first field with one of these names, else UNSET."""
    fields = [field for name in names for field in model.fields if field.name.strip().lower() == name]
    return next((value for field in fields if (value := _of(field, inputs)) is not UNSET), UNSET)


def _seed(model: Model, inputs: Values, draw: Callable[[], int]) -> int:
    """The given seed as a whole number of 63 bits; fractions, negative and huge ones are hashed, so they differ too."""
    field = next((found for found in model.fields if found.name.strip().lower() == "seed"), None)
    value = UNSET if field is None else _of(field, inputs)
    if field is None or value is UNSET or value in (None, "") or (value == -1 and -1 in (field.minimum, field.default)):
        return draw() % _MAX_SEED
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and 0 <= value < _MAX_SEED:
        return value
    return int.from_bytes(hashlib.sha256(repr(value).encode()).digest()[:8], "big") % _MAX_SEED


def _count(model: Model, inputs: Values, prompt: str) -> int:
    """How many pictures, from 1 to 15."""
    plain = _number(_value(model, inputs, _COUNTS))
    if plain is not None:
        return _within(plain, MAX_PICTURES)
    most = _number(_value(model, inputs, ("max_images",))) or MAX_PICTURES
    sequence = _value(model, inputs, ("sequential_image_generation",))
    single = _value(model, inputs, ("force_single",))
    if sequence == "auto":
        return _within(_named(prompt) or _SET, most)
    if sequence is UNSET and (single is False or model.field("max_images")):
        return _within(_named(prompt) or 1, most)
    return 1


def _within(count: int, most: int) -> int:
    return max(1, min(count, most, MAX_PICTURES))


def _number(value: object) -> int | None:
    """A count as a number, also where the schema writes it as text (`"4"`)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and abs(value) < 10**6:
        return int(value)
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value) else None


def _named(prompt: str) -> int | None:
    """The number of pictures that the prompt asks for in words, if it does."""
    found = _SETS.search(prompt)
    if found is None:
        return None
    word = (found[1] or found[2]).lower()
    return _NUMBERS.get(word) or int(word)


def _format(value: object) -> str:
    word = str(value).lower().removeprefix("image/").replace("jpg", "jpeg")
    return word if word in ("png", "jpeg", "webp") else "png"


def _speed(value: object) -> str:
    word = str(value).lower()
    return word if word in ("turbo", "balanced", "quality") else "balanced"


def _style(value: object) -> str:
    """A style's name; a free-form style object is asked for its name or type."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("name", "style", "type", "style_type") if key in value), UNSET)
    return value.lower()[:80] if isinstance(value, str) and value else "auto"


def _strength(model: Model, inputs: Values) -> float:
    """How closely the words are followed, 0..1: the field's value within its own bounds."""
    for field in (found for name in _STRENGTHS for found in model.fields if found.name.strip().lower() == name):
        value = _of(field, inputs)
        if isinstance(value, int | float) and not isinstance(value, bool):
            low = field.minimum or 0.0
            high = field.maximum if field.maximum is not None else 1.0
            return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.5
    return 0.5


def _colours(value: object) -> Iterator[str]:
    """Colours as `#rrggbb`, the heaviest first.

    Understood are a palette's name (`{"name": "EMBER"}`), its members (`{"members": [{"color_hex": "#rrggbb",
    "color_weight": 0.5}]}`, the shape Ideogram documents for its own API), and a plain list of either kind of colour.
    """
    if isinstance(value, Mapping):
        name = value.get("name")
        if isinstance(name, str):
            yield from _PALETTES.get(name.upper(), ())
        value = value.get("members") or value.get("colors") or ()
    if isinstance(value, list | tuple):
        for member in sorted(value, key=_weight, reverse=True):
            yield from _colour(member)


def _weight(member: object) -> float:
    weight = member.get("color_weight", member.get("weight")) if isinstance(member, Mapping) else None
    return float(weight) if isinstance(weight, int | float) else 0.0


def _colour(member: object) -> Iterator[str]:
    if isinstance(member, Mapping):
        member = next((member[key] for key in ("color_hex", "color", "hex") if key in member), "")
    found = _HEX.fullmatch(member.strip()) if isinstance(member, str) else None
    if found:
        yield f"#{found[1].lower()}"
