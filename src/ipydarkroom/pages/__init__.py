"""Documentation pages: one file per dialect, from a page's text to the model it describes. Pure; nothing is fetched.

A reader goes by structure (a request line, a JSON object with properties, a heading per field), never by a language's
words alone, since the same page comes in nine languages and in several states of repair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..errors import InputError
from ..languages import say
from ..registry import Registry
from ..schema import Note

__all__ = ["Dialect", "Page", "as_sent", "cut_page", "dialect", "dialects", "read_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a documentation page says about one model.

    `schema` is the input schema as a JSON Schema document, every name and value verbatim; in dialects that write none
    it is put together from the page's words. `sample` holds the inputs of the page's own request: examples, never
    defaults. `language` is that of its titles and descriptions (`en`, `zh-cn`, `zh-tw`, `ja`, ...; empty: unknown).
    `outputs` is the output schema where the page has one. `limits` is how large a file the page advises at most, in bytes
    by medium (`image`, `video`, `audio`); a larger one is warned about, not refused. `notes` says what had to be put right, such as a `model`
    value that the page's own request contradicts.
    """

    provider: str
    model: str
    dialect: str
    schema: Mapping[str, object] = field(repr=False, hash=False)
    title: str = ""
    language: str = ""
    sample: Mapping[str, object] = field(default_factory=dict, repr=False, hash=False)
    outputs: Mapping[str, object] = field(default_factory=dict, repr=False, hash=False)
    limits: Mapping[str, int] = field(default_factory=dict, repr=False, hash=False)
    source: str = ""
    notes: tuple[Note, ...] = field(default=(), repr=False)


class Dialect(Protocol):
    """One file in this folder."""

    name: str

    def recognises(self, text: str) -> bool:
        """Whether this page is of this dialect, whole or cut. Cheap: every dialect is asked about every page."""

    def read(self, text: str) -> Page:
        """The page.

        Raises:
            InputError: Something is missing; made by `cut_page`, so that it says what.
        """


dialects: Registry[Dialect] = Registry("ipydarkroom.pages", needs=("name", "recognises", "read"))


def dialect(rank: int) -> Callable[[type], type]:
    """Register a dialect class under a rank (tens, unique); lower ranks are asked first."""

    def keep(cls: type) -> type:
        dialects.add(cls(), rank)
        return cls

    return keep


def read_page(text: str) -> Page:
    """Read a documentation page, whatever its dialect.

    Args:
        text: The page as text: copied from a browser, or as markdown.

    Raises:
        InputError: The page is of no known dialect (`error.page_foreign`), or it is cut short (`error.page_cut`; its
            params name what is `missing`).
    """
    for found in dialects:
        if found.recognises(text):
            return found.read(text)
    raise InputError(
        "This is not a documentation page of a known kind.",
        next_step=say("error.page_foreign.next", language="en"),
        key="error.page_foreign",
        known=", ".join(found.name for found in dialects),
    )


def as_sent(page: Page) -> Mapping[str, object]:
    """The input schema with names as the page's own request writes them, where its notes say `name_trimmed`.

    A few schemas have names with a blank behind them (`image_urls `); the request beside them has the name without it.
    """
    names = {note.was: note.became for note in page.notes if note.rule == "name_trimmed"}
    properties = page.schema.get("properties")
    if not names or not isinstance(properties, Mapping):
        return page.schema
    required = page.schema.get("required")
    return {
        **page.schema, "properties": {names.get(name, name): part for name, part in properties.items()},
        **({"required": [names.get(name, name) for name in required]} if isinstance(required, list) else {}),
    }


def cut_page(name: str, *missing: str) -> InputError:
    """The error for a page of a known dialect that lacks something: `missing` are keys under `page.part.`."""
    parts = tuple(f"page.part.{part}" for part in missing)
    return InputError(
        say("error.page_cut", language="en", dialect=name, missing=parts),
        next_step=say("error.page_cut.next", language="en"),
        key="error.page_cut",
        dialect=name,
        missing=parts,
    )
