"""Normalise, note, never refuse: a foreign schema becomes a tree of Fields, and every correction leaves a Note.

A property's name is data: it is compared and sent as it is, and means nothing here beyond naming a medium. What this
reader does not understand stays in `Field.extra`; a part it cannot make sense of takes any JSON value.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import InputError
from ..fields import UNSET, Field, Rule, Texts
from .branches import joined_children
from .document import Document
from .judge import judge
from .notes import Notes
from .tree import Reader
from .values import is_demo, text, without_demo

__all__ = ["Reading", "read_schema", "read_tree"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a schema became.

    `root` is the whole input, `fields` its properties in the order to show. `rules` are conditions between fields.
    `sample` holds example values by name: shown, never sent by themselves.
    """

    root: Field
    notes: Notes
    rules: tuple[Rule, ...]
    sample: Mapping[str, object]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The inputs, in the order to show."""
        return self.root.children


def read_tree(document: object) -> tuple[Field, Notes]:
    """Read any JSON value as a schema, for judging values: nothing raises, nothing is joined or demanded for a form.

    Args:
        document: The schema; foreign input. True, False and nonsense are schemas too.
    """
    found = Document(document)
    root = Reader(found).field(found.root, ())
    return root, Notes(found.notes)


def read_schema(
    schema: Mapping[str, object],
    hints: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    language: str = "",
    sample: Mapping[str, object] | None = None,
) -> Reading:
    """Read an object schema as a form.

    Args:
        schema: The document; foreign input.
        hints: By property name, what a schema cannot say (from a catalog entry): `media` (kind, max_bytes,
            advised_bytes, mimes), `advised_words`, `sizes` (value -> [width, height]), `sample` (the default is only
            an example, never to be sent by itself), `important` (not to be folded away).
        language: That of its titles and descriptions, as a code such as `en` or `zh_cn`; kept in `Field.texts`.
        sample: The inputs of the page's own request. It settles a name that ends in spaces: where the request has the
            trimmed name, the schema's is a slip, else the name is sent as the schema has it.

    Raises:
        InputError: This is no schema of an object. No other oddity raises.
    """
    document = Document(schema)
    root = Reader(document, hints or {}).field(document.root, ())
    if not _describes_object(root):
        raise InputError(
            "This is not the schema of an object: it has no properties.",
            next_step="Give a JSON Schema with type object.", key="error.not_a_schema",
        )
    children = _children(document, root)
    own = {child.name for child in root.children}
    joined = tuple(child.name for child in children if child.name not in own)
    root = replace(root, kind="object", children=children, joined=joined)
    sample = sample or next((one for one in root.examples if isinstance(one, Mapping)), {})
    root = _with_names_settled(document, root, sample)
    for child in root.children:
        if child.default is not UNSET and not child.choices and judge(child, child.pointer, child.default, formats=False):
            document.note(child.pointer, "default_outside", child.default, "kept")
    for name in sorted(set(root.needs) - {child.name for child in root.children}):
        document.note((name,), "required_undefined", name, None)
    shown, found = _without_demos(document, root, hints or {}, sample)
    if language:
        shown = replace(shown, children=tuple(_in_language(child, language) for child in shown.children))
    shown, rules = _with_prose(document, shown, sample)
    return Reading(shown, Notes(document.notes), rules, {**found, **sample})


def _with_prose(document: Document, root: Field, sample: Mapping[str, object]) -> tuple[Field, tuple[Rule, ...]]:
    """Limits and conditions that are said in words only join the tree and the rules here, once both stand."""
    if not any(child.title or child.help for child in root.children):
        return root, ()
    from .prose.settling import settled  # here: its word lists take as long to load as the rest of this package

    return settled(document, root, sample)


def _describes_object(root: Field) -> bool:
    if root.types:
        return "object" in root.types
    return root.kind == "object" or bool(root.children)


def _children(document: Document, root: Field) -> tuple[Field, ...]:
    """The root's own properties and its variants'; the odd names among them are noted."""
    children = joined_children(root)
    for choice in root.branches:
        added = sorted({child.name for child in children} - {child.name for child in root.children})
        document.note((), "oneOf_joined" if choice.exclusive else "anyOf_joined", len(choice.branches), added)
    for child in children:
        if not child.name.isidentifier() or keyword.iskeyword(child.name):
            document.note(child.pointer, "name_is_data", child.name, child.name)
    return children


def _with_names_settled(document: Document, root: Field, sample: Mapping[str, object]) -> Field:
    """Names that end in spaces are sent as written, unless the page's own request writes them without."""
    slips = {
        child.name: child.name.strip() for child in root.children
        if child.name != child.name.strip() and child.name not in sample and child.name.strip() in sample
    }
    if not slips:
        return root
    children = []
    for child in root.children:
        if child.name in slips:
            document.note(child.pointer, "name_trimmed", child.name, slips[child.name])
            child = replace(child, pointer=(slips[child.name],))
        children.append(child)
    return replace(
        root, children=tuple(children), needs=tuple(slips.get(name, name) for name in root.needs),
        joined=tuple(name for name in root.joined if name not in slips),
    )


def _without_demos(
    document: Document, root: Field, hints: Mapping[str, Mapping[str, Any]], request: Mapping[str, object]
) -> tuple[Field, dict[str, object]]:
    """The tree without defaults that only demonstrate, and examples for every field that has one."""
    children, sample = [], {}
    for child in root.children:
        marked = bool(hints.get(child.name, {}).get("sample"))
        if marked or is_demo(child, request.get(child.name, UNSET)):
            document.note(child.pointer, "sample_default", child.default, None)
            child = without_demo(child)
        elif child.default == "" and child.required:
            document.note(child.pointer, "default_empty", "", "counts as missing")
        if child.examples:
            sample[child.name] = child.examples[0]
        children.append(child)
    return replace(root, children=tuple(children)), sample


def _in_language(field: Field, language: str) -> Field:
    return replace(field, texts={language: Texts(text(field.title), text(field.help))})
