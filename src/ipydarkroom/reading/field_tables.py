"""Tables of fields: one row for each, its columns known by their heads, more labels inside the description's cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .entry import Entry, is_plain_label
from .labels import COLUMN_NAMES, subject_of
from .lines import plain
from .names import label_in, name_in

__all__ = ["fields_of"]

_TREE = re.compile(r"^(?:&nbsp;|\s|[└├│─↳>-]|\.{2,}|»)+")
_CODE = r"`[^`\n]{1,200}`"
_WORD = r"[^\W\d_][^\s:：`|.。,，;；!！()（）]{0,20}"
_SAID = re.compile(rf"(?P<label>{_WORD}(?: {_WORD}){{0,2}})\s?[:：]\s?(?P<values>{_CODE}(?:\s?[,，、/;；]\s?{_CODE})*)")
_IN_SENTENCES = frozenset(("enum", "default", "example", "maxLength", "minLength", "range"))
_EXAMPLE = re.compile(r"^(?P<text>.*?[.。!！)）])\s*(?:Example|示例|範例|例)\s*[:：]\s*(?P<value>`.*`)\s*$")


def fields_of(rows: tuple[tuple[str, ...], ...]) -> Iterator[Entry]:
    """The fields of a table, none where it is about something else: it needs names, and types or required marks."""
    head = [plain(cell).lower() for cell in rows[0]] if rows else []
    columns = ["name" if cell in COLUMN_NAMES else subject_of(cell) or "" for cell in head]
    if "name" not in columns or not {"type", "required"} & set(columns):
        return
    for row in rows[1:]:
        entry = _field(dict(zip(columns, row, strict=False)))
        if entry is not None:
            yield entry


def _field(cells: dict[str, str]) -> Entry | None:
    raw = cells.pop("name", "")
    tree = _TREE.match(raw)
    name, _ = name_in(raw[tree.end() :] if tree else raw)
    if not name:
        return None
    entry = Entry(name, (2, len(tree.group()) if tree else 0))
    for subject, cell in cells.items():
        if subject == "description":
            for line in cell.split("\n"):
                _describe(entry, line.strip())
        elif subject == "required":
            entry.facts[subject] = plain(cell) or "no"
        elif subject and cell.strip():
            entry.learn(subject, cell.strip())
    return entry


def _describe(entry: Entry, line: str) -> None:
    """One line of a description: some are labelled, some end with an example."""
    label = label_in(line.removeprefix("- "))
    if label and label[0] not in ("description", "size", "accept") and is_plain_label(label[0], label[1], copied=False):
        entry.learn(label[0], label[1])
    elif (found := _EXAMPLE.match(line)) and "example" not in entry.facts:
        entry.facts["example"] = found["value"]
        entry.prose.append(found["text"])
    elif line:
        entry.prose.append(line)
        for spoken in _SAID.finditer(line):  # "... Options: `a`, `b`. Default: `a`" in one cell: values in code are no prose
            words = spoken["label"].split(" ")
            subject = next(filter(None, (subject_of(" ".join(words[at:])) for at in range(len(words)))), None)
            if subject in _IN_SENTENCES and subject not in entry.facts:
                entry.learn(subject, spoken["values"])
