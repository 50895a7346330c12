r"""Reads a pattern as JSON Schema means it: a regular expression of ECMA 262 in Unicode mode, into a small tree.

Python's own `re` would read other things into it (`\d` takes Bengali digits, `$` forgives a line break, `\p{L}` is an
error), and would run for hours on a pattern written to make it. What is read here, `automaton` runs in bounded time.
Back references cannot be run so; nor do we know scripts (`\p{Script=Greek}`): both are not readable here.
"""

from __future__ import annotations

from collections.abc import Callable

from .expressions import Alternatives, At, Chars, Look, Node, Repeat, Sequence
from .letters import CONTROLS, SETS, category

__all__ = ["Unreadable", "read_pattern"]


class Unreadable(ValueError):
    """This is no pattern of ECMA 262, or one with a part that is not read here."""


_BREAKS = Chars(spans=(("\n", "\n"), ("\r", "\r"), ("\u2028", "\u2029")), negated=True)
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_MOST_NESTED = 100


def read_pattern(pattern: str, *, strict: bool = False) -> Node:
    """Read a pattern.

    Args:
        pattern: As it stands in the schema, unanchored.
        strict: Only ask whether it is a pattern: refuse what ECMA 262 refuses in Unicode mode, such as a needless
            backslash, and take a back reference.

    Raises:
        Unreadable: Not a pattern, or with a part that is not read here.
    """
    reader = _Reader(pattern, strict=strict)
    found = reader.alternatives(0)
    if reader.at < len(pattern):
        raise Unreadable("a bracket closes that was never opened")
    return found


