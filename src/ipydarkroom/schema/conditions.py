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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from ..fields import UNSET, Field, Rule, Values
from .branches import joined_children
from .parts import applied, chosen, decides, foreseen, names_read, spelt
from .presence import given, holds, is_empty
from .refining import as_in_branch, brought, narrowed
from .standing import Now, Standing

if TYPE_CHECKING:
    from ..fields import Branches
    from .parts import Applied, Reads, Why

__all__ = ["Conditions", "Standing", "conditions"]

_MOST_ROUNDS = 6  # what is hidden may hide more; a chain of real conditions has two or three links
_MOST_KEPT = 256  # objects whose conditions are kept; a form has a few
_MOST_MOMENTS = 64  # for each of them, fields as they were in so many combinations of parts


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
        children = joined_children(root) if root.branches else root.children
        parts = foreseen(root)
        self._own = (*children, *_standing_alone({child.name for child in children}, parts))
        self._names = own = frozenset(child.name for child in self._own)
        joined = frozenset({*root.joined, *({child.name for child in children} - {child.name for child in root.children})})
        more = {child.name: child for each in parts for child in each.part.children if child.kind != "never"}
        self.later = tuple(child for name, child in more.items() if name not in own)
        self.names = (*(child.name for child in self._own), *(child.name for child in self.later))
        self._branched = _branched(root, joined)
        self._of_some = frozenset(name for _, names in self._branched for name in names)
        self._versions = frozenset(child.name for child in self._own if child.branches and child.name in joined)
        self.conditional = bool(rules) or len(parts) > 1 or bool(root.dependent_required)
        read = names_read(root)
        of_rules = frozenset(name for rule in rules for name in (rule.field, rule.other))
        self.reads: frozenset[str] = of_rules.union(self.names) if read is None else read.union(of_rules)
        plain = {child.name: Standing(required=child.required, prefilled=child.required) for child in self._own}
        self._still = Now(self._own if self.conditional else children, plain)
        self._read: Reads = {}
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
        now, heard = self._still, self._heard(values, self._still)
        for _ in range(_MOST_ROUNDS):
            now = self._round(*heard)
            before, heard = heard, self._heard(values, now)
            if _alike(before[1], heard[1]) and before[0].keys() == heard[0].keys():
                return now
        return replace(now, settled=False)

    def _heard(self, values: Values, now: Now) -> tuple[dict[str, object], dict[str, object]]:
        """What was said, and the same with defaults, without what was found hidden."""
        hidden = {name for name, found in now.standing.items() if not found.shown}
        said = {name: value for name, value in values.items() if value is not UNSET and name not in hidden}
        defaults = {each.name: each.default for each in now.fields if each.default is not UNSET and each.name not in hidden}
        return said, {**defaults, **said}

    def _round(self, said: Values, filled: Values) -> Now:
        """One look at everything, with what the look before found hidden left out."""
        parts = applied(self.root, said, filled, self._read)
        replaced = {rule.other: rule.field for rule in self.rules if rule.kind == "instead_of" and not is_empty(said, rule.field)}
        needed = self._needed(parts, said)
        must = {child.name for child in self._own if child.required} | needed.keys()
        off = self._hidden(parts, filled, must)
        barred = dict(self._barred(said))
        told = self._told(parts)
        names = dict.fromkeys((*(child.name for child in self._own), *told))
        standing = {name: _standing(name, off, replaced, must, needed, barred) for name in names}
        fields = self._fields(parts, told, frozenset(name for name, found in standing.items() if found.required))
        for name in off:
            standing.setdefault(name, Standing(shown=False, why=off[name]))
        for name in needed:
            standing.setdefault(name, Standing(required=True, why=needed[name]))
        for child in self.later:
            standing.setdefault(child.name, Standing(shown=False, why=("problem.does_not_count", {})))
        for rule in self.rules:
            if rule.prefilled and (found := standing.get(rule.field)) is not None and found.shown:
                standing[rule.field] = replace(found, prefilled=True)
        return Now(fields, standing, parts, replaced)

    # --- what is hidden, and what must be there

    def _hidden(self, parts: tuple[Applied, ...], filled: Values, must: AbstractSet[str]) -> dict[str, Why]:
        """The names that do not count now, each with the reason. What must be given is not hidden, even if it is refused."""
        off: dict[str, Why] = {}
        brings = {child.name for each in parts for child in each.part.children if child.kind != "never"}
        for choice, names in self._branched:
            told = chosen(choice, filled)
            for name in names - brings - must if told is not None else ():
                off[name] = _only_in(choice, name)
        for each in parts:
            for name in set(_refused(each.part)) - each.by - must:
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

    def _told(self, parts: tuple[Applied, ...]) -> dict[str, list[tuple[Field, bool]]]:
        """By name, what the parts say of it now, and whether it is a chosen branch that says so."""
        told: dict[str, list[tuple[Field, bool]]] = {}
        for each in parts:
            for child in each.part.children:
                if child.kind != "never" and (child.name not in each.by or child.name not in self._names):
                    told.setdefault(child.name, []).append((child, each.origin == "branch"))
        return told

    def _fields(
        self, parts: tuple[Applied, ...], told: Mapping[str, list[tuple[Field, bool]]], required: frozenset[str]
    ) -> tuple[Field, ...]:
        key = tuple(id(each.part) for each in parts), required
        if key not in self._moments:
            if len(self._moments) >= _MOST_MOMENTS:
                self._moments.clear()
            made = (*(self._as_now(child, told.get(child.name, ()), parts) for child in self._own),
                    *(_brought(pieces) for name, pieces in told.items() if name not in self._names))  # fmt: skip
            self._moments[key] = tuple(
                found if found.required == (found.name in required) else replace(found, required=found.name in required) for found in made
            )
        return self._moments[key]

    def _as_now(self, child: Field, pieces: Sequence[tuple[Field, bool]], parts: tuple[Applied, ...]) -> Field:
        """One of the object's own fields with all that is said of it now."""
        if not pieces and any(each.origin == "branch" and child.name in each.part.needs for each in parts) and child.name in self._of_some:
            return Field(child.pointer, "any", title=child.title, order=child.order)  # the chosen branch demands it, and says no more
        for part, is_branch in pieces:
            child = as_in_branch(child, part) if is_branch and child.name in self._versions else narrowed(child, part)
        return child


