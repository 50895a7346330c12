"""How the fields of one object stand at one moment: what a form is told, and what check and payload go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..fields import Field
    from .parts import Applied, Why

__all__ = ["Now", "Standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one field stands with the values there are now.

    Attributes:
        shown: It counts: it is drawn and sent. What is not shown stays in the draft and leaves the payload.
        enabled: False where another field stands in for it or excludes it now; it is drawn all the same.
        required: It has to be given.
        prefilled: A form gives it its default where nobody has touched it, so that it is sent.
        why: Why it is not shown, not enabled, or required now, as language key and params; None where there is nothing to say.
    """

    shown: bool = True
    enabled: bool = True
    required: bool = False
    prefilled: bool = False
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Now:
    """One object at one moment.

    Attributes:
        fields: The fields there are, in the order to show: the object's own, then those that parts bring in. Hidden
            ones of its own are among them.
        standing: By name, also for fields that only come with other values: those are not shown.
        parts: The schema's parts that apply.
        replaced: Names another field stands in for, each with the other's.
        settled: False where the conditions go round in a circle, so that this is one of several answers.
    """

    fields: tuple[Field, ...]
    standing: Mapping[str, Standing]
    parts: tuple[Applied, ...] = ()
    replaced: Mapping[str, str] = _field(default_factory=dict)
    settled: bool = True

    @property
    def shown(self) -> frozenset[str]:
        """The names that count now."""
        return frozenset(name for name, found in self.standing.items() if found.shown)

    def counts(self, name: str) -> bool:
        """Whether what is said under a name counts: no field that is hidden, or that another one stands in for."""
        found = self.standing.get(name)
        return (found is None or found.shown) and name not in self.replaced
