"""Kie's pages as Apidog gives them since spring 2026: Markdown with one ```yaml fence, an OpenAPI 3.0.1 document.

Every page of docs.kie.ai has such a twin under its address with `.md` behind it; https://docs.kie.ai/llms.txt lists them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import Page, cut_page, dialect
from ..errors import InputError
from ..page_text import language_of
from ..reading import Body, Task, bodies_in, load_yaml, task_in
from ..reading.openapi_task import own_path, shown_inputs, trimmed_names
from ..schema import Note

__all__ = ["KieApidog", "YamlFence", "is_kie", "language_in", "openapi_page", "own_api", "title_of", "yaml_fences"]

_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})[ \t]*(?P<words>[^\n`]*)$", re.MULTILINE)
_KIE = re.compile(r"\b(api|docs|old-docs)\.kie\.ai\b|kie\.ai API|/jobs/createTask\b", re.IGNORECASE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+([^\n]{1,300})$", re.MULTILINE)
_SAMPLES = re.compile(r"```.*?```|`[^`\n]*+`|https?://\S++|\"(?:[^\"\\\n]|\\.)*+\"", re.DOTALL)
_METHOD = re.compile(r"^(POST|GET)\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class YamlFence:
    """A fence with YAML in it: the words behind its opening, what is inside, and whether it is closed."""

    words: str
    inside: str
    closed: bool
    before: str


def yaml_fences(text: str) -> Iterator[YamlFence]:
    """The fences of a page that hold an OpenAPI document."""
    at = 0
    while opening := _FENCE.search(text, at):
        mark = opening["mark"]
        closing = re.compile(rf"^ {{0,3}}{mark[0]}{{{len(mark)},}}[ \t]*$", re.MULTILINE).search(text, opening.end())
        end = closing.start() if closing else len(text)
        inside = text[opening.end() : end]
        if re.match(r"ya?ml\b", opening["words"]) and re.search(r"^(openapi|paths)\s*:", inside, re.MULTILINE):
            yield YamlFence(opening["words"].strip(), inside, closing is not None, text[: opening.start()])
        at = closing.end() if closing else len(text)


def is_kie(text: str) -> bool:
    """Whether a page is Kie's: it names the host, or the path every task is created at."""
    return _KIE.search(text) is not None


def title_of(text: str) -> str:
    """The first heading, without a method before it."""
    found = _HEADING.search(text)
    return _METHOD.sub("", found[1].strip(" #*`\t")) if found else ""


def language_in(text: str) -> str:
    """The language of a page's own words: samples, code and addresses come in any."""
    return language_of(_SAMPLES.sub(" ", text))


def own_api(path: str) -> InputError:
    """The error for a page about one of Kie's older APIs, which have a path and a shape of their own."""
    return InputError(
        f"This page is about an API of its own, {path}, not about a model that takes tasks.",
        next_step="Take the page of a model whose request goes to /api/v1/jobs/createTask.",
        key="error.page_own_api", path=path,
    )


def openapi_page(name: str, text: str, document: str) -> Page:
    """A page from its OpenAPI document in YAML.

    Raises:
        InputError: The YAML cannot be read, it is about something else than a task, or it lacks a part.
    """
    loaded, notes = load_yaml(_spaces(document))
    task = task_in(loaded)
    if task is None:
        path = own_path(loaded)
        raise own_api(path) if path else cut_page(name, "request")
    if task.schema is None:
        raise cut_page(name, "inputs")
    if not task.complete:
        raise cut_page(name, "response")
    body, more = _body(name, task, text)
    return Page(
        provider="kie", model=body.model, dialect=name, schema=task.schema, title=title_of(text) or task.title,
        language=language_of(_descriptions(task.schema)) or language_in(text), sample=body.inputs, outputs=task.outputs,
        notes=(*_inputs_only(notes), *more, *trimmed_names(task.schema, body.inputs)),
    )


def _body(name: str, task: Task, text: str) -> tuple[Body, list[Note]]:
    """The page's own request, and what it contradicts: the request is right where the list of models is not."""
    bodies = task.bodies or tuple(bodies_in(text))
    if not bodies and not task.models:
        raise cut_page(name, "model")
    body = bodies[0] if bodies else Body(task.models[0], {})
    if not body.inputs:
        body = next((other for other in bodies if other.model == body.model and other.inputs), Body(body.model, dict(shown_inputs(task.schema or {}))))
    return body, model_notes(task.models, body, bodies)


def model_notes(listed: tuple[str, ...], body: Body, bodies: tuple[Body, ...]) -> list[Note]:
    """What is odd about the model's id: another one is listed, or several are."""
    notes = []
    if not listed:
        notes.append(Note("/model", "model_unlisted", None, body.model))
    elif body.model not in listed:
        notes.append(Note("/model", "model_contradicted", listed[0], body.model))
    others = [one for one in dict.fromkeys([*listed, *(one.model for one in bodies)]) if one != body.model]
    if body.model in listed and others:
        notes.append(Note("/model", "model_several", others, body.model))
    return notes


def _inputs_only(notes: tuple[Note, ...]) -> Iterator[Note]:
    """Notes on the document, told for the inputs where they are about one."""
    for note in notes:
        _, found, rest = note.pointer.partition("/properties/input/properties")
        yield Note(rest, note.rule, note.was, note.became) if found else note


def _descriptions(schema: Mapping[str, object]) -> str:
    """The descriptions of the inputs: a page's frame can be in another language than what it says of them."""
    properties = schema.get("properties")
    parts = properties.values() if isinstance(properties, Mapping) else ()
    return "\n".join(str(part["description"]) for part in parts if isinstance(part, Mapping) and "description" in part)


def _spaces(document: str) -> str:
    """No-break spaces at the beginning of a line, as browsers copy them, become spaces; padded lines end with a word."""
    document = re.sub(r"^[ \u00a0]+", lambda found: " " * len(found.group()), document, flags=re.MULTILINE)
    lines = document.split("\n")
    padded = sum(line.endswith((" ", "\u00a0")) for line in lines if line.strip())
    return "\n".join(line.rstrip() for line in lines) if padded * 2 > len(lines) else document


@dialect(rank=110)
class KieApidog:
    """Markdown with ```yaml."""

    name = "kie-apidog"

    def recognises(self, text: str) -> bool:
        return is_kie(text) and any(fence.words in ("yaml", "yml") for fence in yaml_fences(_lines(text)))

    def read(self, text: str) -> Page:
        text = _lines(text)
        fence = next(found for found in yaml_fences(text) if found.words in ("yaml", "yml"))
        if not fence.closed:
            raise cut_page(self.name, "page_end")
        return openapi_page(self.name, text, fence.inside)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