def _brought(pieces: Sequence[tuple[Field, bool]]) -> Field:
    """A field that only parts know, by all that they say of it."""
    found = brought(pieces[0][0])
    for part, _ in pieces[1:]:
        found = narrowed(found, part)
    return found


def _standing_alone(own: AbstractSet[str], parts: tuple[Applied, ...]) -> Iterator[Field]:
    """Names that no property defines, and on which it depends whether the part that does applies.

    They are there always, or whatever is said of them would take them away again. Each part judges them itself.
    """
    told: dict[str, list[tuple[Field, bool]]] = {}
    for each in parts:
        for child in each.part.children:
            if child.name in each.by and child.name not in own and child.kind != "never":
                told.setdefault(child.name, []).append((child, each.origin == "branch"))
    for name, pieces in told.items():
        first = pieces[0][0]
        tells = all(is_branch and child.is_constant for child, is_branch in pieces)
        listed = tuple({spelt(choice.value): choice for child, _ in pieces for choice in child.choices}.values()) if tells else ()
        yield Field((*first.pointer[:-1], name), first.kind, types=(), choices=listed, title=first.title, help=first.help)


def _alike(one: Values, other: Values) -> bool:
    """Whether two looks heard the very same values."""
    return one.keys() == other.keys() and all(value is other[name] for name, value in one.items())


def _standing(
    name: str, off: Mapping[str, Why], replaced: Mapping[str, str], must: AbstractSet[str], needed: Mapping[str, Why | None], barred: Mapping[str, Why]
) -> Standing:
    if name in off:
        return Standing(shown=False, why=off[name])
    if name in replaced:
        return Standing(enabled=False, why=("problem.not_together", {"other": replaced[name]}))
    if name in barred and name not in must:
        return Standing(enabled=False, why=barred[name])
    return Standing(required=name in must, prefilled=name in must, why=needed.get(name))


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
