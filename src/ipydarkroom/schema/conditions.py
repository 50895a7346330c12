"""What the fields of one object mean for each other now: which are shown, may be changed and must be given, and why.

One truth for forms, for the check and for what is sent, at every level: `conditions(root, rules)` for a whole model,
`conditions(field)` for an object inside it. Conditions come from `if`/`then`/`else`, `dependentRequired`,
`dependentSchemas` (`dependencies`), a discriminator, parts of `allOf`, and from the rules between two fields.

An untouched field's default counts as its value where its value is compared (`if`, `only_when`, a discriminator), since
a server uses it; where JSON Schema asks whether a name is there (`dependent…`, and `needs` or `instead_of` among the
rules), it is not. Without a default, an untouched field is absent, and `if: {properties: ...}` holds, as JSON Schema has
it. What is not shown is not sent, so it is absent too, its default included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field as _field, replace
from typing import TYPE_CHECKING

from ..fields import UNSET, Field, Rule, Values
from .branches import joined_children
from .parts import Why, applied, chosen, decides, foreseen, names_read, spelt
from .presence import given, holds, is_empty
from .refining import as_in_branch, brought, narrowed

if TYPE_CHECKING:
    from ..fields import Branches
    from .parts import Applied

__all__ = ["Conditions", "Now", "Standing", "conditions"]

_MOST_ROUNDS = 6  # what is hidden may hide more; a chain of real conditions has two or three links
_MOST_KEPT = 256  # objects whose conditions are kept; a form has a few
_MOST_MOMENTS = 64  # for each of them, fields as they were in so many combinations of parts


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
    """

    fields: tuple[Field, ...]
    standing: Mapping[str, Standing]
    parts: tuple[Applied, ...] = ()
    replaced: Mapping[str, str] = _field(default_factory=dict)

    @property
    def shown(self) -> frozenset[str]:
        """The names that count now."""
        return frozenset(name for name, found in self.standing.items() if found.shown)

    def counts(self, name: str) -> bool:
        """Whether what is said under a name counts: no field that is hidden, or that another one stands in for."""
        found = self.standing.get(name)
        return (found is None or found.shown) and name not in self.replaced


