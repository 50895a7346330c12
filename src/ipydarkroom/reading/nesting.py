"""Where each field belongs: `input.prompt`, a `prompt` under a title about `input`, a `path` among the items of `loras`.

A dotted name says it itself. Otherwise a field is inside the nearest field or title before it that ranks lower: a deeper
heading, a bullet further in. Copied text has lost its indentation; there the fields behind `input` are its own until a
name of the request's own comes, and an object's are counted where the page counts them (`object {3}`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .entry import Entry, Mark

__all__ = ["Placed", "place"]

_ROOT = frozenset(("model", "callbackurl", "callback_url", "input"))
_ITEM = re.compile(r"\[\d*\]$")
_MOST = 2_000  # fields of one page; the largest has 40


@dataclass(slots=True)
class Placed:
    """The fields of a request, by path; `("input", "loras", "[]", "path")` is inside the items of a list."""

    fields: dict[tuple[str, ...], Entry] = field(default_factory=dict)
    answers: dict[tuple[str, ...], Entry] = field(default_factory=dict)
    goes_on: bool = False
    """Something follows the last input: the list of inputs is whole."""

    @property
    def inputs(self) -> dict[tuple[str, ...], Entry]:
        """Those inside `input`, by the path below it."""
        return {path[1:]: entry for path, entry in self.fields.items() if path[0] == "input" and len(path) > 1}


def place(found: Sequence[Entry | Mark], sample: Mapping[str, object], *, copied: bool = False) -> Placed:
    """Give every field its path.

    Args:
        found: Fields and titles in the page's order.
        sample: The inputs of the page's own request: what is inside an object there is inside it here.
        copied: The page is text copied from a browser.
    """
    placer = _Placer(sample, copied, _names(found))
    for one in found[:_MOST]:
        placer.take(one)
    return placer.placed


def _names(found: Sequence[Entry | Mark]) -> frozenset[str]:
    return frozenset(one.name for one in found if isinstance(one, Entry))


class _Placer:
    def __init__(self, sample: Mapping[str, object], copied: bool, names: frozenset[str]) -> None:
        self.sample, self.copied = sample, copied
        self.dotted = any(name.startswith("input.") for name in names)
        self.stack: list[tuple[tuple[int, int], tuple[str, ...] | None]] = []
        self.placed = Placed()
        self.answering = False
        self.counted: list[tuple[tuple[str, ...], int]] = []  # copied text: objects whose fields are still to come

    def take(self, one: Entry | Mark) -> None:
        if isinstance(one, Mark):
            self._mark(one)
            return
        path = self._path(one)
        while self.stack and self.stack[-1][0] >= one.rank:
            self.stack.pop()
        root = path[0].lower()
        inside = root == "input" or root in _ROOT
        self.stack.append((one.rank, path))
        if inside and not self.answering:
            self.placed.fields.setdefault(path, one)
            self.placed.goes_on = root != "input" and self._any_input()
        else:
            self.answering = self.answering or (root in ("code", "data") and "input" in {key[0] for key in self.placed.fields})
            self.placed.goes_on = True
            if self.answering or root in ("code", "msg", "data"):
                self.placed.answers.setdefault(path, one)

    def _any_input(self) -> bool:
        return any(path[0] == "input" for path in self.placed.fields)

    def _mark(self, mark: Mark) -> None:
        if mark.kind in ("text", "fence", "table"):
            return
        if mark.kind in ("body", "end"):
            self.answering, self.stack, self.counted = mark.kind == "end" and self._any_input(), [], []
            self.placed.goes_on = mark.kind == "end"
            return
        while self.stack and self.stack[-1][0] >= mark.rank:
            self.stack.pop()
        path = self._titled(mark.title)
        if path is None and self.stack:
            path = self.stack[-1][1]
        self.stack.append((mark.rank, path))
        self.placed.goes_on = not (path and path[0] == "input")

    def _titled(self, title: str) -> tuple[str, ...] | None:
        """A title about one field: `input 对象参数`, "`loras` item properties"."""
        words = re.findall(r"[^\s`*:：()（）\u3040-\u30ff\u3400-\u9fff]+", title)
        if "input" in [word.lower() for word in words[:3]]:
            return ("input",)
        for word in words[:2]:
            for path in reversed(self.placed.fields):
                if path[0] == "input" and path[-1] == word:
                    return self._inside(path)
        return ("data",) if words[:1] == ["data"] else None

    def _inside(self, path: tuple[str, ...]) -> tuple[str, ...]:
        entry = self.placed.fields.get(path)
        listed = entry is not None and entry.kind is not None and entry.kind.base == "array"
        return (*path, "[]") if listed else path

    def _path(self, entry: Entry) -> tuple[str, ...]:
        steps = _steps(entry.name)
        if steps[0] == "input" and (len(steps) > 1 or ("input",) not in self.placed.fields):
            return steps
        if len(steps) == 1 and steps[0].lower() in _ROOT and ("input",) not in self.placed.fields and not self.answering and not self._holder(entry):
            return steps
        if self.copied and not self.dotted and not self.answering:
            return (*self._copied_holder(steps[0], entry), *steps)
        holder = self._holder(entry)
        if self.dotted and len(steps) > 1 and (*holder, steps[0]) not in self.placed.fields:
            return steps  # where inputs are `input.…`, `data.taskId` is none, whatever it stands behind
        return (*holder, *steps)

    def _holder(self, entry: Entry) -> tuple[str, ...]:
        """The path of the nearest one before that ranks lower and can hold fields; empty where there is none."""
        for rank, path in reversed(self.stack):
            if rank >= entry.rank:
                continue
            if path is None:
                return ()
            held = self.placed.fields.get(path) or self.placed.answers.get(path)
            if held is None or held.kind is None or held.kind.base in ("object", "array", "any"):
                return self._inside(path) if path in self.placed.fields else path
        return ()

    def _copied_holder(self, name: str, entry: Entry) -> tuple[str, ...]:
        """Text without indentation: counted objects first, then what the sample shows, then `input`."""
        while self.counted and self.counted[-1][1] == 0:
            self.counted.pop()
        if self.counted:
            path, left = self.counted[-1]
            self.counted[-1] = (path, left - 1)
        elif ("input",) in self.placed.fields and not (name.lower() in _ROOT and name not in self.sample):
            path = self._shown_in(name)
        else:
            path = ()
        if entry.kind is not None and entry.kind.children:
            below = (*path, name)
            self.counted.append(((*below, "[]") if entry.kind.base == "array" else below, entry.kind.children))
        return path

    def _shown_in(self, name: str) -> tuple[str, ...]:
        """`input`, or the object or list before it whose sample has this name where the sample's top has not."""
        if name not in self.sample or ("input", name) in self.placed.fields:
            for path in reversed(self.placed.fields):
                entry = self.placed.fields[path]
                if path[0] == "input" and len(path) == 2 and entry.kind and entry.kind.base in ("object", "array"):
                    shown = self.sample.get(path[1])
                    shown = shown[0] if isinstance(shown, list) and shown else shown
                    if isinstance(shown, Mapping) and name in shown:
                        return self._inside(path)
        return ("input",)


def _steps(name: str) -> tuple[str, ...]:
    """A dotted name as steps; `items[]`, `items[0]` and `items[].path` go through a list's items."""
    steps = list[str]()
    for piece in name.strip(".").split(".") or [name]:
        bare = _ITEM.sub("", piece)
        steps.append(bare or piece)
        if bare != piece and bare:
            steps.append("[]")
    if steps[-1] == "[]":
        steps.pop()
    return tuple(steps) if all(steps) else (name,)
