"""A JSON Schema from what a page says in words, so that it equals the one its OpenAPI twin writes.

Labelled lines become keywords. What is said in a sentence stays in the description, but for limits in brackets that have
a label of their own ("(Max length: 5000 characters)"). The page's own request fills gaps: an input that no line describes
gets the kind of its value, and one whose described kind cannot hold its value is described anew, each with a note.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..fields import pointer_text
from ..schema import Note
from .entry import Entry
from .labels import subject_of
from .types import MISSING, Range, Type, number_in, range_in, value_in, values_in, type_in

__all__ = ["inferred", "schema_from"]

_BRACKETS = re.compile(r"[(（]([^()（）]{1,200})[)）]")
_MIME = re.compile(r"\b(?:image|video|audio|application|text)/[\w.+-]{1,60}")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(KB|MB|GB|K|M|G)?", re.IGNORECASE)
_MEGABYTES = {"K": 1 / 1024, "M": 1, "G": 1024}
_SPAN_OF = {"string": "length", "array": "items"}
_ADDRESS = re.compile(r"https?://")


def schema_from(
    fields: Mapping[tuple[str, ...], Entry], sample: Mapping[str, object] | None = None, about: str = "",
) -> tuple[dict[str, object], list[Note]]:
    """An object schema.

    Args:
        fields: By path; `"[]"` is a step into a list's items.
        sample: The inputs of the page's own request.
        about: The object's description.
    """
    root: dict[str, object] = {"type": "object", **({"description": about} if about else {}), "properties": {}}
    notes = list[Note]()
    for path, entry in fields.items():
        _put(root, path, _part(entry), required=_is_required(entry))
    properties = root["properties"]
    assert isinstance(properties, dict)  # made above
    for name, value in (sample or {}).items():
        if name not in properties:
            properties[name] = inferred(value)
            notes.append(Note(pointer_text((name,)), "field_from_sample", None, properties[name]))
        elif not _can_hold(properties[name], value):
            notes.append(Note(pointer_text((name,)), "type_contradicted", properties[name].get("type"), inferred(value).get("type")))
            properties[name] = inferred(value)
    return root, notes


def inferred(value: object) -> dict[str, object]:
    """The schema of one example value."""
    if isinstance(value, bool):
        return {"type": "boolean", "examples": [value]}
    if isinstance(value, int):
        return {"type": "number", "examples": [value]}
    if isinstance(value, float):
        return {"type": "number", "examples": [value]}
    if isinstance(value, str):
        address = {"format": "uri"} if _ADDRESS.match(value) else {}
        return {"type": "string", **address, "examples": [value]}
    if isinstance(value, list):
        first = inferred(value[0]) if value else {}
        first.pop("examples", None)
        return {"type": "array", **({"items": first} if first else {}), "examples": [value]}
    if isinstance(value, Mapping):
        inner = {str(name): inferred(one) for name, one in value.items()}
        return {"type": "object", **({"properties": inner} if inner else {}), "examples": [value]}
    return {}


def _can_hold(part: object, value: object) -> bool:
    """Whether a described kind can hold a value at all; a number written as a word is left to the server."""
    said = part.get("type") if isinstance(part, Mapping) else None
    if said in ("object", "array"):
        return value is None or isinstance(value, dict if said == "object" else list)
    return not isinstance(value, dict | list) or said is None


def _put(root: dict[str, object], path: tuple[str, ...], part: dict[str, object], *, required: bool) -> None:
    """Set a part at its path; what leads there is made where it is missing."""
    holder = root
    for step, following in zip(path[:-1], path[1:], strict=True):
        if step == "[]":
            continue
        properties = holder.setdefault("properties", {})
        assert isinstance(properties, dict)  # only this module fills it
        below = properties.setdefault(step, {"type": "array" if following == "[]" else "object"})
        if following == "[]" or below.get("type") == "array":
            below = below.setdefault("items", {"type": "object"})
            below["type"] = "object"
            below.pop("format", None)
        holder = below
    name = path[-1]
    if name == "[]":
        holder.update(part)
        return
    properties = holder.setdefault("properties", {})
    assert isinstance(properties, dict)  # only this module fills it
    if name in properties and "properties" in properties[name]:  # its children came first
        part = {**properties[name], **part}
    properties[name] = part
    if required:
        names = holder.setdefault("required", [])
        assert isinstance(names, list)  # only this module fills it
        names.append(name)


def _is_required(entry: Entry) -> bool:
    said = entry.facts.get("required")
    if said is not None:
        return value_in(said, Type("boolean")) is True
    if "optional" in entry.facts:
        return value_in(entry.facts["optional"], Type("boolean")) is False
    return entry.tail.required is True


def _part(entry: Entry) -> dict[str, object]:
    """One field's schema."""
    kind = entry.kind or _kind_by_value(entry)
    text = _text(entry)
    part: dict[str, object] = {}
    if text:
        part["description"] = text
    part.update(_type_words(kind))
    listed = entry.facts.get("enum", "") if kind.base != "object" else ""
    values = values_in(listed, _single(kind), verbatim=entry.copied)
    if values:
        holder = part if kind.base != "array" else part.setdefault("items", {"type": "string"})
        assert isinstance(holder, dict)  # set on the line above
        holder["enum"] = [value for value, _ in values]
        names = [meaning or str(value) for value, meaning in values]
        if names != [str(value) for value, _ in values]:
            holder["enumNames"] = names
    for word, subject in (("default", "default"), ("examples", "example")):
        said = entry.facts.get(subject, entry.tail.default if subject == "default" else None)
        found = MISSING if said is None else value_in(said, kind)
        if found is MISSING and said and any(said.strip() == value for value, _ in values):
            found = said.strip()  # the word "none" is a value where it is listed
        if found is not MISSING:
            part[word] = found if word == "default" else [found]
    part.update(_bounds(entry, kind, text))
    part.update(_files(entry, kind, part))
    if entry.facts.get("format") and kind.base == "string" and "format" not in part and re.fullmatch(r"`?[a-z-]{2,20}`?", entry.facts["format"]):
        part["format"] = entry.facts["format"].strip("`")
    if entry.facts.get("pattern"):
        part["pattern"] = entry.facts["pattern"].strip().strip("`")
    if entry.tail.deprecated or value_in(entry.facts.get("deprecated", ""), Type("boolean")) is True:
        part["deprecated"] = True
    return part