class _Reader:
    """A place in a pattern, moving on as parts are read."""

    def __init__(self, pattern: str, *, strict: bool) -> None:
        self._pattern = pattern
        self._strict = strict
        self.at = 0

    def alternatives(self, depth: int) -> Node:
        """What stands between brackets: sequences, with `|` between them."""
        if depth > _MOST_NESTED:
            raise Unreadable("brackets are too deep")
        found = [self._sequence(depth)]
        while self._take("|"):
            found.append(self._sequence(depth))
        return found[0] if len(found) == 1 else Alternatives(tuple(found))

    def _sequence(self, depth: int) -> Node:
        nodes: list[Node] = []
        while self.at < len(self._pattern) and self._peek() not in "|)":
            node = self._one(depth)
            nodes.append(self._repeated(node))
        return nodes[0] if len(nodes) == 1 else Sequence(tuple(nodes))

    def _one(self, depth: int) -> Node:
        letter = self._next()
        if letter in "^$":
            return At(letter)
        if letter == "(":
            return self._group(depth)
        if letter == "[":
            return self._class()
        if letter == ".":
            return _BREAKS
        if letter == "\\":
            return self._escape()
        if letter in "*+?" or (self._strict and letter in "{}]"):
            raise Unreadable(f"{letter} has nothing before it")
        return Chars(((letter, letter),))

    def _repeated(self, node: Node) -> Node:
        counts = self._counts()
        if counts is None:
            return node
        if isinstance(node, At) or (isinstance(node, Look) and (node.behind or self._strict)):
            raise Unreadable("a place cannot be repeated")
        self._take("?")  # the lazy kind finds other spans, never another answer
        if self._counts() is not None:
            raise Unreadable("a repetition is repeated")
        return Repeat(node, *counts)

    def _counts(self) -> tuple[int, int | None] | None:
        """The repetition that stands here, read; None where there is none."""
        for sign, counts in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return counts
        if self._peek() != "{":
            return None
        body, closed, _ = self._pattern[self.at + 1 :].partition("}")
        low, comma, high = body.partition(",")
        if not closed or not low.isascii() or not low.isdecimal() or (high and not (high.isascii() and high.isdecimal())):
            return None
        if len(body) > 12:
            raise Unreadable("a repetition is too long")
        self.at += len(body) + 2
        most = int(low) if not comma else int(high) if high else None
        if most is not None and most < int(low):
            raise Unreadable("a repetition ends before it begins")
        return int(low), most

    def _group(self, depth: int) -> Node:
        look: tuple[bool, bool] | None = None
        if self._take("?"):
            for sign, behind, negated in (("=", False, False), ("!", False, True), ("<=", True, False), ("<!", True, True)):
                if self._take(sign):
                    look = (behind, negated)
                    break
            else:
                if self._take("<"):
                    name, closed, _ = self._pattern[self.at :].partition(">")
                    if not closed or not name.isidentifier():
                        raise Unreadable("a group has no proper name")
                    self.at += len(name) + 1
                elif not self._take(":"):
                    raise Unreadable("a kind of group that ECMA 262 does not know")
        inner = self.alternatives(depth + 1)
        if not self._take(")"):
            raise Unreadable("a bracket is left open")
        return inner if look is None else Look(inner, *look)

    def _class(self) -> Chars:
        """A set of characters in square brackets."""
        negated = self._take("^")
        spans: list[tuple[str, str]] = []
        classes: list[Callable[[str], bool]] = []
        while not self._take("]"):
            low = self._member()
            if self._peek() == "-" and self.at + 1 < len(self._pattern) and self._pattern[self.at + 1] != "]":
                self._next()
                high = self._member()
                if not isinstance(low, str) or not isinstance(high, str) or high < low:
                    raise Unreadable("a range of characters is out of order")
                spans.append((low, high))
            elif isinstance(low, str):
                spans.append((low, low))
            else:
                classes.append(low.has)
        return Chars(tuple(spans), tuple(classes), negated)

    def _member(self) -> str | Chars:
        letter = self._next()
        if letter != "\\":
            return letter
        if self._take("b"):
            return "\b"
        if self._take("-"):
            return "-"
        found = self._escape()
        if isinstance(found, Chars) and len(found.spans) == 1 and not found.negated and found.spans[0][0] == found.spans[0][1]:
            return found.spans[0][0]
        if not isinstance(found, Chars):
            raise Unreadable("a place stands inside a set")
        return found

    def _escape(self) -> Chars | At:
        """What a backslash makes of what follows it."""
        letter = self._next()
        if letter in SETS:
            return Chars(classes=(SETS[letter],))
        if letter in "bB":
            return At(letter)
        if letter in "123456789k":
            return self._back_reference(letter)
        if letter in "pP":
            return Chars(classes=(self._property(),), negated=letter == "P")
        if letter in CONTROLS:
            letter = CONTROLS[letter]
        elif letter == "0" and not self._peek().isdecimal():
            letter = "\0"
        elif letter == "c":
            named = self._next()
            if not (named.isascii() and named.isalpha()):
                raise Unreadable("a control character has no letter")
            letter = chr(ord(named) % 32)
        elif letter == "x":
            letter = chr(self._hex(2))
        elif letter == "u":
            letter = self._unicode()
        elif letter.isalnum() or (self._strict and letter not in _SYNTAX):
            raise Unreadable(f"\\{letter} is not read here")
        return Chars(((letter, letter),))

    def _back_reference(self, letter: str) -> Chars:
        """Proper patterns, and nothing `automaton` could run."""
        name, closed, _ = self._pattern[self.at :].partition(">")
        if not self._strict or (letter == "k" and not (name.startswith("<") and closed)):
            raise Unreadable("a back reference is not read here")
        self.at += len(name) + 1 if letter == "k" else 0
        return Chars()

    def _unicode(self) -> str:
        if self._take("{"):
            digits, closed, _ = self._pattern[self.at :].partition("}")
            if not closed or not digits or len(digits) > 8:
                raise Unreadable("a code point is left open")
            point = self._hex(len(digits))
            self.at += 1
        else:
            point = self._hex(4)
            if 0xD800 <= point < 0xDC00 and self._pattern[self.at : self.at + 2] == "\\u":
                before, self.at = self.at, self.at + 2
                low = self._hex(4)
                if 0xDC00 <= low < 0xE000:
                    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
                else:
                    self.at = before
        if point > 0x10FFFF:
            raise Unreadable("there is no such code point")
        return chr(point)

    def _hex(self, count: int) -> int:
        digits = self._pattern[self.at : self.at + count]
        if len(digits) < count or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
            raise Unreadable("a code point is not in hexadecimal digits")
        self.at += count
        return int(digits, 16)

    def _property(self) -> Callable[[str], bool]:
        """A general category of Unicode, by its long or its short name."""
        if not self._take("{"):
            raise Unreadable("a property has no name")
        said, closed, _ = self._pattern[self.at :].partition("}")
        found = category(said)
        if not closed or found is None:
            raise Unreadable(f"the property {said} is not known here")
        self.at += len(said) + 1
        return found

    def _peek(self) -> str:
        return self._pattern[self.at] if self.at < len(self._pattern) else "\0"

    def _next(self) -> str:
        if self.at >= len(self._pattern):
            raise Unreadable("the pattern ends too soon")
        self.at += 1
        return self._pattern[self.at - 1]

    def _take(self, sign: str) -> bool:
        if not self._pattern.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True
