"""What a page says of each field, gathered line by line, before anybody asks where the field belongs.

A field begins with its name: in a heading, in bold, in a bullet, in a table's row, or (in text copied from a browser) on
a line of its own with its type below. It is a field only if something a schema needs follows, a type above all: a heading
such as `Body` names no field. Behind the name stand labelled lines, in bold or not, and prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .entry import Entry, Mark, is_plain_label
from .field_tables import fields_of
from .lines import Line, plain
from .names import label_in, name_in, several_labels, typed
from .types import Tail, tail_in, type_in, type_line

__all__ = ["entries_in"]

_AHEAD = 14  # lines looked at to tell a field's name from a title
_LONGEST_VALUE = 80  # letters of one listed value on a line of its own
_STRONG = frozenset(("type", "required", "default", "enum"))
_BOUND = re.compile(r"(?:[<>]=?\s*-?\d[\d.,]*\s*(?:characters?|字符|字元|文字|items?|个元素|elements?)?\s*)+$")
_SECTIONS = re.compile(
    r"(?P<body>(?:request )?body(?: params?| parameters?)?(?:\s*application/json)?(?:\s*(?:required|必需))?|body\s?参数\s?(?:application/json)?|请求体|請求主體"
    r"|リクエストボディ|ボディパラメータ)|(?P<end>🟢.*|\d{3}\s*-\s*application/json|responses?(?: body| parameters?)?|request (?:code )?(?:samples?|examples?).*"
    r"|返回响应|响应(?:参数)?|返回參數|回應|レスポンス|示例代码|请求示例代码|请求示例.*|リクエスト例|authorizations?|header params?.*|modified at.*|修改于.*)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Label:
    """A label whose lines are still coming in."""

    entry: Entry
    subject: str
    indent: int
    bullet: bool
    lines: list[str] = field(default_factory=list)
    blank: bool = False


def entries_in(lines: Sequence[Line], *, copied: bool = False) -> list[Entry | Mark]:
    """Fields and titles, in the page's order.

    Args:
        lines: The page.
        copied: The page is text copied from a browser: names stand on lines of their own, and the few words that end
            the list of a request's fields (`Responses`, ...) are titles.
    """
    return list(_Gatherer(lines, copied).gather())


class _Gatherer:
    """One walk over a page."""

    def __init__(self, lines: Sequence[Line], copied: bool) -> None:
        self.lines, self.copied = lines, copied
        self.last = max((at for at, line in enumerate(lines) if line.kind != "blank"), default=0)
        self.found: list[Entry | Mark] = []
        self.stack: list[Entry] = []
        self.label: _Label | None = None

    def gather(self) -> list[Entry | Mark]:
        at = 0
        while at < len(self.lines):
            at = self._take(at)
        return self.found

    # --- one line

    def _take(self, at: int) -> int:
        line = self.lines[at]
        if line.kind == "blank":
            if self.label:
                self.label.blank = True
        elif line.kind == "heading":
            self._heading(at, line)
        elif line.kind == "table":
            self._table(line, whole=at < self.last)
        elif line.kind == "fence":
            self._fence(line)
        elif self.copied and at < self.last and (section := _SECTIONS.fullmatch(plain(line.text))):
            self._mark(Mark(line.text, (0, 1), "body" if section["body"] else "end"))
        elif not (self._option(line) or self._labelled(line)):
            return self._name_or_prose(at, line)
        return at + 1

    def _heading(self, at: int, line: Line) -> None:
        name, rest = name_in(line.text)
        if name and self._is_field(at, rest):
            self._begin(Entry(name, (0, line.level)), rest)
        elif at < self.last:  # the last line of a cut page may be half a field's name
            section = _SECTIONS.fullmatch(plain(line.text)) if self.copied else None
            kind = "title" if not section else "body" if section["body"] else "end"
            self._mark(Mark(line.text, (0, line.level), kind))

    def _mark(self, mark: Mark) -> None:
        self.found.append(mark)
        self.stack, self.label = [], None

    def _begin(self, entry: Entry, rest: str) -> None:
        while self.stack and self.stack[-1].rank >= entry.rank:
            self.stack.pop()
        self.stack.append(entry)
        self.found.append(entry)
        self.label = None
        if found := typed(rest):
            entry.kind, entry.tail = found[0], found[1]
            if found[2]:
                entry.prose.append(found[2])
        elif rest and (tail := tail_in(rest)):
            entry.tail = tail

    def _fence(self, line: Line) -> None:
        if self.label and not "".join(self.label.lines).strip():
            self._say(line.text)
            self.label = None
        elif self.stack:
            self.stack[-1].prose.append(f"```\n{line.text}\n```")
        else:
            self.found.append(Mark("", (9, 9), "fence"))

    def _option(self, line: Line) -> bool:
        """A bullet under a label that is waiting for its values or its text."""
        label = self.label
        if label is None or line.kind != "bullet" or _bold_label(line.text):
            return False
        deeper = line.indent > label.indent or not label.bullet
        if label.subject == "enum" and deeper:
            name, rest = name_in(line.text)
            if name and typed(rest):
                return False  # the next field of a list of bullets
            self._say(line.text)
            return True
        if label.subject == "description" and label.bullet and line.indent > label.indent and not self._starts_field(line):
            self._say("- " + line.text)
            return True
        return False

    def _labelled(self, line: Line) -> bool:
        """A line such as `**类型:** x`."""
        if not self.stack:
            return False
        text, *others = several_labels(line.text)
        label = label_in(text)
        if label is None:
            return False
        subject, value, bold = label
        entry = self._owner(line)
        if not bold and not is_plain_label(subject, value, copied=self.copied):
            return False
        if subject in entry.facts and subject not in ("description", "example") and not (self.copied and not value):
            return False
        entry.learn(subject, value)
        self.label = _Label(entry, subject, line.indent, line.kind == "bullet", [value] if value else [])
        for other in filter(None, map(label_in, others)):  # several labels on one line
            entry.learn(other[0], other[1])
        return True

    def _owner(self, line: Line) -> Entry:
        """The entry a label belongs to: labels that stand further out belong to the entry that does."""
        for entry in reversed(self.stack):
            if line.indent >= entry.indent:
                return entry
        return self.stack[0]

    def _say(self, text: str) -> None:
        label = self.label
        assert label is not None  # callers have looked
        label.lines.append(text)
        label.blank = False
        label.entry.facts[label.subject] = "\n".join(label.lines)

    def _name_or_prose(self, at: int, line: Line) -> int:
        bare = self.copied and line.kind == "plain"
        if self._copied_name(at, line) if bare else self._starts_field(line):
            name, rest = name_in(line.text)
            if name and self._is_field(at, rest):
                rank = (1, line.indent * 2 + (line.kind == "bullet")) if not self.copied or line.kind == "bullet" else (1, 0)
                self._begin(Entry(name, rank, line.indent, copied=self.copied), rest)
                return at + 1
        if not self.stack:
            if line.kind == "plain":
                self.found.append(Mark("", (9, 9), "text"))
            return at + 1
        entry = self.stack[-1]
        if self._continues(line):
            self._say(line.text)
        elif entry.kind is None and not entry.prose and (found := type_line(line.text)):
            entry.kind, entry.tail = found
        elif self.copied and not entry.prose and self._attribute(entry, line.text):
            pass
        elif self.copied and _BOUND.match(line.text):
            entry.facts["bounds"] = f"{entry.facts.get('bounds', '')} {line.text}".strip()
        elif not re.fullmatch(r"(show|hide) child attributes|(显示|隐藏|展开|收起)子属性|-{3,}|\*{3,}", line.text, re.IGNORECASE):
            entry.prose.append(("- " if line.kind == "bullet" else "") + line.text)
            self.label = None
        return at + 1

    def _continues(self, line: Line) -> bool:
        """Whether a plain line still belongs to the label above it."""
        label = self.label
        if label is None:
            return False
        said = "\n".join(label.lines).strip()
        if self.copied and label.subject == "default" and not said and self._is_badge(label, line):
            label.entry.facts["default"] = '""'
            return False
        if label.subject == "example" and said[:1] in ("[", "{") and not _whole_json(said):
            return True
        if not said:
            return label.subject in ("enum", "example", "default", "maxLength", "range", "items", "length", "minimum", "maximum", "multipleOf", "maxItems",
                                     "minItems", "pattern", "type", "required", "description")
        return label.subject == "enum" and self.copied and len(line.text) <= _LONGEST_VALUE

    @staticmethod
    def _is_badge(label: _Label, line: Line) -> bool:
        """Whether an empty `default:` is one of the badges beside a type, so that the value is the empty text."""
        first = not label.entry.prose and "enum" not in label.entry.facts
        return tail_in(line.text) not in (None, Tail()) or (label.blank and first)

    def _attribute(self, entry: Entry, text: str) -> bool:
        """`required` on a line of its own, behind the type."""
        said = tail_in(text) if entry.kind and len(text) < 200 else None
        if said is None or said == Tail():
            return False
        entry.tail = Tail(
            entry.tail.required if said.required is None else said.required, said.default or entry.tail.default,
            entry.tail.deprecated or said.deprecated, f"{entry.tail.bounds} {said.bounds}".strip(),
        )
        return True

    # --- is it a field?

    def _starts_field(self, line: Line) -> bool:
        """A name in bold or code that stands alone, or that a type follows."""
        text = line.text
        if not text.startswith(("*", "_", "`")) and line.kind != "bullet":
            return False
        name, rest = name_in(text)
        if not name or (label_in(text) and not typed(rest)):
            return False
        return not rest.strip(" :：") or typed(rest) is not None

    def _copied_name(self, at: int, line: Line) -> bool:
        name, rest = name_in(line.text)
        if not name:
            return False
        if type_in(line.text) and self.stack and self.stack[-1].kind is None:
            return False  # the type of the field above
        if rest.strip():
            return at < self.last and type_line(rest) is not None
        following = next(self._following(at, 1), None)
        return following is not None and following.kind == "plain" and type_line(following.text) is not None

    def _is_field(self, at: int, rest: str) -> bool:
        """Whether what a schema needs comes before the next name."""
        if typed(rest):
            return True
        if rest and tail_in(rest) is None:
            return False
        for number, line in enumerate(self._following(at, _AHEAD)):
            if line.kind in ("heading", "table"):
                return False
            if line.kind in ("bullet", "plain"):
                if number == 0 and type_line(line.text):
                    return True
                label = label_in(line.text)
                if label and label[0] in _STRONG:
                    return True
                if not label and self._starts_field(line):
                    return False
        return False

    def _following(self, at: int, most: int) -> Iterator[Line]:
        count = 0
        for line in self.lines[at + 1 : at + 1 + 3 * most]:
            if line.kind != "blank":
                yield line
                count += 1
                if count == most:
                    return

    def _table(self, line: Line, *, whole: bool) -> None:
        fields = list(fields_of(line.rows if whole else line.rows[:-1]))
        if not fields:
            self.found.append(Mark("", (9, 9), "table"))
        for entry in fields:
            self._begin(entry, "")
        self.label = None
        self.stack = [entry for entry in self.stack if entry.rank[0] == 0]


def _bold_label(text: str) -> bool:
    label = label_in(text)
    return label is not None and label[2]


def _whole_json(text: str) -> bool:
    return text.count("[") == text.count("]") and text.count("{") == text.count("}")