def _single(kind: Type) -> Type:
    """What one listed value is: a list's enum lists its items."""
    return (kind.items or Type("string")) if kind.base == "array" else kind


def _type_words(kind: Type) -> dict[str, object]:
    words: dict[str, object] = {} if kind.base == "any" else {"type": kind.base}
    if kind.format:
        words["format"] = kind.format
    if kind.items:
        words["items"] = _type_words(kind.items)
    if kind.nullable:
        words["nullable"] = True
    return words


def _kind_by_value(entry: Entry) -> Type:
    """A field without a type: that of its example or default, else text."""
    for said in (entry.facts.get("example"), entry.facts.get("default")):
        found = MISSING if said is None else value_in(said, None)
        if isinstance(found, bool | int | float | list | dict):
            return type_in(str(inferred(found).get("type", "string"))) or Type("string")
    return Type("string")


def _text(entry: Entry) -> str:
    said = [entry.facts.get("description", ""), *entry.prose]
    return "\n".join(line for line in said if line).strip()


def _bounds(entry: Entry, kind: Type, text: str) -> dict[str, object]:
    """Lengths, counts, bounds and step, from labelled lines and labelled brackets."""
    facts = entry.facts
    spans = {"length": facts.get("length", ""), "items": facts.get("items", ""), "range": facts.get("range", "")}
    spans[_SPAN_OF.get(kind.base, "range")] += f" {facts.get('bounds', '')} {entry.tail.bounds}"
    bounds = {**_counts(facts, kind), **_spans(spans)}
    if kind.base in ("number", "integer"):
        bounds |= _numeric(facts, range_in(spans["range"]))
    said = dict(_bracketed(text))
    for word, number in {**_counts(said, kind), **(_numeric(said, Range()) if kind.base in ("number", "integer") else {})}.items():
        bounds.setdefault(word, number)
    return bounds


