"""What was put right, and what was read between the lines, while a foreign schema became fields.

Each is a Note of four: where, by which rule, what it was, and what it became. `Notes` is a tuple of them that shows
itself as a table.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..markup import Markup, css, tag

__all__ = ["READINGS", "Note", "Notes"]

READINGS = frozenset({
    "constant", "default_empty", "deprecated", "file_limits", "free_object", "keyword_unknown", "media", "merged", "name_is_data", "nullable", "order",
    "order_partly", "order_unknown", "seed", "sizes_in_labels", "text_empty", "unclaimed", "whole_number",
})
"""Rules that change nothing the schema says: they tell how it was understood, as do those that begin with
`prose_` (docs/prose.md). All others are corrections."""

_SHOWN = 80  # characters of what was and of what became


@dataclass(frozen=True, slots=True)
class Note:
    """One note: where (a JSON Pointer), which rule, and what was and what became."""

    pointer: str
    rule: str
    was: object
    became: object

    @property
    def is_correction(self) -> bool:
        """Whether something the schema says was changed, rather than only understood."""
        return self.rule not in READINGS and not self.rule.startswith("prose_")

    def __str__(self) -> str:
        return f"{self.pointer or '(whole)'} · {self.rule} · {_short(self.was)} → {_short(self.became)}"


class Notes(tuple[Note, ...]):
    """The notes of one schema, in the order they were made."""

    __slots__ = ()

    @property
    def corrections(self) -> Notes:
        """Those that changed something."""
        return Notes(note for note in self if note.is_correction)

    def __repr__(self) -> str:
        return "\n".join([f"<{len(self)} notes>", *(f"  {note}" for note in self)])

    def _repr_html_(self) -> Markup:
        cell = css(text_align="left", vertical_align="top", padding="2px 10px 2px 0")
        rows = [
            tag("tr", *(tag("td", part, style=cell) for part in (note.pointer, note.rule, _short(note.was), _short(note.became))))
            for note in self
        ]
        return tag("table", tag("tbody", *rows))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
