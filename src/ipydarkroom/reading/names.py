"""A field's name, a type or a label at the beginning of a line: what each looks like in Markdown and beside it.

A name is one word without brackets and without letters of a script that no field is named in; a label is one of the words
of `labels` before a colon of either width, which stands inside the bold or outside it.
"""

from __future__ import annotations

import re

from .labels import subject_of
from .types import Tail, Type, type_line

__all__ = ["Label", "label_in", "name_in", "several_labels", "typed"]

_NAME = re.compile(r"[^\s`*:：,，;；|(){}<>（）\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3。、!！?？\"'#]{1,120}$")
_NAMED = re.compile(r"(?P<signs>[*`]{0,4})(?P<name>[^\s`*:：,，;；|(){}（）]{1,120})\s?(?P<ends>[`*]{0,4})(?P<rest>$|[\s:：(（,，·—–|-].*$)", re.DOTALL)
_LABEL = re.compile(
    r"(?P<bold>\*\*)?\s*(?P<label>[^:：*`\n]{1,60}?)\s*(?:[:：]\s*(?(bold)\*\*)|(?(bold)\*\*\s*)[:：])\s*(?P<value>.*)$", re.DOTALL,
)
_BEFORE_A_SENTENCE = (
    re.compile(r"[(（]([^()（）]{1,120})[)）]\s*[:：\-–—]*\s*(.*)$", re.DOTALL),
    re.compile(r"(`[^`\n]{1,80}`\s*(?:[(（][^()（）\n]{0,120}[)）])?)\s*[:：\-–—]+\s*(.+)$", re.DOTALL),
)
_NEXT_LABEL = re.compile(r"\s*[|,，;；·/]?\s+(?=\*\*[^*\n]{1,30}(?:\*\*\s*[:：]|[:：]\s*\*\*))|\s*[|;；·]\s*(?=\*\*[^*\n]{1,30}(?:\*\*\s*[:：]|[:：]\s*\*\*))")

Label = tuple[str, str, bool]
"""Subject (`labels.subject_of`), value, and whether it is in bold."""


def name_in(text: str) -> tuple[str, str]:
    """A name at the beginning of a text, and what is behind it; empty where a sentence begins."""
    found = _NAMED.match(text.strip())
    if not found:
        return "", ""
    name, rest = found["name"], found["rest"]
    if not _NAME.match(name) or name.isdigit():
        return "", ""
    if rest and not found["signs"] and not re.match(r"\s*[:：(（|—–-]|\s+`?\w", rest):
        return "", ""
    return name, re.sub(r"^\s*[:：]?[\s*]*", "", rest)


def typed(rest: str) -> tuple[Type, Tail, str] | None:
    """A type behind a name, and the sentence behind that: `(string, required): what it is`."""
    rest = rest.strip().lstrip("-–—|").strip()
    if not rest:
        return None
    if whole := type_line(rest):
        return (*whole, "")
    for pattern in _BEFORE_A_SENTENCE:
        if (found := pattern.match(rest)) and (inner := type_line(found[1])):
            return (*inner, found[2].strip())
    return None


def label_in(text: str) -> Label | None:
    """The label at the beginning of a line, or None."""
    found = _LABEL.match(text.strip())
    if not found:
        return None
    subject = subject_of(found["label"])
    return (subject, found["value"].strip(), bool(found["bold"])) if subject else None


def several_labels(text: str) -> list[str]:
    """A line cut before each bold label: `**Type**: string | **Required**: yes`."""
    return _NEXT_LABEL.split(text) if text.startswith("**") else [text]