class Conditions:
    """The conditions of one object. Compiled once; asking costs nothing where there are none.

    Attributes:
        reads: The names the answers depend on; nothing changes while none of them does.
        conditional: Whether anything can ever change.
        names: Every name that has a field here, now or with other values.
        later: The fields that only come with some values, one for each name.
    """

    def __init__(self, root: Field, rules: tuple[Rule, ...]) -> None:
        self.root = root
        self.rules = rules
        self._own = joined_children(root) if root.branches else root.children
        parts = tuple(foreseen(root))
        own = {child.name for child in self._own}
        joined = frozenset({*root.joined, *(own - {child.name for child in root.children})})
        more = {child.name: child for part in parts for child in part.children if child.kind != "never"}
        self.later = tuple(child for name, child in more.items() if name not in own)
        self.names = (*(child.name for child in self._own), *(child.name for child in self.later))
        self._branched = _branched(root, joined)
        self._versions = frozenset(child.name for child in self._own if child.branches and child.name in joined)
        self.conditional = bool(rules) or len(parts) > 1 or bool(root.dependent_required)
        read = names_read(root)
        of_rules = frozenset(name for rule in rules for name in (rule.field, rule.other))
        self.reads: frozenset[str] = of_rules.union(self.names) if read is None else read.union(of_rules)
        plain = {child.name: Standing(required=child.required, prefilled=child.required) for child in self._own}
        self._still = Now(self._own, plain)
        self._moments: dict[object, tuple[Field, ...]] = {}

    def fields(self, values: Values) -> tuple[Field, ...]:
        """The object's fields now, each as it is now: bounds and choices of the parts that apply, required or not."""
        return self.now(values).fields

    def standing(self, values: Values) -> Mapping[str, Standing]:
        """How each field stands, by name."""
        return self.now(values).standing

    def now(self, values: Values) -> Now:
        """Everything about this moment. Where conditions go round in a circle, the last of a few rounds counts."""
        if not self.conditional:
            return self._still
        now = self._still
        seen: object = None
        for _ in range(_MOST_ROUNDS):
            now = self._round(values, now)
            new = now.shown, tuple(id(each.part) for each in now.parts)
            if new == seen:
                break
            seen = new
        return now

    def _round(self, values: Values, before: Now) -> Now:
        """One look at everything, with what the look before found hidden left out."""
        hidden = {name for name, found in before.standing.items() if not found.shown}
        said = {name: value for name, value in values.items() if value is not UNSET and name not in hidden}
        defaults = {each.name: each.default for each in before.fields if each.default is not UNSET and each.name not in hidden}
        filled = {**defaults, **said}
        parts = applied(self.root, said, filled)
        off = self._hidden(parts, filled)
        replaced = {rule.other: rule.field for rule in self.rules if rule.kind == "instead_of" and not is_empty(said, rule.field)}
        needed = self._needed(parts, said)
        barred = dict(self._barred(said))
        standing: dict[str, Standing] = {}
        for child in self._own:
            standing[child.name] = _standing(child, off, replaced, needed, barred)
        fields = self._fields(parts, {name for name, found in standing.items() if found.required}, needed)
        for each in fields[len(self._own):]:
            standing[each.name] = _standing(each, off, replaced, needed, barred)
        for name in needed:
            standing.setdefault(name, Standing(required=True, why=needed[name]))
        for child in self.later:
            standing.setdefault(child.name, Standing(shown=False, why=("problem.does_not_count", {})))
        for rule in self.rules:
            if rule.prefilled and (found := standing.get(rule.field)) is not None and found.shown:
                standing[rule.field] = replace(found, prefilled=True)
        return Now(fields, standing, parts, replaced)

    # --- what is hidden, and what must be there

    def _hidden(self, parts: tuple[Applied, ...], filled: Values) -> dict[str, Why]:
        """The names that do not count now, each with the reason."""
        off: dict[str, Why] = {}
        brings = {child.name for each in parts for child in each.part.children if child.kind != "never"}
        for choice, names in self._branched:
            told = chosen(choice, filled)
            for name in names - brings if told is not None else ():
                off[name] = _only_in(choice, name)
        for each in parts:
            for name in _refused(each.part):
                off[name] = ("problem.does_not_count", {})
        for rule in self.rules:
            if rule.kind == "only_when" and not holds(rule, filled):
                off[rule.field] = ("rule.only_when", {"other": rule.other, "value": spelt(rule.value)})
        return off

    def _needed(self, parts: tuple[Applied, ...], said: Values) -> dict[str, Why | None]:
        """The names that must be there now besides those that always must."""
        found: dict[str, Why | None] = {}
        for each in parts:
            for name in each.part.needs:
                found.setdefault(name, None if each.why and each.why[1].get("other") == name else each.why)
        for part in (self.root, *(each.part for each in parts)):
            for name, wanted in part.dependent_required:
                for one in wanted if name in said else ():
                    found.setdefault(one, ("problem.depends", {"other": name}))
        for rule in self.rules:
            if rule.kind == "needs" and given(said, rule.field):
                found.setdefault(rule.other, ("problem.depends", {"other": rule.field}))
        return found

    def _barred(self, said: Values) -> Iterator[tuple[str, Why]]:
        """Names that another one excludes now. Where both are given, a person has to be able to clear either."""
        for rule in self.rules:
            if rule.kind == "not_with":
                for name, other in ((rule.field, rule.other), (rule.other, rule.field)):
                    if given(said, other) and not given(said, name):
                        yield name, ("rule.not_with", {"other": other})

    # --- the fields as they are now

    def _fields(self, parts: tuple[Applied, ...], required: set[str], needed: Mapping[str, object]) -> tuple[Field, ...]:
        key = tuple(id(each.part) for each in parts), frozenset(required), frozenset(needed)
        if key not in self._moments:
            if len(self._moments) >= _MOST_MOMENTS:
                self._moments.clear()
            self._moments[key] = tuple(self._made(parts, required, needed))
        return self._moments[key]

    def _made(self, parts: tuple[Applied, ...], required: set[str], needed: Mapping[str, object]) -> Iterator[Field]:
        told: dict[str, list[tuple[Field, bool]]] = {}
        for each in parts:
            for child in each.part.children:
                if child.kind != "never" and child.name not in each.by:
                    told.setdefault(child.name, []).append((child, each.origin == "branch"))
        for child in self._own:
            found = child
            for part, is_branch in told.pop(child.name, ()):
                found = as_in_branch(found, part) if is_branch and child.name in self._versions else narrowed(found, part)
            must = child.name in required
            yield found if found.required == must else replace(found, required=must)
        for name, pieces in told.items():
            found = brought(pieces[0][0])
            for part, _ in pieces[1:]:
                found = narrowed(found, part)
            must = any(part.required for part, _ in pieces) or name in needed
            yield found if found.required == must else replace(found, required=must)


