"""The parts a regular expression is made of, once it is read: one kind of part each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Alternatives", "At", "Chars", "Look", "Node", "Repeat", "Sequence"]


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of some: between two code points, of a class, or anything but these."""

    spans: tuple[tuple[str, str], ...] = ()
    classes: tuple[Callable[[str], bool], ...] = ()
    negated: bool = False

    def has(self, letter: str) -> bool:
        """Whether a character is one of them."""
        found = any(low <= letter <= high for low, high in self.spans) or any(holds(letter) for holds in self.classes)
        return found != self.negated


@dataclass(frozen=True, slots=True)
class At:
    """A place between characters: `^`, `$`, `b` (edge of a word) or `B`."""

    place: str


@dataclass(frozen=True, slots=True)
class Look:
    """What must (not) follow, or precede."""

    node: Node
    behind: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part so many times; `most` None is without end."""

    node: Node
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One part or another."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Chars | At | Look | Repeat | Sequence | Alternatives
