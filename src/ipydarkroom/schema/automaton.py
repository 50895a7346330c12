"""Runs a pattern without ever going back: all the ways it may match are followed at once, character by character.

So the time is bounded by the lengths of pattern and text, whatever the pattern (Thompson's construction, with the sets
of states remembered as they are met). A step is one state at one character; who runs one gives the most steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .expressions import Alternatives, At, Chars, Look, Node, Repeat, Sequence
from .letters import is_word

__all__ = ["Automaton", "Budget", "TooMuch", "build"]

_MOST_STATES = 4_000
_KEPT = 2_000  # sets of states remembered


class TooMuch(Exception):
    """More states, or more steps, than one judgement is worth."""


@dataclass(slots=True)
class Budget:
    """How many steps are left, for one search or for several."""

    left: int

    def spend(self, steps: int) -> None:
        """Take steps away.

        Raises:
            TooMuch: There are none left.
        """
        self.left -= steps
        if self.left < 0:
            raise TooMuch


@dataclass(slots=True)
class _State:
    """Entered by reading a character, or without one: always, or at a place, or where a look succeeds."""

    reads: Chars | None = None
    place: str = ""
    look: Look | None = None
    inner: Automaton | None = None
    next: list[int] = field(default_factory=list)


class Automaton:
    """The states of one pattern; state 0 is where it begins, the last where it has matched."""

    def __init__(self) -> None:
        self._states: list[_State] = [_State()]
        self._looks = False
        self._closed: dict[tuple[frozenset[int], tuple[bool, ...]], tuple[frozenset[int], bool]] = {}
        self._moved: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._end = 0

    def search(self, text: str, budget: Budget) -> bool:
        """Whether the pattern is found anywhere in a text.

        Raises:
            TooMuch: The steps are used up.
        """
        budget.spend(2 * len(self._states))  # what building it took
        return _Run(text, budget).found(self)

    # --- building

    def add(self, state: _State) -> int:
        """Take a state in; returns its number."""
        if len(self._states) >= _MOST_STATES:
            raise TooMuch
        self._states.append(state)
        return len(self._states) - 1

    def grow(self, node: Node, start: int) -> int:
        """Build a part on from a state; returns the state where it has matched."""
        if isinstance(node, Sequence):
            for inner in node.nodes:
                start = self.grow(inner, start)
            return start
        if isinstance(node, Alternatives):
            ends = [self.grow(inner, self._step(start)) for inner in node.nodes]
            return self._join(ends)
        if isinstance(node, Repeat):
            return self._grow_repeat(node, start)
        if isinstance(node, Chars):
            return self._through(start, _State(reads=node))
        if isinstance(node, At):
            return self._through(start, _State(place=node.place))
        self._looks = True
        return self._through(start, _State(look=node, inner=build(node.node)))

    def close(self, end: int) -> None:
        """The building is done; this state is where the pattern has matched."""
        self._end = end

    def _grow_repeat(self, node: Repeat, start: int) -> int:
        for _ in range(node.least):
            start = self.grow(node.node, start)
        if node.most is None:
            loop = self._step(start)
            self._states[self.grow(node.node, loop)].next.append(loop)
            return self._step(loop)
        ends = [start]
        for _ in range(node.most - node.least):
            start = self.grow(node.node, start)
            ends.append(start)
        return self._join(ends)

    def _through(self, start: int, state: _State) -> int:
        at = self.add(state)
        self._states[start].next.append(at)
        return at

    def _step(self, start: int) -> int:
        at = self.add(_State())
        self._states[start].next.append(at)
        return at

    def _join(self, ends: Iterable[int]) -> int:
        at = self.add(_State())
        for end in ends:
            self._states[end].next.append(at)
        return at


def build(node: Node) -> Automaton:
    """The automaton of a pattern's tree.

    Raises:
        TooMuch: It would have thousands of states (`(a{1,100}){1,100}`).
    """
    made = Automaton()
    made.close(made.grow(node, 0))
    return made


class _Run:
    """One text, and every automaton that runs over it."""

    def __init__(self, text: str, budget: Budget) -> None:
        self._text = text
        self._spend = budget.spend
        self._looked: dict[tuple[int, int], bool] = {}

    def found(self, automaton: Automaton, *, first: int = 0, last: int | None = None, anywhere: bool = True) -> bool:
        """Whether it matches from `first` on (`anywhere`: or from any later place), ending at `last` where given."""
        waiting: frozenset[int] = frozenset({0})
        end = len(self._text) if last is None else last
        for at in range(first, end + 1):
            states, matched = self._close(automaton, waiting, at)
            if matched and (last is None or at == last):
                return True
            if at == end:
                return False
            waiting = self._move(automaton, states, self._text[at])
            if anywhere:
                waiting |= {0}
            elif not waiting:
                return False
        return False

    def _close(self, automaton: Automaton, waiting: frozenset[int], at: int) -> tuple[frozenset[int], bool]:
        """The states that may be entered next by reading; and whether the pattern has matched."""
        around = self._around(at)
        key = (waiting, around)
        if not automaton._looks and key in automaton._closed:
            self._spend(1)
            return automaton._closed[key]
        entered, todo, reading = set(waiting), list(waiting), set()
        while todo:
            for number in automaton._states[todo.pop()].next:
                state = automaton._states[number]
                if state.reads is not None:
                    reading.add(number)
                elif number not in entered and self._passes(state, around, at):
                    entered.add(number)
                    todo.append(number)
        self._spend(len(entered) + len(reading))
        found = (frozenset(reading), automaton._end in entered)
        if not automaton._looks and len(automaton._closed) < _KEPT:
            automaton._closed[key] = found
        return found

    def _move(self, automaton: Automaton, states: frozenset[int], letter: str) -> frozenset[int]:
        """Those of them that are entered by reading this character."""
        key = (states, letter)
        if key in automaton._moved:
            self._spend(1)
            return automaton._moved[key]
        self._spend(len(states))
        kept = frozenset(number for number in states if (reads := automaton._states[number].reads) is not None and reads.has(letter))
        if len(automaton._moved) < _KEPT:
            automaton._moved[key] = kept
        return kept

    def _passes(self, state: _State, around: tuple[bool, ...], at: int) -> bool:
        if state.look is not None and state.inner is not None:
            return self._look(state.look, state.inner, at)
        if not state.place:
            return True
        starts, ends, word_before, word_after = around
        edge = word_before != word_after
        return {"^": starts, "$": ends, "b": edge, "B": not edge}[state.place]

    def _look(self, look: Look, inner: Automaton, at: int) -> bool:
        key = (id(inner), at)
        if key not in self._looked:
            if look.behind:
                self._looked[key] = self.found(inner, last=at)
            else:
                self._looked[key] = self.found(inner, first=at, anywhere=False)
        return self._looked[key] != look.negated

    def _around(self, at: int) -> tuple[bool, ...]:
        before = self._text[at - 1] if at else ""
        after = self._text[at] if at < len(self._text) else ""
        return at == 0, not after, is_word(before), is_word(after)