def _standing(
    child: Field, off: Mapping[str, Why], replaced: Mapping[str, str], needed: Mapping[str, Why | None], barred: Mapping[str, Why]
) -> Standing:
    name = child.name
    if name in off:
        return Standing(shown=False, why=off[name])
    if name in replaced:
        return Standing(enabled=False, why=("problem.not_together", {"other": replaced[name]}))
    if name in barred and not child.required:
        return Standing(enabled=False, why=barred[name])
    required = child.required or name in needed
    return Standing(required=required, prefilled=required, why=needed.get(name))


def _refused(part: Field) -> Iterator[str]:
    """The names a part does not take: `properties: {name: false}`, `not: {required: [name]}`."""
    yield from (child.name for child in part.children if child.kind == "never")
    excluded = part.further.excluded if part.further is not None else None
    if excluded is not None and len(excluded.needs) == 1 and replace(excluded, needs=(), kind="any", types=()) == Field(excluded.pointer, "any"):
        yield excluded.needs[0]


def _branched(root: Field, joined: frozenset[str]) -> tuple[tuple[Branches, frozenset[str]], ...]:
    """For each choice that a discriminator decides, the names that come only with some of its branches."""
    undecided = {name for choice in root.branches if not decides(choice) for name in _names(choice)}
    return tuple(
        (choice, (_names(choice) & joined) - undecided - _common(choice)) for choice in root.branches if decides(choice)
    )


def _names(choice: Branches) -> frozenset[str]:
    return frozenset(child.name for branch in choice.branches for child in branch.field.children)


def _common(choice: Branches) -> frozenset[str]:
    """Names of every branch, the discriminator among them: those count whichever is chosen."""
    each = [frozenset(child.name for child in branch.field.children) for branch in choice.branches]
    return frozenset.intersection(*each) | {choice.discriminator}


def _only_in(choice: Branches, name: str) -> Why:
    """The values of the discriminator that bring a name."""
    values = [branch.value for branch in choice.branches if any(child.name == name for child in branch.field.children)]
    told = ", ".join(spelt(value) for value in values if value is not UNSET)
    return "rule.only_when", {"other": choice.discriminator, "value": told}


_kept: dict[tuple[int, ...], tuple[Field, tuple[Rule, ...], Conditions]] = {}


def conditions(root: Field, rules: Iterable[Rule] = ()) -> Conditions:
    """The conditions of an object, compiled at the first time it is asked about.

    Args:
        root: A field of kind object; of any other, there are none.
        rules: What is known about two of its fields besides the schema: for a whole model only.
    """
    several = tuple(rules)
    key = id(root), *map(id, several)
    known = _kept.get(key)
    if known is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[key] = (root, several, Conditions(root, several))  # kept beside them, as ids are given again
    return known[2]
