"""Kie's pages as people keep them in Markdown: no schema, but a title, a bullet, a bold line or a table's row for each field.

Four layouts and four languages, colons of either width inside or outside the bold; see `reading.entries`. The request's
own example names the model, and is the only source of the inputs where the page describes none (ElevenLabs).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import Page, cut_page, dialect
from .kie_apidog import is_kie, language_in, model_notes, title_of
from ..reading import Body, Entry, Mark, Placed, bodies_in, entries_in, is_markup, lines_of, place, schema_from, unquoted
from ..reading.types import values_in, value_in
from ..schema import Note

__all__ = ["KieMarkdown", "described_page", "has_fields"]


def has_fields(text: str) -> bool:
    """Whether a page describes the fields of a request in Markdown."""
    names = [one.name for one in entries_in(lines_of(unquoted(text))) if isinstance(one, Entry)]
    return any(name in ("model", "input") or name.startswith("input.") for name in names)


def described_page(name: str, text: str, *, copied: bool = False) -> Page:
    """A page from its words.

    Args:
        name: The dialect's.
        text: The page.
        copied: It is text copied from a browser.

    Raises:
        InputError: The request, the inputs or the end of their list is missing.
    """
    text = unquoted(text)
    found = entries_in(lines_of(text), copied=copied)
    bodies = tuple(bodies_in(text))
    placed = place(found, bodies[0].inputs if bodies else {}, copied=copied)
    listed = _models(placed)
    if not bodies and not listed:
        raise cut_page(name, "request")
    body = bodies[0] if bodies else Body(listed[0], {})
    if not placed.inputs and not _has_no_list(found, placed):
        raise cut_page(name, "inputs")
    if not placed.goes_on and placed.fields:
        raise cut_page(name, "response")
    about = placed.fields.get(("input",))
    words = " ".join(filter(None, [about.facts.get("description", ""), *about.prose])) if about else ""
    schema, notes = schema_from(placed.inputs, body.inputs, words)
    if not placed.inputs:
        notes.insert(0, Note("", "fields_unlisted", None, list(body.inputs)))
        schema["additionalProperties"] = True
    outputs, _ = schema_from(placed.answers) if placed.answers else ({}, [])
    return Page(
        provider="kie", model=body.model, dialect=name, schema=schema, title=title_of(text), language=language_in(text),
        sample=body.inputs, outputs=outputs, notes=(*(model_notes(listed, body, bodies) if listed else ()), *notes),
    )


def _models(placed: Placed) -> tuple[str, ...]:
    """The ids that the field `model` lists."""
    entry = placed.fields.get(("model",))
    if entry is None:
        return ()
    said = [value for value, _ in values_in(entry.facts.get("enum", ""), entry.kind)]
    said += [value_in(entry.facts[word], entry.kind) for word in ("default", "example") if word in entry.facts]
    return tuple(dict.fromkeys(one for one in said if isinstance(one, str) and one))


def _has_no_list(found: Sequence[Entry | Mark], placed: Placed) -> bool:
    """Whether the page is whole and describes no input: `input` is named and no title announces what is in it."""
    kinds = [one.kind for one in found if isinstance(one, Mark) and one.kind in ("body", "end")]
    if "body" in kinds and "end" in kinds[kinds.index("body") :]:
        return not placed.fields  # copied text whose list of fields a crawler has lost
    announced = any(isinstance(one, Mark) and one.kind == "title" and "input" in one.title.lower().split() for one in found)
    return ("input",) in placed.fields and not announced


@dialect(rank=140)
class KieMarkdown:
    """Hand-made Markdown, in four layouts."""

    name = "kie-markdown"

    def recognises(self, text: str) -> bool:
        plain = not (is_markup(text) or re.search(r"^openapi *:", text, re.MULTILINE))
        return plain and is_kie(text) and "/jobs/createTask" in text and has_fields(text)

    def read(self, text: str) -> Page:
        return described_page(self.name, text)