def _counts(facts: Mapping[str, str], kind: Type) -> dict[str, object]:
    """Lengths and counts behind labels of their own; "Max length: 3-5000" says both."""
    found: dict[str, object] = {}
    for least, most in (("minLength", "maxLength"), ("minItems", "maxItems")):
        span = range_in(facts.get(most, ""))
        if span.minimum is not None and span.maximum is not None:
            found |= {least: int(span.minimum), most: int(span.maximum)}
            continue
        for word in (least, most):
            number = number_in(facts[word]) if word in facts else None
            if number is not None and number >= 0:
                found[word] = int(number)
    if kind.base == "array":  # the length of a list is the number of its items
        return {{"minLength": "minItems", "maxLength": "maxItems"}.get(word, word): number for word, number in found.items()}
    return found


def _spans(spans: Mapping[str, str]) -> dict[str, object]:
    """Lengths and counts given from … to …."""
    found: dict[str, object] = {}
    for subject, words in (("length", ("minLength", "maxLength")), ("items", ("minItems", "maxItems"))):
        span = range_in(spans[subject])
        for word, number in zip(words, (span.minimum, span.maximum), strict=True):
            if number is not None and number >= 0:
                found[word] = int(number)
    return found


def _numeric(facts: Mapping[str, str], span: Range) -> dict[str, object]:
    found: dict[str, object] = {}
    for word, number, is_open in (("minimum", span.minimum, span.open_minimum), ("maximum", span.maximum, span.open_maximum)):
        said = number_in(facts[word]) if word in facts else None
        if said is not None:
            found[word] = said
        elif number is not None:
            found[f"exclusive{word.capitalize()}" if is_open else word] = number
    step = number_in(facts["multipleOf"]) if "multipleOf" in facts else span.step
    if step is not None and step > 0:
        found["multipleOf"] = step
    return found


def _bracketed(text: str) -> list[tuple[str, str]]:
    """Labelled limits in brackets: `（最小值：0，最大值：1，步长：0.1）`."""
    found = []
    for inside in _BRACKETS.findall(text):
        for piece in re.split(r"[,，;；、]\s*(?!\d{3}\b)", inside):
            label, colon, value = piece.replace("：", ":").partition(":")
            subject = subject_of(label) if colon else None
            if subject in ("maxLength", "minLength", "minimum", "maximum", "multipleOf", "maxItems", "minItems") and number_in(value) is not None:
                found.append((subject, value))
    return found


def _files(entry: Entry, kind: Type, part: Mapping[str, object]) -> dict[str, object]:
    """What labelled lines say of a file: its size in the words of RunComfy's catalog (`validations`), its types."""
    found: dict[str, object] = {}
    size = _SIZE.search(entry.facts.get("size", ""))
    if size:
        most = float(size[1]) * _MEGABYTES[(size[2] or "M")[0].upper()]
        found["validations"] = [{
            "validation_rule": "file_size_mb<=", "validation_value": int(most) if most.is_integer() else most,
            "validation_error": entry.facts["size"],
        }]
    mimes = list(dict.fromkeys(_MIME.findall(entry.facts.get("accept", ""))))
    if mimes:
        found["x-cog-accept"] = mimes
    if (size or mimes or "multiple" in entry.facts) and kind.base == "array" and "items" not in part:
        found["items"] = {"type": "string", "format": "uri"}
    return found
